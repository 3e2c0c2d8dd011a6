//! Duties: conflicts that somebody could break, and need not.

mod holder;

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, Span, ast, quoted};

use super::{
    access::{self, access},
    codes,
    context::{Context, Faults, said_twice},
    suggest::{did_you_mean, list},
};
use crate::{
    condition::entitlement_text,
    spec::{Access, Duties, DutyLevel, DutySide},
};

/// Checks all duties, ascending by name.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<Duties>> {
    let duties: Vec<_> = context.names.duties.values().map(|duties| checked(context, duties, faults)).collect();
    duties.into_iter().collect()
}

/// A duty as it is written: in the block, or as an activity that the limit names.
#[derive(Clone, Copy)]
struct Written<'a> {
    name: &'a ast::Text,
    access: &'a ast::Access,
}

fn checked(context: &Context<'_>, written: &ast::Duties, faults: &mut Faults) -> Option<Duties> {
    written.owner.iter().for_each(|owner| context.person(owner, faults));
    let level = level(written, faults);
    let mut defined: BTreeMap<&str, Written<'_>> = BTreeMap::new();
    let (mut sides, mut written_sides) = (Vec::new(), Vec::new());
    for side in &written.sides {
        let name = side.name.node.as_str();
        if let Some(first) = defined.get(name) {
            faults.push(said_twice(&format!("the duty `{name}`"), side.name.span, first.name.span));
            continue;
        }
        if let Some(activity) = context.names.activities.get(name) {
            faults.push(twice_defined(&side.name, activity));
        }
        let side = Written { name: &side.name, access: &side.access };
        defined.insert(name, side);
        written_sides.push(side);
        sides.push(self::side(context, side, faults));
    }
    let counted = written.limit.as_ref().map(|limit| counted(context, written, limit, &defined, faults));
    for activity in counted.iter().flatten().flat_map(|counted| &counted.activities) {
        let side = Written { name: &activity.name, access: &activity.access };
        written_sides.push(side);
        // Mistakes of an activity are reported where it is defined.
        let is_nested = access::is_nested(context, activity);
        sides.push(if is_nested { None } else { self::side(context, side, &mut Vec::new()) });
    }
    let sides = sides.into_iter().collect::<Option<Vec<_>>>();
    if let Some(sides) = &sides {
        shared(context, &written_sides, sides, faults);
    }
    let Some((limit, counted)) = written.limit.as_ref().zip(counted) else {
        if context.broken.not_within(*written.span) {
            let message = format!("the duties `{}` have no limit", written.name.node);
            let names: Vec<&str> = written.sides.iter().map(|side| side.name.node.as_str()).collect();
            let names = if names.is_empty() { "create-vendor, run-payment".to_owned() } else { names.join(", ") };
            faults.push(
                Diagnostic::error(codes::NO_LIMIT, message, written.name.span, "expected `at most …`")
                    .help(format!("say how many of them one identity may have: `at most 1 of {names} per identity`")),
            );
        }
        return None;
    };
    let holder = holder::check(context, limit, faults);
    let counted = counted?;
    breakable(limit, counted.names.len(), faults)?;
    let sides: Vec<_> = sides?.into_iter().filter(|side| counted.names.contains(&side.name)).collect();
    let (per, within) = holder?;
    holder::of_accounts(per, limit, &sides, faults)?;
    if let Some(within) = &within {
        holder::of_entitlements(within, &sides, faults)?;
    }
    Some(Duties {
        name: written.name.node.clone(),
        title: written.title.as_ref().unwrap_or(&written.name).node.clone(),
        enforces: holder::enforces(context, written, per, &sides, faults)?,
        sides,
        at_most: limit.at_most.node,
        per,
        within,
        owner: written.owner.as_ref().map(|owner| owner.node.clone()),
        cites: written.cites.iter().map(|cite| cite.node.clone()).collect(),
        level: level?,
        waivable: written.never_waived.is_none(),
        pack: None,
        span: written.name.span,
    })
}

