//! Duties that must not meet in one hand, and rights that make more rights.

mod choices;
pub(crate) mod cuts;
mod enforcement;
mod patterns;
mod split;
mod wording;

crate::rule::rules!(
    sod_intra_role,
    sod_via_inheritance,
    sod_user_union,
    escalation_combination,
    break_glass_mixed,
    self_governing_role,
    tier_or_environment_crossing,
    sensitive_access_unmitigated,
    vacuous_constraint,
    unenforced_duties,
    conflicting_membership_rules,
    escalating_identity
);
