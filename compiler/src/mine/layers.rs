//! The roles behind noisy access, layer by layer: what everyone has, what departments add, jobs, places and projects.
//!
//! An approximate Boolean factorisation (Vaidya, Atluri, Guo 2007; Miettinen et al. 2008), without a number of roles to be given:
//! [`peel`] finds contents, [`factor`] takes out what they share, [`refine`] fits contents and members to each other, [`nest`] lets
//! roles inherit. `docs/how-it-mines.md` has the formulas, and what cannot be seen.

mod assign;
mod board;
mod dissolve;
mod factor;
mod fit;
mod guide;
mod nest;
mod norms;
mod peel;
mod refine;
mod spare;
mod within;

use std::cmp::Ordering;

use self::{assign::Assigned, board::Board, guide::Guidance};
use super::{Clustering, Guide, MineError, MineInput, Progress, Strategy};
use crate::{matrix::AccessMatrix, spec::Layers};

/// Identities from whom it is learnt what roles there are, at most; everyone is then given theirs.
const LEARN_FROM: usize = 1 << 17;

/// How often what is unexplained is looked at again, at most.
const PASSES: usize = 2;

/// What a role grants: columns, ascending.
type Content = Vec<u32>;

impl Strategy for Layers {
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let matrix = input.matrix;
        let guidance = Guidance::of(input.guides, matrix);
        let known = match sample(matrix) {
            None => self.learn(matrix, guidance.as_ref(), progress)?,
            Some(rows) => {
                let some = matrix.of_rows(&rows);
                let guides: Vec<Guide> = input.guides.iter().map(|guide| guide.of_rows(&rows)).collect();
                let Assigned { roles, .. } = self.learn(&some, Guidance::of(&guides, &some).as_ref(), progress)?;
                Assigned::new(matrix, roles)
            }
        };
        let (roles, members) = refine::with_members(matrix, known, guidance.as_ref(), self);
        let clusters = nest::nest(roles, &members, matrix.height());
        Ok(Clustering { clusters, bound: None, unassigned: super::empty_rows(matrix), notes: Vec::new() })
    }
}

impl Layers {
    /// What roles there are, and who holds them.
    fn learn(
        &self,
        matrix: &AccessMatrix,
        guidance: Option<&Guidance>,
        progress: &dyn Progress,
    ) -> Result<Assigned, MineError> {
        let mut known = Assigned::new(matrix, Vec::new());
        for _ in 0..PASSES {
            let mut board = Board::new(matrix, &fit::explained(matrix, &known));
            let found = peel::peel(&mut board, self, guidance, progress)?;
            if found.is_empty() {
                break;
            }
            let roles = [known.roles.as_slice(), &found].concat();
            known = refine::refine(matrix, factor::factor(roles), known, self, progress)?;
        }
        Ok(known)
    }
}

/// Some rows of a matrix that has more of them than it takes to learn from: every so manieth by the golden ratio, which names cannot foresee.
fn sample(matrix: &AccessMatrix) -> Option<Vec<u32>> {
    let height = matrix.height();
    if height <= LEARN_FROM {
        return None;
    }
    let share = ((LEARN_FROM as u64) << 32) / height as u64;
    let is_drawn = |row: &u32| u64::from(*row).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32 < share;
    Some((0..).take(height).filter(is_drawn).collect())
}

/// At most so many of the rows, evenly.
fn evenly(rows: &[u32], most: usize) -> Vec<u32> {
    if rows.len() <= most {
        return rows.to_vec();
    }
    (0..most).filter_map(|at| rows.get(at * rows.len() / most).copied()).collect()
}

/// Without repeats and without what is no role; the larger first, so that equals are taken in that order.
fn in_order(mut roles: Vec<Content>) -> Vec<Content> {
    roles.retain(|columns| columns.len() > 1);
    roles.sort_unstable_by(in_turn);
    roles.dedup();
    roles
}

/// Which of two roles comes first: the larger.
fn in_turn(one: &Content, other: &Content) -> Ordering {
    other.len().cmp(&one.len()).then_with(|| one.cmp(other))
}

/// What it takes to be a member of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// Of most roles: at most a quarter of it is missing, and two assignments more are explained than are granted in excess.
    Proved,
    /// Of what most identities have, each of its columns: whoever holds more of it than is missing has it, since it takes more to be the
    /// exception.
    Presumed,
}

impl Entry {
    fn of(matrix: &AccessMatrix, columns: &[u32]) -> Self {
        let usual = |&column: &u32| 2 * matrix.column(column as usize).len() > matrix.height();
        if columns.iter().all(usual) { Self::Presumed } else { Self::Proved }
    }

    /// Whether whoever holds so many of so many columns may be a member.
    fn fits(self, size: u32, held: u32) -> bool {
        held >= self.least(size)
    }

    /// How many of so many columns a member holds at least: two or more, where there are two or more.
    fn least(self, size: u32) -> u32 {
        match self {
            Self::Proved => size - size / 4,
            Self::Presumed => size / 2 + 1,
        }
    }

    /// Whether so many assignments that nothing else explains outweigh so many granted that are not held.
    fn pays(self, explains: u32, beyond: u32) -> bool {
        explains > beyond && (explains >= 2 || self == Self::Presumed)
    }
}

#[cfg(test)]
mod tests;
