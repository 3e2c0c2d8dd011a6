//! Whose duties are counted together, within what, and which other duties that is to enforce.

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, Span, ast};
use adit_snapshots::AttributeType;

use crate::check::{
    codes,
    context::{Context, Definition, Faults, Subject},
    entitlements::repeated,
    names::ranks,
    suggest::did_you_mean,
};
use crate::spec::{DutyHolder, DutySide, Within};

/// `per identity within same company-code`
pub(super) fn check(
    context: &Context<'_>,
    limit: &ast::DutyLimit,
    faults: &mut Faults,
) -> Option<(DutyHolder, Option<Within>)> {
    let per = holder(&limit.per, faults);
    let within = match &limit.within {
        None => Some(None),
        Some(attribute) => within(context, attribute, faults).map(Some),
    };
    per.zip(within)
}

fn holder(per: &ast::Text, faults: &mut Faults) -> Option<DutyHolder> {
    let known = ["identity", "account", "role", "session"];
    let fault = match per.node.as_str() {
        "identity" => return Some(DutyHolder::Identity),
        "account" => return Some(DutyHolder::Account),
        "role" => return Some(DutyHolder::Role),
        "session" => return Some(DutyHolder::Session),
        other => {
            let message = format!("duties cannot be counted per `{other}`");
            let label = "expected `identity`, `account`, `role` or `session`";
            Diagnostic::error(codes::UNKNOWN_HOLDER, message, per.span, label).help(did_you_mean(other, known, || {
                "write `per identity`: everything one identity holds or would get is counted".to_owned()
            }))
        }
    };
    faults.push(fault);
    None
}

fn within(context: &Context<'_>, attribute: &ast::Text, faults: &mut Faults) -> Option<Within> {
    match context.attribute(Subject::Entitlement, attribute, faults)? {
        AttributeType::Text | AttributeType::List => {
            Some(Within { attribute: attribute.node.clone(), span: attribute.span })
        }
        kind => {
            let message =
                format!("`{}` is {}, and keeps no duties apart", attribute.node, crate::check::values::a(kind));
            faults.push(
                Diagnostic::error(codes::WRONG_SCOPE, message, attribute.span, "expected a text or a list")
                    .help("name what an entitlement is for: a company code, an environment, a tenant"),
            );
            None
        }
    }
}

/// An identity has a role; which of its accounts that is for nobody says.
pub(super) fn of_accounts(
    per: DutyHolder,
    limit: &ast::DutyLimit,
    sides: &[DutySide],
    faults: &mut Faults,
) -> Option<()> {
    let role = sides.iter().find_map(|side| side.access.roles.first()).filter(|_| per == DutyHolder::Account);
    let Some(role) = role else { return Some(()) };
    let message = "an account has no roles to be counted";
    faults.push(
        Diagnostic::error(codes::SETTINGS_EXCLUDE, message, limit.per.span, "what an account holds")
            .label(role.span, "a role")
            .help("name the entitlements themselves, or count the roles `per identity`"),
    );
    None
}

/// Duties of roles have no value of an attribute of entitlements.
pub(super) fn of_entitlements(within: &Within, sides: &[DutySide], faults: &mut Faults) -> Option<()> {
    let Some(role) = sides.iter().find_map(|side| side.access.roles.first()) else { return Some(()) };
    let message = format!("a role has no `{}` to be within", within.attribute);
    faults.push(
        Diagnostic::error(codes::SETTINGS_EXCLUDE, message, within.span, "an attribute of entitlements")
            .label(role.span, "a role")
            .help("name the entitlements themselves, or count the roles wherever they are held"),
    );
    None
}

/// The ranks of the duties that these are to enforce, ascending.
pub(super) fn enforces(
    context: &Context<'_>,
    written: &ast::Duties,
    per: DutyHolder,
    sides: &[DutySide],
    faults: &mut Faults,
) -> Option<Vec<usize>> {
    let Some(first) = written.enforces.first().map(|name| name.span) else { return Some(Vec::new()) };
    let of_roles = |side: &DutySide| side.access.entitlements.is_empty() && side.access.conditions.is_empty();
    let mut complete = true;
    if let Some(side) = sides.iter().find(|side| !of_roles(side)) {
        complete = false;
        let message = format!("`{}` is not of roles only, so nothing is enforced by it", side.name);
        faults.push(
            Diagnostic::error(codes::NOT_ROLES, message, first, "enforces others")
                .help("roles that exclude each other enforce duties: `clerk = role \"SAP_FI_CLERK\"`"),
        );
    } else if per != DutyHolder::Identity {
        complete = false;
        faults.push(
            Diagnostic::error(codes::NOT_ROLES, "only what is counted per identity enforces anything", first, "")
                .help("write `per identity`: whoever may have both roles can have both duties"),
        );
    }
    let ranks: BTreeMap<&str, usize> = ranks(&context.names.duties).collect();
    let mut known: BTreeMap<usize, Span> = BTreeMap::new();
    for name in &written.enforces {
        let Some(&rank) = ranks.get(name.node.as_str()) else {
            complete = false;
            context.undefined(Definition::Duties, name, ranks.keys().copied(), faults);
            continue;
        };
        let other = context.names.duties.get(name.node.as_str());
        let back = other.is_some_and(|other| other.enforces.iter().any(|back| back.node == written.name.node));
        if name.node == written.name.node || back {
            complete = false;
            let message = match &name.node {
                own if *own == written.name.node => format!("`{own}` cannot enforce itself"),
                other => format!("`{}` and `{other}` enforce each other", written.name.node),
            };
            faults.push(
                Diagnostic::error(codes::ENFORCES_ITSELF, message, name.span, "in a circle")
                    .help("roles enforce duties over entitlements: name those"),
            );
        } else if let Some(first) = known.insert(rank, name.span) {
            faults.push(repeated(&name.node, name.span, first));
        }
    }
    complete.then(|| known.into_keys().collect())
}
