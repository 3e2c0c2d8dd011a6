//! What the reduction leaves, one connected part at a time.
//!
//! No role spans two parts, so each is solved for itself, and the bounds add up.

use crate::mine::{
    MineError, Progress,
    board::{BitBoard, Board, Edge},
    collapse::Collapsed,
};

/// A connected part of the kernel. Its vertices are its edges, numbered from 0 in ascending order.
#[derive(Debug)]
pub(super) struct Part {
    /// The edge of each vertex, ascending.
    pub(super) edges: Vec<Edge>,
    /// Row and column of each vertex.
    pub(super) cells: Vec<(usize, usize)>,
}

/// The vertices compatible with each vertex of a part, itself left out; ascending.
pub(super) type Neighbours = Vec<Vec<u32>>;

/// Splits the kept edges into connected parts, in the order of their first edges.
pub(super) fn parts(board: &Board<'_>, kept: &[Edge], progress: &dyn Progress) -> Result<Vec<Part>, MineError> {
    let matrix = board.matrix;
    // What no part has yet: the rows of each column, and the edges.
    let mut unreached: Vec<Vec<(u32, Edge)>> = vec![Vec::new(); matrix.columns.len()];
    for &edge in kept {
        let (row, column) = board.edges.get(edge as usize).copied().unwrap_or_default();
        if let Some(rows) = unreached.get_mut(column as usize) {
            rows.push((row, edge));
        }
    }
    let mut parts = Vec::new();
    for &start in kept {
        let Some(rows) = unreached.get_mut(board.cell(start).1) else { continue };
        let Some(place) = rows.iter().position(|&(_, edge)| edge == start) else { continue };
        rows.swap_remove(place);
        let (mut edges, mut todo) = (Vec::new(), vec![start]);
        while let Some(edge) = todo.pop() {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            edges.push(edge);
            let (row, column) = board.edges.get(edge as usize).copied().unwrap_or_default();
            for &held in matrix.row(row as usize) {
                let Some(rows) = unreached.get_mut(held as usize) else { continue };
                rows.retain(|&(holder, met)| {
                    let is_met = matrix.holds(holder, column);
                    if is_met {
                        todo.push(met);
                    }
                    !is_met
                });
            }
        }
        edges.sort_unstable();
        let cells = edges.iter().map(|&edge| board.cell(edge)).collect();
        parts.push(Part { edges, cells });
    }
    Ok(parts)
}

impl Part {
    /// The rows and columns of the part by themselves, which say all there is to know of it, and the part in their terms.
    pub(super) fn alone(&self, board: &Board<'_>) -> (Collapsed, Self) {
        let ascending = |line: fn(&(usize, usize)) -> usize| {
            let mut lines: Vec<usize> = self.cells.iter().map(line).collect();
            lines.sort_unstable();
            lines.dedup();
            lines
        };
        let (rows, columns) = (ascending(|cell| cell.0), ascending(|cell| cell.1));
        let place = |lines: &[usize], line: usize| lines.binary_search(&line).unwrap_or_default();
        let cells = self.cells.iter().map(|&(row, column)| (place(&rows, row), place(&columns, column))).collect();
        let matrix = board.matrix.within(&rows, &columns);
        (matrix, Self { edges: self.edges.clone(), cells })
    }

    /// The vertices of each row, ascending, with their columns.
    pub(super) fn by_row(&self, height: usize) -> Vec<Vec<(usize, u32)>> {
        let mut by_row = vec![Vec::new(); height];
        for (vertex, &(row, column)) in (0..).zip(&self.cells) {
            if let Some(row) = by_row.get_mut(row) {
                row.push((column, vertex));
            }
        }
        by_row
    }

    /// Who is compatible with whom; none when that would take more than `limit` entries.
    pub(super) fn neighbours(&self, board: &BitBoard<'_>, limit: usize) -> Option<Neighbours> {
        let by_row = self.by_row(board.matrix.rows.len());
        let mut entries = 0;
        let mut neighbours = Vec::with_capacity(self.cells.len());
        for (vertex, &(row, column)) in (0..).zip(&self.cells) {
            let near: Vec<u32> = board
                .matrix
                .column(column)
                .iter()
                .filter_map(|&holder| by_row.get(holder as usize))
                .flatten()
                .filter(|&&(other, near)| near != vertex && board.holds(row, other))
                .map(|&(_, near)| near)
                .collect();
            entries += near.len();
            if entries > limit {
                return None;
            }
            neighbours.push(near);
        }
        Some(neighbours)
    }
}
