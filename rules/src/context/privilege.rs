//! What is privileged, as the catalogue of entitlements has it.

use adit_snapshots::{Column, EntitlementId};

use crate::context::Context;

/// What `tier` says of privileged access.
const TIERS: [&str; 6] = ["privileged", "tier-0", "tier 0", "tier0", "t0", "0"];

impl Context<'_> {
    /// Whether the catalogue calls an entitlement privileged: by its `tier`, or by a flag `privileged`. What it says nothing of is not.
    #[must_use]
    pub fn is_privileged(&self, entitlement: EntitlementId) -> bool {
        let entitlements = &self.snapshot.entitlements;
        let tier = entitlements.text("tier", entitlement).map(str::trim);
        let flagged = match entitlements.attribute("privileged") {
            Some(Column::Boolean(flags)) => flags.get(entitlement.0 as usize).copied().flatten(),
            _ => None,
        };
        flagged == Some(true) || tier.is_some_and(|tier| TIERS.iter().any(|known| known.eq_ignore_ascii_case(tier)))
    }
}
