//! `adit.build/1`: what a build did, for machines. Documented in `docs/formats.md`.

use serde::Serialize;

use adit_compiler::{derivation::LeftAloneRecord, learn::Learnability, measures::Measures, quality::Quality};
use adit_snapshots::Digest;
use jiff::civil::Date;

use super::BuildReport;
use crate::{
    output::{
        self,
        changed::{self, Changed},
    },
    report::Tally,
};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    adit: &'static str,
    project: &'a str,
    as_of: Date,
    data: Digest,
    derivation: Option<Digest>,
    populations: Vec<Population<'a>>,
    findings: Tally,
    failed_expectations: Vec<Expectation<'a>>,
    emitted: Vec<Emitted<'a>>,
    withheld: Vec<WithheldRole<'a>>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct Population<'a> {
    name: &'a str,
    identities: usize,
    entitlements: usize,
    measures: &'a Measures,
    quality: Option<&'a Quality>,
    learnability: Option<&'a Learnability<String>>,
    /// Existing roles that were judged, and those that nothing is proposed for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    existing_roles: Vec<Changed<'a>>,
    #[serde(skip_serializing_if = "<[LeftAloneRecord]>::is_empty")]
    left_alone: &'a [LeftAloneRecord],
}

#[derive(Serialize)]
struct Expectation<'a> {
    title: &'a str,
    because: &'a str,
}

#[derive(Serialize)]
struct Emitted<'a> {
    id: &'a str,
    handle: &'a str,
    name: &'a str,
    content: Digest,
    members: usize,
    entitlements: usize,
}

#[derive(Serialize)]
struct WithheldRole<'a> {
    id: &'a str,
    handle: &'a str,
    content: Option<Digest>,
    missing: Vec<String>,
}

/// The whole document, ended by a newline.
pub(crate) fn render(report: &BuildReport<'_>) -> String {
    let compilation = report.compilation;
    let document = Document {
        schema: "adit.build/1",
        adit: env!("CARGO_PKG_VERSION"),
        project: &report.lint.project,
        as_of: compilation.as_of,
        data: compilation.snapshot.digest.whole,
        derivation: report.derivation.digest,
        populations: compilation
            .populations
            .iter()
            .zip(&report.derivation.populations)
            .map(|(population, record)| Population {
                name: &population.name,
                identities: population.matrix.height(),
                entitlements: population.matrix.width(),
                measures: &population.measures,
                quality: population.quality.as_ref(),
                learnability: record.learnability.as_ref(),
                existing_roles: changed::of_records(&report.derivation.roles, &record.name),
                left_alone: &record.left_alone,
            })
            .collect(),
        findings: report.lint.tally(),
        failed_expectations: compilation
            .failed_expectations
            .iter()
            .map(|(index, because)| Expectation {
                title: compilation.spec.expectations.get(*index).map_or("", |expectation| &expectation.title),
                because,
            })
            .collect(),
        emitted: report
            .provisioning
            .roles
            .iter()
            .map(|role| Emitted {
                id: &role.id.0,
                handle: &role.handle,
                name: &role.name,
                content: role.content,
                members: role.members.len(),
                entitlements: role.entitlements.len(),
            })
            .collect(),
        withheld: report
            .withheld
            .iter()
            .map(|role| WithheldRole {
                id: &role.id.0,
                handle: &role.handle,
                content: compilation.statuses.get(role.role).map(|status| status.content),
                missing: role.missing.iter().map(ToString::to_string).collect(),
            })
            .collect(),
        files: report.files.iter().map(|path| path.display().to_string()).collect(),
    };
    output::json(&document)
}
