//! Who of a cluster holds what, counted whichever way is shorter.

use rayon::prelude::*;

use super::CutRole;
use crate::{alike, matrix::AccessMatrix, mine::Cluster};

/// For each cluster, how many of its members hold each of its entitlements, in their order.
pub(super) fn supports(matrix: &AccessMatrix, clusters: &[Cluster]) -> Vec<Vec<u32>> {
    clusters.par_iter().map_init(|| vec![0; matrix.width()], |count, cluster| support(matrix, cluster, count)).collect()
}

/// Assignments that none of the roles grants.
pub(crate) fn individual(matrix: &AccessMatrix, roles: &[CutRole]) -> u64 {
    let all: Vec<&CutRole> =
        roles.iter().flat_map(|role| std::iter::once(role).chain(role.secondary.as_deref())).collect();
    let mut roles_of: Vec<Vec<u32>> = vec![Vec::new(); matrix.height()];
    for (role, index) in all.iter().zip(0_u32..) {
        for &member in &role.members {
            if let Some(roles) = roles_of.get_mut(member as usize) {
                roles.push(index);
            }
        }
    }
    // `seen[column]` is the last row for which some role grants the column, so that nothing needs to be wiped between rows.
    roles_of
        .par_iter()
        .enumerate()
        .map_init(
            || vec![usize::MAX; matrix.width()],
            |seen, (row, roles)| {
                for role in roles.iter().filter_map(|&role| all.get(role as usize)) {
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

/// By the columns of the entitlements or by the rows of the members, whichever are fewer to look at. `count` is all zero before and
/// after.
fn support(matrix: &AccessMatrix, cluster: &Cluster, count: &mut [u32]) -> Vec<u32> {
    let by_rows: usize = cluster.members.iter().map(|&row| matrix.row(row as usize).len()).sum();
    let by_columns: usize =
        cluster.entitlements.iter().map(|&column| matrix.column(column as usize).len() + cluster.members.len()).sum();
    if by_columns <= by_rows {
        return cluster
            .entitlements
            .iter()
            .map(|&column| common(matrix.column(column as usize), &cluster.members))
            .collect();
    }
    let columns = || cluster.members.iter().flat_map(|&row| matrix.row(row as usize));
    for &column in columns() {
        if let Some(count) = count.get_mut(column as usize) {
            *count += 1;
        }
    }
    let support = cluster.entitlements.iter().map(|&column| count.get(column as usize).copied().unwrap_or(0)).collect();
    for &column in columns() {
        if let Some(count) = count.get_mut(column as usize) {
            *count = 0;
        }
    }
    support
}

/// How many elements two ascending lists share.
pub(super) fn common(left: &[u32], right: &[u32]) -> u32 {
    u32::try_from(alike::common(left, right)).unwrap_or(u32::MAX)
}
