//! Waivers: what may be accepted, by whom, for how long.

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, ast};
use jiff::civil::Date;

use super::{
    RuleName, codes,
    context::{Context, Definition, Faults},
    suggest::{did_you_mean, list},
};
use crate::{address::same, packs, spec::Waiver};

/// What a waiver may be about.
const SUBJECTS: &[&str] = &[
    "account",
    "application",
    "approval",
    "assignment",
    "attribute",
    "duties",
    "entitlement",
    "exception",
    "governance",
    "group",
    "identity",
    "mining",
    "population",
    "role",
    "sensitive",
    "separation",
    "source",
];

/// Checks all waivers, ascending by id.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<Waiver>> {
    let rules = Rules::new(context);
    let waivers: Vec<_> =
        context.names.waivers.values().map(|waiver| checked(context, &rules, waiver, faults)).collect();
    waivers.into_iter().collect()
}

fn checked(context: &Context<'_>, rules: &Rules, written: &ast::Waiver, faults: &mut Faults) -> Option<Waiver> {
    if let Some(rule) = &written.rule {
        rules.check(written, rule, faults);
    }
    if let Some(because) = &written.because {
        context.reason(because, faults);
    }
    let people =
        written.owner.iter().chain(&written.requested).chain(written.approved.as_ref().map(|approved| &approved.by));
    people.for_each(|person| context.person(person, faults));
    for subject in &written.on {
        self::subject(context, written, subject, faults);
    }
    approver(written, faults);
    dates(context, rules.known(written), written, faults);
    complete(context, written, faults);
    let approved = written.approved.as_ref()?;
    Some(Waiver {
        id: written.id.node.clone(),
        rule: written.rule.as_ref()?.node.clone(),
        rule_span: written.rule.as_ref()?.span,
        on: written.on.iter().map(|subject| (subject.kind.node.clone(), subject.name.node.clone())).collect(),
        because: written.because.as_ref()?.node.clone(),
        owner: written.owner.as_ref().map(|owner| owner.node.clone()),
        requested: written.requested.as_ref()?.node.clone(),
        approved_by: approved.by.node.clone(),
        approved_on: approved.on.as_ref()?.node,
        expires: written.expires.as_ref()?.node,
        span: written.id.span,
    })
}

/// Everything a waiver must say, in one error.
fn complete(context: &Context<'_>, written: &ast::Waiver, faults: &mut Faults) {
    let missing: Vec<(&str, &str)> = [
        (written.rule.is_none(), "rule", "rule NAME"),
        (written.on.is_empty(), "on", "on identity \"…\""),
        (written.because.is_none(), "because", "because \"…\""),
        (written.requested.is_none(), "requested", "requested \"…\""),
        (written.approved.as_ref().is_none_or(|approved| approved.on.is_none()), "approved", "approved \"…\" on DATE"),
        (written.expires.is_none(), "expires", "expires DATE"),
    ]
    .into_iter()
    .filter_map(|(missing, name, form)| missing.then_some((name, form)))
    .collect();
    if missing.is_empty() || !context.broken.not_within(*written.span) {
        return;
    }
    let names = list(missing.iter().map(|(name, _)| *name));
    let message = match &written.approved {
        Some(approved) if approved.on.is_none() && missing.len() == 1 => {
            format!("waiver `{}` does not say when it was approved", written.id.node)
        }
        _ => format!("waiver `{}` does not say {names}", written.id.node),
    };
    let forms = list(missing.iter().map(|(_, form)| *form));
    faults.push(
        Diagnostic::error(codes::WAIVER_INCOMPLETE, message, written.id.span, "incomplete")
            .help(format!("add {forms}")),
    );
}

