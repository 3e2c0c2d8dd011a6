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
    let mut roles = roles;
    for (count, line) in lines.iter().enumerate() {
        if count % 64 == 0 && progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let Some(role) = roles.get_mut(line.role) else { continue };
        let alone = [line.index];
        let (rows, columns) = if line.is_row {
            (alone.as_slice(), role.columns.as_slice())
        } else {
            (role.rows.as_slice(), alone.as_slice())
        };
        let freed: Vec<usize> = cells(board, rows, columns).collect();
        if freed.iter().all(|&cell| granted.get(cell).is_some_and(|&times| times > 1)) {
            for cell in freed {
                if let Some(times) = granted.get_mut(cell) {
                    *times -= 1;
                }
            }
            let side = if line.is_row { &mut role.rows } else { &mut role.columns };
            side.retain(|&index| index != line.index);
        }
    }
    roles.retain(|role| !role.rows.is_empty() && !role.columns.is_empty());
    Ok(roles)
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
