//! What is kept apart in roles, what needs its owner's approval, and by what roles are changed.

use adit_grammar::{Diagnostic, ast};
use adit_snapshots::AttributeType;

use super::{
    access, codes, conditions,
    context::{Context, Faults, Subject},
    logic::impossible,
    values,
};
use crate::spec::{Apart, ApartBy, Condition, Governance, Sensitive};

/// Checks every `separate entitlements …`, in source order; one for each attribute.
pub(super) fn apart(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<Apart>> {
    let mut all = Vec::new();
    let mut complete = true;
    for written in &context.names.apart {
        match &written.by {
            ast::ApartBy::Attributes(attributes) => {
                for attribute in attributes {
                    match by_attribute(context, attribute, faults) {
                        Some(apart) => all.push(apart),
                        None => complete = false,
                    }
                }
            }
            ast::ApartBy::Conditions(both) => match by_conditions(context, written, &both.0, &both.1, faults) {
                Some(apart) => all.push(apart),
                None => complete = false,
            },
        }
    }
    complete.then_some(all)
}

fn by_attribute(context: &Context<'_>, attribute: &ast::Text, faults: &mut Faults) -> Option<Apart> {
    match context.attribute(Subject::Entitlement, attribute, faults)? {
        AttributeType::Text | AttributeType::List => Some(Apart {
            name: attribute.node.clone(),
            by: ApartBy::Attribute(attribute.node.clone()),
            span: attribute.span,
        }),
        kind => {
            let message = format!("`{}` is {}, and keeps nothing apart", attribute.node, values::a(kind));
            faults.push(
                Diagnostic::error(codes::WRONG_SCOPE, message, attribute.span, "expected a text or a list")
                    .help("say which values are apart: `separate entitlements where … from entitlements where …`"),
            );
            None
        }
    }
}

fn by_conditions(
    context: &Context<'_>,
    written: &ast::Apart,
    one: &ast::Condition,
    other: &ast::Condition,
    faults: &mut Faults,
) -> Option<Apart> {
    let mut checked = |written: &ast::Condition| -> Option<Condition> {
        let condition = conditions::condition(context, Subject::Entitlement, written, faults)?;
        conditions::judge(Subject::Entitlement, written, &condition, faults);
        Some(condition)
    };
    let (left, right) = (checked(one), checked(other));
    let (left, right) = left.zip(right)?;
    if !impossible(Subject::Entitlement, &[(&left, true), (&right, true)]) {
        faults.push(
            Diagnostic::error(codes::NOT_APART, "one entitlement can meet both", *written.span, "apart from itself")
                .label(one.span(), "where this holds")
                .label(other.span(), "and this too")
                .help("say in one of them what the other is not"),
        );
        return None;
    }
    let name = format!("{left} from {right}");
    Some(Apart { name, by: ApartBy::Conditions(Box::new((left, right))), span: *written.span })
}

/// Checks all sensitive access, ascending by name.
pub(super) fn sensitive(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<Sensitive>> {
    let all: Vec<_> = context.names.sensitive.values().map(|written| one_sensitive(context, written, faults)).collect();
    all.into_iter().collect()
}

fn one_sensitive(context: &Context<'_>, written: &ast::Sensitive, faults: &mut Faults) -> Option<Sensitive> {
    written.owner.iter().for_each(|owner| context.person(owner, faults));
    if let Some(mitigated) = &written.mitigated {
        context.reason(mitigated, faults);
    }
    let what = format!("the sensitive access `{}`", written.name.node);
    let access = access::of_entitlements(context, &written.access, (&what, written.name.span), faults);
    if written.owner.is_none() && context.broken.not_within(*written.span) {
        let message = format!("nobody can approve {what}");
        faults.push(
            Diagnostic::error(codes::NO_OWNER, message, written.name.span, "expected `owner …`")
                .help("name who answers for it: `owner \"…\"`"),
        );
    }
    Some(Sensitive {
        name: written.name.node.clone(),
        title: written.title.as_ref().unwrap_or(&written.name).node.clone(),
        access: access?,
        owner: written.owner.as_ref()?.node.clone(),
        mitigated: written.mitigated.as_ref().map(|text| text.node.clone()),
        cites: written.cites.iter().map(|cite| cite.node.clone()).collect(),
        span: written.name.span,
    })
}

/// Checks all governance, ascending by name.
pub(super) fn governance(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<Governance>> {
    let all: Vec<_> =
        context.names.governance.values().map(|written| one_governance(context, written, faults)).collect();
    all.into_iter().collect()
}

fn one_governance(context: &Context<'_>, written: &ast::Governance, faults: &mut Faults) -> Option<Governance> {
    let of: Vec<_> = written.of.iter().map(|role| access::role(context, role, faults)).collect();
    let what = format!("the governance `{}`", written.name.node);
    let controls: Vec<_> = written
        .controls
        .iter()
        .map(|(control, access)| {
            let access = access::of_entitlements(context, [access], (&what, control.span), faults)?;
            Some((control.node, access))
        })
        .collect();
    if controls.is_empty() && context.broken.not_within(*written.span) {
        let message = format!("{what} says of nothing by what it is changed");
        faults.push(
            Diagnostic::error(codes::NO_ACCESS, message, written.name.span, "expected `membership …`")
                .help("name the entitlements that change roles: `membership`, `rule`, `approval` or `log`"),
        );
        return None;
    }
    Some(Governance {
        name: written.name.node.clone(),
        title: written.title.as_ref().unwrap_or(&written.name).node.clone(),
        of: of.into_iter().collect::<Option<_>>()?,
        controls: controls.into_iter().collect::<Option<_>>()?,
        cites: written.cites.iter().map(|cite| cite.node.clone()).collect(),
        span: written.name.span,
    })
}
