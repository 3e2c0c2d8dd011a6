//! The silhouette: is an identity nearer to those of its own group than to those of the next?
//!
//! s = (b − a) / max(a, b), where a is the distance to the others of its group and b the least distance to another group (Rousseeuw,
//! *Silhouettes: a graphical aid to the interpretation and validation of cluster analysis*, 1987); 1 is perfect, 0 on the border, −1 in the
//! wrong place; 0 for who is alone. Rousseeuw's distance to a group is the mean of the distances to its members. Ours is the Jaccard distance
//! of sums, Σ |A △ B| / Σ |A ∪ B| over its members: how often each group holds what is enough to know it exactly, so it needs no pairs. The
//! mean is over a sample of identities, their distances are to everyone.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{SEED, trivial};
use crate::{chance::Chance, matrix::AccessMatrix};

/// Identities to measure.
const SAMPLE: usize = 1_000;

/// What a silhouette of 1 is.
const ONE: i64 = 10_000;

/// The mean silhouette of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Silhouette {
    /// In ten-thousandths, from -10,000 to 10,000.
    pub value: i64,
    /// Identities that were measured.
    pub sample: u64,
    /// Identities that have a group.
    pub of: u64,
    /// Groups.
    pub groups: u64,
    /// What the sample was drawn from.
    pub seed: u64,
    /// The value where everyone with the same entitlements is a group; over the same sample.
    pub one_role_per_distinct_row: i64,
    /// The value where everyone with the same primary role is a group, and there is a role for each distinct set of holders.
    pub one_role_per_distinct_column: i64,
}

/// What the members of a group hold together.
struct Group {
    members: u64,
    assignments: u64,
}

/// The mean over a sample, of a group for each row. None where there are fewer than two groups.
pub(super) fn silhouette(matrix: &AccessMatrix, group_of: &[Option<u32>]) -> Option<Silhouette> {
    let grouped = Grouped::new(matrix, group_of);
    if grouped.groups.len() < 2 {
        return None;
    }
    let of = grouped.rows.len() as u64;
    let sample = sample(grouped.rows.iter().map(|&(row, _)| row).collect());
    let beside = |group_of: &[Option<u32>]| Grouped::new(matrix, group_of).mean(matrix, &sample);
    Some(Silhouette {
        value: grouped.mean(matrix, &sample),
        sample: sample.len() as u64,
        of,
        groups: grouped.groups.len() as u64,
        seed: SEED,
        one_role_per_distinct_row: trivial::shared_rows(matrix, &sample),
        one_role_per_distinct_column: beside(&trivial::by_column(matrix)),
    })
}

/// Rows in groups, and what the groups hold.
struct Grouped {
    /// Each row that has a group, with it; the groups are numbered without gaps.
    rows: Vec<(u32, u32)>,
    groups: Vec<Group>,
    /// The group of each row; [`u32::MAX`] where it has none.
    of_row: Vec<u32>,
}

/// For each column the groups that hold it, with how many members; nothing where nobody asks.
type Holding = Vec<Vec<(u32, u32)>>;

impl Grouped {
    fn new(matrix: &AccessMatrix, group_of: &[Option<u32>]) -> Self {
        let mut named: Vec<u32> = group_of.iter().flatten().copied().collect();
        named.sort_unstable();
        named.dedup();
        let number =
            |group: u32| named.binary_search(&group).map_or(0, |place| u32::try_from(place).unwrap_or(u32::MAX));
        let rows: Vec<(u32, u32)> =
            (0..).zip(group_of).filter_map(|(row, group)| Some((row, number((*group)?)))).collect();
        let mut groups: Vec<Group> = named.iter().map(|_| Group { members: 0, assignments: 0 }).collect();
        for &(row, group) in &rows {
            if let Some(group) = groups.get_mut(group as usize) {
                group.members += 1;
                group.assignments += matrix.row(row as usize).len() as u64;
            }
        }
        let mut of_row = vec![u32::MAX; matrix.height()];
        for &(row, group) in &rows {
            if let Some(of) = of_row.get_mut(row as usize) {
                *of = group;
            }
        }
        Self { rows, groups, of_row }
    }

