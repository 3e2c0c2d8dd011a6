//! Whether an identity is there today.

use adit_snapshots::{Column, IdentityId};

use crate::context::Context;

impl Context<'_> {
    /// Whether an identity is active on the day of the build: its `status`, where it has one, is `active` or `enabled`, and its
    /// `end_date` is not past. Without either it is taken to be active.
    #[must_use]
    pub fn is_active(&self, identity: IdentityId) -> bool {
        let identities = &self.snapshot.identities;
        let status = identities.text("status", identity).map(str::trim);
        let stands =
            status.is_none_or(|status| ["active", "enabled"].iter().any(|active| active.eq_ignore_ascii_case(status)));
        let end = match identities.attribute("end_date") {
            Some(Column::Date(dates)) => dates.get(identity.0 as usize).copied().flatten(),
            _ => None,
        };
        stands && end.is_none_or(|end| end >= self.compilation.as_of)
    }

    /// Whether an identity is of a class of people.
    #[must_use]
    pub fn is_human(&self, identity: IdentityId) -> bool {
        let class = self.compilation.class_of(identity).and_then(|class| self.spec.classes.get(class));
        class.is_some_and(|class| class.human)
    }
}
