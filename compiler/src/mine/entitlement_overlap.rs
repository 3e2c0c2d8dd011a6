//! RSA's user-entitlement clusters.

use super::{Clustering, MineError, Progress, Strategy};
use crate::{matrix::AccessMatrix, spec::Percent};

/// `entitlement-overlap { … }`.
#[derive(Debug, Clone)]
pub struct EntitlementOverlap {
    /// Of each member's total.
    pub common: Percent,
    /// Members of a cluster at least.
    pub min_identities: u32,
    /// Common entitlements at least.
    pub min_entitlements: u32,
    /// RSA's "entitlements matching": the columns (ascending) that count as common; all when absent.
    pub filter: Option<Vec<u32>>,
}

impl Strategy for EntitlementOverlap {
    fn mine(&self, _matrix: &AccessMatrix, _progress: &dyn Progress) -> Result<Clustering, MineError> {
        Ok(Clustering::default())
    }
}
