//! Everything a group or role passes on, by one walk over the condensation of the graph.

use adit_snapshots::{EntitlementId, IdentityId};
use petgraph::{Direction, graph::NodeIndex};
use rustc_hash::FxHashSet;

use super::{AccessGraph, Vertex};

/// What each group and role grants in the end. Those that contain each other are one component and grant the same.
#[derive(Debug)]
pub(super) struct Closure {
    /// The component of each node that is a group or role.
    component: Vec<usize>,
    /// What each component grants, ascending.
    grants: Vec<Vec<EntitlementId>>,
}

impl Closure {
    pub(super) fn of(graph: &AccessGraph<'_>) -> Self {
        let mut closure = Self { component: vec![usize::MAX; graph.layout.holders()], grants: Vec::new() };
        // Components come out with everything they reach before them. (Tarjan's algorithm would do as well, but petgraph's
        // recurses, and chains of groups have no limit.)
        for component in petgraph::algo::kosaraju_scc(&graph.structure) {
            if !component.iter().any(|&node| graph.layout.is_holder(node)) {
                continue;
            }
            let grants = closure.union(graph, &component);
            for node in component {
                if let Some(slot) = closure.component.get_mut(node.index()) {
                    *slot = closure.grants.len();
                }
            }
            closure.grants.push(grants);
        }
        closure
    }

    /// What a node grants in the end, ascending.
    pub(super) fn grants(&self, node: NodeIndex) -> &[EntitlementId] {
        let component = self.component.get(node.index());
        component.and_then(|&component| self.grants.get(component)).map_or(&[], Vec::as_slice)
    }

    fn union(&self, graph: &AccessGraph<'_>, component: &[NodeIndex]) -> Vec<EntitlementId> {
        let mut grants = Vec::new();
        for next in component.iter().flat_map(|&node| graph.structure.neighbors(node)) {
            match graph.vertex(next) {
                Some(Vertex::Entitlement(entitlement)) => grants.push(entitlement),
                _ => grants.extend_from_slice(self.grants(next)),
            }
        }
        grants.sort_unstable();
        grants.dedup();
        grants
    }
}

/// Everyone whose access comes through a node, ascending.
pub(super) fn members(graph: &AccessGraph<'_>, node: NodeIndex) -> Vec<IdentityId> {
    let compilation = graph.compilation;
    let (groups, existing, roles) =
        (&compilation.snapshot.groups.members, &compilation.snapshot.roles, &compilation.roles);
    let mut members = Vec::new();
    let mut seen = FxHashSet::from_iter([node]);
    let mut todo = vec![node];
    while let Some(node) = todo.pop() {
        match graph.vertex(node) {
            Some(Vertex::Group(group)) => {
                members.extend(groups.get(group.0 as usize).into_iter().flatten().filter_map(|member| match member {
                    adit_snapshots::Member::Identity(identity) => Some(*identity),
                    adit_snapshots::Member::Group(_) => None,
                }));
            }
            Some(Vertex::ExistingRole(role)) => {
                members.extend(existing.get(role).into_iter().flat_map(|it| &it.members))
            }
            Some(Vertex::Role(role)) => members.extend(roles.get(role).into_iter().flat_map(|it| &it.members)),
            _ => {}
        }
        todo.extend(graph.structure.neighbors_directed(node, Direction::Incoming).filter(|&next| seen.insert(next)));
    }
    members.sort_unstable();
    members.dedup();
    members
}
