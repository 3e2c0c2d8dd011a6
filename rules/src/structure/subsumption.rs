//! Which candidate roles are within others, and which inherit others.

use std::collections::BTreeSet;

use adit_compiler::roles::CandidateRole;
use adit_snapshots::EntitlementId;

use super::similar_sets::contains;
use crate::context::Context;

/// A candidate role with all that it grants.
pub(super) struct Whole<'a> {
    pub(super) number: usize,
    pub(super) role: &'a CandidateRole,
    /// With what it inherits; ascending.
    pub(super) grants: &'a [EntitlementId],
}

/// Whether a role gives its members nothing that another, which grants more, does not give them.
pub(super) fn is_subsumed(context: &Context<'_>, within: &Whole<'_>, whole: &Whole<'_>) -> bool {
    within.number != whole.number
        && !within.grants.is_empty()
        && within.grants.len() < whole.grants.len()
        && !within.role.members.is_empty()
        && contains(whole.grants, within.grants)
        && contains(&whole.role.members, &within.role.members)
        && !inherits(context, whole.number, within.number)
}

/// Whether a candidate role inherits another, however far up; every role inherits itself.
pub(super) fn inherits(context: &Context<'_>, role: usize, from: usize) -> bool {
    let mut seen = BTreeSet::new();
    let mut todo = vec![role];
    while let Some(next) = todo.pop() {
        if next == from {
            return true;
        }
        if seen.insert(next) {
            todo.extend(context.compilation.roles.get(next).into_iter().flat_map(|role| &role.inherits));
        }
    }
    false
}
