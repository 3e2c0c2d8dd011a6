//! Whether an identity is there today.

use adit_snapshots::{Column, IdentityId};

use crate::context::Context;

/// What a status says of someone who is no longer there; the reader of snapshots knows the same words.
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

impl Context<'_> {
    /// Whether nothing says that an identity has left: its `status` is no word for that, and its `end_date` is not past on the
    /// day of the build.
    #[must_use]
    pub fn is_active(&self, identity: IdentityId) -> bool {
        let identities = &self.snapshot.identities;
        let status = identities.text("status", identity).map(str::trim);
        let gone = status.is_some_and(|status| GONE.iter().any(|gone| gone.eq_ignore_ascii_case(status)));
        let end = match identities.attribute("end_date") {
            Some(Column::Date(dates)) => dates.get(identity.0 as usize).copied().flatten(),
            _ => None,
        };
        !gone && end.is_none_or(|end| end >= self.compilation.as_of)
    }

    /// Whether an identity is of a class of people.
    #[must_use]
    pub fn is_human(&self, identity: IdentityId) -> bool {
        let class = self.compilation.class_of(identity).and_then(|class| self.spec.classes.get(class));
        class.is_some_and(|class| class.human)
    }

    /// Everyone in some population of the build, ascending.
    pub fn in_scope(&self) -> impl Iterator<Item = IdentityId> + use<> {
        let mut scoped = vec![false; self.snapshot.identities.len()];
        for identity in self.compilation.populations.iter().flat_map(|population| &population.matrix.identities) {
            if let Some(scoped) = scoped.get_mut(identity.0 as usize) {
                *scoped = true;
            }
        }
        self.snapshot.identities.iter().zip(scoped).filter_map(|(identity, scoped)| scoped.then_some(identity))
    }
}
