//! Accounts that have more duties than one account may have.

use adit_compiler::spec::Duties;
use adit_snapshots::{Account, Grant};

use super::RULE;
use crate::{
    Evidence, Finding, Node, Phrase, Subject,
    context::Context,
    duties::{cuts, wording},
    graph::{AccountConflict, Holder},
};

/// Reports every account, and the duties it has too many of.
pub(super) fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let conflicts = context.graph.account_conflicts();
    for places in conflicts.chunk_by(|a, b| (a.account, a.duties) == (b.account, b.duties)) {
        let Some((conflict, others)) = places.split_first() else { continue };
        let account = context.snapshot.accounts.rows.get(conflict.account as usize);
        if let Some((account, duties)) = account.zip(context.spec.duties.get(conflict.duties)) {
            let elsewhere = wording::elsewhere(context, duties, others.iter().map(|other| other.place));
            found.push(finding(context, account, duties, conflict).evidences(elsewhere));
        }
    }
}

fn finding(context: &Context<'_>, account: &Account, duties: &Duties, conflict: &AccountConflict) -> Finding {
    let message = Phrase::new("account ").node(Node::Account(account.id.clone()));
    let message = match account.identity {
        Some(identity) => message.text(" of ").identity(identity),
        None => message.text(", which belongs to nobody,"),
    };
    let message = message.text(format!(" has {}", wording::sides(duties, &conflict.sides)));
    let message = wording::limit(message.text(wording::within(context, duties, conflict.place)), duties);
    let help = if duties.waivable {
        "move one of the duties to an account of its own, or waive it with a compensating control and an end"
    } else {
        "move one of the duties to an account of its own; these duties are never waived"
    };
    let paths = conflict.sides.iter().filter_map(|&side| path(context, account, duties, conflict, side));
    let ways = cuts::of_account(context, duties, conflict);
    RULE.finding(Subject::AccountConflict(account.id.clone(), duties.name.clone()), message, help)
        .severity(wording::severity(duties))
        .at(duties.span)
        .note(wording::about(duties))
        .evidences(paths)
        .evidences(ways.into_iter().filter_map(|(side, group)| {
            let group = context.graph.holder_name(Holder::Group(group));
            wording::only_way(duties, side, group, "taking the account out of that")
        }))
}

/// The shortest way on which the account reaches a side.
fn path(
    context: &Context<'_>,
    account: &Account,
    duties: &Duties,
    conflict: &AccountConflict,
    side: usize,
) -> Option<Evidence> {
    let (snapshot, number) = (context.snapshot, conflict.account);
    let wanted = &context.graph.sides().access_in(conflict.place, side).entitlements;
    let is_its = |way: &&Grant| way.account == Some(number);
    let held = wanted.iter().filter_map(|&entitlement| {
        let ways = snapshot.assignments.grants(snapshot.assignments.find(account.identity?, entitlement)?);
        let groups = ways.iter().filter(is_its).map(|way| snapshot.assignments.path(way.path));
        groups.min_by_key(|groups| (groups.len(), *groups)).map(|groups| (groups, entitlement))
    });
    let orphaned = wanted.iter().filter_map(|&entitlement| {
        let row = |held: &adit_snapshots::OrphanAssignment| (held.account, held.entitlement);
        let is_held = snapshot.orphaned.binary_search_by_key(&(number, entitlement), row).is_ok();
        is_held.then_some((&[][..], entitlement))
    });
    let (groups, entitlement) =
        held.chain(orphaned).min_by_key(|(groups, entitlement)| (groups.len(), *entitlement))?;
    let mut nodes: Vec<Node> = account.identity.map(Node::Identity).into_iter().collect();
    nodes.push(Node::Account(account.id.clone()));
    nodes.extend(groups.iter().cloned().map(Node::Group));
    nodes.push(Node::Entitlement(entitlement));
    Some(wording::path(duties, side, nodes))
}