    /// Which groups hold what some of these rows hold.
    fn holding(&self, matrix: &AccessMatrix, rows: &[u32]) -> Holding {
        let mut asked = vec![false; matrix.width()];
        for &column in rows.iter().flat_map(|&row| matrix.row(row as usize)) {
            asked.get_mut(column as usize).into_iter().for_each(|asked| *asked = true);
        }
        let count = |members: &mut Vec<u32>, (column, asked): (usize, bool)| {
            let mut met: Vec<u32> = Vec::new();
            for &row in matrix.column(column).iter().filter(|_| asked) {
                let group = self.of_row.get(row as usize).copied().unwrap_or(u32::MAX);
                let Some(count) = members.get_mut(group as usize) else { continue };
                if *count == 0 {
                    met.push(group);
                }
                *count += 1;
            }
            met.into_iter().map(|group| (group, members.get_mut(group as usize).map_or(0, std::mem::take))).collect()
        };
        asked.into_par_iter().enumerate().map_init(|| vec![0; self.groups.len()], count).collect()
    }

    /// The mean of these rows (ascending); 0 where there is one group only.
    fn mean(&self, matrix: &AccessMatrix, sample: &[u32]) -> i64 {
        if self.groups.len() < 2 {
            return 0;
        }
        let holding = self.holding(matrix, sample);
        let room = || (vec![0; self.groups.len()], Vec::new());
        let of_row = |(common, met): &mut (Vec<u64>, Vec<u32>), &row: &u32| {
            let place = self.rows.binary_search_by_key(&row, |&(row, _)| row).ok();
            let group = place.and_then(|place| self.rows.get(place)).map(|&(_, group)| group);
            group.map_or(0, |group| self.silhouette(matrix.row(row as usize), group, &holding, common, met))
        };
        let sum: i64 = sample.par_iter().map_init(room, of_row).sum();
        i64::try_from(sample.len()).ok().and_then(|measured| sum.checked_div(measured)).unwrap_or(0)
    }
}

/// The first of a shuffle from the seed, ascending.
fn sample(mut rows: Vec<u32>) -> Vec<u32> {
    let mut chance = Chance::seeded(SEED);
    let take = rows.len().min(SAMPLE);
    for place in 0..take {
        let other = place + chance.below(rows.len() - place);
        rows.swap(place, other);
    }
    rows.truncate(take);
    rows.sort_unstable();
    rows
}

