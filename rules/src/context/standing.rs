//! What kind an identity is of, and whether it is there on the day.

use adit_compiler::spec::IdentityClass;
use adit_snapshots::IdentityId;
use jiff::civil::Date;

use crate::context::Context;

impl<'a> Context<'a> {
    /// The class of an identity.
    #[must_use]
    pub fn class(&self, identity: IdentityId) -> Option<&'a IdentityClass> {
        self.spec.classes.get(self.compilation.class_of(identity)?)
    }

    /// Whether nothing says that an identity has left by the day of the build.
    #[must_use]
    pub fn is_active(&self, identity: IdentityId) -> bool {
        self.snapshot.identities.is_active(identity, self.compilation.as_of)
    }

    /// Whether an identity is of a class of people.
    #[must_use]
    pub fn is_human(&self, identity: IdentityId) -> bool {
        self.class(identity).is_some_and(|class| class.human)
    }

    /// Whether an identity is a machine: of a class that is neither of people, nor shared by them, nor kept for emergencies.
    #[must_use]
    pub fn is_machine(&self, identity: IdentityId) -> bool {
        self.class(identity).is_some_and(|class| !class.human && !class.shared && !class.break_glass)
    }

    /// Whether an identity is kept for emergencies.
    #[must_use]
    pub fn is_break_glass(&self, identity: IdentityId) -> bool {
        self.class(identity).is_some_and(|class| class.break_glass)
    }

    /// The day by which every row of a table was seen: the first extraction of a source of it.
    pub(crate) fn extracted(&self, table: &str) -> Date {
        let manifest = &self.snapshot.manifest;
        let sources = manifest.sources.iter().filter(|source| source.table == table);
        sources.map(|source| source.extracted.unwrap_or(manifest.extracted)).min().unwrap_or(manifest.extracted)
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
