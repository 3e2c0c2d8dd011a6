//! What a rule may look at.

use std::sync::OnceLock;

use adit_compiler::{compile::Compilation, roles::CandidateRole, spec::Spec};
use adit_snapshots::Snapshot;
use rustc_hash::FxHashMap;

use crate::{AccessGraph, CalledRoles};

mod lineage;
mod people;
mod privilege;
mod record;
mod standing;
mod usage;

pub use lineage::Lineage;
pub use people::People;
pub use record::Record;
pub use usage::{Seen, Use};

/// What a rule may look at. Derived facts that several rules need are worked out once, when first asked for.
pub struct Context<'a> {
    /// Everything the build found out.
    pub compilation: &'a Compilation<'a>,
    /// The spec.
    pub spec: &'a Spec,
    /// The data.
    pub snapshot: &'a Snapshot,
    /// Who holds what through which groups and roles.
    pub graph: &'a AccessGraph<'a>,
    /// What earlier builds left behind.
    pub record: &'a Record,
    called: OnceLock<CalledRoles<'a>>,
    existing: OnceLock<FxHashMap<&'a str, usize>>,
    lineage: OnceLock<Lineage>,
    people: OnceLock<People>,
    usage: OnceLock<Option<Use>>,
}

impl<'a> Context<'a> {
    /// The context of a compilation, its graph, and what earlier builds left behind.
    #[must_use]
    pub fn new(compilation: &'a Compilation<'a>, graph: &'a AccessGraph<'a>, record: &'a Record) -> Self {
        let (spec, snapshot) = (compilation.spec, compilation.snapshot);
        Self {
            compilation,
            spec,
            snapshot,
            graph,
            record,
            called: OnceLock::new(),
            existing: OnceLock::new(),
            lineage: OnceLock::new(),
            people: OnceLock::new(),
            usage: OnceLock::new(),
        }
    }

    /// The candidate roles with their places, but for existing ones that stay as they are: nothing is proposed there, and what is to be said
    /// of them is said of the roles that exist.
    pub fn proposed(&self) -> impl Iterator<Item = (usize, &'a CandidateRole)> {
        self.compilation.roles.iter().enumerate().filter(|(_, role)| !role.is_unchanged())
    }

    /// The candidate roles by what findings call them.
    pub fn called_roles(&self) -> &CalledRoles<'a> {
        self.called.get_or_init(|| CalledRoles::of(self.compilation))
    }

    /// The existing role of that id or name, the first of several.
    pub(crate) fn existing_role(&self, name: &str) -> Option<usize> {
        let existing = self.existing.get_or_init(|| {
            let mut existing = FxHashMap::default();
            for (place, role) in self.snapshot.roles.iter().enumerate() {
                for name in std::iter::once(role.id.as_str()).chain(role.name.as_deref()) {
                    existing.entry(name).or_insert(place);
                }
            }
            existing
        });
        existing.get(name).copied()
    }

    /// How much of the access in scope says where it comes from.
    pub fn lineage(&self) -> &Lineage {
        self.lineage.get_or_init(|| Lineage::of(self.compilation))
    }

    /// Who an address or an id is.
    pub fn people(&self) -> &People {
        self.people.get_or_init(|| People::of(self.snapshot))
    }

    /// What is known of the use of access; none where use was not observed entitlement by entitlement, or nobody says for how long.
    pub fn usage(&self) -> Option<&Use> {
        self.usage.get_or_init(|| Use::of(self.snapshot)).as_ref()
    }
}