fn subject(context: &Context<'_>, written: &ast::Waiver, subject: &ast::WaiverSubject, faults: &mut Faults) {
    let name = &subject.name;
    match subject.kind.node.as_str() {
        "duties" => match context.names.duties.get(name.node.as_str()) {
            Some(duties) => {
                if let Some(never) = &duties.never_waived {
                    let message = format!("the duties `{}` are never waived", name.node);
                    faults.push(
                        Diagnostic::error(codes::WAIVER_DUTIES, message, name.span, "never waived")
                            .label(never.span, "says so")
                            .help(format!("remove `{}`, and take one of the duties away instead", written.id.node)),
                    );
                }
            }
            None if !is_pattern_in_use(context, &name.node) => {
                let known = context.names.duties.keys().copied();
                context.undefined(Definition::Duties, name, known, faults);
            }
            None => {}
        },
        "mining" if !context.names.minings.contains_key(name.node.as_str()) => {
            let known = context.names.minings.keys().copied();
            context.undefined(Definition::Mining, name, known, faults);
        }
        // In quotes it may be the handle or the id of a role that mining finds.
        "role" if !subject.quoted && !context.names.roles.contains_key(name.node.as_str()) => {
            let known = context.names.roles.keys().copied();
            context.undefined(Definition::Role, name, known, faults);
        }
        "application" => {
            super::entitlements::application(context, name, faults);
        }
        kind if SUBJECTS.contains(&kind) => {}
        kind => {
            let known = || SUBJECTS.iter().copied();
            let help = did_you_mean(kind, known(), || format!("findings are about {}", SUBJECTS.join(", ")));
            let message = format!("no finding is about a `{kind}`");
            faults.push(Diagnostic::error(codes::UNKNOWN_SUBJECT, message, subject.kind.span, "unknown").help(help));
        }
    }
}

fn is_pattern_in_use(context: &Context<'_>, id: &str) -> bool {
    let packs = context.names.packs.iter().filter_map(|pack| packs::find(&pack.name.node));
    packs.flat_map(|pack| &pack.patterns).any(|pattern| pattern.id == id)
}

/// Nobody waives for themselves.
fn approver(written: &ast::Waiver, faults: &mut Faults) {
    let Some(approved) = &written.approved else { return };
    let by = &approved.by;
    if let Some(requested) = written.requested.as_ref().filter(|requested| same(&requested.node, &by.node)) {
        let message = format!("`{}` asked for this waiver and approved it", by.node);
        faults.push(
            Diagnostic::error(codes::WAIVER_REQUESTER, message, by.span, "approved")
                .label(requested.span, "requested")
                .help("somebody else has to approve it"),
        );
    }
    let beneficiary = written.on.iter().find(|subject| {
        matches!(subject.kind.node.as_str(), "identity" | "account") && same(&subject.name.node, &by.node)
    });
    if let Some(beneficiary) = beneficiary {
        let message = format!("`{}` approved a waiver for themselves", by.node);
        faults.push(
            Diagnostic::error(codes::WAIVER_BENEFICIARY, message, by.span, "approved")
                .label(beneficiary.name.span, "profits from it")
                .help("somebody else has to approve it"),
        );
    }
}

