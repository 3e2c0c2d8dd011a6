//! The roles behind noisy access, layer by layer: what everyone has, what departments add, jobs, places and projects.
//!
//! An approximate Boolean factorisation (Vaidya, Atluri, Guo 2007; Miettinen et al. 2008), without a number of roles to be given:
//! [`peel`] finds contents, [`factor`] takes out what they share, [`refine`] fits contents and members to each other, [`nest`] lets
//! roles inherit. `docs/how-it-mines.md` has the formulas, and what cannot be seen.

mod assign;
mod board;
mod factor;
mod nest;
mod peel;
mod refine;

use self::board::Board;
use super::{Cluster, Clustering, MineError, MineInput, Progress, Strategy};
use crate::spec::Layers;

/// What a role grants: columns, ascending.
type Content = Vec<u32>;

impl Strategy for Layers {
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let matrix = input.matrix;
        let found = peel::peel(&mut Board::new(matrix), self, progress)?;
        let layers = factor::factor(found);
        let roles = refine::refine(matrix, layers, self, progress)?;
        let clusters = nest::nest(roles, matrix.height())
            .into_iter()
            .map(|(entitlements, members, inherits)| Cluster { members, entitlements, inherits })
            .collect();
        Ok(Clustering { clusters, bound: None, unassigned: super::empty_rows(matrix), notes: Vec::new() })
    }
}

/// Whether whoever holds so many of the columns of a role may be a member: at most a quarter of it is missing.
fn fits(size: u32, held: u32) -> bool {
    held <= size && (size - held) * 4 <= size
}

#[cfg(test)]
mod tests;
