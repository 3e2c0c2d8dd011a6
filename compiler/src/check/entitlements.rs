//! Entitlements as a spec names them: applications and kinds looked up in the schema, sets in the spec.

use std::collections::{BTreeMap, BTreeSet};

use adit_grammar::{Diagnostic, Span, ast};

use super::{
    codes,
    context::{Context, Definition, Faults},
    suggest::{did_you_mean, list},
};
use crate::spec::{EntitlementName, KindName};

/// Reports an application that the schema does not have.
pub(super) fn application(context: &Context<'_>, name: &ast::Text, faults: &mut Faults) -> Option<()> {
    let known = &context.schema.applications;
    if known.contains_key(&name.node) {
        return Some(());
    }
    let names = || known.keys().map(String::as_str);
    let help = did_you_mean(&name.node, names(), || match list(names()) {
        names if names.is_empty() => "the schema in `snapshot.toml` has no applications".to_owned(),
        names => format!("the schema in `snapshot.toml` has {names}"),
    });
    let message = format!("there is no application `{}`", name.node);
    faults.push(Diagnostic::error(codes::UNKNOWN_APPLICATION, message, name.span, "not in the schema").help(help));
    None
}

/// A kind of entitlement, if the schema has it; reported if not.
pub(super) fn kind(context: &Context<'_>, written: &ast::EntitlementKind, faults: &mut Faults) -> Option<KindName> {
    application(context, &written.application, faults)?;
    let (application, attribute) = (&written.application.node, &written.attribute.node);
    let known = context.schema.applications.get(application)?;
    if !known.contains(attribute) {
        let help = did_you_mean(attribute, sorted(known), || match owner_of(context, attribute) {
            Some(owner) => format!("did you mean `{owner}.{attribute}`?"),
            None => format!("`{application}` has {}", list(sorted(known))),
        });
        let message = format!("`{application}` has no attribute `{attribute}`");
        faults.push(
            Diagnostic::error(codes::UNKNOWN_KIND, message, written.attribute.span, "not in the schema").help(help),
        );
        return None;
    }
    Some(KindName { application: application.clone(), attribute: attribute.clone() })
}

/// Reports an attribute that no application has.
pub(super) fn attribute_of_any(context: &Context<'_>, name: &ast::Text, faults: &mut Faults) -> Option<()> {
    if owner_of(context, &name.node).is_some() {
        return Some(());
    }
    let known: BTreeSet<&str> = context.schema.applications.values().flatten().map(String::as_str).collect();
    let help = did_you_mean(&name.node, known.iter().copied(), || {
        format!("the schema in `snapshot.toml` has {}", list(known.iter().copied()))
    });
    let message = format!("no application has an attribute `{}`", name.node);
    faults.push(Diagnostic::error(codes::UNKNOWN_KIND, message, name.span, "not in the schema").help(help));
    None
}

/// One entitlement, if its kind is known.
pub(super) fn name(
    context: &Context<'_>,
    written: &ast::EntitlementRef,
    faults: &mut Faults,
) -> Option<EntitlementName> {
    let kind = kind(context, &written.kind, faults)?;
    Some(EntitlementName { kind, value: written.value.node.clone(), span: written.span() })
}

/// Entitlements and sets, sets taken apart; no repeats. An entitlement written twice is doubtful; one that a set has too is not.
pub(super) fn expand(
    context: &Context<'_>,
    written: &[ast::SetOrEntitlement],
    faults: &mut Faults,
) -> Option<Vec<EntitlementName>> {
    let mut names = Vec::new();
    let mut complete = true;
    let mut seen: BTreeMap<String, Span> = BTreeMap::new();
    let mut twice = |what: String, span: Span, faults: &mut Faults| {
        if let Some(&first) = seen.get(&what) {
            faults.push(repeated(&what, span, first));
        } else {
            seen.insert(what, span);
        }
    };
    for entry in written {
        match entry {
            ast::SetOrEntitlement::Entitlement(entitlement) => {
                twice(label(entitlement), entitlement.span(), faults);
                match name(context, entitlement, faults) {
                    Some(name) => names.push(name),
                    None => complete = false,
                }
            }
            ast::SetOrEntitlement::Set(set) => {
                twice(set.node.clone(), set.span, faults);
                match context.names.sets.get(set.node.as_str()) {
                    // The set's own mistakes are reported where it is defined.
                    Some(set) => match self::set(context, set, &mut Vec::new()) {
                        Some(of_set) => names.extend(of_set),
                        None => complete = false,
                    },
                    None => {
                        let known = context.names.sets.keys().copied();
                        context.undefined(Definition::Set, set, known, faults);
                        complete = false;
                    }
                }
            }
        }
    }
    let mut known = BTreeSet::new();
    names.retain(|name| known.insert((name.kind.clone(), name.value.clone())));
    complete.then_some(names)
}

/// Checks every set by itself, and reports those that nothing uses.
pub(super) fn unused_sets(context: &Context<'_>, faults: &mut Faults) {
    let sides = context.names.duties.values().flat_map(|duties| &duties.sides).flat_map(|side| &side.entitlements);
    let grants = context.names.roles.values().flat_map(|role| &role.grants);
    let used: BTreeSet<&str> = sides
        .chain(grants)
        .filter_map(|entry| match entry {
            ast::SetOrEntitlement::Set(name) => Some(name.node.as_str()),
            ast::SetOrEntitlement::Entitlement(_) => None,
        })
        .collect();
    for (name, set) in &context.names.sets {
        self::set(context, set, faults);
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for entitlement in &set.entitlements {
            if let Some(first) = seen.insert(label(entitlement), entitlement.span()) {
                faults.push(repeated(&label(entitlement), entitlement.span(), first));
            }
        }
        if context.broken.nowhere() && !used.contains(name) {
            let message = format!("nothing uses the set `{name}`");
            faults.push(
                Diagnostic::warning(codes::UNUSED_SET, message, set.name.span, "never used")
                    .help("remove it, or name it in duties or in a role"),
            );
        }
    }
}

fn set(context: &Context<'_>, set: &ast::Set, faults: &mut Faults) -> Option<Vec<EntitlementName>> {
    let names: Vec<_> = set.entitlements.iter().map(|entitlement| name(context, entitlement, faults)).collect();
    names.into_iter().collect()
}

/// `sap.tcode "F110"`
pub(super) fn label(entitlement: &ast::EntitlementRef) -> String {
    let kind = &entitlement.kind;
    format!("{}.{} \"{}\"", kind.application.node, kind.attribute.node, entitlement.value.node)
}

pub(super) fn repeated(what: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::warning(codes::REPEATED, format!("`{what}` is listed twice"), again, "again")
        .label(first, "first")
        .help("remove one of them")
}

fn owner_of<'a>(context: &Context<'a>, attribute: &str) -> Option<&'a str> {
    let mut owners = context.schema.applications.iter();
    owners.find(|(_, kinds)| kinds.iter().any(|kind| kind == attribute)).map(|(owner, _)| owner.as_str())
}

fn sorted(names: &[String]) -> impl Iterator<Item = &str> {
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    names.into_iter()
}