fn dates(context: &Context<'_>, rule: Option<&RuleName>, written: &ast::Waiver, faults: &mut Faults) {
    let expires = written.expires.as_ref();
    let approved = written.approved.as_ref().and_then(|approved| approved.on.as_ref());
    let as_of = context.settings.as_of;
    if let (Some(expires), Some(as_of)) = (expires, as_of)
        && expires.node < as_of
    {
        let message = format!("waiver `{}` expired on {}", written.id.node, expires.node);
        faults.push(
            Diagnostic::error(codes::WAIVER_EXPIRED, message, expires.span, format!("{as_of} is later"))
                .help("remove it, or have it approved anew: what it waived is a finding again"),
        );
    }
    if let (Some(approved), Some(as_of)) = (approved, as_of)
        && approved.node > as_of
    {
        let message = format!("waiver `{}` was approved on {}, which is yet to come", written.id.node, approved.node);
        faults.push(
            Diagnostic::error(codes::WAIVER_DATES, message, approved.span, format!("{as_of} is earlier"))
                .help("a waiver holds from its approval on: correct the date"),
        );
    }
    if let (Some(approved), Some(expires)) = (approved, expires) {
        if expires.node < approved.node {
            let message = format!("waiver `{}` expires before it was approved", written.id.node);
            faults.push(
                Diagnostic::error(codes::WAIVER_DATES, message, expires.span, "expires")
                    .label(approved.span, "approved")
                    .help("correct one of the dates"),
            );
        } else if let Some((most, of_what)) = longest(context, rule) {
            let days = days_between(approved.node, expires.node);
            if days > i64::from(most) {
                let message =
                    format!("waiver `{}` lasts {days} days, the project allows {most}{of_what}", written.id.node);
                faults.push(
                    Diagnostic::error(codes::WAIVER_TOO_LONG, message, expires.span, "too late")
                        .label(approved.span, "approved")
                        .help(latest(approved.node, most)),
                );
            }
        }
    }
}

/// How many days a waiver of a rule may last, and what they are for if not for all rules.
fn longest(context: &Context<'_>, rule: Option<&RuleName>) -> Option<(u32, String)> {
    let own = rule.and_then(|rule| Some((rule.max_days?, format!(" for {} `{}`", rule.code, rule.name))));
    let all = context.settings.max_waiver_days.map(|most| (most, String::new()));
    own.into_iter().chain(all).min_by_key(|(most, _)| *most)
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

fn latest(approved: Date, most: u32) -> String {
    match approved.checked_add(jiff::Span::new().days(most)) {
        Ok(latest) => format!("write `expires {latest}` at the latest; it can be approved anew then"),
        Err(_) => "let it expire earlier; it can be approved anew then".to_owned(),
    }
}

/// The linter's rules by every name they have, in lower case.
struct Rules {
    by_name: BTreeMap<String, RuleName>,
}

impl Rules {
    fn new(context: &Context<'_>) -> Self {
        let mut by_name = BTreeMap::new();
        for rule in &context.settings.rules {
            for name in [rule.code, rule.name].iter().chain(rule.aliases) {
                by_name.insert(name.to_lowercase(), *rule);
            }
        }
        Self { by_name }
    }

    /// The rule of a waiver, if there is one of that name.
    fn known(&self, waiver: &ast::Waiver) -> Option<&RuleName> {
        self.by_name.get(&waiver.rule.as_ref()?.node.to_lowercase())
    }

    fn check(&self, waiver: &ast::Waiver, name: &ast::Text, faults: &mut Faults) {
        if self.by_name.is_empty() {
            return;
        }
        match self.by_name.get(&name.node.to_lowercase()) {
            None => {
                let known = self.by_name.keys().map(String::as_str);
                let help = did_you_mean(&name.node, known, || "`adit explain --all` lists every rule".to_owned());
                let message = format!("there is no rule `{}`", name.node);
                faults.push(Diagnostic::error(codes::UNKNOWN_RULE, message, name.span, "unknown").help(help));
            }
            Some(rule) if !rule.waivable => {
                let message = format!("findings of {} `{}` are never waived", rule.code, rule.name);
                faults.push(
                    Diagnostic::error(codes::WAIVER_RULE, message, name.span, "never waived")
                        .help(format!("remove `{}` and mend what the rule finds", waiver.id.node)),
                );
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(days_between(date("2026-03-01"), date("2026-03-01")), 0);
        assert_eq!(days_between(date("2024-02-01"), date("2025-02-01")), 366);
        assert_eq!(
            latest(date("2024-02-01"), 366),
            "write `expires 2025-02-01` at the latest; it can be approved anew then"
        );
    }

    #[test]
    fn subjects_are_sorted() {
        assert!(SUBJECTS.is_sorted());
    }
}
