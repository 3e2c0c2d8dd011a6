//! `provision` blocks: who must approve, and what becomes of approved roles.

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, ast};

use super::{
    codes,
    context::{Context, Definition, Faults},
    defaults,
    entitlements::repeated,
    names::ranks,
    suggest::{did_you_mean, list},
};
use crate::{
    address::{key, same},
    spec::{Provision, Provisioned, SecondaryFate, Target, WhenLost},
};

/// Targets the language has.
const TARGETS: &[&str] = &[
    "aws",
    "cedar",
    "entra",
    "json",
    "kubernetes",
    "ldif",
    "midpoint",
    "okta",
    "postgresql",
    "rego",
    "sailpoint",
    "scim",
];

/// Checks all provision blocks, ascending by name.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<Provision>> {
    let names = &context.names;
    let minings = ranks(&names.minings).map(|(name, rank)| (name, Provisioned::Mining(rank)));
    let known = minings.chain(ranks(&names.roles).map(|(name, rank)| (name, Provisioned::Role(rank)))).collect();
    let provisions: Vec<_> =
        names.provisions.values().map(|provision| checked(context, &known, provision, faults)).collect();
    provisions.into_iter().collect()
}

fn checked(
    context: &Context<'_>,
    known: &BTreeMap<&str, Provisioned>,
    written: &ast::Provision,
    faults: &mut Faults,
) -> Option<Provision> {
    let of = known.get(written.name.node.as_str()).copied();
    if of.is_none() {
        let names = known.keys().copied();
        context.undefined(Definition::MiningOrRole, &written.name, names, faults);
    }
    let (needed, approvers) = approval(context, written, faults);
    let emit = emit(written, faults);
    let when_lost = when_lost(written, faults);
    written.requested.iter().for_each(|person| context.person(person, faults));
    if let Some(ast::WhenLost::Notify(whom)) = written.when_lost.as_ref().map(|when| &when.node) {
        context.person(whom, faults);
    }
    let secondary = match written.secondary.as_ref().map(|fate| fate.node) {
        None => defaults::SECONDARY_FATE,
        Some(ast::SecondaryFate::KeepUntil(date)) => SecondaryFate::KeepUntil { date },
        Some(ast::SecondaryFate::Remove) => SecondaryFate::Remove,
    };
    secondary_can_be(context, written, faults);
    Some(Provision {
        of: of?,
        requested: written.requested.as_ref().map(|requested| requested.node.clone()),
        needed,
        approvers,
        when_lost: when_lost?,
        secondary,
        emit: emit?,
        span: written.name.span,
    })
}

fn approval(context: &Context<'_>, written: &ast::Provision, faults: &mut Faults) -> (u32, Vec<String>) {
    let Some(approval) = &written.approval else {
        if context.broken.not_within(*written.span) {
            let message = format!("nobody has to approve the roles of `{}`", written.name.node);
            faults.push(
                Diagnostic::error(codes::NO_APPROVAL, message, written.name.span, "expected `approval …`")
                    .help("nothing is emitted unapproved: `approval 1 of \"owner@…\"`"),
            );
        }
        return (0, Vec::new());
    };
    let mut people: BTreeMap<String, &ast::Text> = BTreeMap::new();
    for person in &approval.of {
        context.person(person, faults);
        if let Some(first) = people.get(&key(&person.node)) {
            let message = format!("`{}` is listed twice, and can sign only once", person.node);
            faults.push(
                Diagnostic::error(codes::APPROVER_TWICE, message, person.span, "again")
                    .label(first.span, "first")
                    .help("remove one of them"),
            );
        } else {
            people.insert(key(&person.node), person);
        }
    }
    let needed = approval.needed;
    let requester = written.requested.as_ref().map(|requested| key(&requested.node));
    let able = people.keys().filter(|person| Some(*person) != requester.as_ref()).count();
    if needed.node == 0 {
        faults.push(
            Diagnostic::error(
                codes::NO_APPROVERS_NEEDED,
                "an approval by nobody is none",
                needed.span,
                "expected at least 1",
            )
            .help("say how many of them must sign"),
        );
    } else if needed.node as usize > able {
        let message = format!("{} must sign, but only {able} can", needed.node);
        faults.push(
            Diagnostic::error(codes::TOO_FEW_APPROVERS, message, needed.span, "more than are listed")
                .help("list more people, or ask for fewer"),
        );
    }
    if let Some(requested) = &written.requested
        && let Some(person) = approval.of.iter().find(|person| same(&person.node, &requested.node))
    {
        let message = format!("`{}` asks for these roles, so their signature does not count", person.node);
        faults.push(
            Diagnostic::warning(codes::REQUESTER_APPROVES, message, person.span, "listed as an approver")
                .label(requested.span, "requested")
                .help("take them off the list"),
        );
    }
    // In the order of the alphabet: who is listed first must make no difference.
    (needed.node, people.into_values().map(|person| person.node.clone()).collect())
}

