//! RM6xx: what was meant for a while, or for one person.

mod basis;
mod support;

crate::rule::rules!(
    exception_baked_in,
    expired_exception_live,
    exception_without_terms,
    jit_candidate,
    inherited_only_support,
    unwind_risk
);
