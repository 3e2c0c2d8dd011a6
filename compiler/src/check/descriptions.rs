//! `describe by … { … }`: which attributes membership rules may speak of, and how good they must be.

use std::collections::BTreeMap;

use adit_grammar::{
    Diagnostic, Span,
    ast::{self, SettingPart},
};
use adit_snapshots::AttributeType;

use super::{
    codes,
    context::{Context, Faults, Subject},
    defaults,
    minings::{attributes, never_and_yet},
    settings::{self, Known, Read},
};
use crate::spec::{Describe, Percent, Pruning};

/// A resample of a hundred times the records is no better than one of three times, and takes longer.
const MOST_RESAMPLED: Percent = Percent(1_000_000);

const fn known(name: &'static str, forms: &'static [&'static str], example: &'static str) -> Known {
    Known { name, forms, example }
}

const DESCRIBE: &[Known] = &[
    known("confidence", &["confidence at least PERCENT"], "confidence at least 90%"),
    known("members", &["members at least COUNT"], "members at least 5"),
    known("clauses", &["clauses at most COUNT"], "clauses at most 12"),
    known("folds", &["folds COUNT"], "folds 3"),
    known("one row per", &["one row per identity", "one row per role"], "one row per identity"),
    known("prune", &["prune confidence PERCENT"], "prune confidence 25%"),
    known("resample", &["resample PERCENT"], "resample 300%"),
    known("seed", &["seed NUMBER"], "seed 7"),
    known("splits", &["splits binary"], "splits binary"),
    known("subtree raising", &["subtree raising"], "subtree raising"),
    known("unpruned", &["unpruned"], "unpruned"),
];

/// Checks a description. `never_by` are the attributes that must not shape roles.
pub(super) fn check(
    context: &Context<'_>,
    written: &ast::Describe,
    never_by: &BTreeMap<&str, Span>,
    faults: &mut Faults,
) -> Option<Describe> {
    let before = faults.len();
    let mut known = BTreeMap::new();
    attributes(context, "describe by", &written.by, &mut known, faults);
    for name in &written.by {
        faults.extend(too_personal(context, name, "a membership rule over", "would be a list of names"));
        if let Some(&never) = never_by.get(name.node.as_str()) {
            faults.push(never_and_yet(&name.node, "membership is described by it", name.span, never));
        }
    }
    let mut describe = defaults::describe(written.by.iter().map(|name| name.node.clone()).collect());
    let read = settings::read(context, "`describe`", DESCRIBE, &written.settings, faults);
    for setting in &read {
        let tree = &mut describe.tree;
        match setting.name {
            "confidence" => describe.confidence = setting.percent(1, faults).unwrap_or(describe.confidence),
            "members" => describe.min_members = setting.count(0, faults).unwrap_or(describe.min_members),
            "clauses" => describe.max_clauses = setting.count(0, faults).unwrap_or(describe.max_clauses),
            "one row per" => tree.per_role = setting.has_word("role"),
            "resample" => tree.resample = setting.percent_up_to(MOST_RESAMPLED, faults),
            "seed" => tree.seed = setting.number(0, 0..=i64::MAX, faults).map_or(tree.seed, i64::unsigned_abs),
            "splits" => tree.binary = true,
            _ => {}
        }
    }
    describe.tree.pruning = pruning(&read, describe.tree.pruning, faults);
    (faults.len() == before).then_some(describe)
}

/// Reports an id or a day, which says something of single people only. `what` goes by the attribute; `id` is what an id makes of it.
pub(super) fn too_personal(context: &Context<'_>, name: &ast::Text, what: &str, id: &str) -> Option<Diagnostic> {
    let why = match context.attribute_type(Subject::Identity, &name.node) {
        _ if name.node == "id" => id,
        Some(AttributeType::Date) => "would go by a day that hardly two people share",
        _ => return None,
    };
    let message = format!("{what} `{}` {why}", name.node);
    let fault = Diagnostic::error(codes::CANNOT_SHAPE, message, name.span, "too personal");
    Some(fault.help("name what people have in common: department, title, location"))
}

/// Whether records are drawn at random, to learn from or to prune by, and no seed is written.
pub(super) fn unseeded(written: &ast::Describe) -> bool {
    let says = |name: &str| {
        let begins = |part: &SettingPart| matches!(part, SettingPart::Word(word) if word.node == name);
        written.settings.iter().any(|setting| setting.parts.first().is_some_and(begins))
    };
    (says("resample") || says("folds")) && !says("seed")
}

/// What is pruned, and how. Ways that exclude each other are reported: one of them would have no effect.
fn pruning(read: &[Read<'_>], default: Pruning, faults: &mut Faults) -> Pruning {
    let said = |name: &str| read.iter().find(|setting| setting.name == name);
    let (confidence, folds) = (said("prune"), said("folds"));
    let (raising, unpruned) = (said("subtree raising"), said("unpruned"));
    let contradictions = [
        (unpruned, confidence, "a tree that is not pruned has no confidence to prune by"),
        (unpruned, folds, "a tree that is not pruned holds nothing out"),
        (unpruned, raising, "raising subtrees is pruning"),
        (folds, confidence, "a tree is pruned by what is held out, or by confidence"),
        (folds, raising, "subtrees are raised only where a tree is pruned by confidence"),
    ];
    for (one, other, message) in contradictions {
        let (Some(one), Some(other)) = (one, other) else { continue };
        faults.push(
            Diagnostic::error(codes::SETTINGS_EXCLUDE, message, *other.setting.span, format!("`{}`", other.name))
                .label(*one.setting.span, format!("and `{}`", one.name))
                .help(format!("remove `{}` or `{}`", other.name, one.name)),
        );
    }
    match (unpruned, folds, confidence.and_then(|setting| setting.percent(1, faults)), default) {
        (Some(_), ..) => Pruning::None,
        (None, Some(folds), ..) => {
            let read = folds.number(0, 2..=1_000, faults).and_then(|folds| u32::try_from(folds).ok());
            Pruning::HeldOut { folds: read.unwrap_or(2) }
        }
        (None, None, said, Pruning::Confidence { confidence, .. }) => {
            Pruning::Confidence { confidence: said.unwrap_or(confidence), raise: raising.is_some() }
        }
        (None, None, _, default) => default,
    }
}
