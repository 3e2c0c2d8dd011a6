//! What can be held.

use super::{Attribute, TextColumn, accessors::accessors};

use crate::Texts;

/// An entitlement: its rank among all entitlement ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EntitlementId(pub u32);

/// Every entitlement.
#[derive(Debug, Clone, Default)]
pub struct Entitlements {
    /// Ids, ascending by bytes; an [`EntitlementId`] is an index into it.
    pub ids: Texts,
    /// The application each belongs to (`sap`).
    pub application: TextColumn,
    /// The kind within the application (`tcode`).
    pub attribute: TextColumn,
    /// The value (`F110`); `application.attribute "value"` is how the language names it.
    pub value: TextColumn,
    /// Other columns, ascending by name: `name`, `owner_id`, `classification`, `risk`, `tier`, `environment`, …
    pub attributes: Vec<Attribute>,
}

accessors!(Entitlements, EntitlementId, "an entitlement");

impl Entitlements {
    /// Its application, its kind within that, and its value; empty for an id of another snapshot.
    #[must_use]
    pub fn parts(&self, entitlement: EntitlementId) -> [&str; 3] {
        let row = entitlement.0 as usize;
        [&self.application, &self.attribute, &self.value].map(|column| column.get(row).unwrap_or_default())
    }
}
