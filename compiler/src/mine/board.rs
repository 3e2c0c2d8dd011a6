//! The collapsed matrix with its assignments numbered, and as bits.

use crate::mine::{
    bits::{self, BitTable},
    collapse::Collapsed,
};

/// An assignment of the collapsed matrix, numbered row by row.
pub(crate) type Edge = u32;

/// The collapsed matrix with numbered assignments: room in proportion to them, however wide it is.
#[derive(Debug)]
pub(crate) struct Board<'a> {
    pub(crate) matrix: &'a Collapsed,
    /// Row and column of each edge; ascending.
    pub(crate) edges: Vec<(u32, u32)>,
    /// The first edge of each row, and the end of all.
    starts: Vec<usize>,
}

impl<'a> Board<'a> {
    pub(crate) fn new(matrix: &'a Collapsed) -> Self {
        let mut edges = Vec::with_capacity(matrix.assignments());
        let mut starts = Vec::with_capacity(matrix.rows.len() + 1);
        starts.push(0);
        for (row, held) in (0..).zip(&matrix.rows) {
            edges.extend(held.iter().map(|&column| (row, column)));
            starts.push(edges.len());
        }
        Self { matrix, edges, starts }
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

    /// The edges of a row: in the order of its columns.
    pub(crate) fn edges_of(&self, row: usize) -> std::ops::Range<usize> {
        match (self.starts.get(row), self.starts.get(row + 1)) {
            (Some(&start), Some(&end)) => start..end,
            _ => 0..0,
        }
    }
}

/// A collapsed matrix as bits, both ways round, ready for set operations: room for every row by every column.
#[derive(Debug)]
pub(crate) struct BitBoard<'a> {
    pub(crate) matrix: &'a Collapsed,
    /// The columns of each row.
    pub(crate) rows: BitTable,
    /// The rows of each column.
    pub(crate) columns: BitTable,
}

impl<'a> BitBoard<'a> {
    pub(crate) fn new(matrix: &'a Collapsed) -> Self {
        let (height, width) = (matrix.rows.len(), matrix.columns.len());
        let mut rows = BitTable::new(height, width);
        let mut columns = BitTable::new(width, height);
        for (row, held) in matrix.rows.iter().enumerate() {
            for &column in held {
                bits::insert(rows.row_mut(row), column as usize);
                bits::insert(columns.row_mut(column as usize), row);
            }
        }
        Self { matrix, rows, columns }
    }

    /// Whether this cell is an assignment.
    pub(crate) fn holds(&self, row: usize, column: usize) -> bool {
        bits::contains(self.rows.row(row), column)
    }
}
