//! What the reduction leaves, one connected part at a time.
//!
//! No role spans two parts, so each is solved for itself, and the bounds add up.

use crate::mine::{
    MineError, Progress,
    bits::{self, BitTable},
    board::{Board, Edge},
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
    let mut unreached = BitTable::new(board.matrix.rows.len(), board.matrix.columns.len());
    let cells: Vec<(usize, usize)> = kept.iter().map(|&edge| board.cell(edge)).collect();
    // The rows where there is something left to reach: few, soon.
    let mut rows = vec![0; board.columns.words()];
    for &(row, column) in &cells {
        bits::insert(unreached.row_mut(row), column);
        bits::insert(&mut rows, row);
    }
    let mut parts = Vec::new();
    for &start in &cells {
        if !bits::contains(unreached.row(start.0), start.1) {
            continue;
        }
        bits::remove(unreached.row_mut(start.0), start.1);
        let (mut reached, mut todo) = (Vec::new(), vec![start]);
        while let Some((row, column)) = todo.pop() {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            reached.push((row, column));
            let holders: Vec<usize> = bits::ones_of_both(board.columns.row(column), &rows).collect();
            for holder in holders {
                let left = unreached.row_mut(holder);
                let met: Vec<usize> = bits::ones_of_both(left, board.rows.row(row)).collect();
                bits::subtract(left, board.rows.row(row));
                todo.extend(met.into_iter().map(|column| (holder, column)));
                if bits::is_empty(left) {
                    bits::remove(&mut rows, holder);
                }
            }
        }
        reached.sort_unstable();
        let edges = reached.iter().filter_map(|&(row, column)| board.edge(row, column)).collect();
        parts.push(Part { edges, cells: reached });
    }
    Ok(parts)
}

impl Part {
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
    pub(super) fn neighbours(&self, board: &Board<'_>, limit: usize) -> Option<Neighbours> {
        let by_row = self.by_row(board.matrix.rows.len());
        let mut entries = 0;
        let mut neighbours = Vec::with_capacity(self.cells.len());
        for (vertex, &(row, column)) in (0..).zip(&self.cells) {
            let held = board.rows.row(row);
            let near: Vec<u32> = board
                .matrix
                .column(column)
                .iter()
                .filter_map(|&holder| by_row.get(holder as usize))
                .flatten()
                .filter(|&&(other, near)| near != vertex && bits::contains(held, other))
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
