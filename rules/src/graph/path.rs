//! The shortest way from a holder to an entitlement: the proof of a finding.

use std::collections::VecDeque;

use adit_snapshots::{EntitlementId, GroupId, IdentityId, Origin, PathId};
use petgraph::graph::NodeIndex;
use rustc_hash::FxHashMap;

use super::{AccessGraph, SideAccess, Vertex};
use crate::Node;

/// What passes access on: a group or a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A group.
    Group(GroupId),
    /// An existing role: index into `Snapshot::roles`.
    ExistingRole(usize),
    /// A candidate role: index into `Compilation::roles`.
    Role(usize),
}

impl Holder {
    pub(super) fn vertex(self) -> Vertex {
        match self {
            Self::Group(group) => Vertex::Group(group),
            Self::ExistingRole(role) => Vertex::ExistingRole(role),
            Self::Role(role) => Vertex::Role(role),
        }
    }
}

/// Where a path may lead: any of some entitlements or roles, both ascending.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a> {
    entitlements: &'a [EntitlementId],
    roles: &'a [Holder],
}

impl<'a> From<&'a [EntitlementId]> for Targets<'a> {
    fn from(entitlements: &'a [EntitlementId]) -> Self {
        Self { entitlements, roles: &[] }
    }
}

impl<'a, const N: usize> From<&'a [EntitlementId; N]> for Targets<'a> {
    fn from(entitlements: &'a [EntitlementId; N]) -> Self {
        Self { entitlements, roles: &[] }
    }
}

impl<'a> From<&'a SideAccess> for Targets<'a> {
    fn from(access: &'a SideAccess) -> Self {
        Self { entitlements: &access.entitlements, roles: &access.roles }
    }
}

impl Targets<'_> {
    pub(super) fn has(&self, vertex: Vertex) -> bool {
        match vertex {
            Vertex::Entitlement(entitlement) => self.entitlements.binary_search(&entitlement).is_ok(),
            vertex => vertex.holder().is_some_and(|holder| self.roles.binary_search(&holder).is_ok()),
        }
    }
}

impl AccessGraph<'_> {
    /// The shortest path from a group or role to any of `targets`, both ends included. Of several equally short ones, that
    /// whose vertices come first.
    #[must_use]
    pub fn path<'t>(&self, from: Holder, targets: impl Into<Targets<'t>>) -> Option<Vec<Node>> {
        self.walk(&[self.node(from)], targets.into())
    }

    /// The shortest path on which an identity reaches any of `targets` today: directly, as its sources record it, through groups
    /// or through existing roles.
    #[must_use]
    pub fn path_today<'t>(&self, identity: IdentityId, targets: impl Into<Targets<'t>>) -> Option<Vec<Node>> {
        let targets = targets.into();
        let recorded = self.recorded(identity, targets.entitlements);
        let walked = self.walk_from(identity, targets, |vertex| !matches!(vertex, Vertex::Role(_)));
        [recorded, walked].into_iter().flatten().min_by_key(Vec::len).map(|path| begin(identity, path))
    }

    /// The shortest path on which an identity would reach any of `targets` through a candidate role.
    #[must_use]
    pub fn path_by_role<'t>(&self, identity: IdentityId, targets: impl Into<Targets<'t>>) -> Option<Vec<Node>> {
        self.walk_from(identity, targets.into(), |vertex| matches!(vertex, Vertex::Role(_)))
            .map(|path| begin(identity, path))
    }

    fn walk_from(
        &self,
        identity: IdentityId,
        targets: Targets<'_>,
        through: impl Fn(Vertex) -> bool,
    ) -> Option<Vec<Node>> {
        let starts: Vec<_> = self.memberships(identity).filter(|&vertex| through(vertex)).collect();
        self.walk(&starts.into_iter().map(|vertex| self.layout.node(vertex)).collect::<Vec<_>>(), targets)
    }

    /// The best of the ways that the sources record; paths may name groups that the snapshot has no table of.
    fn recorded(&self, identity: IdentityId, targets: &[EntitlementId]) -> Option<Vec<Node>> {
        let assignments = &self.compilation.snapshot.assignments;
        let ways = targets.iter().filter_map(|&target| Some((target, assignments.find(identity, target)?)));
        ways.map(|(target, number)| {
            let ways = assignments.grants(number).iter().map(|way| (assignments.path(way.path), way));
            let way = ways.min_by_key(|(groups, way)| (groups.len(), *groups, way.origin)).map(|(_, way)| way);
            let mut path: Vec<_> = match way {
                Some(way) if way.path == PathId::DIRECT && way.origin == Origin::Inherited => {
                    vec![Node::Text("through groups that no source names".to_owned())]
                }
                Some(way) => assignments.path(way.path).iter().cloned().map(Node::Group).collect(),
                None => Vec::new(),
            };
            path.push(Node::Entitlement(target));
            path
        })
        .min_by(|a, b| (a.len(), a).cmp(&(b.len(), b)))
    }

    /// Breadth first, neighbours ascending: the first path found is the shortest, and of those the first in order.
    fn walk(&self, starts: &[NodeIndex], targets: Targets<'_>) -> Option<Vec<Node>> {
        let mut reached: FxHashMap<NodeIndex, Option<NodeIndex>> = starts.iter().map(|&node| (node, None)).collect();
        let mut queue: VecDeque<_> = starts.iter().copied().collect();
        while let Some(node) = queue.pop_front() {
            let Some(vertex) = self.vertex(node) else { continue };
            if targets.has(vertex) {
                return Some(self.trace(node, &reached));
            }
            if matches!(vertex, Vertex::Entitlement(_)) {
                continue;
            }
            let mut next: Vec<_> = self.structure.neighbors(node).collect();
            next.sort_unstable();
            for next in next {
                reached.entry(next).or_insert_with(|| {
                    queue.push_back(next);
                    Some(node)
                });
            }
        }
        None
    }

    fn trace(&self, end: NodeIndex, reached: &FxHashMap<NodeIndex, Option<NodeIndex>>) -> Vec<Node> {
        let steps = std::iter::successors(Some(end), |node| reached.get(node).copied().flatten());
        let mut path: Vec<_> = steps.filter_map(|node| self.vertex(node)).map(|vertex| self.name(vertex)).collect();
        path.reverse();
        path
    }

    /// What a vertex is called in findings.
    #[must_use]
    pub fn name(&self, vertex: Vertex) -> Node {
        let snapshot = self.compilation.snapshot;
        let text = |name: Option<&String>| name.cloned().unwrap_or_default();
        match vertex {
            Vertex::Group(group) => Node::Group(text(snapshot.groups.ids.get(group.0 as usize))),
            Vertex::ExistingRole(role) => Node::ExistingRole(text(snapshot.roles.get(role).map(|role| &role.id))),
            Vertex::Role(role) => Node::Role(text(self.compilation.roles.get(role).map(|role| &role.handle))),
            Vertex::Entitlement(entitlement) => Node::Entitlement(entitlement),
            Vertex::Duties(duties) => {
                Node::Duties(text(self.compilation.spec.duties.get(duties).map(|duties| &duties.name)))
            }
            Vertex::Exception(exception) => {
                Node::Exception(text(snapshot.exceptions.get(exception).map(|exception| &exception.id)))
            }
        }
    }
}

fn begin(identity: IdentityId, mut path: Vec<Node>) -> Vec<Node> {
    path.insert(0, Node::Identity(identity));
    path
}
