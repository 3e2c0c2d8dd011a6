//! What the vertices are, and where each stands in the graph: consecutively by kind, so that finding one is an addition.

use adit_compiler::compile::Compilation;
use adit_snapshots::{EntitlementId, GroupId};
use petgraph::graph::NodeIndex;

use super::Holder;

/// A vertex that is not an identity. The order is the order of nodes, and decides which of two equally short paths is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vertex {
    /// A group.
    Group(GroupId),
    /// An existing role: index into `Snapshot::roles`.
    ExistingRole(usize),
    /// A candidate role: index into `Compilation::roles`.
    Role(usize),
    /// An entitlement.
    Entitlement(EntitlementId),
    /// Duties: index into `Spec::duties`.
    Duties(usize),
    /// An exception: index into `Snapshot::exceptions`.
    Exception(usize),
}

impl Vertex {
    /// The group or role it is.
    #[must_use]
    pub fn holder(self) -> Option<Holder> {
        match self {
            Self::Group(group) => Some(Holder::Group(group)),
            Self::ExistingRole(role) => Some(Holder::ExistingRole(role)),
            Self::Role(role) => Some(Holder::Role(role)),
            Self::Entitlement(_) | Self::Duties(_) | Self::Exception(_) => None,
        }
    }
}

/// What connects two vertices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// A group is in a group.
    MemberOf,
    /// A role has another role's grants too.
    Inherits,
    /// A group or role grants an entitlement; an exception lets someone keep it.
    Grants,
    /// An entitlement is on this side of duties.
    Conflicts {
        /// Index into `Duties::sides`.
        side: usize,
    },
}

/// Where the nodes of each kind begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    existing_roles: usize,
    roles: usize,
    entitlements: usize,
    duties: usize,
    exceptions: usize,
    end: usize,
}

impl Layout {
    pub(super) fn of(compilation: &Compilation<'_>) -> Self {
        let snapshot = compilation.snapshot;
        let existing_roles = snapshot.groups.ids.len();
        let roles = existing_roles + snapshot.roles.len();
        let entitlements = roles + compilation.roles.len();
        let duties = entitlements + snapshot.entitlements.len();
        let exceptions = duties + compilation.spec.duties.len();
        let end = exceptions + snapshot.exceptions.len();
        Self { existing_roles, roles, entitlements, duties, exceptions, end }
    }

    pub(super) fn node(&self, vertex: Vertex) -> NodeIndex {
        NodeIndex::new(match vertex {
            Vertex::Group(group) => group.0 as usize,
            Vertex::ExistingRole(role) => self.existing_roles + role,
            Vertex::Role(role) => self.roles + role,
            Vertex::Entitlement(entitlement) => self.entitlements + entitlement.0 as usize,
            Vertex::Duties(duties) => self.duties + duties,
            Vertex::Exception(exception) => self.exceptions + exception,
        })
    }

    /// All vertices, in the order of nodes.
    pub(super) fn vertices(&self) -> impl Iterator<Item = Vertex> + '_ {
        let narrow = |id: usize| u32::try_from(id).unwrap_or(u32::MAX);
        (0..self.end).map(move |node| {
            if node >= self.exceptions {
                Vertex::Exception(node - self.exceptions)
            } else if node >= self.duties {
                Vertex::Duties(node - self.duties)
            } else if node >= self.entitlements {
                Vertex::Entitlement(EntitlementId(narrow(node - self.entitlements)))
            } else if node >= self.roles {
                Vertex::Role(node - self.roles)
            } else if node >= self.existing_roles {
                Vertex::ExistingRole(node - self.existing_roles)
            } else {
                Vertex::Group(GroupId(narrow(node)))
            }
        })
    }

    /// Whether something flows on from a node: it is a group or a role.
    pub(super) fn is_holder(&self, node: NodeIndex) -> bool {
        node.index() < self.entitlements
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.end
    }

    /// How many groups and roles there are; their nodes come first.
    pub(super) fn holders(&self) -> usize {
        self.entitlements
    }
}
