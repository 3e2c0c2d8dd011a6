//! Roles that people wrote.

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, ast};
use adit_snapshots::cycles;

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
    let circles = circles(context, &ranks, faults);
    roles.into_iter().collect::<Option<_>>().filter(|_| circles == 0)
}

/// Reports roles that inherit themselves through others, and how many circles there are. In a circle each has what all of them have.
fn circles(context: &Context<'_>, ranks: &BTreeMap<&str, usize>, faults: &mut Faults) -> usize {
    /// Steps of a circle that are shown.
    const SHOWN: usize = 8;
    let roles: Vec<&ast::Role> = context.names.roles.values().copied().collect();
    let parents = |role: &&ast::Role| {
        let ranks = role.inherits.iter().filter_map(|name| ranks.get(name.node.as_str()));
        ranks.filter_map(|&rank| u32::try_from(rank).ok()).collect()
    };
    let edges: Vec<Vec<u32>> = roles.iter().map(parents).collect();
    let circles = cycles(&edges);
    for circle in &circles {
        let circle: Vec<&ast::Role> = circle.iter().filter_map(|&role| roles.get(role as usize).copied()).collect();
        let steps = circle.iter().zip(circle.iter().skip(1).chain(circle.first()));
        let mut steps = steps.filter_map(|(role, parent)| {
            let name = role.inherits.iter().find(|name| name.node == parent.name.node)?;
            Some((&role.name.node, name))
        });
        let Some((first, place)) = steps.next() else { continue };
        let message = match circle.as_slice() {
            [_] => format!("the role `{first}` inherits itself"),
            [_, _] => format!("the roles `{first}` and `{}` inherit each other", place.node),
            more => format!("the role `{first}` and {} more inherit each other in a circle", more.len() - 1),
        };
        let error = Diagnostic::error(
            codes::INHERITS_ITSELF,
            message,
            place.span,
            format!("`{first}` inherits `{}`", place.node),
        );
        let error = steps.take(SHOWN).fold(error, |error, (heir, parent)| {
            error.label(parent.span, format!("`{heir}` inherits `{}`", parent.node))
        });
        faults.push(
            error.help(
                "in a circle every role has what all of them have: take out the one `inherits` that was not meant",
            ),
        );
    }
    circles.len()
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
