//! Who holds what, and what of it some role explains already.

use crate::matrix::AccessMatrix;

/// The matrix with a mark on every assignment that a role explains.
pub(super) struct Board<'a> {
    pub(super) matrix: &'a AccessMatrix,
    /// Where the assignments of each row begin among all of them.
    starts: Vec<usize>,
    explained: Vec<bool>,
}

impl<'a> Board<'a> {
    /// `explained` says of every assignment, row by row, whether a role explains it.
    pub(super) fn new(matrix: &'a AccessMatrix, explained: Vec<bool>) -> Self {
        let mut starts = Vec::with_capacity(matrix.height() + 1);
        let mut total = 0;
        for row in 0..matrix.height() {
            starts.push(total);
            total += matrix.row(row).len();
        }
        Self { matrix, starts, explained }
    }

    /// The columns of a row that nothing explains yet, ascending.
    pub(super) fn open(&self, row: u32) -> impl Iterator<Item = u32> {
        let start = self.starts.get(row as usize).copied().unwrap_or_default();
        let held = self.matrix.row(row as usize);
        let marks = self.explained.get(start..start + held.len()).unwrap_or(&[]);
        held.iter().zip(marks).filter(|(_, explained)| !**explained).map(|(&column, _)| column)
    }

    /// Whether a row holds a column that nothing explains yet.
    pub(super) fn is_open(&self, row: u32, column: u32) -> bool {
        self.place(row, column).and_then(|place| self.explained.get(place)) == Some(&false)
    }

    /// The rows that hold a column which nothing explains yet, ascending.
    pub(super) fn open_holders(&self, column: u32) -> Vec<u32> {
        self.matrix.column(column as usize).iter().copied().filter(|&row| self.is_open(row, column)).collect()
    }

    /// A role explains whatever of these columns these rows hold.
    pub(super) fn explain(&mut self, rows: &[u32], columns: &[u32]) {
        for &row in rows {
            for &column in columns {
                if let Some(mark) = self.place(row, column).and_then(|place| self.explained.get_mut(place)) {
                    *mark = true;
                }
            }
        }
    }

    fn place(&self, row: u32, column: u32) -> Option<usize> {
        let at = self.matrix.row(row as usize).binary_search(&column).ok()?;
        Some(self.starts.get(row as usize)? + at)
    }
}
