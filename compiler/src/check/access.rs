//! Access as a spec names it: entitlements, sets and activities taken apart, roles, and what the catalogue says of entitlements.

use std::collections::{BTreeMap, BTreeSet};

use adit_grammar::{Diagnostic, Span, ast};

use super::{
    codes, conditions,
    context::{Context, Definition, Faults, Subject},
    entitlements::{name, repeated},
};
use crate::spec::{Access, EntitlementName, RoleName};

/// Some access; no repeats. An entitlement written twice is doubtful; one that a set has too is not.
pub(super) fn access(context: &Context<'_>, written: &ast::Access, faults: &mut Faults) -> Option<Access> {
    let members = match written {
        ast::Access::Members(members) => members,
        ast::Access::Where(condition) => {
            let checked = conditions::condition(context, Subject::Entitlement, condition, faults)?;
            conditions::judge(Subject::Entitlement, condition, &checked, faults);
            return Some(Access { conditions: vec![checked], ..Access::default() });
        }
    };
    let mut access = Access::default();
    let mut complete = true;
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    for member in members {
        let (what, span) = named(member);
        if let Some(&first) = seen.get(&what) {
            faults.push(repeated(&what, span, first));
        } else {
            seen.insert(what, span);
        }
        match one(context, member, faults) {
            Some(part) => {
                access.join(part);
            }
            None => complete = false,
        }
    }
    let mut known = BTreeSet::new();
    access.entitlements.retain(|name| known.insert((name.kind.clone(), name.value.clone())));
    let mut known = BTreeSet::new();
    access.roles.retain(|role| known.insert((role.name.clone(), role.declared)));
    complete.then_some(access)
}

/// What a role grants: entitlements and sets of them, by name. A role that granted whatever the catalogue says today would grant
/// something else tomorrow, and what it inherits is said by `inherits`.
pub(super) fn granted(
    context: &Context<'_>,
    written: &[ast::Member],
    faults: &mut Faults,
) -> Option<Vec<EntitlementName>> {
    let access = access(context, &ast::Access::Members(written.to_vec()), faults)?;
    if access.roles.is_empty() && access.conditions.is_empty() {
        return Some(access.entitlements);
    }
    for member in written {
        let (message, help) = match member {
            ast::Member::Role(role) => (
                format!("a role cannot grant the role `{}`", role.name.node),
                match role.quoted {
                    false => format!("to have its grants too, write `inherits {}`", role.name.node),
                    true => "list the entitlements that it grants".to_owned(),
                },
            ),
            ast::Member::Set(set)
                if one(context, member, &mut Vec::new()).is_some_and(|it| !it.conditions.is_empty()) =>
            {
                (
                    format!("`{}` is whatever the catalogue says it is", set.node),
                    "what a role grants is approved by name: list the entitlements".to_owned(),
                )
            }
            _ => continue,
        };
        let span = named(member).1;
        faults.push(Diagnostic::error(codes::NOT_GRANTED, message, span, "not an entitlement by name").help(help));
    }
    None
}

/// Some access by entitlements only, of which there must be some; `what` says of what.
pub(super) fn of_entitlements<'w>(
    context: &Context<'_>,
    written: impl IntoIterator<Item = &'w ast::Access>,
    (what, place): (&str, Span),
    faults: &mut Faults,
) -> Option<Access> {
    let mut all = Access::default();
    let mut complete = true;
    for written in written {
        match access(context, written, faults) {
            Some(access) => all.join(access),
            None => complete = false,
        }
    }
    if let Some(role) = all.roles.first() {
        let message = format!("{what} is made of entitlements, and `{}` is a role", role.name);
        faults.push(
            Diagnostic::error(codes::NOT_ENTITLEMENTS, message, role.span, "a role")
                .help("name the entitlements that matter: whoever has them counts, by whatever role"),
        );
        return None;
    }
    if complete && all.is_empty() && context.broken.not_within(place) {
        faults.push(
            Diagnostic::error(codes::NO_ACCESS, format!("{what} names no entitlement"), place, "expected some")
                .help("list entitlements or sets, or write `entitlements where …`"),
        );
        return None;
    }
    complete.then_some(all)
}

