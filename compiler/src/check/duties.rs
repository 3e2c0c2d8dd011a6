//! Duties: conflicts that somebody could break, and need not.

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, Span, ast};

use super::{
    codes,
    context::{Context, Faults, said_twice},
    entitlements::expand,
    suggest::{did_you_mean, list},
};
use crate::spec::{Duties, DutyLevel, DutySide, EntitlementName};

/// Checks all duties, ascending by name.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<Duties>> {
    let duties: Vec<_> = context.names.duties.values().map(|duties| checked(context, duties, faults)).collect();
    duties.into_iter().collect()
}

fn checked(context: &Context<'_>, written: &ast::Duties, faults: &mut Faults) -> Option<Duties> {
    written.owner.iter().for_each(|owner| context.person(owner, faults));
    let level = level(written, faults);
    let mut spans = BTreeMap::new();
    let (mut sides, mut written_sides) = (Vec::new(), Vec::new());
    for side in &written.sides {
        if let Some(&first) = spans.get(side.name.node.as_str()) {
            faults.push(said_twice(&format!("the duty `{}`", side.name.node), side.name.span, first));
        } else {
            spans.insert(side.name.node.as_str(), side.name.span);
            written_sides.push(side);
            sides.push(self::side(context, side, faults));
        }
    }
    let sides = sides.into_iter().collect::<Option<Vec<_>>>();
    if let Some(sides) = &sides {
        shared(context, &written_sides, sides, faults);
    }
    let Some(limit) = &written.limit else {
        if context.broken.not_within(*written.span) {
            let message = format!("the duties `{}` have no limit", written.name.node);
            let names = written.sides.iter().map(|side| side.name.node.as_str()).collect::<Vec<_>>().join(", ");
            faults.push(
                Diagnostic::error(codes::NO_LIMIT, message, written.name.span, "expected `at most …`")
                    .help(format!("say how many of them one identity may have: `at most 1 of {names} per identity`")),
            );
        }
        return None;
    };
    let counted = counted(context, written, limit, &spans, faults)?;
    breakable(limit, counted.len(), faults)?;
    let sides = sides?.into_iter().filter(|side| counted.contains(&side.name)).collect();
    Some(Duties {
        name: written.name.node.clone(),
        title: written.title.as_ref().unwrap_or(&written.name).node.clone(),
        sides,
        at_most: limit.at_most.node,
        owner: written.owner.as_ref().map(|owner| owner.node.clone()),
        cites: written.cites.iter().map(|cite| cite.node.clone()).collect(),
        level: level?,
        waivable: written.never_waived.is_none(),
        span: written.name.span,
    })
}

fn level(written: &ast::Duties, faults: &mut Faults) -> Option<DutyLevel> {
    let Some(level) = &written.level else { return Some(super::defaults::DUTY_LEVEL) };
    match level.node.as_str() {
        "error" => Some(DutyLevel::Error),
        "warning" => Some(DutyLevel::Warning),
        other => {
            let help = did_you_mean(other, ["error", "warning"], || "a level is `error` or `warning`".to_owned());
            let message = format!("there is no level `{other}`");
            faults.push(Diagnostic::error(codes::UNKNOWN_LEVEL, message, level.span, "no level").help(help));
            None
        }
    }
}

fn side(context: &Context<'_>, written: &ast::DutySide, faults: &mut Faults) -> Option<DutySide> {
    let entitlements = expand(context, &written.entitlements, faults)?;
    if entitlements.is_empty() {
        let message = format!("nobody could ever have the duty `{}`", written.name.node);
        faults.push(
            Diagnostic::error(codes::NEVER_BROKEN, message, written.name.span, "no entitlement")
                .help("list the entitlements of which any one is this duty"),
        );
        return None;
    }
    Some(DutySide { name: written.name.node.clone(), entitlements })
}

/// Reports duties that share entitlements: whoever has one of those has both duties. Each two duties once.
fn shared(context: &Context<'_>, written: &[&ast::DutySide], sides: &[DutySide], faults: &mut Faults) {
    let mut owners: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    let mut pairs: BTreeMap<(usize, usize), Vec<&EntitlementName>> = BTreeMap::new();
    for (index, side) in sides.iter().enumerate() {
        for name in &side.entitlements {
            let key = (name.kind.application.as_str(), name.kind.attribute.as_str(), name.value.as_str());
            let owner = *owners.entry(key).or_insert(index);
            if owner != index {
                pairs.entry((owner, index)).or_default().push(name);
            }
        }
    }
    for ((owner, index), names) in pairs {
        let (Some(first), Some(side), Some(name)) = (written.get(owner), written.get(index), names.first()) else {
            continue;
        };
        let label = format!("{}.{} \"{}\"", name.kind.application, name.kind.attribute, name.value);
        let (owner, other) = (&first.name.node, &side.name.node);
        let message = match names.len() {
            1 => format!("`{label}` is both `{owner}` and `{other}`: holding it is having two duties"),
            count => format!("{count} entitlements are both `{owner}` and `{other}`, `{label}` among them"),
        };
        faults.push(
            Diagnostic::error(codes::SHARED_DUTY, message, place(context, side, name), format!("as `{other}`"))
                .label(place(context, first, name), format!("as `{owner}`"))
                .help("take it out of one of them: whoever holds it could never keep the duties apart"),
        );
    }
}

