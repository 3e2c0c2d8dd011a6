//! The measures of a set of roles, and of the two trivial policies beside them. Whole numbers; shares are in basis points.

use serde::{Deserialize, Serialize};

use crate::spec::Percent;

/// What a set of roles costs and explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measures {
    /// Roles.
    pub roles: u64,
    /// Pairs (identity, role), held directly.
    pub user_assignments: u64,
    /// Pairs (role, entitlement), granted by the role itself.
    pub permission_assignments: u64,
    /// Pairs (role, role it inherits).
    pub hierarchy_edges: u64,
    /// Assignments in scope that no role grants, and that stay with the identity.
    pub direct_assignments: u64,
    /// Weighted structural complexity (Molloy et al., SACMAT 2008), all weights 1: the sum of the five above, where nothing is left out.
    pub wsc: u64,
    /// Assignments in scope that the roles grant.
    pub covered: u64,
    /// Assignments in scope.
    pub assignments: u64,
    /// `covered` of `assignments`.
    pub coverage: Percent,
    /// Pairs (identity, entitlement) that the roles grant and that are not held.
    pub over_grants: u64,
    /// Assignments in scope that the roles do not grant.
    pub under_grants: u64,
    /// How few roles any exact cover needs at least, where it is proved.
    pub lower_bound: Option<u64>,
    /// Whether the roles are an exact cover, and as few as the bound.
    pub proved_minimal: bool,
    /// The two policies that take no thought.
    pub baselines: Baselines,
}

/// The two policies that take no thought, and that any mining has to beat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baselines {
    /// One role for each distinct set of entitlements.
    pub one_role_per_distinct_row: Baseline,
    /// One role for each distinct set of holders.
    pub one_role_per_distinct_column: Baseline,
}

/// One of them. Both are exact covers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Roles.
    pub roles: u64,
    /// Weighted structural complexity, all weights 1.
    pub wsc: u64,
}
