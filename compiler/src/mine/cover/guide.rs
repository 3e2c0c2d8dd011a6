//! Guidance: who of those who may have a role gets it, by what is known of them.
//!
//! A cover leaves a choice. Whoever holds all that a role grants may have it (E) without a grant too many; only those must have it who hold
//! something that no other of their roles grants (N). For each role, of all conjunctions G of at most two attribute values, and of everyone, the one
//! is taken with which N ∪ (E ∩ G) fits best, by the Dice coefficient with G; those become its members. What is granted to whom stays the same in
//! sum, and so do the roles, their number, and what is proved about it.
//!
//! First every role takes in whom it may by its conjunction, then every role leaves to the others whom its conjunction does not take in and
//! who need it no more: each step leaves every assignment granted that was.

use super::{Cluster, MineError, Progress};
use crate::{
    describe::{Conjunctions, Items},
    matrix::AccessMatrix,
    mine::Guide,
};

/// The same roles with the members that attributes explain best.
pub(super) fn guided(
    matrix: &AccessMatrix,
    mut clusters: Vec<Cluster>,
    guides: &[Guide],
    progress: &dyn Progress,
) -> Result<Vec<Cluster>, MineError> {
    let conjunctions = Conjunctions::of_guides(guides, matrix.height());
    let mut granted = Granted::new(matrix, &clusters);
    progress.stage("choosing members by attributes", 2 * clusters.len() as u64);
    for leaves in [false, true] {
        for cluster in &mut clusters {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            let may = holders(matrix, &cluster.entitlements);
            let must = granted.must(cluster);
            let Some(fits) = fits(&conjunctions, &must, &may) else { continue };
            let mut members: Vec<u32> = may.into_iter().filter(|&row| conjunctions.meets(row, fits)).collect();
            members.extend(if leaves { must } else { cluster.members.clone() });
            members.sort_unstable();
            members.dedup();
            granted.change(&cluster.entitlements, &cluster.members, &members);
            cluster.members = members;
            progress.advance(1);
        }
    }
    Ok(clusters)
}

/// The conjunction with which those who must, and those of the others whom it takes in, fit best.
fn fits(conjunctions: &Conjunctions, must: &[u32], may: &[u32]) -> Option<Items> {
    let needed = conjunctions.tally(must);
    let mut best: Option<(Items, (u128, u128))> = None;
    for (items, both) in conjunctions.ordered(may) {
        let outside = must.len() as u64 - u64::from(needed.get(&items).copied().unwrap_or(0));
        let both = u64::from(both);
        let near = (u128::from(2 * both), u128::from(outside + both + conjunctions.matched(items)));
        if best.is_none_or(|(_, known)| near.0 * known.1 > known.0 * near.1) {
            best = Some((items, near));
        }
    }
    best.map(|(items, _)| items)
}

/// The rows that hold all of these columns, ascending.
fn holders(matrix: &AccessMatrix, columns: &[u32]) -> Vec<u32> {
    let rarest = columns.iter().min_by_key(|&&column| matrix.column(column as usize).len());
    let Some(&rarest) = rarest else { return Vec::new() };
    let all = |row: u32| columns.iter().all(|&column| matrix.holds(row, column));
    matrix.column(rarest as usize).iter().copied().filter(|&row| all(row)).collect()
}

/// How many roles grant each assignment.
struct Granted<'a> {
    matrix: &'a AccessMatrix,
    /// For each row, in the order of what it holds.
    times: Vec<Vec<u32>>,
}

impl<'a> Granted<'a> {
    fn new(matrix: &'a AccessMatrix, clusters: &[Cluster]) -> Self {
        let times = (0..matrix.height()).map(|row| vec![0; matrix.row(row).len()]).collect();
        let mut granted = Self { matrix, times };
        for cluster in clusters {
            granted.change(&cluster.entitlements, &[], &cluster.members);
        }
        granted
    }

