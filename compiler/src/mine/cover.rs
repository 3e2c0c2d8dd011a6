//! The role mining problem, exactly.

mod assign;
mod board;
mod chance;
mod fooling;
mod improve;
mod kernel;
mod rebuild;
mod reduce;
mod solve;
mod tidy;

use self::{board::Board, solve::Solved};
use super::{
    Cluster, Clustering, KernelBound, LowerBound, MineError, Progress, Shortfall, Strategy, Unassigned,
    collapse::Collapsed,
};
use crate::matrix::AccessMatrix;

/// `cover { exact }`.
#[derive(Debug, Clone, Copy)]
pub struct Cover {
    /// Limit of the kernel search.
    pub max_nodes: u64,
}

impl Strategy for Cover {
    fn mine(&self, matrix: &AccessMatrix, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let collapsed = Collapsed::of(matrix);
        let board = Board::new(&collapsed);
        let reduction = reduce::reduce(&board, progress)?;
        let mut left = self.max_nodes;
        let mut solved = Vec::new();
        for part in kernel::parts(&board, &reduction.kept, progress)? {
            let part = solve::solve(&board, &part, left, progress)?;
            left = left.saturating_sub(part.steps);
            solved.push(part);
        }
        let cliques: Vec<_> = solved.iter().flat_map(|part| &part.cliques).cloned().collect();
        let roles = rebuild::rebuild(&board, &cliques, &reduction, progress)?;
        let roles = tidy::tidy(&board, roles, progress)?;
        let mut clusters: Vec<Cluster> = roles
            .iter()
            .map(|role| Cluster {
                members: collapsed.all_rows(&role.rows),
                entitlements: collapsed.all_columns(&role.columns),
            })
            .collect();
        clusters.sort_unstable_by(|one, other| size(other).cmp(&size(one)).then_with(|| one.cmp(other)));
        let bound = bound(&board, &solved);
        let mut notes = Vec::new();
        if clusters.len() > bound.roles as usize {
            notes.push(format!("found {} roles, proved that at least {} are needed", clusters.len(), bound.roles));
        }
        Ok(Clustering { clusters, bound: Some(bound), unassigned: empty_rows(matrix), notes })
    }
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
        nodes: solved.iter().map(|part| part.steps).sum(),
    });
    LowerBound { roles: u32::try_from(roles).unwrap_or(u32::MAX), fooling_set, kernel }
}

fn empty_rows(matrix: &AccessMatrix) -> Vec<Unassigned> {
    (0..)
        .take(matrix.height())
        .filter(|&row| matrix.row(row as usize).is_empty())
        .map(|row| Unassigned {
            row,
            best_common: 0,
            of: 0,
            with: None,
            with_of: 0,
            shortfall: Shortfall::HoldsNothing,
        })
        .collect()
}
