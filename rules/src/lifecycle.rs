//! RM7xx: who decided, about what, and until when.

mod waiver_wording;

crate::rule::rules!(
    unapproved_emission,
    approval_hash_mismatch,
    self_approval,
    role_without_owner,
    illegal_transition,
    review_overdue,
    unused_waiver,
    expired_waiver,
    invalid_waiver,
    expiring_waiver,
);
