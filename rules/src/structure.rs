//! RM4xx: whether a set of roles is simpler than what it replaces.

mod by_population;
mod existing_roles;
mod similar_sets;
mod subsumption;

crate::rule::rules!(
    role_explosion,
    near_duplicate_role,
    singleton_role,
    over_grant,
    low_support_primary,
    function_incoherent,
    hierarchy_cycle_or_depth,
    subsumed_role,
    birthright_leak,
    weak_model,
    duplicate_existing_role,
    contained_existing_role,
    redundant_inheritance
);
