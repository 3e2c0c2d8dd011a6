//! `adit.sweep/1`: the stability curve, for machines. Documented in `docs/formats.md`.

use adit_compiler::{
    measures::Baselines,
    spec::Percent,
    sweep::{Curve, Step},
};
use adit_snapshots::Digest;
use serde::Serialize;

use crate::output;

use super::Swept;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    adit: &'static str,
    project: &'a str,
    data: Digest,
    threshold: &'static str,
    unit: &'static str,
    from: u32,
    to: u32,
    step: u32,
    populations: Vec<Population<'a>>,
}

#[derive(Serialize)]
struct Population<'a> {
    mining: &'a str,
    name: &'a str,
    identities: usize,
    entitlements: usize,
    assignments: usize,
    own: Option<u32>,
    baselines: Option<&'a Baselines>,
    steps: Vec<StepDocument>,
}

#[derive(Serialize)]
struct StepDocument {
    value: u32,
    own: bool,
    roles: u64,
    covered: u64,
    coverage: Percent,
    over_grants: u64,
    individual: u64,
    wsc: u64,
    survived: Option<u64>,
    survived_of: Option<u64>,
    survived_share: Option<Percent>,
}

/// The whole document, ended by a newline.
pub(crate) fn render(swept: &Swept) -> String {
    let threshold = swept.range.threshold();
    let (from, to, step) = swept.range.bounds();
    output::json(&Document {
        schema: "adit.sweep/1",
        adit: env!("CARGO_PKG_VERSION"),
        project: &swept.project,
        data: swept.data,
        threshold: threshold.name(),
        unit: if threshold.is_share() { "basis-points" } else { "members" },
        from,
        to,
        step,
        populations: swept.curves.iter().map(|(mining, curve)| population(mining, curve)).collect(),
    })
}

fn population<'a>(mining: &'a str, curve: &'a Curve) -> Population<'a> {
    let (identities, entitlements, assignments) = curve.size;
    Population {
        mining,
        name: &curve.name,
        identities,
        entitlements,
        assignments,
        own: curve.own,
        baselines: curve.steps.first().map(|step| &step.measures.baselines),
        steps: curve.steps.iter().map(|step| of_step(curve, step)).collect(),
    }
}

fn of_step(curve: &Curve, step: &Step) -> StepDocument {
    let measures = &step.measures;
    StepDocument {
        value: step.value,
        own: curve.own == Some(step.value),
        roles: measures.roles,
        covered: measures.covered,
        coverage: measures.coverage,
        over_grants: measures.over_grants,
        individual: measures.under_grants,
        wsc: measures.wsc,
        survived: step.survived.map(|survived| survived.roles),
        survived_of: step.survived.map(|survived| survived.of),
        survived_share: step.survived.and_then(|survived| survived.share()),
    }
}