/// Where a duty names an entitlement, itself or by a set.
fn place(context: &Context<'_>, side: &ast::DutySide, name: &EntitlementName) -> Span {
    let is_it = |entitlement: &ast::EntitlementRef| {
        let kind = &entitlement.kind;
        (&kind.application.node, &kind.attribute.node, &entitlement.value.node)
            == (&name.kind.application, &name.kind.attribute, &name.value)
    };
    let entry = side.entitlements.iter().find_map(|entry| match entry {
        ast::SetOrEntitlement::Entitlement(entitlement) => is_it(entitlement).then(|| entitlement.span()),
        ast::SetOrEntitlement::Set(set) => {
            let known = context.names.sets.get(set.node.as_str())?;
            known.entitlements.iter().any(is_it).then_some(set.span)
        }
    });
    entry.unwrap_or(side.name.span)
}

/// The names of the duties that the limit counts, in the order given; reports those it does not know or leaves out.
fn counted(
    context: &Context<'_>,
    written: &ast::Duties,
    limit: &ast::DutyLimit,
    spans: &BTreeMap<&str, Span>,
    faults: &mut Faults,
) -> Option<Vec<String>> {
    let mut counted: BTreeMap<&str, Span> = BTreeMap::new();
    let mut complete = true;
    for name in &limit.of {
        if !spans.contains_key(name.node.as_str()) {
            complete = false;
            if !context.broken.may_have(&name.node, "=") {
                let known = || spans.keys().copied();
                let help = did_you_mean(&name.node, known(), || match list(known()) {
                    names if names.is_empty() => "define it above: `name = [ … ]`".to_owned(),
                    names => format!("`{}` has {names}", written.name.node),
                });
                let message = format!("`{}` has no duty `{}`", written.name.node, name.node);
                faults.push(Diagnostic::error(codes::UNKNOWN_DUTY, message, name.span, "not defined here").help(help));
            }
        } else if let Some(&first) = counted.get(name.node.as_str()) {
            complete = false;
            faults.push(said_twice(&format!("the duty `{}`", name.node), name.span, first));
        } else {
            counted.insert(&name.node, name.span);
        }
    }
    if limit.per.node != "identity" {
        complete = false;
        let (code, message) = match limit.per.node.as_str() {
            "role" | "session" | "account" => {
                (codes::SETTING_NOT_BUILT, format!("counting duties per `{}` is not built yet", limit.per.node))
            }
            other => (codes::UNKNOWN_HOLDER, format!("duties cannot be counted per `{other}`")),
        };
        faults.push(
            Diagnostic::error(code, message, limit.per.span, "expected `identity`")
                .help("write `per identity`: everything one identity holds or would get is counted"),
        );
    }
    for side in complete.then_some(&written.sides).into_iter().flatten() {
        if !counted.contains_key(side.name.node.as_str()) {
            let message = format!("the limit does not count the duty `{}`", side.name.node);
            faults.push(
                Diagnostic::warning(codes::UNUSED_DUTY, message, side.name.span, "never counted")
                    .label(*limit.span, "the limit")
                    .help("name it in the limit, or remove it"),
            );
        }
    }
    complete.then(|| counted.into_keys().map(str::to_owned).collect())
}

/// Reports a limit that nobody could break, or that everyone breaks who has any of the duties.
fn breakable(limit: &ast::DutyLimit, duties: usize, faults: &mut Faults) -> Option<()> {
    let fault = if limit.at_most.node == 0 {
        Diagnostic::error(
            codes::ALWAYS_BROKEN,
            "everyone who has any of these duties breaks this",
            limit.at_most.span,
            "expected at least 1",
        )
        .help("`at most 1` forbids any two of them together")
    } else if limit.at_most.node as usize >= duties {
        let message = format!(
            "nobody could ever break this: {} of {duties} {} allowed",
            if limit.at_most.node as usize == duties { "all".to_owned() } else { limit.at_most.node.to_string() },
            if duties == 1 { "duty is" } else { "duties are" },
        );
        let help = match duties {
            0 | 1 => "a conflict needs two duties at least".to_owned(),
            _ => format!("allow at most {}", duties - 1),
        };
        Diagnostic::error(codes::NEVER_BROKEN, message, limit.at_most.span, "too many").help(help)
    } else {
        return Some(());
    };
    faults.push(fault);
    None
}
