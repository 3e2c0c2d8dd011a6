//! Rule packs in use.

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, ast};

use super::{
    codes,
    context::{Context, Faults, said_twice},
    entitlements,
    suggest::{did_you_mean, list},
};
use crate::{packs, spec::PackUse};

/// Checks every `use pack`, ascending by name and target.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<PackUse>> {
    let used: Vec<_> = context.names.packs.iter().map(|item| checked(context, item, faults)).collect();
    let mut used = used.into_iter().collect::<Option<Vec<_>>>()?;
    let mut spans = BTreeMap::new();
    for item in &used {
        let target = format!("{}.{}", item.target.application, item.target.attribute);
        if let Some(&first) = spans.get(&(item.name.as_str(), target.clone())) {
            faults.push(said_twice(&format!("`use pack \"{}\" for {target}`", item.name), item.span, first));
        } else {
            spans.insert((item.name.as_str(), target), item.span);
        }
    }
    used.sort_by(|a, b| (&a.name, &a.target).cmp(&(&b.name, &b.target)));
    Some(used)
}

fn checked(context: &Context<'_>, item: &ast::UsePack, faults: &mut Faults) -> Option<PackUse> {
    let name = &item.name.node;
    let Some(pack) = packs::find(name) else {
        let help = did_you_mean(name, packs::names(), || format!("there are {}", list(packs::names())));
        let message = format!("there is no rule pack `{name}`");
        faults.push(
            Diagnostic::error(codes::UNKNOWN_PACK, message, item.name.span, "does not ship with the tool").help(help),
        );
        return None;
    };
    let target = match &item.target {
        Some(target) => entitlements::kind(context, target, faults)?,
        None => {
            let target = &pack.target;
            let kinds = context.schema.applications.get(&target.application);
            if !kinds.is_some_and(|kinds| kinds.contains(&target.attribute)) {
                let default = format!("{}.{}", target.application, target.attribute);
                let message = format!("the pack `{name}` speaks of `{default}`, which the schema does not have");
                faults.push(
                    Diagnostic::error(codes::UNKNOWN_KIND, message, item.name.span, "for which entitlements?").help(
                        format!("name where the project keeps them: `use pack \"{name}\" for application.attribute`"),
                    ),
                );
                return None;
            }
            target.clone()
        }
    };
    Some(PackUse { name: name.clone(), target, span: item.name.span })
}
