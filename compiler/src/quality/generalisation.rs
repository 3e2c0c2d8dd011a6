//! Generalisation: how well roles explain people that they were not found from.
//!
//! One identity in five is held out, by what each draws; the roles are mined and cut again from the others, in the same way. Whoever was held
//! out then takes the role that explains most of what they hold and nothing explains yet, less what it would grant beyond, and then the
//! next, while that is more than nothing; a role that alone would grant more beyond than it explains is not looked at. What is explained of all that they hold, and what would be granted beyond, is counted.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Mined, SEED,
    again::{self, Again, Lighter},
    sample::{Draw, ascending},
};
use crate::{
    matrix::AccessMatrix,
    mine::{MineError, Progress},
    spec::Percent,
};

/// Who takes part holds this part of the assignments, but never less and never more than so many.
const PART: usize = 8;
const LEAST: usize = 30_000;
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
    /// How the search was shorter than that of everyone; none where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lighter: Option<Lighter>,
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

/// None where nobody is on one of the sides, or a limit of the strategy is passed.
pub(super) fn generalisation(
    mined: &Mined<'_>,
    draw: &Draw,
    progress: &dyn Progress,
) -> Result<Option<Generalisation>, MineError> {
    let matrix = mined.matrix;
    let most = (matrix.assignments() / PART).clamp(LEAST, MOST);
    let Divided { mined: train, held_out: test, drawn_from } = divided(matrix, draw, most);
    if train.is_empty() || test.is_empty() {
        return Ok(None);
    }
    progress.stage("mining four in five once more", 0);
    let (strategy, lighter) = again::lighter(mined);
    let Some(Again { granted, .. }) = again::mine(mined, &train, &strategy, progress)? else { return Ok(None) };
    let offered = Offered::new(matrix.width(), granted);
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
        lighter,
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

/// Of those who take part, one in five is held out: those who drew the smallest numbers. Where everyone takes part who holds anything, so
/// does whoever holds nothing.
fn divided(matrix: &AccessMatrix, draw: &Draw, most: usize) -> Divided {
    let some = draw.first(matrix, most);
    let is_sample = some.len() < draw.len();
    let (held_out, rest) = some.split_at(some.len() / 5);
    let mut mined = rest.to_vec();
    if !is_sample {
        mined.extend((0..).zip(0..matrix.height()).filter(|&(_, row)| matrix.row(row).is_empty()).map(|(row, _)| row));
    }
    Divided {
        mined: ascending(&mined),
        held_out: ascending(held_out),
        drawn_from: is_sample.then_some(draw.len() as u64),
    }
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
        let draw = Draw::new(&matrix);
        let all = divided(&matrix, &draw, 49);
        assert_eq!((all.mined.len(), all.held_out.len(), all.drawn_from), (44, 6, None));
        let some = divided(&matrix, &draw, 20);
        assert_eq!(some.drawn_from, Some(33));
        let both = || some.mined.iter().chain(&some.held_out).copied();
        assert!(both().all(|row| !matrix.row(row as usize).is_empty()));
        assert_eq!(some.held_out.len(), both().count() / 5);
        // The same are held out first, however many take part.
        assert!(some.held_out.iter().all(|row| all.held_out.contains(row)));
        let none = divided(&matrix, &draw, 0);
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
