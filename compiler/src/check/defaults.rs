//! What holds where a spec says nothing: every default of the language, in this one place.

use crate::spec::{Cutoff, Describe, DutyLevel, Percent, SecondaryFate, Strategy, WhenLost};

/// `level`
pub(super) const DUTY_LEVEL: DutyLevel = DutyLevel::Error;

/// `when lost`
pub(super) const WHEN_LOST: WhenLost = WhenLost::Remove;

/// `secondary …` of a `provision` block.
pub(super) const SECONDARY_FATE: SecondaryFate = SecondaryFate::Keep;

/// `ignore entitlements held by fewer than …`: none is left out.
pub(super) const IGNORE_FEWER_THAN: u32 = 1;

/// `entitlement-overlap { … }`, as the product it comes from has it.
pub(super) const ENTITLEMENT_OVERLAP: Strategy =
    Strategy::EntitlementOverlap { common: Percent(5_000), min_identities: 2, min_entitlements: 1 };

/// `cutoff { … }`. Both strategies say themselves what a role grants: an exact cover nothing that a member lacks, entitlement
/// overlap everything that any member holds. A cut-off they were not asked for would change what they mean, so there is none:
/// only the cover's own 100%.
pub(super) fn cutoff(strategy: &Strategy) -> Cutoff {
    Cutoff {
        primary: match strategy {
            Strategy::Cover { .. } => Percent::WHOLE,
            Strategy::EntitlementOverlap { .. } => Percent(0),
        },
        secondary: None,
        min_members: 2,
        max_overlap: None,
        max_roles: None,
        over_grant: None,
    }
}

/// `describe by … { … }`
pub(super) fn describe(by: Vec<String>) -> Describe {
    Describe { by, confidence: Percent(8_000), min_members: 2 }
}
