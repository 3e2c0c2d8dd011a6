//! RM8xx: whether what was decided still stands, and can be made again.

mod approved;

crate::rule::rules!(derivation_not_reproducible, membership_drift, threshold_brittle, source_unverified);
