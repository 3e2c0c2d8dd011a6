//! Candidate roles: what the cut leaves of clusters, and the roles people wrote, in one shape.

use std::fmt;

use adit_snapshots::{Digest, EntitlementId, IdentityId};
use serde::{Deserialize, Serialize};

mod change;

pub use change::{Change, LeftAlone, WhyLeft};

pub use crate::membership::{Clause, MembershipRule};
use crate::{describe::Explained, measures::RoleMeasures};

/// A role that people may approve. Not a role until they do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CandidateRole {
    /// What it grants, as a name: two roles that grant the same have the same id. A change to an existing role has that role's id.
    pub id: RoleId,
    /// A readable handle that is unique in the build: `finance-analysts/1`, `finance-analysts/1.secondary`, the declared role's name, or
    /// `finance-roles/SAP_FI_CLERK` for an existing one. Numbers follow size, then content, so they do not depend on the order of anything.
    pub handle: String,
    /// The name that people gave it in its approval, if they did, or that it has already.
    pub name: Option<String>,
    /// Where it comes from.
    pub origin: RoleOrigin,
    /// What it grants itself (not what it inherits), ascending by entitlement. Empty for a mined role only if it inherits.
    pub grants: Vec<Granted>,
    /// Roles whose grants its members have too: indices into the same list; a child lists its parent.
    pub inherits: Vec<usize>,
    /// Everyone who would hold it, directly or through a role that inherits it, ascending.
    pub members: Vec<IdentityId>,
    /// Pairs (identity, entitlement) it grants itself that are not held today; ascending.
    pub over_grants: Vec<(IdentityId, EntitlementId)>,
    /// Who gets it, in attribute words.
    pub rule: Option<MembershipRule>,
    /// How it stands beside the other roles of its population; [`Closest::role`](crate::measures::Closest::role) is an index into the
    /// same list as this one. None for a role that people wrote.
    pub measures: Option<RoleMeasures>,
    /// What attributes come nearest to its members. None where the spec names no attributes, and for a role that people wrote.
    pub explained: Option<Explained>,
}

/// The digest of the entitlements a role grants, shortened for people: `r-3fa29c01d2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleId(pub String);

/// Where a role comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleOrigin {
    /// The primary policy of a cluster: index into `Spec::minings`, and into the populations of the build.
    Primary {
        /// The mining block.
        mining: usize,
        /// The population.
        population: usize,
    },
    /// The secondary policy (child) of the role it inherits.
    Secondary {
        /// The mining block.
        mining: usize,
        /// The population.
        population: usize,
    },
    /// A change to a role that exists: who holds it stays, what it grants is cut anew.
    Existing {
        /// The mining block.
        mining: usize,
        /// The population that its members are of.
        population: usize,
        /// What would change.
        change: Change,
    },
    /// Written by people: index into `Spec::roles`.
    Declared {
        /// The role.
        role: usize,
    },
}

/// One entitlement of a role, with the evidence for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// What.
    pub entitlement: EntitlementId,
    /// Members of the cluster that hold it.
    pub held: u32,
    /// Members of the cluster.
    pub of: u32,
    /// Support less the threshold it had to meet, in basis points; how close the decision was. None where no threshold applied.
    pub margin: Option<i32>,
}

impl CandidateRole {
    /// What people call it: the name that its approval gave it or that it has already, or its handle.
    #[must_use]
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.handle)
    }

    /// What would change of the existing role that it is; none for a role that does not exist yet.
    #[must_use]
    pub fn change(&self) -> Option<&Change> {
        match &self.origin {
            RoleOrigin::Existing { change, .. } => Some(change),
            _ => None,
        }
    }

    /// Whether it is an existing role that stays as it is: there is nothing to propose.
    #[must_use]
    pub fn is_unchanged(&self) -> bool {
        self.change().is_some_and(Change::is_none)
    }
}

impl RoleOrigin {
    /// The mining block; none for a role that people wrote.
    #[must_use]
    pub fn mining(&self) -> Option<usize> {
        match *self {
            Self::Primary { mining, .. } | Self::Secondary { mining, .. } | Self::Existing { mining, .. } => {
                Some(mining)
            }
            Self::Declared { .. } => None,
        }
    }

    /// The population; none for a role that people wrote.
    #[must_use]
    pub fn population(&self) -> Option<usize> {
        match *self {
            Self::Primary { population, .. }
            | Self::Secondary { population, .. }
            | Self::Existing { population, .. } => Some(population),
            Self::Declared { .. } => None,
        }
    }
}

impl RoleId {
    /// The id of a role that grants these (ids as the source writes them, ascending).
    #[must_use]
    pub fn of<'a>(entitlements: impl IntoIterator<Item = &'a str>) -> Self {
        let mut bytes = Vec::new();
        for entitlement in entitlements {
            bytes.extend_from_slice(&(entitlement.len() as u64).to_le_bytes());
            bytes.extend_from_slice(entitlement.as_bytes());
        }
        Self(format!("r-{}", Digest::of(&bytes).short(10)))
    }
}

impl fmt::Display for RoleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
