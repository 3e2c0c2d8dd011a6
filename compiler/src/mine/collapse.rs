//! Collapsing: identities that hold the same are one row, entitlements that the same identities hold are one column.
//!
//! One pass of each is the fixpoint. Two rows that differ, differ in some column; the column that stands for its class has the same
//! holders, so they still differ once columns have collapsed, and the other way round. Rows and columns without any
//! assignment are left out.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::matrix::AccessMatrix;

/// A matrix with distinct, non-empty rows and distinct, non-empty columns, and what each of them stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collapsed {
    /// The rows of the whole matrix that each row stands for; ascending, and so are their first members.
    pub row_members: Vec<Vec<u32>>,
    /// The columns of the whole matrix that each column stands for; ascending, and so are their first members.
    pub column_members: Vec<Vec<u32>>,
    /// The columns of each row, ascending.
    pub rows: Vec<Vec<u32>>,
    /// The rows of each column, ascending.
    pub columns: Vec<Vec<u32>>,
}

impl Collapsed {
    /// Collapses a matrix.
    #[must_use]
    pub fn of(matrix: &AccessMatrix) -> Self {
        let mut row_members = equal_rows(matrix);
        row_members.retain(|members| members.first().is_some_and(|&row| !matrix.row(row as usize).is_empty()));
        let mut column_members = classes((0..matrix.width()).map(|column| matrix.column(column)));
        column_members
            .retain(|members| members.first().is_some_and(|&first| !matrix.column(first as usize).is_empty()));
        let mut class_of_column = vec![None; matrix.width()];
        for (class, first) in firsts(&column_members) {
            if let Some(slot) = class_of_column.get_mut(first) {
                *slot = Some(class);
            }
        }
        let rows: Vec<Vec<u32>> = firsts(&row_members)
            .map(|(_, first)| {
                let columns = matrix.row(first).iter();
                columns.filter_map(|&column| class_of_column.get(column as usize).copied().flatten()).collect()
            })
            .collect();
        let columns = turned(&rows, column_members.len());
        Self { row_members, column_members, rows, columns }
    }

    /// These rows and columns of it, ascending, by themselves.
    #[must_use]
    pub(crate) fn within(&self, rows: &[usize], columns: &[usize]) -> Self {
        let members = |members: &[Vec<u32>], lines: &[usize]| {
            lines.iter().map(|&line| members.get(line).cloned().unwrap_or_default()).collect::<Vec<_>>()
        };
        let place = |column: u32| u32::try_from(columns.binary_search(&(column as usize)).ok()?).ok();
        let rows_of: Vec<Vec<u32>> =
            rows.iter().map(|&row| self.row(row).iter().filter_map(|&column| place(column)).collect()).collect();
        let columns_of = turned(&rows_of, columns.len());
        Self {
            row_members: members(&self.row_members, rows),
            column_members: members(&self.column_members, columns),
            rows: rows_of,
            columns: columns_of,
        }
    }

    /// How many assignments are left.
    #[must_use]
    pub fn assignments(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    /// Whether a row has a column.
    #[must_use]
    pub fn holds(&self, row: u32, column: u32) -> bool {
        self.row(row as usize).binary_search(&column).is_ok()
    }

    /// The columns of a row, ascending; none beyond the matrix.
    #[must_use]
    pub fn row(&self, row: usize) -> &[u32] {
        self.rows.get(row).map_or(&[], Vec::as_slice)
    }

    /// The rows of a column, ascending; none beyond the matrix.
    #[must_use]
    pub fn column(&self, column: usize) -> &[u32] {
        self.columns.get(column).map_or(&[], Vec::as_slice)
    }

    /// All rows of the whole matrix that these rows stand for, ascending.
    #[must_use]
    pub fn all_rows(&self, rows: &[u32]) -> Vec<u32> {
        union(&self.row_members, rows)
    }

    /// All columns of the whole matrix that these columns stand for, ascending.
    #[must_use]
    pub fn all_columns(&self, columns: &[u32]) -> Vec<u32> {
        union(&self.column_members, columns)
    }
}

/// The rows of each of so many columns, ascending.
fn turned(rows: &[Vec<u32>], width: usize) -> Vec<Vec<u32>> {
    let mut columns = vec![Vec::new(); width];
    for (row, held) in (0..).zip(rows) {
        for &column in held {
            if let Some(column) = columns.get_mut(column as usize) {
                column.push(row);
            }
        }
    }
    columns
}

/// Rows that hold exactly the same, the empty ones too; in the order of their first rows.
pub(super) fn equal_rows(matrix: &AccessMatrix) -> Vec<Vec<u32>> {
    classes((0..matrix.height()).map(|row| matrix.row(row)))
}

/// Groups equal sets; groups in the order of their first members.
fn classes<'a>(sets: impl Iterator<Item = &'a [u32]>) -> Vec<Vec<u32>> {
    let mut class_of: FxHashMap<&[u32], usize> = FxHashMap::default();
    let mut classes: Vec<Vec<u32>> = Vec::new();
    for (index, set) in (0..).zip(sets) {
        match class_of.entry(set) {
            Entry::Occupied(class) => {
                if let Some(class) = classes.get_mut(*class.get()) {
                    class.push(index);
                }
            }
            Entry::Vacant(entry) => {
                entry.insert(classes.len());
                classes.push(vec![index]);
            }
        }
    }
    classes
}

fn firsts(classes: &[Vec<u32>]) -> impl Iterator<Item = (u32, usize)> + '_ {
    (0..).zip(classes).filter_map(|(class, members)| members.first().map(|&first| (class, first as usize)))
}

fn union(members: &[Vec<u32>], classes: &[u32]) -> Vec<u32> {
    let mut all: Vec<u32> =
        classes.iter().filter_map(|&class| members.get(class as usize)).flatten().copied().collect();
    all.sort_unstable();
    all
}