fn twice_defined(side: &ast::Text, activity: &ast::Activity) -> Diagnostic {
    let message = format!("`{}` is a duty of this block and an activity of the project", side.node);
    Diagnostic::error(codes::DEFINED_TWICE, message, side.span, "defined again")
        .label(activity.name.span, "first defined here")
        .help("order never matters, so neither can win: rename or remove one")
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

fn side(context: &Context<'_>, written: Written<'_>, faults: &mut Faults) -> Option<DutySide> {
    let access = access(context, written.access, faults)?;
    if access.is_empty() {
        let message = format!("nobody could ever have the duty `{}`", written.name.node);
        faults.push(
            Diagnostic::error(codes::NEVER_BROKEN, message, written.name.span, "no entitlement")
                .help("list the entitlements of which any one is this duty"),
        );
        return None;
    }
    Some(DutySide { name: written.name.node.clone(), access })
}

/// Reports duties that share entitlements or roles: whoever has one of those has both duties. Each two duties once.
fn shared(context: &Context<'_>, written: &[Written<'_>], sides: &[DutySide], faults: &mut Faults) {
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    let mut pairs: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for (index, side) in sides.iter().enumerate() {
        for label in labels(&side.access) {
            let owner = *owners.entry(label.clone()).or_insert(index);
            if owner != index {
                pairs.entry((owner, index)).or_default().push(label);
            }
        }
    }
    for ((owner, index), labels) in pairs {
        let (Some(&first), Some(&side), Some(label)) = (written.get(owner), written.get(index), labels.first()) else {
            continue;
        };
        let (owner, other) = (&first.name.node, &side.name.node);
        let message = match labels.len() {
            1 => format!("`{label}` is both `{owner}` and `{other}`: holding it is having two duties"),
            count => format!("{count} entitlements are both `{owner}` and `{other}`, `{label}` among them"),
        };
        faults.push(
            Diagnostic::error(codes::SHARED_DUTY, message, place(context, side, label), format!("as `{other}`"))
                .label(place(context, first, label), format!("as `{owner}`"))
                .help("take it out of one of them: whoever holds it could never keep the duties apart"),
        );
    }
}

/// What is named: entitlements and roles, as they are written.
fn labels(access: &Access) -> impl Iterator<Item = String> {
    let roles = access
        .roles
        .iter()
        .map(|role| if role.declared { format!("role {}", role.name) } else { format!("role {}", quoted(&role.name)) });
    access.entitlements.iter().map(entitlement_text).chain(roles)
}

/// Where a duty names an entitlement or a role, itself or by a set or an activity.
fn place(context: &Context<'_>, side: Written<'_>, label: &str) -> Span {
    let is_it = |member: &ast::Member| access::named(member).0 == label;
    let entry = access::members(side.access).find_map(|member| match member {
        ast::Member::Set(name) => {
            let set = context.names.sets.get(name.node.as_str()).map(|set| &set.access);
            let known = set.or_else(|| context.names.activities.get(name.node.as_str()).map(|it| &it.access))?;
            access::members(known).any(is_it).then_some(name.span)
        }
        member => is_it(member).then(|| access::named(member).1),
    });
    entry.unwrap_or(side.name.span)
}

/// What a limit counts.
struct Counted<'a> {
    names: Vec<String>,
    /// Those of the project; the others stand in the block.
    activities: Vec<&'a ast::Activity>,
}

/// What the limit counts; reports what it does not know and what it leaves out.
fn counted<'a>(
    context: &Context<'a>,
    written: &ast::Duties,
    limit: &ast::DutyLimit,
    defined: &BTreeMap<&str, Written<'_>>,
    faults: &mut Faults,
) -> Option<Counted<'a>> {
    let mut counted: BTreeMap<&str, Span> = BTreeMap::new();
    let mut activities = Vec::new();
    let mut complete = true;
    for name in &limit.of {
        let activity = context.names.activities.get(name.node.as_str()).copied();
        let is_defined = defined.contains_key(name.node.as_str());
        if !is_defined && activity.is_none() {
            complete = false;
            if !context.broken.may_have(&name.node, "=") && !context.broken.may_have("activity", &name.node) {
                let known = || defined.keys().copied().chain(context.names.activities.keys().copied());
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
            activities.extend(activity.filter(|_| !is_defined));
        }
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
    complete.then(|| Counted { names: counted.into_keys().map(str::to_owned).collect(), activities })
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
