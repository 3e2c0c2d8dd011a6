//! The access graph of a compilation: who reaches what, through which groups and roles, and what must not meet.
//!
//! # Vertices and edges
//!
//! Access flows along the edges, from holder to entitlement:
//!
//! | Edge | From → to |
//! |---|---|
//! | holds | identity → entitlement, role, exception |
//! | member of | identity or group → the group it is in |
//! | inherits | role → the role whose grants it has too |
//! | grants | group, role or exception → entitlement |
//! | conflicts | entitlement → duties, with the side it is on |
//!
//! What has structure (groups, roles, entitlements, duties, exceptions) is a petgraph [`DiGraph`], built once in the order of ids, so that
//! nothing depends on the order of anything. Identities are vertices too, but their edges stay in the sorted runs they come in: those to
//! entitlements in [`Assignments`](adit_snapshots::Assignments), those to groups and roles in one table here. A million identities
//! with 27 million assignments would cost petgraph over half a gigabyte of edges and answer no question better: every walk begins
//! at an identity, and none ends at one. What a query needs beyond that (closures, sides of duties) is worked out when first asked for.

use std::sync::OnceLock;

use adit_compiler::compile::Compilation;
use adit_snapshots::{EntitlementId, GroupId, IdentityId};
use petgraph::graph::{DiGraph, NodeIndex};

use crate::Node;

mod accounts;
mod build;
mod closure;
mod conflicts;
mod dominator;
mod hanging;
mod layout;
mod path;
mod redundant;
mod runs;
mod sides;

pub use accounts::AccountConflict;
pub use conflicts::{Broken, Conflict};
pub use hanging::Cut;
pub use layout::{Edge, Vertex};
pub use path::{Holder, Targets};
pub use sides::{Place, SideAccess, Sides, UnknownName};
pub(crate) use sides::{place_words, values_of};

use closure::Closure;
use conflicts::Reach;
use layout::Layout;
use runs::Runs;

/// Identities, groups, entitlements, roles, duties and exceptions, and what connects them.
#[derive(Debug)]
pub struct AccessGraph<'a> {
    compilation: &'a Compilation<'a>,
    structure: DiGraph<Vertex, Edge>,
    layout: Layout,
    /// The groups and roles each identity is in, as nodes of `structure`, ascending.
    memberships: Runs,
    sides: Sides,
    closure: OnceLock<Closure>,
    reach: OnceLock<Reach>,
    own_accounts: OnceLock<Runs>,
}

impl<'a> AccessGraph<'a> {
    /// The graph of a compilation.
    #[must_use]
    pub fn new(compilation: &'a Compilation<'a>) -> Self {
        let layout = Layout::of(compilation);
        let sides = Sides::of(compilation);
        Self {
            compilation,
            structure: build::structure(compilation, &layout, &sides),
            memberships: build::memberships(compilation, &layout),
            layout,
            sides,
            closure: OnceLock::new(),
            reach: OnceLock::new(),
            own_accounts: OnceLock::new(),
        }
    }

    /// What it is the graph of.
    #[must_use]
    pub fn compilation(&self) -> &'a Compilation<'a> {
        self.compilation
    }

    /// Everything but identities, as petgraph has it. Nodes ascend by [`Vertex`], edges by their ends.
    #[must_use]
    pub fn structure(&self) -> &DiGraph<Vertex, Edge> {
        &self.structure
    }

    /// The groups and roles an identity is directly in, ascending.
    pub fn memberships(&self, identity: IdentityId) -> impl Iterator<Item = Vertex> + '_ {
        self.memberships.run(identity.0 as usize).iter().filter_map(|&node| self.vertex(NodeIndex::from(node)))
    }

    /// Everything a group or role grants, its own and what it passes on, ascending. Cycles are followed once.
    #[must_use]
    pub fn effective(&self, holder: Holder) -> &[EntitlementId] {
        self.closure().grants(self.node(holder))
    }

    /// What a group or role grants itself, ascending.
    #[must_use]
    pub fn own(&self, holder: Holder) -> Vec<EntitlementId> {
        let mut own: Vec<_> = self
            .structure
            .neighbors(self.node(holder))
            .filter_map(|node| match self.vertex(node)? {
                Vertex::Entitlement(entitlement) => Some(entitlement),
                _ => None,
            })
            .collect();
        own.sort_unstable();
        own
    }

    /// What a group or role is directly in or inherits, ascending.
    #[must_use]
    pub fn parents(&self, holder: Holder) -> Vec<Holder> {
        let mut parents: Vec<_> =
            self.structure.neighbors(self.node(holder)).filter_map(|node| self.vertex(node)?.holder()).collect();
        parents.sort_unstable();
        parents
    }

    /// Whether `holder` is in or inherits `other`, directly or not.
    #[must_use]
    pub fn passes_to(&self, other: Holder, holder: Holder) -> bool {
        let (from, to) = (self.node(holder), self.node(other));
        from != to && petgraph::algo::has_path_connecting(&self.structure, from, to, None)
    }

    /// Everyone in a group or holding a role, directly or through what is nested in it or inherits it, ascending.
    #[must_use]
    pub fn members(&self, holder: Holder) -> Vec<IdentityId> {
        closure::members(self, self.node(holder))
    }

    /// Every group, existing role and candidate role, in this order, each ascending.
    pub fn holders(&self) -> impl Iterator<Item = Holder> + '_ {
        let snapshot = self.compilation.snapshot;
        let groups = (0..snapshot.groups.ids.len()).filter_map(|id| u32::try_from(id).ok()).map(GroupId);
        groups
            .map(Holder::Group)
            .chain((0..snapshot.roles.len()).map(Holder::ExistingRole))
            .chain(build::proposed(self.compilation).map(|(index, _)| Holder::Role(index)))
    }

    /// What a group or role is called in findings.
    #[must_use]
    pub fn holder_name(&self, holder: Holder) -> Node {
        self.name(holder.vertex())
    }

    /// The sides of the spec's duties, and which entitlements are on them.
    #[must_use]
    pub fn sides(&self) -> &Sides {
        &self.sides
    }

    fn closure(&self) -> &Closure {
        self.closure.get_or_init(|| Closure::of(self))
    }

    fn node(&self, holder: Holder) -> NodeIndex {
        self.layout.node(holder.vertex())
    }

    fn vertex(&self, node: NodeIndex) -> Option<Vertex> {
        self.structure.node_weight(node).copied()
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod world;
