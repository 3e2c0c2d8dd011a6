//! What holds where a spec says nothing: every default of the language, in this one place.

use crate::spec::{self, Cover, Cutoff, Describe, DutyLevel, Percent, SecondaryFate, Strategy, TreeSettings, WhenLost};

/// `level`
pub(super) const DUTY_LEVEL: DutyLevel = DutyLevel::Error;

/// `when lost`
pub(super) const WHEN_LOST: WhenLost = WhenLost::Remove;

/// `secondary …` of a `provision` block.
pub(super) const SECONDARY_FATE: SecondaryFate = SecondaryFate::Keep;

/// `ignore entitlements held by fewer than …`: none is left out.
pub(super) const IGNORE_FEWER_THAN: u32 = 1;

/// `cutoff { … }`. Where a strategy says itself what a role grants (an exact cover nothing that a member lacks, entitlement overlap
/// everything that any member holds), a cut-off it was not asked for would change what it means, so there is none: only the cover's
/// own 100%. Elsewhere it is the 80% of the field.
pub(super) fn cutoff(strategy: &Strategy) -> Cutoff {
    Cutoff {
        primary: match strategy {
            // What more than nobody lacks would be cut off again, and that is what an over-grant is.
            Strategy::Cover(Cover { deviation: Some(deviation), .. }) if deviation.over_grants > Percent(0) => {
                Percent(0)
            }
            Strategy::Cover(_) | Strategy::Hierarchy(_) => Percent::WHOLE,
            _ if strategy.decides_grants() => Percent(0),
            _ => Percent(8_000),
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
    Describe {
        by,
        confidence: Percent(8_000),
        min_members: 2,
        max_clauses: spec::readable(),
        tree: TreeSettings::default(),
    }
}
