//! `describe by … { … }`: which attributes membership rules may speak of, and how good they must be.

use std::collections::BTreeMap;

use adit_grammar::{Diagnostic, Span, ast};
use adit_snapshots::AttributeType;

use super::{
    codes,
    context::{Context, Faults, Subject},
    defaults,
    minings::{attributes, never_and_yet},
    settings::{self, Known},
};
use crate::spec::Describe;

const fn later(name: &'static str, forms: &'static [&'static str], example: &'static str) -> Known {
    Known { name, forms, example, built: false }
}

const DESCRIBE: &[Known] = &[
    Known {
        name: "confidence",
        forms: &["confidence at least PERCENT"],
        example: "confidence at least 90%",
        built: true,
    },
    Known { name: "members", forms: &["members at least COUNT"], example: "members at least 5", built: true },
    later("folds", &["folds COUNT"], "folds 3"),
    later("one row per identity", &["one row per identity"], "one row per identity"),
    later("prune", &["prune confidence PERCENT"], "prune confidence 25%"),
    later("resample", &["resample PERCENT"], "resample 300%"),
    later("seed", &["seed NUMBER"], "seed 7"),
    later("splits", &["splits binary"], "splits binary"),
    later("subtree raising", &["subtree raising"], "subtree raising"),
    later("unpruned", &["unpruned"], "unpruned"),
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
        let kind = context.attribute_type(Subject::Identity, &name.node);
        let why = match kind {
            _ if name.node == "id" => "would be a list of names",
            Some(AttributeType::Date) => "is a date: hardly two people share one",
            _ => "",
        };
        if !why.is_empty() {
            let message = format!("a membership rule over `{}` {why}", name.node);
            faults.push(
                Diagnostic::error(codes::CANNOT_SHAPE, message, name.span, "too personal")
                    .help("describe roles by what people have in common: department, title, location"),
            );
        }
        if let Some(&never) = never_by.get(name.node.as_str()) {
            faults.push(never_and_yet(&name.node, "membership is described by it", name.span, never));
        }
    }
    let mut describe = defaults::describe(written.by.iter().map(|name| name.node.clone()).collect());
    for setting in settings::read(context, "`describe`", DESCRIBE, &written.settings, faults) {
        match setting.name {
            "confidence" => describe.confidence = setting.percent(1, faults).unwrap_or(describe.confidence),
            "members" => describe.min_members = setting.count(0, faults).unwrap_or(describe.min_members),
            _ => {}
        }
    }
    (faults.len() == before).then_some(describe)
}
