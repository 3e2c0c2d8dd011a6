//! `expect` blocks: claims that the build must meet.

use std::collections::BTreeMap;

use adit_grammar::{
    Diagnostic,
    ast::{self, LiteralValue, Outcome},
};
use adit_snapshots::AttributeType;

use super::{
    codes,
    context::{Context, Faults, Subject, said_twice},
    entitlements,
    values::wrong_value,
};
use crate::spec::{Claim, Expectation};

/// Checks all expectations, in source order.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<Expectation>> {
    let all: Vec<_> = context.names.expectations.iter().map(|expect| checked(context, expect, faults)).collect();
    all.into_iter().collect()
}

fn checked(context: &Context<'_>, written: &ast::Expect, faults: &mut Faults) -> Option<Expectation> {
    let given: Vec<_> = given(context, written, faults);
    let mut claims = BTreeMap::new();
    let mut then = Vec::new();
    for outcome in &written.then {
        let (claim, entitlement) = match outcome {
            Outcome::NoRoleGrants(entitlement) => (Claim::NoRoleGrants, entitlement),
            Outcome::SomeRoleGrants(entitlement) => (Claim::SomeRoleGrants, entitlement),
        };
        let label = entitlement.to_string();
        match claims.get(&label) {
            Some((earlier, first)) if *earlier != claim => {
                let message = format!("`{label}` cannot be granted by some role and by none");
                faults.push(
                    Diagnostic::error(codes::EXPECT_CONTRADICTION, message, entitlement.span(), "contradicts")
                        .label(*first, "this")
                        .help("remove one of them"),
                );
            }
            Some((_, first)) => faults.push(entitlements::repeated(&label, entitlement.span(), *first)),
            None => {
                claims.insert(label, (claim, entitlement.span()));
            }
        }
        then.push(entitlements::name(context, entitlement, faults).map(|name| (claim, name)));
    }
    // It would count among those that hold, whatever the build makes.
    if written.then.is_empty() && context.broken.not_within(*written.span) {
        let message = format!("the expectation \"{}\" claims nothing", written.title.node);
        faults.push(
            Diagnostic::error(codes::NO_CLAIM, message, written.title.span, "expected `then …`")
                .help("say what must come out: `then no role grants application.attribute \"value\"`"),
        );
    }
    Some(Expectation {
        title: written.title.node.clone(),
        given: given.into_iter().collect::<Option<Vec<_>>>()?,
        then: then.into_iter().collect::<Option<Vec<_>>>()?,
        span: written.title.span,
    })
}

/// The attribute values, as text.
fn given(context: &Context<'_>, written: &ast::Expect, faults: &mut Faults) -> Vec<Option<(String, String)>> {
    let mut seen = BTreeMap::new();
    written
        .given
        .iter()
        .map(|(name, value)| {
            let kind = context.attribute(Subject::Identity, name, faults)?;
            if let Some(first) = seen.insert(name.node.as_str(), name.span).filter(|_| kind != AttributeType::List) {
                faults.push(said_twice(&format!("`{}`", name.node), name.span, first));
                return None;
            }
            let text = match (kind, &value.value) {
                (AttributeType::Text | AttributeType::List, LiteralValue::Text(text)) => text.clone(),
                (AttributeType::Date, LiteralValue::Date(date)) => date.to_string(),
                (AttributeType::Boolean, LiteralValue::Boolean(truth)) => truth.to_string(),
                (AttributeType::Integer, LiteralValue::Integer(number)) => number.to_string(),
                (_, found) => {
                    faults.push(wrong_value(&name.node, kind, found, *value.span));
                    return None;
                }
            };
            Some((name.node.clone(), text))
        })
        .collect()
}
