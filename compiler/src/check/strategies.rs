//! `cluster using …`: the strategies of the language and their settings. What is not built yet is checked like the rest, so that a
//! spec does not have to be corrected twice, and then refused.

use adit_grammar::{Diagnostic, ast::ClusterUsing};

use super::{
    codes,
    context::{Context, Faults},
    defaults,
    settings::{self, Known, Read},
    suggest::{did_you_mean, list},
};
use crate::spec::Strategy;

/// What is left of a `cluster using` after its check.
pub(super) struct Checked {
    /// The strategy, when this version has it and its settings are right.
    pub(super) strategy: Option<Strategy>,
    /// A fixed number of roles, and where it was asked for.
    pub(super) roles: Option<(u32, adit_grammar::Span)>,
}

/// Checks a strategy and its settings.
pub(super) fn check(context: &Context<'_>, written: &ClusterUsing, faults: &mut Faults) -> Checked {
    let name = written.strategy.node.as_str();
    let Some(offered) = STRATEGIES.iter().find(|offered| offered.name == name) else {
        let names = || STRATEGIES.iter().map(|offered| offered.name);
        let help = did_you_mean(name, names(), || format!("this version has {}", list(built())));
        let message = format!("there is no strategy `{name}`");
        faults.push(Diagnostic::error(codes::UNKNOWN_STRATEGY, message, written.strategy.span, "unknown").help(help));
        return Checked { strategy: None, roles: None };
    };
    let before = faults.len();
    let what = format!("`{name}`");
    let read = settings::read(context, &what, offered.settings, &written.settings, faults);
    let roles = roles(&read, faults);
    let mut strategy = (offered.make)(&read, faults);
    if !offered.built {
        strategy = None;
        let message = format!("the strategy `{name}` is not built yet");
        faults.push(
            Diagnostic::error(codes::STRATEGY_NOT_BUILT, message, written.strategy.span, "parsed, and nothing more")
                .help(format!("this version has {}", list(built()))),
        );
    }
    Checked { strategy: strategy.filter(|_| faults.len() == before), roles }
}

/// The strategies that this version runs.
pub(super) fn built() -> impl Iterator<Item = &'static str> {
    STRATEGIES.iter().filter(|offered| offered.built).map(|offered| offered.name)
}

struct Offered {
    name: &'static str,
    built: bool,
    settings: &'static [Known],
    make: fn(&[Read<'_>], &mut Faults) -> Option<Strategy>,
}

/// Every strategy of the language, ascending by name.
const STRATEGIES: &[Offered] = &[
    Offered { name: "attributes", built: false, settings: ATTRIBUTES, make: numbers },
    Offered { name: "cobweb", built: false, settings: COBWEB, make: numbers },
    Offered { name: "cover", built: true, settings: COVER, make: cover },
    Offered { name: "em", built: false, settings: EM, make: numbers },
    Offered { name: "entitlement-overlap", built: true, settings: ENTITLEMENT_OVERLAP, make: entitlement_overlap },
    Offered { name: "hierarchy", built: false, settings: HIERARCHY, make: numbers },
    Offered { name: "similarity", built: false, settings: SIMILARITY, make: numbers },
];

const fn known(name: &'static str, forms: &'static [&'static str], example: &'static str) -> Known {
    Known { name, forms, example, built: true }
}

const ROLES: Known = known(
    "roles",
    &["roles auto , at most COUNT", "roles COUNT , at most COUNT", "roles auto", "roles COUNT", "roles at most COUNT"],
    "roles auto, at most 40",
);
const ITERATIONS: Known = known("iterations", &["iterations at most COUNT"], "iterations at most 100");
const SEED: Known = known("seed", &["seed NUMBER"], "seed 7");
const DETAIL: Known = known("detail", &["detail NUMBER"], "detail 1");

const ATTRIBUTES: &[Known] = &[ROLES, known("members", &["members at least COUNT"], "members at least 5")];
const COBWEB: &[Known] =
    &[known("acuity", &["acuity ANY"], "acuity 1.0"), known("cutoff", &["cutoff ANY"], "cutoff 0.002"), SEED, DETAIL];
const COVER: &[Known] = &[
    known("exact", &["exact"], "exact"),
    known("search", &["search at most COUNT nodes"], "search at most 1000000 nodes"),
    Known { name: "deviation", forms: &["deviation at most PERCENT"], example: "deviation at most 1%", built: false },
];
const EM: &[Known] = &[ROLES, ITERATIONS, SEED, DETAIL];
const ENTITLEMENT_OVERLAP: &[Known] = &[
    known("common", &["common at least PERCENT"], "common at least 50%"),
    known("identities", &["identities at least COUNT"], "identities at least 2"),
    known("entitlements", &["entitlements at least COUNT"], "entitlements at least 1"),
];
const HIERARCHY: &[Known] = &[known(
    "weights",
    &["weights NUMBER , NUMBER , NUMBER , NUMBER", "weights NUMBER , NUMBER , NUMBER , NUMBER , NUMBER"],
    "weights 1, 1, 1, 1",
)];
const SIMILARITY: &[Known] = &[
    known("alike", &["alike at least PERCENT"], "alike at least 80%"),
    known("members", &["members at least COUNT"], "members at least 5"),
    known("overlap", &["overlap at least COUNT"], "overlap at least 5"),
];

/// A fixed number of roles; reports one beyond its own limit.
fn roles(read: &[Read<'_>], faults: &mut Faults) -> Option<(u32, adit_grammar::Span)> {
    let roles = read.iter().find(|read| read.name == "roles")?;
    let fixed = roles.begins_with_value();
    let first = roles.count(0, faults)?;
    if roles.values() == 2 {
        let most = roles.count(1, faults)?;
        if first > most {
            let message = format!("{first} roles are more than the {most} allowed");
            faults.push(
                Diagnostic::error(codes::ROLES_CONTRADICTION, message, roles.value_span(0), "so many are asked for")
                    .label(roles.value_span(1), "and so many allowed")
                    .help("a fixed number needs no limit; `roles auto, at most …` lets the system choose"),
            );
        }
    }
    fixed.then(|| (first, roles.value_span(0)))
}

fn cover(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut max_nodes = Strategy::SEARCH_NODES;
    for setting in read {
        match setting.name {
            "search" => max_nodes = setting.count(0, faults)?.into(),
            "deviation" => {
                setting.percent(0, faults)?;
                return None;
            }
            _ => {}
        }
    }
    Some(Strategy::Cover { max_nodes })
}

fn entitlement_overlap(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    let mut strategy = defaults::ENTITLEMENT_OVERLAP;
    if let Strategy::EntitlementOverlap { common, min_identities, min_entitlements } = &mut strategy {
        for setting in read {
            match setting.name {
                "common" => *common = setting.percent(1, faults)?,
                "identities" => *min_identities = setting.count(0, faults)?,
                "entitlements" => *min_entitlements = setting.count(0, faults)?,
                _ => {}
            }
        }
    }
    Some(strategy)
}

/// The ranges of what is not built yet.
fn numbers(read: &[Read<'_>], faults: &mut Faults) -> Option<Strategy> {
    for setting in read {
        match setting.name {
            "detail" => {
                setting.number(0, -2..=2, faults);
            }
            "alike" => {
                setting.percent(1, faults);
            }
            "iterations" | "members" | "overlap" => {
                setting.count(0, faults);
            }
            _ => {}
        }
    }
    None
}
