//! What can be held.

use super::{Attribute, Column, TextColumn, columns};

/// An entitlement: its rank among all entitlement ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EntitlementId(pub u32);

/// Every entitlement.
#[derive(Debug, Clone, Default)]
pub struct Entitlements {
    /// Ids, ascending by bytes; an [`EntitlementId`] is an index into it.
    pub ids: Vec<String>,
    /// The application each belongs to (`sap`).
    pub application: TextColumn,
    /// The kind within the application (`tcode`).
    pub attribute: TextColumn,
    /// The value (`F110`); `application.attribute "value"` is how the language names it.
    pub value: TextColumn,
    /// Other columns, ascending by name: `name`, `owner_id`, `classification`, `risk`, `tier`, `environment`, …
    pub attributes: Vec<Attribute>,
}

impl Entitlements {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id as the source writes it; empty for an id of another snapshot.
    #[must_use]
    pub fn name(&self, entitlement: EntitlementId) -> &str {
        self.ids.get(entitlement.0 as usize).map_or("", String::as_str)
    }

    /// The entitlement of that id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<EntitlementId> {
        columns::rank(&self.ids, id).map(EntitlementId)
    }

    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Column> {
        columns::attribute(&self.attributes, name)
    }

    /// A text attribute's value for an entitlement.
    #[must_use]
    pub fn text(&self, name: &str, entitlement: EntitlementId) -> Option<&str> {
        self.attribute(name)?.text(entitlement.0 as usize)
    }

    /// Its application, its kind within that, and its value; empty for an id of another snapshot.
    #[must_use]
    pub fn parts(&self, entitlement: EntitlementId) -> [&str; 3] {
        let row = entitlement.0 as usize;
        [&self.application, &self.attribute, &self.value].map(|column| column.get(row).unwrap_or_default())
    }

    /// The language's name for it: `sap.tcode "F110"`.
    #[must_use]
    pub fn label(&self, entitlement: EntitlementId) -> String {
        let [application, attribute, value] = self.parts(entitlement);
        format!("{application}.{attribute} \"{value}\"")
    }

    /// All entitlements, ascending.
    pub fn iter(&self) -> impl Iterator<Item = EntitlementId> + use<> {
        (0..u32::try_from(self.ids.len()).unwrap_or(u32::MAX)).map(EntitlementId)
    }
}
