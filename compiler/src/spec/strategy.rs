//! The strategies of `cluster using …` and their settings. How each finds its clusters is in [`crate::mine`], one file each.

use serde::{Deserialize, Serialize};

use super::Percent;

/// A strategy with all its settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Strategy {
    /// The role mining problem.
    Cover(Cover),
    /// RSA's user-entitlement clusters.
    EntitlementOverlap(EntitlementOverlap),
}

/// `cover { exact }`: the fewest roles that grant exactly what is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// `search at most N nodes`: limit of the kernel search, in steps of about a microsecond, since time would not replay. A choice in
    /// a part of n assignments is 1 + n / 64 of them.
    pub max_nodes: u64,
}

/// `entitlement-overlap { … }`: everyone in a cluster shares so much of what they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntitlementOverlap {
    /// `common at least 50%`: of each member's total entitlements.
    pub common: Percent,
    /// `identities at least 2`
    pub min_identities: u32,
    /// `entitlements at least 1`; 0 is taken as 1, because identities that share nothing are no cluster.
    pub min_entitlements: u32,
}

impl Strategy {
    /// What the language calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Cover(_) => "cover",
            Self::EntitlementOverlap(_) => "entitlement-overlap",
        }
    }

    /// Whether the strategy itself says what each role grants. Otherwise it says who belongs together, and the cut-off decides what the
    /// role of such a cluster grants.
    #[must_use]
    pub fn decides_grants(&self) -> bool {
        match self {
            Self::Cover(_) | Self::EntitlementOverlap(_) => true,
        }
    }

    /// Whether `guided by` has an effect: attributes of identities shape the clusters.
    #[must_use]
    pub fn can_be_guided(&self) -> bool {
        match self {
            Self::Cover(_) | Self::EntitlementOverlap(_) => false,
        }
    }
}

impl Default for Cover {
    /// Two million nodes: seconds where the kernel is hard, nothing where there is none.
    fn default() -> Self {
        Self { max_nodes: 2_000_000 }
    }
}

impl Default for EntitlementOverlap {
    /// As the product it comes from has it.
    fn default() -> Self {
        Self { common: Percent(5_000), min_identities: 2, min_entitlements: 1 }
    }
}
