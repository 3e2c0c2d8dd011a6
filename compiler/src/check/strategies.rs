//! `cluster using …`: the strategies of the language and their settings, one file each.

mod attributes;
mod cobweb;
mod cover;
mod em;
mod entitlement_overlap;
mod hierarchy;
mod layers;
mod similarity;

use adit_grammar::{
    Diagnostic,
    ast::{ClusterUsing, SettingPart},
};

use super::{
    codes,
    context::{Context, Faults},
    settings::{self, Known, Read},
    suggest::{did_you_mean, list},
};
use crate::spec::Strategy;

/// Every strategy of the language, ascending by name.
const STRATEGIES: &[Offered] = &[
    attributes::OFFERED,
    cobweb::OFFERED,
    cover::OFFERED,
    em::OFFERED,
    entitlement_overlap::OFFERED,
    hierarchy::OFFERED,
    layers::OFFERED,
    similarity::OFFERED,
];

/// A strategy as the language has it.
struct Offered {
    name: &'static str,
    settings: &'static [Known],
    /// From settings, each of which reads like one of its forms, to the strategy; reports values that are wrong in themselves.
    make: Make,
}

type Make = fn(&[Read<'_>], &mut Faults) -> Option<Strategy>;

/// What is left of a `cluster using` after its check.
pub(super) struct Checked {
    /// The strategy, when this version has it and its settings are right.
    pub(super) strategy: Option<Strategy>,
    /// A fixed number of roles, and where it was asked for.
    pub(super) roles: Option<(u32, adit_grammar::Span)>,
    /// Whether clusters are drawn at random from a seed that is not written.
    pub(super) unseeded: bool,
}

/// Checks a strategy and its settings.
pub(super) fn check(context: &Context<'_>, written: &ClusterUsing, faults: &mut Faults) -> Checked {
    let name = written.strategy.node.as_str();
    let Some(offered) = STRATEGIES.iter().find(|offered| offered.name == name) else {
        let help = did_you_mean(name, names(), || format!("this version has {}", list(names())));
        let message = format!("there is no strategy `{name}`");
        faults.push(Diagnostic::error(codes::UNKNOWN_STRATEGY, message, written.strategy.span, "unknown").help(help));
        return Checked { strategy: None, roles: None, unseeded: false };
    };
    let before = faults.len();
    let what = format!("`{name}`");
    let read = settings::read(context, &what, offered.settings, &written.settings, faults);
    let roles = roles(&read, faults);
    let draws = offered.settings.iter().any(|setting| setting.name == SEED.name);
    let unseeded = draws && !read.iter().any(|setting| setting.name == SEED.name);
    let strategy = (offered.make)(&read, faults);
    Checked { strategy: strategy.filter(|_| faults.len() == before), roles, unseeded }
}

/// Why a strategy cannot do without `guided by`, as the end of a sentence; none where it can.
pub(super) fn needs_guides(written: &ClusterUsing, strategy: &Strategy) -> Option<&'static str> {
    let says = |word: &str| {
        written
            .settings
            .iter()
            .any(|setting| matches!(setting.parts.first(), Some(SettingPart::Word(first)) if first.node == word))
    };
    let weighs = || says("attributes").then_some("attributes are to weigh");
    strategy.needs_guides().or_else(weighs)
}

/// The names of all strategies.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    STRATEGIES.iter().map(|offered| offered.name)
}

const fn known(name: &'static str, forms: &'static [&'static str], example: &'static str) -> Known {
    Known { name, forms, example }
}

/// How many roles to find; for strategies that let people say.
const ROLES: Known = known(
    "roles",
    &["roles auto , at most COUNT", "roles COUNT , at most COUNT", "roles auto", "roles COUNT", "roles at most COUNT"],
    "roles auto, at most 40",
);
const ITERATIONS: Known = known("iterations", &["iterations at most COUNT"], "iterations at most 100");
const SEED: Known = known("seed", &["seed NUMBER"], "seed 7");
const DETAIL: Known = known("detail", &["detail NUMBER"], "detail 1");

fn seed(setting: &Read<'_>, faults: &mut Faults) -> Option<u64> {
    u64::try_from(setting.number(0, 0..=i64::MAX, faults)?).ok()
}

fn detail(setting: &Read<'_>, faults: &mut Faults) -> Option<i8> {
    i8::try_from(setting.number(0, -2..=2, faults)?).ok()
}

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
