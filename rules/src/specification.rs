//! RM2xx: what the spec asks of data that cannot give it.

crate::rule::rules!(
    no_minable_attribute,
    threshold_contradiction,
    nondeterministic_run,
    target_inexpressible,
    unbounded_scope,
    low_information_minable,
);
