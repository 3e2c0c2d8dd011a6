//! Who of a cluster holds what, and what no role grants.

use rayon::prelude::*;

use super::CutRole;
use crate::{alike, matrix::AccessMatrix, mine::Cluster, runs::Runs};

/// Rows that one task counts, at least: it needs room for all columns and all that clusters grant.
const ROWS: usize = 1 << 12;

/// For each cluster, how many of its members hold each of its entitlements, in their order.
///
/// Row by row: for each cluster that it is in, one look at what the cluster has or at what the row has, whichever is less.
pub(super) fn supports(matrix: &AccessMatrix, clusters: &[Cluster]) -> Vec<Vec<u32>> {
    let clusters_of = Runs::inverted(clusters.iter().map(|cluster| cluster.members.as_slice()), matrix.height());
    // The counts of all clusters, one after the other, and where those of each begin.
    let starts: Vec<usize> = clusters
        .iter()
        .scan(0, |next, cluster| Some(std::mem::replace(next, *next + cluster.entitlements.len())))
        .collect();
    let all: usize = clusters.iter().map(|cluster| cluster.entitlements.len()).sum();
    let room = || (vec![0_u32; all], vec![usize::MAX; matrix.width()]);
    let see = |(mut counts, mut held_by): (Vec<u32>, Vec<usize>), row: usize| {
        let held = matrix.row(row);
        for &column in held {
            held_by.get_mut(column as usize).into_iter().for_each(|by| *by = row);
        }
        for &cluster in clusters_of.run(row) {
            let (Some(&start), Some(cluster)) = (starts.get(cluster as usize), clusters.get(cluster as usize)) else {
                continue;
            };
            let entitlements = &cluster.entitlements;
            let Some(counts) = counts.get_mut(start..start + entitlements.len()) else { continue };
            if entitlements.len() <= held.len() {
                for (count, &column) in counts.iter_mut().zip(entitlements) {
                    *count += u32::from(held_by.get(column as usize) == Some(&row));
                }
            } else {
                for place in held.iter().filter_map(|column| entitlements.binary_search(column).ok()) {
                    counts.get_mut(place).into_iter().for_each(|count| *count += 1);
                }
            }
        }
        (counts, held_by)
    };
    let add = |mut one: Vec<u32>, other: Vec<u32>| {
        one.iter_mut().zip(other).for_each(|(one, other)| *one += other);
        one
    };
    let rows = (0..matrix.height()).into_par_iter().with_min_len(ROWS);
    let counts = rows.fold(room, see).map(|(counts, _)| counts).reduce(|| vec![0; all], add);
    let own = |(cluster, start): (&Cluster, usize)| {
        counts.get(start..start + cluster.entitlements.len()).unwrap_or(&[]).to_vec()
    };
    clusters.iter().zip(starts).map(own).collect()
}

/// Assignments that none of the roles grants.
pub(crate) fn individual(matrix: &AccessMatrix, roles: &[CutRole]) -> u64 {
    let all: Vec<&CutRole> =
        roles.iter().flat_map(|role| std::iter::once(role).chain(role.secondary.as_deref())).collect();
    let roles_of = Runs::inverted(all.iter().map(|role| role.members.as_slice()), matrix.height());
    // `seen[column]` is the last row for which some role grants the column, so that nothing needs to be wiped between rows.
    (0..matrix.height())
        .into_par_iter()
        .map_init(
            || vec![usize::MAX; matrix.width()],
            |seen, row| {
                for role in roles_of.run(row).iter().filter_map(|&role| all.get(role as usize)) {
                    for grant in &role.grants {
                        if let Some(seen) = seen.get_mut(grant.column as usize) {
                            *seen = row;
                        }
                    }
                }
                matrix.row(row).iter().filter(|&&column| seen.get(column as usize) != Some(&row)).count() as u64
            },
        )
        .sum()
}

/// How many elements two ascending lists share.
pub(super) fn common(left: &[u32], right: &[u32]) -> u32 {
    u32::try_from(alike::common(left, right)).unwrap_or(u32::MAX)
}
