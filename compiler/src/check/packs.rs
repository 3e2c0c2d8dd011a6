//! Rule packs in use.

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, Span, ast};

use super::{
    codes,
    context::{Context, Faults, said_twice},
    entitlements,
    suggest::{did_you_mean, list},
};
use crate::{
    packs::{self, Pack, PackKind, Pattern},
    spec::{Access, Duties, DutyHolder, DutySide, EntitlementName, PackUse},
};

/// Checks every `use pack`, ascending by name and target.
pub(super) fn check(context: &Context<'_>, faults: &mut Faults) -> Option<Vec<PackUse>> {
    let used: Vec<_> = context.names.packs.iter().map(|item| checked(context, item, faults)).collect();
    let mut used = used.into_iter().collect::<Option<Vec<_>>>()?;
    let mut spans = BTreeMap::new();
    for item in &used {
        let target = item.target.to_string();
        if let Some(&first) = spans.get(&(item.name.as_str(), target.clone())) {
            faults.push(said_twice(&format!("`use pack \"{}\" for {target}`", item.name), item.span, first));
        } else {
            spans.insert((item.name.as_str(), target), item.span);
        }
    }
    used.sort_by(|a, b| (&a.name, &a.target).cmp(&(&b.name, &b.target)));
    Some(used)
}

/// The duties of the packs in use, ascending by name: one for each pattern, of all kinds of entitlement that the pack is used for. What the
/// spec defines by the name of a pattern takes its place: packs are where a project starts.
pub(super) fn duties(context: &Context<'_>, used: &[PackUse]) -> Vec<Duties> {
    let mut duties: BTreeMap<&str, Duties> = BTreeMap::new();
    for item in used {
        let Some(pack) = packs::find(&item.name).filter(|pack| pack.kind == PackKind::Duties) else { continue };
        let patterns = pack.patterns.iter().filter(|pattern| !context.names.duties.contains_key(pattern.id.as_str()));
        for pattern in patterns {
            let all = duties.entry(&pattern.id).or_insert_with(|| pattern_duties(pack, pattern, item.span));
            for (side, of) in all.sides.iter_mut().zip(&pattern.sides) {
                side.access.entitlements.extend(of.any_of.iter().map(|value| EntitlementName {
                    kind: item.target.clone(),
                    value: value.clone(),
                    span: item.span,
                }));
            }
        }
    }
    duties.into_values().collect()
}

fn pattern_duties(pack: &Pack, pattern: &Pattern, span: Span) -> Duties {
    let side = |side: &packs::Side| DutySide { name: side.name.clone(), access: Access::default() };
    Duties {
        name: pattern.id.clone(),
        title: format!("one identity {}; risk: {}", pattern.title, pattern.risk),
        sides: pattern.sides.iter().map(side).collect(),
        at_most: u32::try_from(pattern.sides.len()).unwrap_or(u32::MAX).saturating_sub(1),
        per: DutyHolder::Identity,
        within: None,
        enforces: Vec::new(),
        owner: None,
        cites: vec![format!("pack `{}`, version {}: {}", pack.name, pack.version, pattern.source)],
        level: pack.level,
        waivable: true,
        pack: Some(pack.name.clone()),
        span,
    }
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
                let message = format!("the pack `{name}` speaks of `{target}`, which the schema does not have");
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
