//! Who can hold access.

use jiff::civil::Date;

use crate::Texts;

use super::{Attribute, Column, accessors::accessors};

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
    pub ids: Texts,
    /// Attributes, ascending by name; each has one value per identity. Canonical names where a source has them:
    /// `kind`, `status`, `display_name`, `employee_id`, `email`, `owner_id`, `manager_id`, `workloads`, `start_date`, `end_date`.
    pub attributes: Vec<Attribute>,
}

accessors!(Identities, IdentityId, "an identity");

impl Identities {
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
}
