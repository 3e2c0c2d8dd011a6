//! What a rule may look at.

use std::sync::OnceLock;

use adit_compiler::{compile::Compilation, spec::Spec};
use adit_snapshots::Snapshot;

use crate::AccessGraph;

mod lineage;
mod people;
mod standing;

pub use lineage::Lineage;
pub use people::People;

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
    lineage: OnceLock<Lineage>,
    people: OnceLock<People>,
}

impl<'a> Context<'a> {
    /// The context of a compilation and its graph.
    #[must_use]
    pub fn new(compilation: &'a Compilation<'a>, graph: &'a AccessGraph<'a>) -> Self {
        let (spec, snapshot) = (compilation.spec, compilation.snapshot);
        Self { compilation, spec, snapshot, graph, lineage: OnceLock::new(), people: OnceLock::new() }
    }

    /// How much of the access in scope says where it comes from.
    pub fn lineage(&self) -> &Lineage {
        self.lineage.get_or_init(|| Lineage::of(self.compilation))
    }

    /// Who an address or an id is.
    pub fn people(&self) -> &People {
        self.people.get_or_init(|| People::of(self.snapshot))
    }
}
