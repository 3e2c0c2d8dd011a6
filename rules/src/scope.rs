//! RM3xx: who is mined with whom, and who answers for what is not a person.

crate::rule::rules!(
    mixed_identity_kinds,
    unclassified_identity,
    shared_account_in_population,
    nhi_without_owner,
    human_use_of_nhi,
    nhi_reuse_across_environments,
    kind_mismatch_signals,
    nhi_overprivileged,
);
