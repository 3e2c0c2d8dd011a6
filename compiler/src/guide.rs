//! What shapes clusters besides who holds what: `guided by`.

use adit_snapshots::{Column, IdentityId};

use crate::encoded::Encoded;

/// An attribute of identities that shapes clusters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guide {
    /// Its name, for notes.
    pub name: String,
    /// How many distinct values it has: the codes are below.
    pub distinct: usize,
    /// For each row the codes of its values, ascending; none where the value is missing, several where the attribute is a list.
    pub of_row: Vec<Vec<u32>>,
}

impl Guide {
    /// The values of a column for the identities of a population (ascending).
    #[must_use]
    pub fn new(name: &str, column: &Column, population: &[IdentityId]) -> Self {
        let encoded = Encoded::new(column, population);
        let codes = |&identity: &IdentityId| {
            let mut values = Vec::new();
            encoded.codes(identity, |code| values.push(code));
            values
        };
        Self { name: name.to_owned(), distinct: encoded.values.len(), of_row: population.iter().map(codes).collect() }
    }

    /// The same for these rows only.
    #[must_use]
    pub fn of_rows(&self, rows: &[u32]) -> Self {
        let of_row = rows.iter().filter_map(|&row| self.of_row.get(row as usize).cloned()).collect();
        Self { name: self.name.clone(), distinct: self.distinct, of_row }
    }
}
