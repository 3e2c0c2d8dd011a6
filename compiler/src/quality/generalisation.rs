//! Generalisation: how well roles explain people that they were not found from.
//!
//! One identity in five is held out, by what each draws; the roles are mined and cut again from the others, in the same way. Whoever was held
//! out then takes the role that explains most of what they hold and nothing explains yet, less what it would grant beyond, and then the
//! next, while that is more than nothing; a role that alone would grant more beyond than it explains is not looked at. What is explained of all that they hold, and what would be granted beyond, is counted.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Mined, SEED};
use crate::{
    compile::Flat,
    cut,
    matrix::AccessMatrix,
    measures::{self, MeasuredRole, effective},
    mine::{self, Cluster, Guide, MineError, MineInput, Progress, chance::Chance},
    spec::Percent,
};

/// Assignments, at most: mining once more takes as long as mining did. Of more, so many are drawn, by whole identities.
const MOST: usize = 1_000_000;

/// How the roles found from most explain the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generalisation {
    /// What was drawn from.
    pub seed: u64,
    /// Identities that roles were found from.
    pub mined: u64,
    /// Identities that were held out.
    pub held_out: u64,
    /// Where there are too many to mine again: how many identities with assignments there are, of which those two were drawn. None where
    /// all of them were looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn_from: Option<u64>,
    /// Roles that were found.
    pub roles: u64,
    /// What those held out hold.
    pub assignments: u64,
    /// How much of it the roles explain.
    pub covered: u64,
    /// `covered` of `assignments`.
    pub coverage: Percent,
    /// What the roles would grant them beyond.
    pub over_grants: u64,
    /// How much of it one role for each distinct set of entitlements explains: all of who holds exactly what somebody holds whom it was
    /// found from.
    pub one_role_per_distinct_row: u64,
    /// How much of it one role for each distinct set of holders explains: whatever anybody holds whom it was found from.
    pub one_role_per_distinct_column: u64,
}

/// None where nobody is on one of the sides.
pub(super) fn generalisation(mined: &Mined<'_>, progress: &dyn Progress) -> Result<Option<Generalisation>, MineError> {
    let matrix = mined.matrix;
    let Divided { mined: train, held_out: test, drawn_from } = divided(matrix, MOST);
    if train.is_empty() || test.is_empty() {
        return Ok(None);
    }
    progress.stage("mining four in five once more", 0);
    let found = match roles(mined, &train, progress) {
        // What could be mined whole may still be too much for one of the limits in part; then there is no figure.
        Err(MineError::Limit { .. }) => return Ok(None),
        found => found?,
    };
    let offered = Offered::new(matrix.width(), found);
    let sums = test
        .par_iter()
        .map_init(|| vec![0; offered.roles.len()], |inside, &row| offered.explain(matrix.row(row as usize), inside));
    let (covered, over_grants) = sums.reduce(|| (0, 0), |one, other| (one.0 + other.0, one.1 + other.1));
    let assignments = test.iter().map(|&row| matrix.row(row as usize).len() as u64).sum();
    Ok(Some(Generalisation {
        seed: SEED,
        mined: train.len() as u64,
        held_out: test.len() as u64,
        drawn_from,
        roles: offered.roles.len() as u64,
        assignments,
        covered,
        coverage: Percent::of(covered, assignments),
        over_grants,
        one_role_per_distinct_row: by_row(matrix, &train, &test),
        one_role_per_distinct_column: by_column(matrix, &train, &test),
    }))
}

fn by_row(matrix: &AccessMatrix, train: &[u32], test: &[u32]) -> u64 {
    let mut known: Vec<&[u32]> = train.iter().map(|&row| matrix.row(row as usize)).collect();
    known.sort_unstable();
    let rows = test.iter().map(|&row| matrix.row(row as usize));
    rows.filter(|row| known.binary_search(row).is_ok()).map(|row| row.len() as u64).sum()
}