fn emit(written: &ast::Provision, faults: &mut Faults) -> Option<Vec<Target>> {
    let mut complete = true;
    let mut seen = BTreeMap::new();
    for target in &written.emit {
        let name = target.node.as_str();
        if let Some(&first) = seen.get(name) {
            faults.push(repeated(name, target.span, first));
            continue;
        }
        seen.insert(name, target.span);
        if !TARGETS.contains(&name) {
            complete = false;
            let known = || TARGETS.iter().copied();
            let help = did_you_mean(name, known(), || format!("the language has {}", list(known())));
            let message = format!("there is no target `{name}`");
            faults.push(Diagnostic::error(codes::UNKNOWN_TARGET, message, target.span, "unknown").help(help));
        } else if name != "json" {
            let message = format!("this version writes `provisioning.json` only; `{name}` is not written yet");
            faults.push(
                Diagnostic::warning(codes::NOT_WRITTEN, message, target.span, "not written yet")
                    .help("`provisioning.json` holds everything that this target would"),
            );
        }
    }
    complete.then(|| vec![Target::Json])
}

fn when_lost(written: &ast::Provision, faults: &mut Faults) -> Option<WhenLost> {
    let Some(when_lost) = &written.when_lost else { return Some(defaults::WHEN_LOST) };
    Some(match &when_lost.node {
        ast::WhenLost::Keep => WhenLost::Keep,
        ast::WhenLost::Remove => WhenLost::Remove,
        ast::WhenLost::RemoveAfter(0) => {
            faults.push(
                Diagnostic::error(
                    codes::NUMBER_RANGE,
                    "`remove after 0d` is no delay",
                    when_lost.span,
                    "expected at least `1d`",
                )
                .help("write `when lost remove` to remove it at once"),
            );
            return None;
        }
        ast::WhenLost::RemoveAfter(days) => WhenLost::RemoveAfter { days: *days },
        ast::WhenLost::Notify(whom) => WhenLost::Notify { whom: whom.node.clone() },
    })
}

/// Child roles come of a secondary cut-off, and a role that people wrote has none.
fn secondary_can_be(context: &Context<'_>, written: &ast::Provision, faults: &mut Faults) {
    let Some(fate) = &written.secondary else { return };
    let mining = context.names.minings.get(written.name.node.as_str());
    let has_secondary = mining.is_some_and(|mining| {
        mining.cutoff.iter().flat_map(|cutoff| &cutoff.node).any(
            |setting| matches!(setting.parts.first(), Some(ast::SettingPart::Word(word)) if word.node == "secondary"),
        )
    });
    let read = mining.is_none_or(|mining| context.broken.not_within(*mining.span));
    if !has_secondary && read {
        let message = format!("`{}` has no secondary cut-off, so there are no secondary roles", written.name.node);
        faults.push(
            Diagnostic::warning(codes::NO_SECONDARY, message, fate.span, "about nothing")
                .help("remove the line, or add `secondary at least …` to the cut-off"),
        );
    }
    if let (ast::SecondaryFate::KeepUntil(date), Some(as_of)) = (fate.node, context.settings.as_of)
        && date < as_of
    {
        let message = format!("secondary roles were kept until {date}, which is over");
        faults.push(
            Diagnostic::warning(codes::NO_SECONDARY, message, fate.span, format!("{as_of} is later"))
                .help("write `secondary remove`, or a later day"),
        );
    }
}
