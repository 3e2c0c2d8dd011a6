//! What is to be taken away, from whom, and what of it is in use.

use std::collections::BTreeMap;

use adit_compiler::{approval::ApprovalState, spec::WhenLost};
use adit_snapshots::{EntitlementId, IdentityId};
use jiff::civil::Date;

use crate::{
    context::Context,
    duties::cuts,
    graph::{Cut, Holder, Vertex},
};

/// Something that is to be taken away.
pub(super) struct Removal {
    /// What.
    pub(super) cut: Cut,
    /// From whom, ascending.
    pub(super) from: Vec<IdentityId>,
    /// The duties it is to settle: index into `Spec::duties`. None for a role that was lost.
    pub(super) duties: Option<usize>,
    /// Another cut that settles the same, and on which nothing in use hangs.
    pub(super) instead: Option<Cut>,
}

/// Access in use that would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Loss {
    /// Who uses it.
    pub(super) identity: IdentityId,
    /// What.
    pub(super) entitlement: EntitlementId,
    /// The last day of its use.
    pub(super) last: Date,
}

/// Everything that is to be taken away and on which access hangs that was used since that day, with that.
pub(super) fn removals(context: &Context<'_>, since: Date) -> Vec<(Removal, Vec<Loss>)> {
    let lost = |from: &[IdentityId], cut| -> Vec<Loss> {
        from.iter().flat_map(|&identity| losses(context, since, identity, cut)).collect()
    };
    let mut removals = Vec::new();
    for proposal in cuts::proposed(context) {
        let lost: Vec<(Cut, Vec<Loss>)> = proposal.cuts.iter().map(|&cut| (cut, lost(&proposal.from, cut))).collect();
        let instead = lost.iter().find(|(_, lost)| lost.is_empty()).map(|(cut, _)| *cut);
        for (cut, lost) in lost.into_iter().filter(|(_, lost)| !lost.is_empty()) {
            let (from, duties) = (proposal.from.clone(), Some(proposal.duties));
            removals.push((Removal { cut, from, duties, instead }, lost));
        }
    }
    for (role, from) in given_up(context) {
        let cut = Cut::Holder(Holder::ExistingRole(role));
        let lost = lost(&from, cut);
        if !lost.is_empty() {
            removals.push((Removal { cut, from, duties: None, instead: None }, lost));
        }
    }
    removals
}

/// What one identity would lose by a cut, of what it used since that day.
fn losses(context: &Context<'_>, since: Date, identity: IdentityId, cut: Cut) -> Vec<Loss> {
    let used = context.used_since(identity, since);
    if used.is_empty() || !context.is_active(identity) {
        return Vec::new();
    }
    let hanging = context.graph.hanging_on(identity, cut);
    let lost = used.into_iter().filter(|(used, _)| hanging.binary_search(used).is_ok());
    lost.filter(|&(used, _)| !is_replaced(context, identity, used))
        .map(|(entitlement, last)| Loss { identity, entitlement, last })
        .collect()
}

/// Whether an approved candidate role gives it to them.
fn is_replaced(context: &Context<'_>, identity: IdentityId, entitlement: EntitlementId) -> bool {
    let approved = |role: &usize| {
        let status = context.compilation.statuses.get(*role);
        status.is_some_and(|status| matches!(status.state, ApprovalState::Approved { .. } | ApprovalState::InForce))
    };
    let roles = context.graph.memberships(identity).filter_map(|vertex| match vertex {
        Vertex::Role(role) => Some(role),
        _ => None,
    });
    roles.filter(approved).any(|role| context.graph.effective(Holder::Role(role)).binary_search(&entitlement).is_ok())
}

/// Existing roles that the last build gave, to be removed where lost, and those who have them and whom this build does not give them any
/// more.
fn given_up(context: &Context<'_>) -> Vec<(usize, Vec<IdentityId>)> {
    let Some(document) = &context.record.provisioning else { return Vec::new() };
    let compilation = context.compilation;
    let mut given: BTreeMap<&str, &[IdentityId]> = BTreeMap::new();
    for (role, status) in compilation.roles.iter().zip(&compilation.statuses) {
        if matches!(status.state, ApprovalState::Approved { .. }) {
            given.entry(role.called()).or_insert(&role.members);
        }
    }
    let removed = document.roles.iter().filter(|role| match role.when_lost {
        WhenLost::Remove | WhenLost::RemoveAfter { .. } => true,
        WhenLost::Keep | WhenLost::Notify { .. } => false,
    });
    removed
        .filter_map(|then| {
            let live = context.existing_role(&then.name)?;
            let now = given.get(then.name.as_str()).copied().unwrap_or_default();
            let members = context.graph.members(Holder::ExistingRole(live));
            let then = then.members.iter().filter_map(|id| context.snapshot.identities.find(id));
            let mut from: Vec<_> = then
                .filter(|identity| members.binary_search(identity).is_ok() && now.binary_search(identity).is_err())
                .collect();
            from.sort_unstable();
            Some((live, from))
        })
        .collect()
}