    /// The members that cannot do without a role: they hold something of it that no other grants them, or do not hold all of it, which is a
    /// grant too many that was allowed.
    fn must(&self, cluster: &Cluster) -> Vec<u32> {
        let must = |row: u32| {
            let times = self.times.get(row as usize).map_or(&[][..], Vec::as_slice);
            let held = self.matrix.row(row as usize);
            cluster.entitlements.iter().any(|column| {
                held.binary_search(column).map_or(true, |place| times.get(place).is_none_or(|&times| times <= 1))
            })
        };
        cluster.members.iter().copied().filter(|&row| must(row)).collect()
    }

    /// The members of a role that grants these columns are others now; all lists ascend.
    fn change(&mut self, columns: &[u32], before: &[u32], after: &[u32]) {
        for (rows, others, comes) in [(after, before, true), (before, after, false)] {
            for &row in rows.iter().filter(|row| others.binary_search(row).is_err()) {
                let held = self.matrix.row(row as usize);
                let Some(times) = self.times.get_mut(row as usize) else { continue };
                for place in columns.iter().filter_map(|column| held.binary_search(column).ok()) {
                    if let Some(times) = times.get_mut(place) {
                        *times = if comes { *times + 1 } else { times.saturating_sub(1) };
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::{prelude::prop, prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::{
        matrix::tests::matrix,
        mine::{MineInput, Strategy as _},
        spec::Cover,
    };

    fn guide(values: &[u32]) -> Guide {
        Guide { name: "department".to_owned(), distinct: 4, of_row: values.iter().map(|&value| vec![value]).collect() }
    }

    fn granted(clusters: &[Cluster]) -> BTreeSet<(u32, u32)> {
        let pairs = |cluster: &Cluster| {
            let columns = cluster.entitlements.clone();
            cluster
                .members
                .clone()
                .into_iter()
                .flat_map(move |row| columns.clone().into_iter().map(move |column| (row, column)))
        };
        clusters.iter().flat_map(pairs).collect()
    }

    #[test]
    fn who_may_have_a_role_gets_it_where_attributes_say_so() {
        // Row 2 holds both roles whole through a third role that it needs; department 0 is all who may have the first.
        let rows = [vec![0, 1], vec![0, 1], vec![0, 1, 2, 3], vec![2, 3], vec![2, 3]];
        let matrix = matrix(4, &rows);
        let cover = |members: [&[u32]; 3]| -> Vec<Cluster> {
            let columns: [&[u32]; 3] = [&[0, 1], &[2, 3], &[0, 1, 2, 3]];
            members.iter().zip(columns).map(|(rows, columns)| Cluster::flat(rows.to_vec(), columns.to_vec())).collect()
        };
        let found = guided(&matrix, cover([&[0, 1], &[3, 4], &[2]]), &[guide(&[0, 0, 0, 1, 1])], &()).unwrap();
        assert_eq!(found, cover([&[0, 1, 2], &[3, 4], &[2]]));
    }

    proptest! {
        #[test]
        fn grants_and_roles_stay_the_same(
            rows in prop::collection::vec((prop::collection::btree_set(0_u32..7, 0..6), 0_u32..3), 1..12),
        ) {
            let lists: Vec<Vec<u32>> = rows.iter().map(|(held, _)| held.iter().copied().collect()).collect();
            let values: Vec<u32> = rows.iter().map(|(_, value)| *value).collect();
            let matrix = matrix(7, &lists);
            let plain = Cover::default().mine(&MineInput::from(&matrix), &()).unwrap();
            let guides = [guide(&values)];
            let found = Cover::default().mine(&MineInput { guides: &guides, ..MineInput::from(&matrix) }, &()).unwrap();
            prop_assert_eq!(granted(&found.clusters), granted(&plain.clusters));
            prop_assert_eq!(&found.bound, &plain.bound);
            prop_assert_eq!(found.clusters.len(), plain.clusters.len());
            prop_assert!(found.clusters.iter().all(|cluster| !cluster.members.is_empty()));
            let columns = |clusters: &[Cluster]| clusters.iter().map(|cluster| cluster.entitlements.clone()).collect::<BTreeSet<_>>();
            prop_assert_eq!(columns(&found.clusters), columns(&plain.clusters));
        }
    }
}
