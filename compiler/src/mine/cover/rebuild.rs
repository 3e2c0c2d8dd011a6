//! From cliques of the kernel to roles of the whole matrix.
//!
//! Removed edges come back in the reverse order of removal. When f comes back, the edge e that made it redundant is in a role, and everything in
//! that role is in N(e) as it was when f was removed, so f is compatible with all of it: the role can take it in. Any other role
//! that f fits will do as well, since the argument asks of the role only that it holds e; so f goes where it costs
//! fewest assignments.

use super::reduce::Reduction;
use crate::mine::{
    MineError, Progress,
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

/// The roles that grant exactly the board, one for each clique.
pub(super) fn rebuild(
    board: &Board<'_>,
    cliques: &[Vec<Edge>],
    reduction: &Reduction,
    progress: &dyn Progress,
) -> Result<Vec<Role>, MineError> {
    let mut roles = Roles::new(board, cliques);
    for (count, &(edge, because)) in reduction.removed.iter().rev().enumerate() {
        if count % 1024 == 0 && progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        roles.take_in(edge, because);
    }
    Ok(roles.finish())
}

struct Roles<'a> {
    board: &'a Board<'a>,
    /// A role of each edge that is back.
    role_of: Vec<u32>,
    /// The rows of each role as they came, its columns, and the columns that it could have: those that all of its rows have; both ascending.
    rows: Vec<Vec<u32>>,
    columns: Vec<Vec<u32>>,
    fitting: Vec<Vec<u32>>,
    /// The roles of each row and of each column, ascending.
    with_row: Vec<Vec<u32>>,
    with_column: Vec<Vec<u32>>,
}

#[expect(clippy::indexing_slicing, reason = "roles, rows, columns and edges index tables that have one entry for each")]
impl<'a> Roles<'a> {
    /// The roles of these cliques, of which none is empty.
    fn new(board: &'a Board<'a>, cliques: &[Vec<Edge>]) -> Self {
        let mut roles = Self {
            board,
            role_of: vec![0; board.edges.len()],
            rows: vec![Vec::new(); cliques.len()],
            columns: vec![Vec::new(); cliques.len()],
            fitting: vec![Vec::new(); cliques.len()],
            with_row: vec![Vec::new(); board.matrix.rows.len()],
            with_column: vec![Vec::new(); board.matrix.columns.len()],
        };
        for (role, clique) in (0..).zip(cliques) {
            for &edge in clique {
                roles.put(edge, role);
            }
        }
        roles
    }

    fn put(&mut self, edge: Edge, role: u32) {
        let (row, column) = self.board.edges[edge as usize];
        let held = self.board.matrix.row(row as usize);
        self.role_of[edge as usize] = role;
        if insert(&mut self.with_row[row as usize], role) {
            let role = role as usize;
            if self.rows[role].is_empty() {
                self.fitting[role] = held.to_vec();
            }
            self.rows[role].push(row);
            self.fitting[role].retain(|column| held.binary_search(column).is_ok());
        }
        if insert(&mut self.with_column[column as usize], role) {
            insert(&mut self.columns[role as usize], column);
        }
    }

    /// Puts the edge into the role that takes it in for the fewest new assignments of identities and of entitlements: that of the edge that made it
    /// redundant, which is sure to fit, or the first that costs less.
    fn take_in(&mut self, edge: Edge, because: Edge) {
        let (row, column) = self.board.edges[edge as usize];
        let sure = self.role_of[because as usize];
        let weight = |members: &[Vec<u32>], line: u32| members[line as usize].len();
        let matrix = self.board.matrix;
        let (row_weight, column_weight) = (weight(&matrix.row_members, row), weight(&matrix.column_members, column));
        let (with_row, with_column) = (&self.with_row[row as usize], &self.with_column[column as usize]);
        let cost = |role: u32| {
            let new = |with: &[u32]| usize::from(with.binary_search(&role).is_err());
            new(with_row) * row_weight + new(with_column) * column_weight
        };
        // A role with neither its row nor its column costs as much as any.
        let mut best = (cost(sure), 0, sure);
        let held = matrix.row(row as usize);
        for &role in with_row {
            let has_column = with_column.binary_search(&role).is_ok();
            if has_column || self.fitting[role as usize].binary_search(&column).is_ok() {
                best = best.min((if has_column { 0 } else { column_weight }, 1, role));
            }
        }
        for &role in with_column {
            if (row_weight, 1, role) >= best {
                break;
            }
            if self.columns[role as usize].iter().all(|column| held.binary_search(column).is_ok()) {
                best = best.min((row_weight, 1, role));
            }
        }
        self.put(edge, best.2);
    }

    fn finish(self) -> Vec<Role> {
        let role = |(mut rows, columns): (Vec<u32>, Vec<u32>)| {
            rows.sort_unstable();
            Role { rows, columns }
        };
        self.rows.into_iter().zip(self.columns).map(role).collect()
    }
}

/// Adds a value to an ascending list; whether it is new.
fn insert(list: &mut Vec<u32>, value: u32) -> bool {
    match list.binary_search(&value) {
        Ok(_) => false,
        Err(place) => {
            list.insert(place, value);
            true
        }
    }
}
