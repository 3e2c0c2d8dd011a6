//! `from role "…"`: discovery on roles that exist, whose members are the clusters. Whatever would find, join or split roles has no place beside it.

use adit_grammar::{Diagnostic, Span, ast};

use super::{
    codes,
    context::{Faults, said_twice},
};
use crate::spec::{ExistingRoles, Mining, NamedRole, Strategy};

/// The strategy of a block that says `from …`, and where it says so; none for one that does not.
pub(super) fn strategy(written: &ast::Mining, faults: &mut Faults) -> Option<(Strategy, Span)> {
    let mut roles: Vec<NamedRole> = Vec::new();
    for role in &written.from_roles {
        match roles.iter().find(|known| known.name == role.node) {
            Some(first) => faults.push(said_twice(&format!("`from role \"{}\"`", role.node), role.span, first.span)),
            None => roles.push(NamedRole { name: role.node.clone(), span: role.span }),
        }
    }
    let named = roles.first().zip(roles.last()).map(|(first, last)| first.span.to(last.span));
    let place = match (&written.from_every_role, named) {
        (Some(every), Some(named)) => {
            let message = "every role is looked at, and some are named";
            faults.push(
                Diagnostic::error(codes::SETTINGS_EXCLUDE, message, named, "these roles")
                    .label(**every, "all roles")
                    .help("leave out one of the two"),
            );
            **every
        }
        (Some(every), None) => **every,
        (None, named) => named?,
    };
    Some((Strategy::ExistingRoles(ExistingRoles { roles }), place))
}

/// Reports what a block that discovers from existing roles cannot mean: `place` is where it says `from …`.
pub(super) fn judge(written: &ast::Mining, place: Span, faults: &mut Faults) {
    for statement in written.mine.iter().flat_map(|block| &block.node) {
        match statement {
            ast::MineStatement::ClusterUsing(using) => faults.push(contradiction(
                "whom a role brings together is given: its members, as it stands",
                (*using.span, "would find others"),
                place,
                "remove the line, or `from role`; to mine the members of a role, write \
                 `include identities members of role \"…\"` in the scope",
            )),
            ast::MineStatement::GuidedBy(names) => {
                if let (Some(first), Some(last)) = (names.first(), names.last()) {
                    faults.push(contradiction(
                        "attributes cannot shape roles whose members are given",
                        (first.span.to(last.span), "would have no effect"),
                        place,
                        "remove the line; `describe by` explains the roles in these words afterwards",
                    ));
                }
            }
            _ => {}
        }
    }
    for setting in written.cutoff.iter().flat_map(|block| &block.node) {
        let Some(ast::SettingPart::Word(word)) = setting.parts.first() else { continue };
        let (message, help) = match word.node.as_str() {
            "secondary" => (
                "a change to an existing role has no child role: that would be a new one",
                "remove the line: what fewer hold than `primary` asks for stays individual access",
            ),
            "overlap" => (
                "existing roles are not made one with each other",
                "remove the line; `adit consolidate` lists roles that are nearly the same",
            ),
            "roles" => ("how many roles there are is given", "remove the line, or name fewer roles"),
            _ => continue,
        };
        faults.push(contradiction(message, (*setting.span, "has no meaning here"), place, help));
    }
}

/// Reports roles that two blocks (ascending by name) name and judge by the same kind of entitlement: there would be two answers. Where a scope
/// chooses among entitlements, or one of the blocks looks at every role, only the data can tell whether both judge the same.
pub(super) fn judged_twice(minings: &[Option<Mining>], faults: &mut Faults) {
    let minings: Vec<(&Mining, &[NamedRole])> = minings
        .iter()
        .flatten()
        .filter(|mining| mining.scope.entitlements.is_empty() && mining.scope.except_entitlements.is_empty())
        .filter_map(|mining| match &mining.strategy {
            Strategy::ExistingRoles(existing) => Some((mining, existing.roles.as_slice())),
            _ => None,
        })
        .collect();
    for (number, (second, roles)) in minings.iter().enumerate() {
        for (first, known) in minings.iter().take(number) {
            let Some(kind) = second.minable.iter().find(|kind| first.minable.contains(kind)) else { continue };
            for role in *roles {
                let Some(before) = known.iter().find(|known| known.name == role.name) else { continue };
                let message = format!(
                    "`{}` and `{}` both judge whether the role `{}` is to grant {}.{}",
                    first.name, second.name, role.name, kind.application, kind.attribute
                );
                faults.push(
                    Diagnostic::error(codes::JUDGED_TWICE, message, role.span, "and here")
                        .label(before.span, "judged here")
                        .help("judge a role in one block, whose `minable` may name several kinds; or give each block kinds of its own"),
                );
            }
        }
    }
}

fn contradiction(message: &str, (span, label): (Span, &'static str), from: Span, help: &str) -> Diagnostic {
    Diagnostic::error(codes::ROLES_ARE_GIVEN, message, span, label)
        .label(from, "discovers from existing roles")
        .help(help)
}
