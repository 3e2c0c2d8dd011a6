//! Builds the graph in the order of ids.

use std::collections::BTreeMap;

use adit_compiler::{compile::Compilation, roles::CandidateRole};
use adit_snapshots::{GroupId, Member};
use petgraph::graph::DiGraph;

use super::{Edge, Layout, Runs, Sides, Vertex};

/// Everything but identities.
pub(super) fn structure(compilation: &Compilation<'_>, layout: &Layout, sides: &Sides) -> DiGraph<Vertex, Edge> {
    let mut edges = edges(compilation);
    edges.extend(sides.iter().flat_map(|(duties, side, entitlements)| {
        let edge = (Vertex::Duties(duties), Edge::Conflicts { side });
        entitlements.iter().map(move |&it| (Vertex::Entitlement(it), edge.0, edge.1))
    }));
    edges.sort_unstable();
    edges.dedup();
    let mut graph = DiGraph::with_capacity(layout.len(), edges.len());
    for vertex in layout.vertices() {
        graph.add_node(vertex);
    }
    for (from, to, edge) in edges {
        let (from, to) = (layout.node(from), layout.node(to));
        // An index into a list that is shorter than it says would be a fault of the caller's; it connects nothing.
        if graph.node_weight(from).is_some() && graph.node_weight(to).is_some() {
            graph.add_edge(from, to, edge);
        }
    }
    graph
}

fn edges(compilation: &Compilation<'_>) -> Vec<(Vertex, Vertex, Edge)> {
    let snapshot = compilation.snapshot;
    let mut edges = Vec::new();
    for (group, members) in snapshot.groups.members.iter().enumerate() {
        edges.extend(members.iter().filter_map(|member| match member {
            Member::Group(nested) => Some((Vertex::Group(*nested), Vertex::Group(id(group)), Edge::MemberOf)),
            Member::Identity(_) => None,
        }));
    }
    for (group, grants) in snapshot.groups.grants.iter().enumerate() {
        edges.extend(grants.iter().map(|&it| (Vertex::Group(id(group)), Vertex::Entitlement(it), Edge::Grants)));
    }
    for (index, role) in snapshot.roles.iter().enumerate() {
        let from = Vertex::ExistingRole(index);
        edges.extend(role.entitlements.iter().map(|&it| (from, Vertex::Entitlement(it), Edge::Grants)));
        edges.extend(role.inherits.iter().map(|&it| (from, Vertex::ExistingRole(it), Edge::Inherits)));
    }
    // What an existing role inherits stays, and counts as what it is to become.
    let changed: BTreeMap<usize, usize> =
        proposed(compilation).filter_map(|(index, role)| Some((role.change()?.role, index))).collect();
    let becomes = |parent| changed.get(&parent).map_or(Vertex::ExistingRole(parent), |&role| Vertex::Role(role));
    for (index, role) in proposed(compilation) {
        let from = Vertex::Role(index);
        let stands = role.change().and_then(|change| snapshot.roles.get(change.role));
        edges.extend(
            stands.into_iter().flat_map(|role| &role.inherits).map(|&parent| (from, becomes(parent), Edge::Inherits)),
        );
        edges.extend(role.grants.iter().map(|it| (from, Vertex::Entitlement(it.entitlement), Edge::Grants)));
        edges.extend(role.inherits.iter().map(|&it| (from, Vertex::Role(it), Edge::Inherits)));
    }
    for (index, exception) in snapshot.exceptions.iter().enumerate() {
        edges.push((Vertex::Exception(index), Vertex::Entitlement(exception.entitlement), Edge::Grants));
    }
    edges
}

/// The groups, existing roles and candidate roles of each identity.
pub(super) fn memberships(compilation: &Compilation<'_>, layout: &Layout) -> Runs {
    let snapshot = compilation.snapshot;
    let node = |vertex| u32::try_from(layout.node(vertex).index()).unwrap_or(u32::MAX);
    let groups = snapshot.groups.members.iter().enumerate().flat_map(|(group, members)| {
        let group = node(Vertex::Group(id(group)));
        members.iter().filter_map(move |member| match member {
            Member::Identity(identity) => Some((identity.0, group)),
            Member::Group(_) => None,
        })
    });
    let existing = snapshot.roles.iter().enumerate().map(|(index, role)| (Vertex::ExistingRole(index), &role.members));
    let candidates = proposed(compilation).map(|(index, role)| (Vertex::Role(index), &role.members));
    let roles = existing.chain(candidates).flat_map(|(role, members)| {
        let role = node(role);
        members.iter().map(move |identity| (identity.0, role))
    });
    Runs::of(snapshot.identities.len(), groups.chain(roles))
}

/// The candidate roles with their places, but for existing ones that stay as they are: the role that exists stands for those.
pub(super) fn proposed<'a>(
    compilation: &'a Compilation<'_>,
) -> impl Iterator<Item = (usize, &'a CandidateRole)> + Clone {
    compilation.roles.iter().enumerate().filter(|(_, role)| !role.is_unchanged())
}

fn id(index: usize) -> GroupId {
    GroupId(u32::try_from(index).unwrap_or(u32::MAX))
}
