//! Who can hold access.

use jiff::civil::Date;

use super::{Attribute, Column, columns};

/// An identity: its rank among all identity ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct IdentityId(pub u32);

/// What a status says of someone who is no longer there.
const GONE: [&str; 12] = [
    "inactive",
    "terminated",
    "disabled",
    "leaver",
    "left",
    "suspended",
    "deleted",
    "deprovisioned",
    "retired",
    "former",
    "closed",
    "archived",
];

/// Every identity and its attributes.
#[derive(Debug, Clone, Default)]
pub struct Identities {
    /// Ids, ascending by bytes; an [`IdentityId`] is an index into it.
    pub ids: Vec<String>,
    /// Attributes, ascending by name; each has one value per identity. Canonical names where a source has them:
    /// `kind`, `status`, `display_name`, `employee_id`, `email`, `owner_id`, `manager_id`, `workloads`, `start_date`, `end_date`.
    pub attributes: Vec<Attribute>,
}

impl Identities {
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
    pub fn name(&self, identity: IdentityId) -> &str {
        self.ids.get(identity.0 as usize).map_or("", String::as_str)
    }

    /// The identity of that id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<IdentityId> {
        columns::rank(&self.ids, id).map(IdentityId)
    }

    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Column> {
        columns::attribute(&self.attributes, name)
    }

    /// A text attribute's value for an identity.
    #[must_use]
    pub fn text(&self, name: &str, identity: IdentityId) -> Option<&str> {
        self.attribute(name)?.text(identity.0 as usize)
    }

    /// Whether nothing says that an identity has left: its `status` is no word for that, and its `end_date` is not before `on`.
    #[must_use]
    pub fn is_active(&self, identity: IdentityId, on: Date) -> bool {
        let status = self.text("status", identity).map(str::trim);
        let gone = status.is_some_and(|status| GONE.iter().any(|gone| gone.eq_ignore_ascii_case(status)));
        let end = match self.attribute("end_date") {
            Some(Column::Date(dates)) => dates.get(identity.0 as usize).copied().flatten(),
            _ => None,
        };
        !gone && end.is_none_or(|end| end >= on)
    }

    /// All identities, ascending.
    pub fn iter(&self) -> impl Iterator<Item = IdentityId> + use<> {
        (0..u32::try_from(self.ids.len()).unwrap_or(u32::MAX)).map(IdentityId)
    }
}
