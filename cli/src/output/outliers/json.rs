//! Who does not look like their peers, for machines: `adit.outliers/1`. Documented in `docs/formats.md`.

use adit_compiler::{
    matrix::AccessMatrix,
    outliers::{Compared, Held, Lines, Population},
    spec::{Percent, Strategy},
};
use serde::Serialize;

use crate::output;

use super::{Peers, Report};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    adit: &'static str,
    of: &'a str,
    data: String,
    names: &'static str,
    settings: Settings<'a>,
    populations: Vec<PopulationDocument<'a>>,
}

#[derive(Serialize)]
struct Settings<'a> {
    by: &'a [String],
    strategy: Option<&'a Strategy>,
    score: Option<Percent>,
    #[serde(flatten)]
    lines: Lines,
}

#[derive(Serialize)]
struct PopulationDocument<'a> {
    name: &'a str,
    strategy: Option<&'a Strategy>,
    identities: usize,
    entitlements: usize,
    assignments: usize,
    compared: usize,
    outliers: Vec<Outlier>,
    without_peers: Vec<Alone>,
}

#[derive(Serialize)]
struct Outlier {
    identity: String,
    score: Percent,
    /// From which score on somebody stands out in this group.
    stands_out_from: Option<Percent>,
    differ: u64,
    either: u64,
    peers: u32,
    usual: Vec<String>,
    unusual: Vec<HeldDocument>,
    missing: Vec<HeldDocument>,
}

#[derive(Serialize)]
struct HeldDocument {
    entitlement: String,
    by: u32,
}

#[derive(Serialize)]
struct Alone {
    identity: String,
    because: String,
}

/// The whole document, ended by a newline.
pub(crate) fn render(report: &Report<'_>) -> String {
    let (by, strategy): (&[String], _) = match report.peers {
        Peers::By(by) => (by, None),
        Peers::Mined(_) => (&[], None),
        Peers::Using(strategy) => (&[], Some(strategy)),
    };
    output::json(&Document {
        schema: "adit.outliers/1",
        adit: env!("CARGO_PKG_VERSION"),
        of: &report.title,
        data: report.snapshot.digest.whole.to_string(),
        names: if report.names.is_some_and(|names| names.hides()) { "pseudonyms" } else { "revealed" },
        settings: Settings { by, strategy, score: report.score, lines: report.lines },
        populations: report.populations.iter().map(|population| of(report, population)).collect(),
    })
}

fn of<'a>(report: &Report<'a>, population: &'a Population) -> PopulationDocument<'a> {
    let matrix = &population.matrix;
    let strategy = match report.peers {
        Peers::Mined(spec) => spec.minings.get(population.mining).map(|mining| &mining.strategy),
        Peers::By(_) | Peers::Using(_) => None,
    };
    let mut without_peers: Vec<(String, String)> = population
        .outliers
        .without_peers
        .iter()
        .map(|&row| (report.identity(matrix, row), report.why_alone(population, row)))
        .collect();
    without_peers.sort_unstable();
    PopulationDocument {
        name: &population.name,
        strategy,
        identities: matrix.height(),
        entitlements: matrix.width(),
        assignments: matrix.assignments(),
        compared: population.outliers.compared.len(),
        outliers: report.listed(population).into_iter().map(|one| outlier(report, population, one)).collect(),
        without_peers: without_peers.into_iter().map(|(identity, because)| Alone { identity, because }).collect(),
    }
}

fn outlier(report: &Report<'_>, population: &Population, one: &Compared) -> Outlier {
    let matrix = &population.matrix;
    let usual = population.outliers.usual.get(one.group as usize);
    Outlier {
        identity: report.identity(matrix, one.row),
        score: one.score(),
        stands_out_from: population.outliers.stands_out.get(one.group as usize).copied(),
        differ: one.differ,
        either: one.either,
        peers: one.peers,
        usual: usual.into_iter().flatten().map(|&column| report.entitlement(matrix, column)).collect(),
        unusual: held(report, matrix, &one.unusual),
        missing: held(report, matrix, &one.missing),
    }
}

fn held(report: &Report<'_>, matrix: &AccessMatrix, list: &[Held]) -> Vec<HeldDocument> {
    let named = |held: &Held| HeldDocument { entitlement: report.entitlement(matrix, held.column), by: held.by };
    list.iter().map(named).collect()
}
