//! What ends a conflict when it is taken away: the group or role that all ways to one of its sides lead through.

use adit_compiler::spec::Duties;
use adit_snapshots::{GroupId, IdentityId};

use super::sod_via_inheritance;
use crate::{
    context::Context,
    graph::{AccountConflict, Broken, Conflict, Cut, Holder},
};

/// A conflict of today, and the cuts each of which ends it.
pub(crate) struct Proposal {
    /// Index into `Spec::duties`.
    pub(crate) duties: usize,
    /// Who would lose what hangs on them, ascending.
    pub(crate) from: Vec<IdentityId>,
    /// Each ends it; ascending, never empty.
    pub(crate) cuts: Vec<Cut>,
}

/// Every conflict that one cut ends: of identities, of accounts, then of groups and existing roles that have it by what they are in or
/// inherit.
pub(crate) fn proposed(context: &Context<'_>) -> Vec<Proposal> {
    let graph = context.graph;
    let mut proposals = Vec::new();
    for conflict in graph.conflicts().into_iter().filter(|conflict| conflict.certain) {
        let Some(duties) = context.spec.duties.get(conflict.duties) else { continue };
        let ways = of_identity(context, duties, &conflict);
        let cuts = ways.into_iter().map(|(_, through)| Cut::Holder(through)).collect();
        proposals.push(Proposal { duties: conflict.duties, from: vec![conflict.identity], cuts });
    }
    for conflict in graph.account_conflicts() {
        let account = context.snapshot.accounts.rows.get(conflict.account as usize);
        let identity = account.and_then(|account| account.identity);
        let Some((duties, identity)) = context.spec.duties.get(conflict.duties).zip(identity) else { continue };
        let ways = of_account(context, duties, &conflict);
        let cuts = ways.into_iter().map(|(_, group)| Cut::Account { account: conflict.account, group }).collect();
        proposals.push(Proposal { duties: conflict.duties, from: vec![identity], cuts });
    }
    for (holder, places) in sod_via_inheritance::inherited(context) {
        let Some((broken, duties)) = places.first().and_then(|it| Some((it, context.spec.duties.get(it.duties)?)))
        else {
            continue;
        };
        // What a candidate role would give nobody has yet; what a parent has is settled there.
        let is_live = !matches!(holder, Holder::Role(_));
        if is_live && sod_via_inheritance::broken_parent(context, holder, broken.duties).is_none() {
            let ways = of_holder(context, holder, duties, broken);
            let cuts = ways.into_iter().map(|(_, above)| Cut::Between { below: holder, above }).collect();
            proposals.push(Proposal { duties: broken.duties, from: graph.members(holder), cuts });
        }
    }
    // One cut may end a conflict by more than one side.
    for proposal in &mut proposals {
        proposal.cuts.sort_unstable();
        proposal.cuts.dedup();
    }
    proposals.retain(|proposal| !proposal.cuts.is_empty());
    proposals
}

/// The sides that all ways of an identity lead to through one group or role, with that. None where the conflict is not of today, or one
/// side less does not end it.
pub(super) fn of_identity(context: &Context<'_>, duties: &Duties, conflict: &Conflict) -> Vec<(usize, Holder)> {
    if conflict.sides.len() != duties.at_most as usize + 1 || conflict.sides != conflict.today {
        return Vec::new();
    }
    let through = |&side: &usize| {
        let access = context.graph.sides().access_in(conflict.place, side);
        Some((side, context.graph.dominator_today([conflict.identity], access)?))
    };
    conflict.today.iter().filter_map(through).collect()
}

/// The sides that all ways of an account lead to through one group, with that. None where one side less does not end the conflict.
pub(super) fn of_account(context: &Context<'_>, duties: &Duties, conflict: &AccountConflict) -> Vec<(usize, GroupId)> {
    if conflict.sides.len() != duties.at_most as usize + 1 {
        return Vec::new();
    }
    let through = |&side: &usize| {
        let access = context.graph.sides().access_in(conflict.place, side);
        Some((side, context.graph.dominator_of_account(conflict.account, access)?))
    };
    conflict.sides.iter().filter_map(through).collect()
}

/// The sides that all ways of a group or role lead to through another one, with that. None where one side less does not end the conflict.
pub(super) fn of_holder(
    context: &Context<'_>,
    holder: Holder,
    duties: &Duties,
    broken: &Broken,
) -> Vec<(usize, Holder)> {
    if broken.sides.len() != duties.at_most as usize + 1 {
        return Vec::new();
    }
    let through = |&side: &usize| {
        let access = context.graph.sides().access_in(broken.place, side);
        Some((side, context.graph.dominator(holder, access)?))
    };
    broken.sides.iter().filter_map(through).collect()
}
