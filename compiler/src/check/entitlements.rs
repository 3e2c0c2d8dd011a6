//! Entitlements as a spec names them: applications and kinds looked up in the schema.

use std::collections::BTreeSet;

use adit_grammar::{Diagnostic, Span, ast};

use super::{
    codes,
    context::{Context, Faults},
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
