//! Fewer assignments for the same roles: what several roles grant, one of them may leave to the others.
//!
//! A role gives up a row, or a column, when other roles grant all of its cells; a role that others make superfluous altogether goes. What saves
//! most goes first. The union of what the roles grant stays the same. Once is enough: what stood in the way of a line, a cell that only its role
//! grants, keeps standing there.

use super::rebuild::Role;
use crate::mine::{MineError, Progress, board::Board};

/// Lets every role give up what others grant, dearest first.
pub(super) fn tidy(board: &Board<'_>, roles: Vec<Role>, progress: &dyn Progress) -> Result<Vec<Role>, MineError> {
    let mut granted = vec![0u32; board.edges.len()];
    for role in &roles {
        for cell in cells(board, &role.rows, &role.columns) {
            if let Some(times) = granted.get_mut(cell) {
                *times += 1;
            }
        }
    }
    let mut lines = lines(board, &roles);
    // Dearest first; ties by role and place, so the outcome depends on the matrix only.
    lines.sort_unstable_by_key(|line| (std::cmp::Reverse(line.saves), line.role, line.is_row, line.index));
    let side = |indices: &[u32]| Side { indices: indices.to_vec(), gone: vec![false; indices.len()] };
    let mut sides: Vec<(Side, Side)> = roles.iter().map(|role| (side(&role.rows), side(&role.columns))).collect();
    for (count, line) in lines.iter().enumerate() {
        if count % 64 == 0 && progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let Some((rows, columns)) = sides.get_mut(line.role) else { continue };
        let (own, across) = if line.is_row { (rows, columns) } else { (columns, rows) };
        let freed = || {
            across.left().filter_map(|other| {
                let (row, column) = if line.is_row { (line.index, other) } else { (other, line.index) };
                board.edge(row as usize, column as usize).map(|edge| edge as usize)
            })
        };
        if freed().all(|cell| granted.get(cell).is_some_and(|&times| times > 1)) {
            for cell in freed() {
                if let Some(times) = granted.get_mut(cell) {
                    *times -= 1;
                }
            }
            own.drop(line.index);
        }
    }
    let role = |(rows, columns): (Side, Side)| Role { rows: rows.left().collect(), columns: columns.left().collect() };
    let roles = sides.into_iter().map(role);
    Ok(roles.filter(|role| !role.rows.is_empty() && !role.columns.is_empty()).collect())
}

/// The rows or the columns of a role, and which of them it gave up.
struct Side {
    indices: Vec<u32>,
    gone: Vec<bool>,
}

impl Side {
    fn left(&self) -> impl Iterator<Item = u32> + '_ {
        self.indices.iter().zip(&self.gone).filter_map(|(&index, &gone)| (!gone).then_some(index))
    }

    fn drop(&mut self, index: u32) {
        if let Ok(place) = self.indices.binary_search(&index)
            && let Some(gone) = self.gone.get_mut(place)
        {
            *gone = true;
        }
    }
}

/// A row or a column of a role.
struct Line {
    /// Assignments of identities, or of entitlements, that it stands for.
    saves: usize,
    role: usize,
    is_row: bool,
    index: u32,
}

fn lines(board: &Board<'_>, roles: &[Role]) -> Vec<Line> {
    let of = |role: usize, is_row: bool, side: &[u32], members: &[Vec<u32>]| {
        let lines = side.iter().map(|&index| {
            let saves = members.get(index as usize).map_or(0, Vec::len);
            Line { saves, role, is_row, index }
        });
        lines.collect::<Vec<_>>()
    };
    let mut lines = Vec::new();
    for (index, role) in roles.iter().enumerate() {
        lines.extend(of(index, true, &role.rows, &board.matrix.row_members));
        lines.extend(of(index, false, &role.columns, &board.matrix.column_members));
    }
    lines
}

/// The edges of a rectangle.
fn cells<'a>(board: &'a Board<'_>, rows: &'a [u32], columns: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
    rows.iter().flat_map(move |&row| {
        columns.iter().filter_map(move |&column| board.edge(row as usize, column as usize).map(|edge| edge as usize))
    })
}
