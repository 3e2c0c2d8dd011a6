//! The roles that the snapshot has already, each with all that it grants and everyone who has it, inheritance followed.

use std::collections::BTreeSet;

use adit_snapshots::{EntitlementId, IdentityId};

use crate::context::Context;

/// A role that exists.
pub(super) struct ExistingRole<'a> {
    /// Its id in the snapshot.
    pub(super) id: &'a str,
    /// What it grants, with what it inherits; ascending.
    pub(super) grants: Vec<EntitlementId>,
    /// Who has it, also through a role that inherits it; ascending.
    pub(super) members: Vec<IdentityId>,
    /// The places of the roles it inherits, itself among them.
    pub(super) lineage: BTreeSet<usize>,
}

/// All of them, in the order of the snapshot: by id.
pub(super) fn existing_roles<'a>(context: &'a Context<'_>) -> Vec<ExistingRole<'a>> {
    let roles = &context.snapshot.roles;
    let mut heirs: Vec<Vec<usize>> = vec![Vec::new(); roles.len()];
    for (index, role) in roles.iter().enumerate() {
        for &parent in &role.inherits {
            heirs.get_mut(parent).into_iter().for_each(|heirs| heirs.push(index));
        }
    }
    let whole = |(index, id): (usize, &'a String)| {
        let lineage = closure(index, |next| roles.get(next).map_or(&[], |role| role.inherits.as_slice()));
        let children = closure(index, |next| heirs.get(next).map_or(&[], Vec::as_slice));
        let parents = lineage.iter().filter_map(|&role| roles.get(role));
        let children = children.iter().filter_map(|&role| roles.get(role));
        let grants: BTreeSet<_> = parents.flat_map(|role| &role.entitlements).copied().collect();
        let members: BTreeSet<_> = children.flat_map(|role| &role.members).copied().collect();
        ExistingRole { id, grants: grants.into_iter().collect(), members: members.into_iter().collect(), lineage }
    };
    roles.iter().map(|role| &role.id).enumerate().map(whole).collect()
}

/// Everything reachable, the start among it.
fn closure<'a>(start: usize, next: impl Fn(usize) -> &'a [usize]) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut todo = vec![start];
    while let Some(role) = todo.pop() {
        if seen.insert(role) {
            todo.extend(next(role));
        }
    }
    seen
}
