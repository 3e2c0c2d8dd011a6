//! Roles that people wrote.

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, ast};

use super::{
    access, codes, conditions,
    context::{Context, Definition, Faults, Subject},
    entitlements::repeated,
    names::ranks,
};
use crate::spec::DeclaredRole;

/// Checks all roles, ascending by name.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<DeclaredRole>> {
    let ranks = ranks(&context.names.roles).collect();
    let roles: Vec<_> = context.names.roles.values().map(|role| checked(context, &ranks, role, faults)).collect();
    roles.into_iter().collect()
}

fn checked(
    context: &Context<'_>,
    ranks: &BTreeMap<&str, usize>,
    written: &ast::Role,
    faults: &mut Faults,
) -> Option<DeclaredRole> {
    written.owner.iter().for_each(|owner| context.person(owner, faults));
    let grants = access::granted(context, &written.grants, faults);
    let mut inherits = Vec::new();
    let mut complete = true;
    for name in &written.inherits {
        match ranks.get(name.node.as_str()) {
            Some(&rank) if inherits.contains(&rank) => {
                let first = written.inherits.iter().find(|first| first.node == name.node).map(|first| first.span);
                faults.push(repeated(&name.node, name.span, first.unwrap_or_default()));
            }
            Some(&rank) => inherits.push(rank),
            None => {
                complete = false;
                context.undefined(Definition::Role, name, ranks.keys().copied(), faults);
            }
        }
    }
    inherits.sort_unstable();
    if written.grants.is_empty() && written.inherits.is_empty() && context.broken.not_within(*written.span) {
        let message = format!("the role `{}` grants nothing", written.name.node);
        faults.push(
            Diagnostic::error(codes::NO_GRANTS, message, written.name.span, "expected `grants …` or `inherits …`")
                .help("say what it is for: `grants application.attribute \"value\"`"),
        );
    }
    let condition = match &written.condition {
        None => None,
        Some(condition) => {
            let checked = conditions::condition(context, Subject::Identity, condition, faults)?;
            conditions::judge(Subject::Identity, condition, &checked, faults);
            Some(checked)
        }
    };
    Some(DeclaredRole {
        name: written.name.node.clone(),
        title: written.title.as_ref().unwrap_or(&written.name).node.clone(),
        owner: written.owner.as_ref().map(|owner| owner.node.clone()),
        cites: written.cites.iter().map(|cite| cite.node.clone()).collect(),
        grants: grants?,
        inherits: complete.then_some(inherits)?,
        condition,
        span: written.name.span,
    })
}
