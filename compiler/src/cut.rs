//! The cut: from clusters to primary and secondary roles; what stays individual access.

use serde::{Deserialize, Serialize};

/// What became of the clusters of one population.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// Clusters that the strategy found.
    pub clusters: u64,
    /// Clusters that became one with another, because they overlap beyond the limit.
    pub consolidated: u64,
    /// Clusters with fewer members than the cut-off asks for.
    pub too_small: u64,
    /// Clusters without any entitlement at or above the primary cut-off.
    pub incoherent: u64,
    /// Roles beyond `roles at most`, smallest first; their access stays individual.
    pub beyond_limit: u64,
    /// Assignments of the population that no role grants.
    pub individual: u64,
}
