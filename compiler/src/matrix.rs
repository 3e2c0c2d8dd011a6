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

    /// These rows (ascending) of the matrix; all columns stay.
    #[must_use]
    pub fn of_rows(&self, rows: &[u32]) -> Self {
        let identities = rows.iter().filter_map(|&row| self.identities.get(row as usize).copied()).collect();
        Self::new(identities, self.entitlements.clone(), rows.iter().map(|&row| self.row(row as usize).to_vec()))
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

    /// By counting: rows come out ascending because they go in ascending. Values from `width` on are passed over.
    fn transposed(&self, width: usize) -> Self {
        // One place further than where each run starts, so that filling the runs moves every place to where the run starts.
        let mut starts = vec![0; width + 2];
        for &value in &self.values {
            if let Some(count) = starts.get_mut(value as usize + 2) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut values = vec![0; total];
        for (row, run) in (0..).zip(self.starts.windows(2)) {
            let [from, to] = run else { continue };
            for &value in self.values.get(*from..*to).unwrap_or(&[]) {
                let Some(place) = starts.get_mut(value as usize + 1).filter(|_| (value as usize) < width) else {
                    continue;
                };
                if let Some(slot) = values.get_mut(*place) {
                    *slot = row;
                }
                *place += 1;
            }
        }
        starts.truncate(width + 1);
        Self { starts, values }
    }
}

#[cfg(test)]
pub(crate) mod tests;
