//! The role mining problem, exactly: every held entitlement is granted, nothing else is, with as few roles as can be, and a proof.
//!
//! Two assignments are *compatible* when one role can grant both. A role grants assignments that are pairwise compatible, so a set of roles is a
//! clique cover of the compatibility graph (Ene, Horne, Milosavljevic, Rao, Schreiber, Tarjan, *Fast exact and heuristic methods for role
//! minimization problems*, SACMAT 2008). The way through:
//!
//! 1. [`super::collapse`]: equal rows and equal columns become one.
//! 2. [`reduce`]: assignments that another makes redundant are removed, to the fixpoint. On most real data what is left is pairwise
//!    incompatible: a *fooling set*. Each of its assignments needs a role of its own, and one role each is enough.
//! 3. [`solve`]: where more is left, a *kernel*, each connected part of it is solved by search ([`fooling`] from below, [`assign`], [`greedy`] and
//!    [`improve`] from above), within a limit.
//! 4. [`rebuild`]: what was removed comes back, each assignment into a role that can take it.
//! 5. [`tidy`]: roles leave to each other what several grant.
//! 6. [`deviate`]: where a bounded share may be left out or granted too much, fewer of these roles, and larger ones.
//!
//! 7. [`guide`]: where attributes guide, members are those of who may have a role whom attributes explain best.
//!
//! The proofs are in `docs/how-it-mines.md`. The cover is exact whatever the limits; only whether it is minimal, and proved so, depends on them.

mod assign;
mod choose;
mod deviate;
mod fooling;
mod greedy;
mod guide;
mod improve;
mod kernel;
mod merge;
mod rebuild;
mod reduce;
mod solve;
mod tidy;

use self::{deviate::Allowance, solve::Solved};
use super::{
    Cluster, Clustering, KernelBound, LowerBound, MineError, MineInput, Progress, Strategy,
    board::{Board, Edge},
    collapse::Collapsed,
};
use crate::spec::Cover;

impl Strategy for Cover {
    /// No limit but memory, in proportion to the assignments.
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let matrix = input.matrix;
        let collapsed = Collapsed::of(matrix);
        let board = Board::new(&collapsed);
        let reduction = reduce::reduce(&board, progress)?;
        let solved = self.solve(&board, &reduction.kept, progress)?;
        let cliques: Vec<_> = solved.iter().flat_map(|part| &part.cliques).cloned().collect();
        let roles = rebuild::rebuild(&board, &cliques, &reduction, progress)?;
        let roles = tidy::tidy(&board, roles, progress)?;
        if let Some(deviation) = self.deviation {
            let total = matrix.assignments() as u64;
            let allowance = Allowance {
                under: deviation.under_grants.of_whole(total),
                over: deviation.over_grants.of_whole(total),
            };
            let fewer = deviate::fewer(&board, roles, allowance, self.max_nodes, progress)?;
            let clusters = guided(clusters(&collapsed, &tidy::tidy(&board, fewer.roles, progress)?), input, progress)?;
            let notes = vec![departure(allowance, fewer.proved)];
            return Ok(Clustering { clusters, bound: None, unassigned: super::empty_rows(matrix), notes });
        }
        let clusters = guided(clusters(&collapsed, &roles), input, progress)?;
        let bound = bound(&board, &solved);
        let notes = if clusters.len() > bound.roles as usize { vec![gap(clusters.len(), &bound)] } else { Vec::new() };
        Ok(Clustering { clusters, bound: Some(bound), unassigned: super::empty_rows(matrix), notes })
    }
}

impl Cover {
    /// Solves the parts of the kernel one after the other; what one leaves of the limit is for the next.
    fn solve(&self, board: &Board<'_>, kept: &[Edge], progress: &dyn Progress) -> Result<Vec<Solved>, MineError> {
        let parts = kernel::parts(board, kept, progress)?;
        progress.stage("searching for fewer roles", parts.len() as u64);
        let mut left = self.max_nodes;
        parts
            .iter()
            .map(|part| {
                let solved = solve::solve(board, part, left, progress)?;
                left = left.saturating_sub(solved.steps);
                progress.advance(1);
                Ok(solved)
            })
            .collect()
    }
}

/// The roles over the whole matrix, largest first, then by content.
fn clusters(collapsed: &Collapsed, roles: &[rebuild::Role]) -> Vec<Cluster> {
    let whole =
        |role: &rebuild::Role| Cluster::flat(collapsed.all_rows(&role.rows), collapsed.all_columns(&role.columns));
    let mut clusters: Vec<Cluster> = roles.iter().map(whole).collect();
    clusters.sort_unstable_by(|one, other| size(other).cmp(&size(one)).then_with(|| one.cmp(other)));
    clusters
}

/// The members that attributes explain best, where any guide; the order is that of [`clusters`].
fn guided(clusters: Vec<Cluster>, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Vec<Cluster>, MineError> {
    if input.guides.is_empty() {
        return Ok(clusters);
    }
    let mut clusters = guide::guided(input.matrix, clusters, input.guides, progress)?;
    clusters.sort_unstable_by(|one, other| size(other).cmp(&size(one)).then_with(|| one.cmp(other)));
    Ok(clusters)
}

fn departure(Allowance { under, over }: Allowance, proved: bool) -> String {
    let proof = if proved {
        "every choice of roles was tried: fewer cannot do it"
    } else {
        "fewer roles may do: not every choice was tried"
    };
    format!("the roles may leave out {under} of the assignments held and grant {over} that are not; {proof}")
}

fn gap(found: usize, bound: &LowerBound) -> String {
    format!(
        "found {found} roles and proved that {} are needed at least; a longer search may find fewer roles or a better proof",
        bound.roles
    )
}

fn size(cluster: &Cluster) -> usize {
    cluster.members.len() * cluster.entitlements.len()
}

/// The bounds of all parts together.
fn bound(board: &Board<'_>, solved: &[Solved]) -> LowerBound {
    let first = |members: &[Vec<u32>], class: usize| {
        members.get(class).and_then(|members| members.first()).copied().unwrap_or_default()
    };
    let assignments = |edges: &mut dyn Iterator<Item = u32>| {
        let mut all: Vec<(u32, u32)> = edges
            .map(|edge| board.cell(edge))
            .map(|(row, column)| (first(&board.matrix.row_members, row), first(&board.matrix.column_members, column)))
            .collect();
        all.sort_unstable();
        all
    };
    let roles = solved.iter().map(|part| part.bound).sum::<usize>();
    let fooling_set = assignments(&mut solved.iter().flat_map(|part| &part.fooling).copied());
    let kernel = (fooling_set.len() < roles).then(|| KernelBound {
        assignments: assignments(&mut solved.iter().flat_map(Solved::evidence)),
        nodes: solved.iter().filter(|part| part.bound > part.fooling.len()).map(|part| part.steps).sum(),
    });
    LowerBound { roles: u32::try_from(roles).unwrap_or(u32::MAX), fooling_set, kernel }
}

#[cfg(test)]
mod tests;