fn by_column(matrix: &AccessMatrix, train: &[u32], test: &[u32]) -> u64 {
    let mut known = vec![false; matrix.width()];
    for &column in train.iter().flat_map(|&row| matrix.row(row as usize)) {
        known.get_mut(column as usize).into_iter().for_each(|known| *known = true);
    }
    let held = test.iter().flat_map(|&row| matrix.row(row as usize));
    held.filter(|&&column| known.get(column as usize) == Some(&true)).count() as u64
}

/// Who is on which side, each ascending.
#[derive(Debug, PartialEq, Eq)]
struct Divided {
    mined: Vec<u32>,
    held_out: Vec<u32>,
    /// Of how many who hold anything those on the two sides were drawn; none where everyone is on one.
    drawn_from: Option<u64>,
}

/// Of those who hold anything, one in five is held out: those who drew the smallest numbers. Where they hold more than `most` assignments
/// together, only those take part who drew the smallest numbers, as long as they hold no more. What an identity draws depends on it only.
fn divided(matrix: &AccessMatrix, most: usize) -> Divided {
    let drawn = |row: u32| {
        let ordinal = matrix.identities.get(row as usize).map_or(0, |identity| u64::from(identity.0));
        (Chance::seeded(SEED ^ (ordinal << 8)).below(usize::MAX), row)
    };
    let everyone = 0..u32::try_from(matrix.height()).unwrap_or(u32::MAX);
    let (holders, others): (Vec<u32>, Vec<u32>) = everyone.partition(|&row| !matrix.row(row as usize).is_empty());
    let mut draws: Vec<(usize, u32)> = holders.into_iter().map(drawn).collect();
    draws.sort_unstable();
    let all = draws.len();
    let so_far = draws.iter().scan(0, |sum, &(_, row)| {
        *sum += matrix.row(row as usize).len();
        Some(*sum)
    });
    let fitting = so_far.take_while(|&sum| sum <= most).count();
    draws.truncate(fitting);
    let is_sample = draws.len() < all;
    let rest = draws.split_off(draws.len() / 5);
    let ascending = |draws: Vec<(usize, u32)>, others: Vec<u32>| {
        let mut rows: Vec<u32> = draws.into_iter().map(|(_, row)| row).chain(others).collect();
        rows.sort_unstable();
        rows
    };
    Divided {
        mined: ascending(rest, if is_sample { Vec::new() } else { others }),
        held_out: ascending(draws, Vec::new()),
        drawn_from: is_sample.then_some(all as u64),
    }
}

/// What the roles grant that are found from some rows.
fn roles(mined: &Mined<'_>, rows: &[u32], progress: &dyn Progress) -> Result<Vec<Vec<u32>>, MineError> {
    let matrix = mined.matrix.of_rows(rows);
    let guides: Vec<Guide> = mined.guides.iter().map(|guide| guide.of_rows(rows)).collect();
    let input = MineInput { matrix: &matrix, guides: &guides, filter: mined.filter };
    let clustering = mine::strategy(mined.strategy).mine(&input, progress)?;
    let Some(cutoff) = mined.cutoff else { return Ok(granted(&clustering.clusters)) };
    let (_, cut) = cut::cut(&matrix, &clustering.clusters, cutoff);
    let flat = Flat::new(&cut);
    let flat: Vec<MeasuredRole<'_>> = flat.roles();
    Ok((0..flat.len()).map(|role| effective(&flat, role)).collect())
}

/// What each cluster grants with what it inherits, ascending.
fn granted(clusters: &[Cluster]) -> Vec<Vec<u32>> {
    measures::of_clusters(clusters, |roles| (0..roles.len()).map(|role| effective(roles, role)).collect())
}

/// Roles that may be taken.
struct Offered {
    /// What each grants, inherited or not, ascending.
    roles: Vec<Vec<u32>>,
    /// For each column the roles that grant it.
    granting: Vec<Vec<u32>>,
}

impl Offered {
    fn new(width: usize, roles: Vec<Vec<u32>>) -> Self {
        let mut granting = vec![Vec::new(); width];
        for (number, role) in (0_u32..).zip(&roles) {
            for &column in role {
                if let Some(granting) = granting.get_mut(column as usize) {
                    Vec::push(granting, number);
                }
            }
        }
        Self { roles, granting }
    }

