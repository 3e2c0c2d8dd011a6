//! The third verdict: duties of which nobody can know whether they are kept. One finding for each, whatever the reasons.

use std::collections::BTreeSet;

use adit_compiler::spec::{Duties, DutyHolder};
use adit_snapshots::EntitlementId;

use super::RULE;
use crate::{
    Evidence, Finding, Node, Phrase, Subject,
    context::Context,
    duties::wording,
    graph::{Conflict, UnknownName},
    words::counted,
};

/// How many of those who may break them are told.
const MOST_WITNESSES: usize = 5;

/// Reports every duties that cannot be decided: by the names they have, or by what these identities have.
pub(super) fn check(context: &Context<'_>, mut doubtful: Vec<Conflict>, found: &mut Vec<Finding>) {
    doubtful.sort_by_key(|conflict| (conflict.duties, conflict.identity));
    doubtful.dedup_by_key(|conflict| (conflict.duties, conflict.identity));
    let unknown = context.graph.sides().unknown();
    for (index, duties) in context.spec.duties.iter().enumerate() {
        let unknown: Vec<_> = unknown.iter().filter(|name| name.duties == index).collect();
        let doubtful: Vec<_> = doubtful.iter().filter(|conflict| conflict.duties == index).collect();
        if !unknown.is_empty() {
            found.push(by_names(context, duties, &unknown));
        }
        if !doubtful.is_empty() {
            found.push(by_holders(context, index, duties, &doubtful));
        }
    }
}

fn by_names(context: &Context<'_>, duties: &Duties, unknown: &[&UnknownName]) -> Finding {
    let notes = unknown.iter().filter_map(|name| {
        let side = duties.sides.get(name.side)?;
        Some(Evidence::Note(Phrase::new(format!("duty `{}`: {}", side.name, name.what))))
    });
    let accesses = duties.sides.iter().map(|side| &side.access);
    let names = accesses.map(|access| access.entitlements.len() + access.conditions.len() + access.roles.len());
    let all: usize = names.sum();
    let message = Phrase::new("duties ").node(Node::Duties(duties.name.clone())).text(match unknown {
        [_] => " cannot be decided: the snapshot lacks something they name".to_owned(),
        _ => format!(" cannot be decided: the snapshot lacks {} things they name", unknown.len()),
    });
    let help = if has_catalogue(context) {
        "correct the name, or extract the system that has it; until then whoever has only this side goes unseen"
    } else {
        "correct the name, or add a source of entitlements: without one, a name nobody holds cannot be told from a wrong one"
    };
    about(duties, message, help).evidences(notes).count(
        "names the snapshot lacks",
        unknown.len() as u64,
        Some(all as u64),
    )
}

fn by_holders(context: &Context<'_>, index: usize, duties: &Duties, doubtful: &[&Conflict]) -> Finding {
    let message = Phrase::new("duties ").node(Node::Duties(duties.name.clone())).text(" cannot be decided of ");
    let count = counted(doubtful.len(), "identity", "identities");
    let (message, help) = match (duties.per, &duties.within) {
        (DutyHolder::Account, _) => (
            message.text(format!("{count}: no source says by which account they hold what they have")),
            "have assignments and members of groups name accounts (`account_id`), or count the duties `per identity`"
                .to_owned(),
        ),
        (DutyHolder::Identity | DutyHolder::Role, Some(within)) => (
            message.text(format!("{count}: what they have does not say its {}", within.attribute)),
            format!("give every entitlement of these duties a value of `{}`", within.attribute),
        ),
        _ => (
            message.text(format!("{count}: a snapshot does not tell what is active within one session")),
            "have the system hold to it at run time, or take one side away: `per identity` is what a snapshot can prove"
                .to_owned(),
        ),
    };
    let finding = about(duties, message, &help).count("identities in doubt", doubtful.len() as u64, None);
    let finding = finding.evidences(without_value(context, index, duties));
    finding.evidences(doubtful.iter().take(MOST_WITNESSES).map(|conflict| Evidence::Witness(conflict.identity)))
}

/// The entitlements of these duties that have no value of the attribute that keeps them apart.
fn without_value(context: &Context<'_>, index: usize, duties: &Duties) -> Vec<Evidence> {
    if duties.within.is_none() {
        return Vec::new();
    }
    let sides = context.graph.sides();
    let places = |certain: bool| sides.places_of(index).filter(move |&place| sides.is_certain(place) == certain);
    let on = |place, side| sides.access_in(place, side).entitlements.as_slice();
    let mut without: Vec<EntitlementId> = places(false)
        .filter(|&place| sides.value(place).is_none())
        .flat_map(|place| (0..duties.sides.len()).flat_map(move |side| on(place, side)))
        .copied()
        .collect();
    if without.is_empty() {
        // Every place that is not certain has all of them.
        let known: BTreeSet<EntitlementId> = places(true)
            .flat_map(|place| (0..duties.sides.len()).flat_map(move |side| on(place, side)))
            .copied()
            .collect();
        let doubtful = places(false).flat_map(|place| (0..duties.sides.len()).flat_map(move |side| on(place, side)));
        without = doubtful.copied().filter(|entitlement| !known.contains(entitlement)).collect();
    }
    without.sort_unstable();
    without.dedup();
    let no_value = |entitlement| Phrase::default().entitlement(entitlement).text(" has no value");
    without.into_iter().map(|entitlement| Evidence::Note(no_value(entitlement))).collect()
}

fn about(duties: &Duties, message: Phrase, help: &str) -> Finding {
    RULE.finding(Subject::Spec("duties", duties.name.clone()), message, help)
        .undecided()
        .at(duties.span)
        .note(wording::about(duties))
}

fn has_catalogue(context: &Context<'_>) -> bool {
    context.snapshot.manifest.sources.iter().any(|source| source.table == "entitlements")
}
