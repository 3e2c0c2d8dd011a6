//! What would be mined.

use std::collections::BTreeSet;

use adit_compiler::preview::Preview;
use adit_snapshots::{IdentityId, Snapshot};

use crate::privacy::Names;

pub(crate) mod csv;
pub(crate) mod human;
pub(crate) mod json;

/// Everything a report needs.
pub(crate) struct Previewed<'a> {
    /// What the project is called.
    pub(crate) project: &'a str,
    /// The data.
    pub(crate) snapshot: &'a Snapshot,
    /// How things are called.
    pub(crate) names: &'a Names<'a>,
    /// The populations.
    pub(crate) populations: &'a [Preview],
    /// The identities that were asked for, by what they are called; none where everyone is meant.
    pub(crate) only: Option<Vec<IdentityId>>,
}

impl Previewed<'_> {
    /// Rows of a population, in the order of what identities are called: that of their names would tell who is who.
    pub(crate) fn called(&self, preview: &Preview, rows: impl IntoIterator<Item = u32>) -> Vec<(String, u32)> {
        let identities = &preview.selection.matrix.identities;
        let name = |row: u32| identities.get(row as usize).map(|&identity| (self.names.identity(identity), row));
        let mut called: Vec<_> = rows.into_iter().filter_map(name).collect();
        called.sort_unstable();
        called
    }

    /// The row of an identity in a population.
    pub(crate) fn row(preview: &Preview, identity: IdentityId) -> Option<u32> {
        let row = preview.selection.matrix.identities.binary_search(&identity).ok()?;
        u32::try_from(row).ok()
    }

    /// What an identity holds: what would be mined, and what would not, as the language names it.
    pub(crate) fn holdings(&self, preview: &Preview, identity: IdentityId) -> (Vec<String>, Vec<String>) {
        let matrix = &preview.selection.matrix;
        let columns = Self::row(preview, identity).map_or(&[][..], |row| matrix.row(row as usize));
        let mined = |column: u32| matrix.entitlements.get(column as usize).copied();
        let inside: BTreeSet<_> = columns.iter().filter_map(|&column| mined(column)).collect();
        let held = self.snapshot.assignments.held(identity).iter();
        let (inside, outside): (Vec<_>, Vec<_>) = held.partition(|entitlement| inside.contains(entitlement));
        let labels = |of: Vec<_>| of.into_iter().map(|&entitlement| self.names.entitlement(entitlement)).collect();
        (labels(inside), labels(outside))
    }
}