    /// How much of what is held the roles explain that are taken, and how much they grant beyond. `inside` is all zero before and after.
    fn explain(&self, held: &[u32], inside: &mut [u32]) -> (u64, u64) {
        let (mut explained, mut beyond): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        let candidates = self.candidates(held, inside);
        loop {
            let gain = |&role: &u32| {
                let (mut gain, mut loss) = (0_usize, 0_usize);
                for column in self.grants(role) {
                    if held.binary_search(column).is_ok() {
                        gain += usize::from(explained.binary_search(column).is_err());
                    } else {
                        loss += usize::from(beyond.binary_search(column).is_err());
                    }
                }
                (gain.saturating_sub(loss), std::cmp::Reverse(role))
            };
            let best = candidates.iter().map(gain).max().filter(|(gain, _)| *gain > 0);
            let Some((_, std::cmp::Reverse(role))) = best else { break };
            for &column in self.grants(role) {
                let list = if held.binary_search(&column).is_ok() { &mut explained } else { &mut beyond };
                if let Err(place) = list.binary_search(&column) {
                    list.insert(place, column);
                }
            }
        }
        (explained.len() as u64, beyond.len() as u64)
    }

    /// The roles that explain more than they would grant beyond, each on its own.
    fn candidates(&self, held: &[u32], inside: &mut [u32]) -> Vec<u32> {
        let mut met = Vec::new();
        for &role in held.iter().filter_map(|&column| self.granting.get(column as usize)).flatten() {
            if let Some(inside) = inside.get_mut(role as usize) {
                if *inside == 0 {
                    met.push(role);
                }
                *inside += 1;
            }
        }
        met.retain(|&role| {
            let inside = inside.get_mut(role as usize).map_or(0, std::mem::take) as usize;
            2 * inside > self.grants(role).len()
        });
        met
    }

    fn grants(&self, role: u32) -> &[u32] {
        self.roles.get(role as usize).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trivial_policies_explain_what_they_have_seen() {
        let rows = [vec![0, 1], vec![1, 2], vec![0, 1], vec![0, 2], vec![3]];
        let matrix = crate::matrix::tests::matrix(4, &rows);
        let (train, test) = ([0, 1], [2, 3, 4]);
        // The third row is the first again; nobody mined has the last column.
        assert_eq!(by_row(&matrix, &train, &test), 2);
        assert_eq!(by_column(&matrix, &train, &test), 4);
    }

    #[test]
    fn of_too_many_a_sample_is_divided() {
        let rows: Vec<Vec<u32>> = (0..50).map(|row| (0..row % 3).collect()).collect();
        let matrix = crate::matrix::tests::matrix(2, &rows);
        let all = divided(&matrix, 49);
        assert_eq!((all.mined.len(), all.held_out.len(), all.drawn_from), (44, 6, None));
        let some = divided(&matrix, 20);
        assert_eq!(some.drawn_from, Some(33));
        let both = || some.mined.iter().chain(&some.held_out).copied();
        let held = |rows: &mut dyn Iterator<Item = u32>| rows.map(|row| matrix.row(row as usize).len()).sum::<usize>();
        assert!(held(&mut both()) <= 20 && held(&mut both()) > 18, "as many as fit");
        assert!(both().all(|row| !matrix.row(row as usize).is_empty()));
        assert_eq!(some.held_out.len(), both().count() / 5);
        // The same are held out first, however many take part.
        assert!(some.held_out.iter().all(|row| all.held_out.contains(row)));
        let none = divided(&matrix, 0);
        assert_eq!((none.mined, none.held_out), (vec![], vec![]));
    }

    #[test]
    fn the_role_that_explains_most_is_taken_first() {
        let offered = Offered::new(6, vec![vec![0, 1], vec![0, 1, 2], vec![3, 4, 5]]);
        let explain = |held: &[u32]| offered.explain(held, &mut [0; 3]);
        assert_eq!(explain(&[0, 1, 2]), (3, 0));
        // The last would grant one too many, and still explains more than it adds.
        assert_eq!(explain(&[0, 1, 3, 4]), (4, 1));
        assert_eq!(explain(&[3]), (0, 0));
        assert_eq!(explain(&[]), (0, 0));
    }
}
