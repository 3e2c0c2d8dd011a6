//! Who holds what that no role explains yet.

use crate::matrix::AccessMatrix;

/// The matrix, and of each row the columns that no role explains.
pub(super) struct Board<'a> {
    pub(super) matrix: &'a AccessMatrix,
    /// The rows, one after the other; those columns of a row that nothing explains come first.
    columns: Vec<u32>,
    /// Where each row begins, and how many of its columns nothing explains.
    rows: Vec<(usize, usize)>,
}

impl<'a> Board<'a> {
    /// `explained` says of every assignment, row by row, whether a role explains it.
    pub(super) fn new(matrix: &'a AccessMatrix, explained: &[bool]) -> Self {
        let mut board = Self {
            matrix,
            columns: Vec::with_capacity(matrix.assignments()),
            rows: Vec::with_capacity(matrix.height()),
        };
        for row in 0..matrix.height() {
            let (start, held) = (board.columns.len(), matrix.row(row));
            let marks = explained.get(start..start + held.len()).unwrap_or(&[]);
            board
                .columns
                .extend(held.iter().zip(marks).filter(|(_, explained)| !**explained).map(|(&column, _)| column));
            board.rows.push((start, board.columns.len() - start));
            board.columns.resize(start + held.len(), 0);
        }
        board
    }

    /// The columns of a row that nothing explains yet, ascending.
    pub(super) fn open(&self, row: u32) -> &[u32] {
        let (start, open) = self.rows.get(row as usize).copied().unwrap_or_default();
        self.columns.get(start..start + open).unwrap_or(&[])
    }

    /// Whether a row holds a column that nothing explains yet.
    pub(super) fn is_open(&self, row: u32, column: u32) -> bool {
        self.open(row).binary_search(&column).is_ok()
    }

    /// The rows that hold a column which nothing explains yet, ascending.
    pub(super) fn open_holders(&self, column: u32) -> Vec<u32> {
        self.matrix.column(column as usize).iter().copied().filter(|&row| self.is_open(row, column)).collect()
    }

    /// A role explains whatever of these columns, which ascend, these rows hold.
    pub(super) fn explain(&mut self, rows: &[u32], columns: &[u32]) {
        for &row in rows {
            let Some((start, open)) = self.rows.get_mut(row as usize) else { continue };
            let Some(of_row) = self.columns.get_mut(*start..*start + *open) else { continue };
            let mut left = 0;
            for place in 0..of_row.len() {
                let Some(&column) = of_row.get(place) else { continue };
                if columns.binary_search(&column).is_err() {
                    of_row.swap(left, place);
                    left += 1;
                }
            }
            *open = left;
        }
    }
}
