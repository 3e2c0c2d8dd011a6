//! The roles that the snapshot has already, each with all that it grants and everyone who has it, inheritance followed.

use std::collections::BTreeSet;

use adit_snapshots::{EntitlementId, ExistingRole as Role, IdentityId};

use crate::{context::Context, graph::Holder};

/// A role that exists.
pub(super) struct ExistingRole<'a> {
    /// Its id in the snapshot.
    pub(super) id: &'a str,
    /// What it grants, with what it inherits; ascending.
    pub(super) grants: &'a [EntitlementId],
    /// Who has it, also through a role that inherits it; ascending.
    pub(super) members: Vec<IdentityId>,
    /// The places of the roles it inherits, itself among them.
    pub(super) lineage: BTreeSet<usize>,
}

/// All of them, in the order of the snapshot: by id.
pub(super) fn existing_roles<'a>(context: &'a Context<'_>) -> Vec<ExistingRole<'a>> {
    let whole = |(place, id): (usize, &'a String)| {
        let role = Holder::ExistingRole(place);
        ExistingRole {
            id,
            grants: context.graph.effective(role),
            members: context.graph.members(role),
            lineage: lineage(&context.snapshot.roles, place),
        }
    };
    context.snapshot.roles.iter().map(|role| &role.id).enumerate().map(whole).collect()
}

/// Every role that one inherits, itself among them.
fn lineage(roles: &[Role], place: usize) -> BTreeSet<usize> {
    let (mut lineage, mut todo) = (BTreeSet::new(), vec![place]);
    while let Some(next) = todo.pop() {
        if lineage.insert(next) {
            todo.extend(roles.get(next).into_iter().flat_map(|role| &role.inherits));
        }
    }
    lineage
}
