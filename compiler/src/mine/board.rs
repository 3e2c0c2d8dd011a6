//! The collapsed matrix as bits, both ways round, with its assignments numbered.

use crate::mine::{
    bits::{self, BitTable},
    collapse::Collapsed,
};

/// An assignment of the collapsed matrix, numbered row by row.
pub(crate) type Edge = u32;

/// The collapsed matrix, ready for set operations.
#[derive(Debug)]
pub(crate) struct Board<'a> {
    pub(crate) matrix: &'a Collapsed,
    /// Row and column of each edge; ascending.
    pub(crate) edges: Vec<(u32, u32)>,
    /// The first edge of each row.
    starts: Vec<usize>,
    /// The columns of each row.
    pub(crate) rows: BitTable,
    /// The rows of each column.
    pub(crate) columns: BitTable,
}

impl<'a> Board<'a> {
    pub(crate) fn new(matrix: &'a Collapsed) -> Self {
        let (height, width) = (matrix.rows.len(), matrix.columns.len());
        let mut rows = BitTable::new(height, width);
        let mut columns = BitTable::new(width, height);
        let mut edges = Vec::with_capacity(matrix.assignments());
        let mut starts = Vec::with_capacity(height);
        for (row, held) in (0..).zip(&matrix.rows) {
            starts.push(edges.len());
            for &column in held {
                edges.push((row, column));
                bits::insert(rows.row_mut(row as usize), column as usize);
                bits::insert(columns.row_mut(column as usize), row as usize);
            }
        }
        Self { matrix, edges, starts, rows, columns }
    }

    /// Row and column of an edge.
    pub(crate) fn cell(&self, edge: Edge) -> (usize, usize) {
        let (row, column) = self.edges.get(edge as usize).copied().unwrap_or_default();
        (row as usize, column as usize)
    }

    /// The number of the edge in this cell, if it is one.
    pub(crate) fn edge(&self, row: usize, column: usize) -> Option<Edge> {
        let held = self.matrix.row(row);
        let place = held.binary_search(&u32::try_from(column).ok()?).ok()?;
        u32::try_from(self.starts.get(row)? + place).ok()
    }

    /// Whether this cell is an assignment.
    pub(crate) fn holds(&self, row: usize, column: usize) -> bool {
        bits::contains(self.rows.row(row), column)
    }
}