impl Grouped {
    /// The silhouette of one row. `common` is all zero before and after, `met` empty.
    fn silhouette(&self, held: &[u32], own: u32, holding: &Holding, common: &mut [u64], met: &mut Vec<u32>) -> i64 {
        for &(group, by) in held.iter().filter_map(|&column| holding.get(column as usize)).flatten() {
            if let Some(common) = common.get_mut(group as usize) {
                if *common == 0 {
                    met.push(group);
                }
                *common += u64::from(by);
            }
        }
        let size = held.len() as u64;
        let distance = |common: u64, members: u64, assignments: u64| {
            let together = size * members + assignments;
            (u128::from(together - 2 * common), u128::from(together - common))
        };
        // Nothing in common is a distance of one; there is such a group unless all others were met.
        let others = self.groups.len() - 1;
        let met_others = met.iter().filter(|&&group| group != own).count();
        let mut nearest = (met_others < others).then_some((1, 1));
        let mut within = None;
        let own_common = common.get(own as usize).copied().unwrap_or(0);
        if let Some(group) = self.groups.get(own as usize).filter(|group| group.members > 1) {
            // Without itself.
            within = Some(distance(own_common - size, group.members - 1, group.assignments - size));
        }
        for group in met.drain(..) {
            let common = common.get_mut(group as usize).map_or(0, std::mem::take);
            let Some(other) = self.groups.get(group as usize).filter(|_| group != own) else { continue };
            let found = distance(common, other.members, other.assignments);
            if nearest.is_none_or(|(part, of)| found.0 * of < part * found.1) {
                nearest = Some(found);
            }
        }
        let (Some((a, a_of)), Some((b, b_of))) = (within, nearest) else { return 0 };
        // a = a/a_of and b = b/b_of, cross-multiplied.
        let (a, b) = (a * b_of, b * a_of);
        let share = |less: u128, more: u128| {
            let part = (less * 10_000).checked_div(more).unwrap_or(10_000);
            ONE - i64::try_from(part).unwrap_or(ONE)
        };
        if a <= b { share(a, b) } else { -share(b, a) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::prop, prop_assert_eq, proptest};

    use super::*;
    use crate::matrix::tests::matrix;

    #[test]
    fn groups_apart_are_perfect_and_groups_alike_are_nothing() {
        let apart = [vec![0, 1], vec![0, 1], vec![2, 3], vec![2, 3]];
        let groups = [Some(0), Some(0), Some(7), Some(7)];
        let found = silhouette(&matrix(4, &apart), &groups).unwrap();
        assert_eq!((found.value, found.sample, found.groups), (10_000, 4, 2));
        let alike = [vec![0], vec![0], vec![0], vec![0]];
        assert_eq!(silhouette(&matrix(1, &alike), &groups).unwrap().value, 0);
        let wrong = [Some(0), Some(7), Some(0), Some(7)];
        // One of the next group is the same, the other has nothing in common: 4 of 6, and 4 of 4 within.
        assert_eq!(silhouette(&matrix(4, &apart), &wrong).unwrap().value, -3_334);
        assert_eq!(silhouette(&matrix(4, &apart), &[Some(0); 4]), None);
        assert_eq!(silhouette(&matrix(4, &apart), &[Some(0), Some(1), None, None]).unwrap().value, 0, "alone");
    }

    /// As it is defined, with a look at every two rows; in floats.
    fn slow(rows: &[Vec<u32>], group_of: &[Option<u32>]) -> f64 {
        let set = |row: usize| rows[row].iter().collect::<std::collections::BTreeSet<_>>();
        let distance = |row: usize, group: u32| {
            let others: Vec<usize> =
                (0..rows.len()).filter(|&other| other != row && group_of[other] == Some(group)).collect();
            let sums = others.iter().fold((0, 0), |(differ, either), &other| {
                (differ + (&set(row) ^ &set(other)).len(), either + (&set(row) | &set(other)).len())
            });
            (!others.is_empty()).then(|| if sums.1 == 0 { 0.0 } else { sums.0 as f64 / sums.1 as f64 })
        };
        let groups: std::collections::BTreeSet<u32> = group_of.iter().flatten().copied().collect();
        let values: Vec<f64> = (0..rows.len())
            .filter_map(|row| {
                let own = group_of[row]?;
                let Some(a) = distance(row, own) else { return Some(0.0) };
                let b = groups
                    .iter()
                    .filter(|&&group| group != own)
                    .filter_map(|&group| distance(row, group))
                    .fold(f64::INFINITY, f64::min);
                Some(if a.max(b) == 0.0 { 0.0 } else { (b - a) / a.max(b) })
            })
            .collect();
        values.iter().sum::<f64>() / values.len() as f64
    }

    /// Those with the same entitlements as a group, by the first of them.
    fn by_row(rows: &[Vec<u32>]) -> Vec<Option<u32>> {
        let first = |row: &Vec<u32>| rows.iter().position(|other| other == row).and_then(|row| u32::try_from(row).ok());
        rows.iter().map(|row| first(row).filter(|_| !row.is_empty())).collect()
    }

    proptest! {
        #[test]
        fn a_role_for_each_distinct_row_needs_no_distances(
            rows in prop::collection::vec(prop::collection::btree_set(0_u32..4, 0..3), 1..12),
        ) {
            let lists: Vec<Vec<u32>> = rows.iter().map(|held| held.iter().copied().collect()).collect();
            let matrix = matrix(4, &lists);
            let sample: Vec<u32> = (0..).zip(&lists).filter(|(_, held)| !held.is_empty()).map(|(row, _)| row).collect();
            let mean = Grouped::new(&matrix, &by_row(&lists)).mean(&matrix, &sample);
            prop_assert_eq!(trivial::shared_rows(&matrix, &sample), mean);
        }

        #[test]
        fn counts_what_comparing_everyone_counts(
            rows in prop::collection::vec((prop::collection::btree_set(0_u32..8, 1..6), prop::option::weighted(0.9, 0_u32..3)), 2..16),
        ) {
            let lists: Vec<Vec<u32>> = rows.iter().map(|(held, _)| held.iter().copied().collect()).collect();
            let groups: Vec<Option<u32>> = rows.iter().map(|(_, group)| *group).collect();
            if let Some(found) = silhouette(&matrix(8, &lists), &groups) {
                // Every row is rounded once, and the mean again.
                let slow = slow(&lists, &groups) * 10_000.0;
                prop_assert_eq!((found.value as f64 - slow).abs() <= 2.0, true, "{} and {}", found.value, slow);
            }
        }
    }
}