fn one(context: &Context<'_>, member: &ast::Member, faults: &mut Faults) -> Option<Access> {
    match member {
        ast::Member::Entitlement(entitlement) => {
            Some(Access { entitlements: vec![name(context, entitlement, faults)?], ..Access::default() })
        }
        ast::Member::Role(role) => {
            Some(Access { roles: vec![self::role(context, role, faults)?], ..Access::default() })
        }
        ast::Member::Set(name) => {
            // Mistakes of a set or an activity are reported where it is defined.
            if let Some(set) = context.names.sets.get(name.node.as_str()) {
                return access(context, &set.access, &mut Vec::new());
            }
            if let Some(activity) = context.names.activities.get(name.node.as_str()) {
                let is_nested = is_nested(context, activity);
                return if is_nested { None } else { access(context, &activity.access, &mut Vec::new()) };
            }
            let known = context.names.sets.keys().chain(context.names.activities.keys()).copied();
            context.undefined(Definition::Set, name, known, faults);
            None
        }
    }
}

/// A role that the spec has, or one that the data may have.
pub(super) fn role(context: &Context<'_>, written: &ast::RoleRef, faults: &mut Faults) -> Option<RoleName> {
    let declared = !written.quoted;
    if declared && !context.names.roles.contains_key(written.name.node.as_str()) {
        context.undefined(Definition::Role, &written.name, context.names.roles.keys().copied(), faults);
        return None;
    }
    Some(RoleName { name: written.name.node.clone(), declared, span: written.name.span })
}

/// What a member is called, and where.
pub(super) fn named(member: &ast::Member) -> (String, Span) {
    match member {
        ast::Member::Entitlement(entitlement) => (entitlement.to_string(), entitlement.span()),
        ast::Member::Role(role) => (role.to_string(), role.name.span),
        ast::Member::Set(name) => (name.node.clone(), name.span),
    }
}

/// Checks every set and activity by itself, and reports the sets that nothing uses. An activity need not be used: a project may keep
/// a catalogue of them.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) {
    for activity in context.names.activities.values() {
        for member in members(&activity.access) {
            if let ast::Member::Set(name) = member
                && let Some(other) = context.names.activities.get(name.node.as_str())
            {
                let message = format!("the activity `{}` is part of the activity `{}`", name.node, activity.name.node);
                faults.push(
                    Diagnostic::error(codes::NESTED_ACTIVITY, message, name.span, "an activity")
                        .label(other.name.span, "defined here")
                        .help("an activity is made of access: name entitlements, sets or roles"),
                );
            }
        }
        if !is_nested(context, activity) {
            access(context, &activity.access, faults);
        }
    }
    let used = used(context);
    for (name, set) in &context.names.sets {
        access(context, &set.access, faults);
        if context.broken.nowhere() && !used.contains(name) {
            let message = format!("nothing uses the set `{name}`");
            faults.push(
                Diagnostic::warning(codes::UNUSED_SET, message, set.name.span, "never used")
                    .help("remove it, or name it in duties or in a role"),
            );
        }
    }
}

/// Whether an activity names an activity, which is refused: taking it apart might never end.
pub(super) fn is_nested(context: &Context<'_>, activity: &ast::Activity) -> bool {
    members(&activity.access).any(
        |member| matches!(member, ast::Member::Set(name) if context.names.activities.contains_key(name.node.as_str())),
    )
}

/// The names of sets that something uses.
fn used<'a>(context: &Context<'a>) -> BTreeSet<&'a str> {
    let sides = context.names.duties.values().flat_map(|duties| &duties.sides).map(|side| &side.access);
    let activities = context.names.activities.values().map(|activity| &activity.access);
    let grants = context.names.roles.values().flat_map(|role| &role.grants);
    let sensitive = context.names.sensitive.values().flat_map(|it| &it.access);
    let controls = context.names.governance.values().flat_map(|it| &it.controls).map(|(_, access)| access);
    let all = sides.chain(activities).chain(sensitive).chain(controls).flat_map(members).chain(grants);
    all.filter_map(|member| match member {
        ast::Member::Set(name) => Some(name.node.as_str()),
        ast::Member::Entitlement(_) | ast::Member::Role(_) => None,
    })
    .collect()
}

pub(super) fn members(access: &ast::Access) -> impl Iterator<Item = &ast::Member> {
    match access {
        ast::Access::Members(members) => members.as_slice(),
        ast::Access::Where(_) => &[],
    }
    .iter()
}
