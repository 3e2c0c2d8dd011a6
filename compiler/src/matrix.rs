//! The access matrix of one population: who holds what, as dense integers, both ways round.

use adit_snapshots::{EntitlementId, IdentityId};

use crate::runs::Runs;

/// A boolean matrix, sparse, with its transpose. Rows are identities, columns entitlements.
///
/// Row `r` stands for `identities[r]`, column `c` for `entitlements[c]`; both lists ascend, so order is order of names.
#[derive(Debug, Clone, Default)]
pub struct AccessMatrix {
    /// The identity of each row.
    pub identities: Vec<IdentityId>,
    /// The entitlement of each column.
    pub entitlements: Vec<EntitlementId>,
    rows: Runs,
    columns: Runs,
}

impl AccessMatrix {
    /// The matrix of `rows`: for each identity its columns, ascending and without repeats.
    #[must_use]
    pub fn new(
        identities: Vec<IdentityId>,
        entitlements: Vec<EntitlementId>,
        rows: impl IntoIterator<Item = Vec<u32>>,
    ) -> Self {
        Self::of(identities, entitlements, rows.into_iter().collect())
    }

    /// The matrix whose row `r` is `values[starts[r]..starts[r + 1]]`, ascending and without repeats.
    #[must_use]
    pub fn from_runs(
        identities: Vec<IdentityId>,
        entitlements: Vec<EntitlementId>,
        starts: Vec<usize>,
        values: Vec<u32>,
    ) -> Self {
        Self::of(identities, entitlements, Runs::new(starts, values))
    }

    /// The matrix of these rows, each ascending and without repeats.
    pub(crate) fn of(identities: Vec<IdentityId>, entitlements: Vec<EntitlementId>, rows: Runs) -> Self {
        let columns = rows.transposed(entitlements.len());
        Self { identities, entitlements, rows, columns }
    }

    /// These rows (ascending) of the matrix; all columns stay.
    #[must_use]
    pub fn of_rows(&self, rows: &[u32]) -> Self {
        let identities = rows.iter().filter_map(|&row| self.identities.get(row as usize).copied()).collect();
        Self::of(identities, self.entitlements.clone(), rows.iter().map(|&row| self.row(row as usize)).collect())
    }

    /// How many identities.
    #[must_use]
    pub fn height(&self) -> usize {
        self.identities.len()
    }

    /// How many entitlements.
    #[must_use]
    pub fn width(&self) -> usize {
        self.entitlements.len()
    }

    /// How many assignments.
    #[must_use]
    pub fn assignments(&self) -> usize {
        self.rows.values().len()
    }

    /// The columns of a row, ascending.
    #[must_use]
    pub fn row(&self, row: usize) -> &[u32] {
        self.rows.run(row)
    }

    /// The rows of a column, ascending.
    #[must_use]
    pub fn column(&self, column: usize) -> &[u32] {
        self.columns.run(column)
    }

    /// Whether a row has a column.
    #[must_use]
    pub fn holds(&self, row: u32, column: u32) -> bool {
        self.row(row as usize).binary_search(&column).is_ok()
    }
}

#[cfg(test)]
pub(crate) mod tests;
