//! `from role "…"`: discovery on roles that exist, whose members are the clusters. Whatever would find, join or split roles has no place beside it.

use adit_grammar::{Diagnostic, Span, ast};

use super::{
    codes,
    context::{Faults, said_twice},
};
use crate::spec::{ExistingRoles, NamedRole, Strategy};

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

fn contradiction(message: &str, (span, label): (Span, &'static str), from: Span, help: &str) -> Diagnostic {
    Diagnostic::error(codes::ROLES_ARE_GIVEN, message, span, label)
        .label(from, "discovers from existing roles")
        .help(help)
}
