//! From cliques of the kernel to roles of the whole matrix.
//!
//! Removed edges come back in the reverse order of removal. When f comes back, the edge e that made it redundant is in a role, and everything in
//! that role is in N(e) as it was when f was removed, so f is compatible with all of it: the role can take it in. Any other role
//! that f fits will do as well, since the argument asks of the role only that it holds e; so f goes where it costs
//! fewest assignments.

use super::reduce::Reduction;
use crate::mine::{
    MineError, Progress,
    bits::{self, BitTable},
    board::{Board, Edge},
};

/// A role over the collapsed matrix: every row has every column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Role {
    /// Rows, ascending.
    pub(super) rows: Vec<u32>,
    /// Columns, ascending.
    pub(super) columns: Vec<u32>,
}

/// Looking at every role for every edge is worth it up to this many looks; beyond, an edge goes to the role that is sure to take it.
const MAX_LOOKS: usize = 1 << 31;

/// The roles that grant exactly the board, one for each clique.
pub(super) fn rebuild(
    board: &Board<'_>,
    cliques: &[Vec<Edge>],
    reduction: &Reduction,
    progress: &dyn Progress,
) -> Result<Vec<Role>, MineError> {
    let mut roles = Roles::new(board, cliques.len());
    for (role, clique) in cliques.iter().enumerate() {
        for &edge in clique {
            roles.put(edge, role);
        }
    }
    let everywhere = reduction.removed.len().saturating_mul(cliques.len()) <= MAX_LOOKS;
    for (count, &(edge, because)) in reduction.removed.iter().rev().enumerate() {
        if count % 1024 == 0 && progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let sure = roles.role_of.get(because as usize).copied().unwrap_or_default() as usize;
        let role = if everywhere { roles.cheapest(edge, sure) } else { sure };
        roles.put(edge, role);
    }
    Ok(roles.finish())
}

struct Roles<'a> {
    board: &'a Board<'a>,
    /// A role of each edge that is back.
    role_of: Vec<u32>,
    /// What each role has, and what it could have besides.
    rows: BitTable,
    columns: BitTable,
    fitting_rows: BitTable,
    fitting_columns: BitTable,
    count: usize,
}

impl<'a> Roles<'a> {
    fn new(board: &'a Board<'a>, count: usize) -> Self {
        let (height, width) = (board.matrix.rows.len(), board.matrix.columns.len());
        Self {
            board,
            role_of: vec![0; board.edges.len()],
            rows: BitTable::new(count, height),
            columns: BitTable::new(count, width),
            fitting_rows: BitTable::full(count, height),
            fitting_columns: BitTable::full(count, width),
            count,
        }
    }

    fn put(&mut self, edge: Edge, role: usize) {
        let (row, column) = self.board.cell(edge);
        bits::insert(self.rows.row_mut(role), row);
        bits::insert(self.columns.row_mut(role), column);
        bits::intersect(self.fitting_rows.row_mut(role), self.board.columns.row(column));
        bits::intersect(self.fitting_columns.row_mut(role), self.board.rows.row(row));
        if let Some(slot) = self.role_of.get_mut(edge as usize) {
            *slot = u32::try_from(role).unwrap_or(u32::MAX);
        }
    }

    /// The role that takes the edge in for the fewest new assignments of identities and of entitlements: the one that is sure to fit, or
    /// the first that costs less.
    fn cheapest(&self, edge: Edge, sure: usize) -> usize {
        let (row, column) = self.board.cell(edge);
        let weight = |members: &[Vec<u32>], class: usize| members.get(class).map_or(0, Vec::len);
        let (row_weight, column_weight) =
            (weight(&self.board.matrix.row_members, row), weight(&self.board.matrix.column_members, column));
        let cost = |role: usize| {
            let new_row = !bits::contains(self.rows.row(role), row);
            let new_column = !bits::contains(self.columns.row(role), column);
            usize::from(new_row) * row_weight + usize::from(new_column) * column_weight
        };
        let fits = |role: usize| {
            bits::contains(self.fitting_rows.row(role), row) && bits::contains(self.fitting_columns.row(role), column)
        };
        let others = (0..self.count).filter(|&role| role != sure && fits(role));
        std::iter::once(sure).chain(others).min_by_key(|&role| cost(role)).unwrap_or(sure)
    }

    fn finish(self) -> Vec<Role> {
        let list = |set: &[u64]| bits::ones(set).filter_map(|value| u32::try_from(value).ok()).collect();
        (0..self.count)
            .map(|role| Role { rows: list(self.rows.row(role)), columns: list(self.columns.row(role)) })
            .collect()
    }
}
