//! The access matrix of one population: who holds what, as dense integers, both ways round.

use adit_snapshots::{EntitlementId, IdentityId};

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

/// Sorted runs of u32, one after the other.
#[derive(Debug, Clone, Default)]
struct Runs {
    starts: Vec<usize>,
    values: Vec<u32>,
}

impl AccessMatrix {
    /// The matrix of `rows`: for each identity its columns, ascending and without repeats.
    #[must_use]
    pub fn new(
        identities: Vec<IdentityId>,
        entitlements: Vec<EntitlementId>,
        rows: impl IntoIterator<Item = Vec<u32>>,
    ) -> Self {
        let mut runs = Runs { starts: vec![0], values: Vec::new() };
        for row in rows {
            runs.values.extend(row);
            runs.starts.push(runs.values.len());
        }
        Self::from_runs(identities, entitlements, runs.starts, runs.values)
    }

    /// The matrix whose row `r` is `values[starts[r]..starts[r + 1]]`, ascending and without repeats.
    #[must_use]
    pub fn from_runs(
        identities: Vec<IdentityId>,
        entitlements: Vec<EntitlementId>,
        starts: Vec<usize>,
        values: Vec<u32>,
    ) -> Self {
        let rows = Runs { starts, values };
        let columns = rows.transposed(entitlements.len());
        Self { identities, entitlements, rows, columns }
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
        self.rows.values.len()
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

impl Runs {
    fn run(&self, index: usize) -> &[u32] {
        match (self.starts.get(index), self.starts.get(index + 1)) {
            (Some(&start), Some(&end)) => self.values.get(start..end).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// By counting: rows come out ascending because they go in ascending.
    #[expect(
        clippy::indexing_slicing,
        reason = "every value is below `width`, every position below the number of values"
    )]
    fn transposed(&self, width: usize) -> Self {
        let mut starts = vec![0; width + 1];
        for &value in &self.values {
            starts[value as usize + 1] += 1;
        }
        for index in 0..width {
            starts[index + 1] += starts[index];
        }
        let mut next = starts.clone();
        let mut values = vec![0; self.values.len()];
        for row in 0..self.starts.len().saturating_sub(1) {
            for &value in self.run(row) {
                values[next[value as usize]] = u32::try_from(row).unwrap_or(u32::MAX);
                next[value as usize] += 1;
            }
        }
        Self { starts, values }
    }
}
