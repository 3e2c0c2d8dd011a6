//! `adit.lint/1`: findings, for machines. Documented in `docs/formats.md`.

use std::collections::BTreeMap;

use adit_compiler::compile::Compilation;
use adit_rules::{Confidence, Evidence, Finding, Linted, Node, Severity, Suppressed, Suppression};
use adit_snapshots::Digest;
use jiff::civil::Date;
use serde::Serialize;

use super::names::Names;
use crate::project::{SpecPlace, Specs};

/// Everything a report on findings needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LintReport<'a> {
    /// The project's name.
    pub(crate) project: &'a str,
    /// What was linted.
    pub(crate) compilation: &'a Compilation<'a>,
    /// What was found.
    pub(crate) linted: &'a Linted,
    /// The specs, for places.
    pub(crate) specs: &'a Specs,
    /// How people are called.
    pub(crate) names: &'a Names<'a>,
}

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Tally {
    /// Those that fail.
    pub(crate) errors: u64,
    /// Those that deserve a look.
    pub(crate) warnings: u64,
    /// Those that are good to know.
    pub(crate) infos: u64,
    /// Those that someone took responsibility for.
    pub(crate) waived: u64,
}

impl Tally {
    /// Counts.
    pub(crate) fn of(linted: &Linted) -> Self {
        let mut tally = Self { waived: linted.waived.len() as u64, ..Self::default() };
        for finding in &linted.findings {
            match finding.severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Info => tally.infos += 1,
            }
        }
        tally
    }
}

/// The whole document, ended by a newline.
pub(crate) fn render(report: &LintReport<'_>) -> String {
    let document = Document {
        schema: "adit.lint/1",
        adit: env!("CARGO_PKG_VERSION"),
        project: report.project,
        as_of: report.compilation.as_of,
        data: report.compilation.snapshot.digest.whole,
        names: if report.names.hides() { "pseudonyms" } else { "revealed" },
        summary: Tally::of(report.linted),
        findings: report.linted.findings.iter().map(|found| finding(report, found)).collect(),
        waived: report.linted.waived.iter().map(|found| waived(report, found)).collect(),
    };
    super::json(&document)
}

/// The word for a severity.
pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn finding<'a>(report: &LintReport<'a>, finding: &'a Finding) -> FindingDocument<'a> {
    let names = report.names;
    let parts = names.subject(&finding.subject);
    FindingDocument {
        rule: finding.rule.code,
        name: finding.rule.name,
        level: level(finding.severity),
        confidence: match finding.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        },
        fingerprint: names.fingerprint(finding.fingerprint(report.compilation.snapshot)),
        subject: SubjectDocument { kind: finding.subject.kind(), parts: parts.into_iter().collect() },
        entitlements: finding.entitlements.iter().map(|&held| names.entitlement(held)).collect(),
        message: names.phrase(&finding.message),
        evidence: finding.evidence.iter().map(|row| evidence(names, row)).collect(),
        help: &finding.help,
        references: finding.rule.references,
        place: finding.span.and_then(|span| report.specs.place(span)),
    }
}

fn waived<'a>(report: &LintReport<'a>, suppressed: &'a Suppressed) -> WaivedDocument<'a> {
    let (compilation, by) = (report.compilation, suppressed.by);
    WaivedDocument {
        finding: finding(report, &suppressed.finding),
        waived_by: ResponsibleDocument {
            kind: match by {
                Suppression::Waiver(_) => "waiver",
                Suppression::Acceptance(_) => "acceptance",
            },
            title: by.title(compilation),
            because: by.reason(compilation),
            owner: by.owner(compilation),
            until: by.until(compilation),
        },
    }
}

fn evidence<'a>(names: &Names<'_>, evidence: &'a Evidence) -> EvidenceDocument<'a> {
    match evidence {
        Evidence::Path(nodes) => EvidenceDocument::Path { steps: nodes.iter().map(|step| node(names, step)).collect() },
        Evidence::Witness(identity) => EvidenceDocument::Witness { identity: names.identity(*identity) },
        Evidence::Count { what, part, of } => EvidenceDocument::Count { what, part: *part, of: *of },
        Evidence::Support { entitlement, held, of } => {
            EvidenceDocument::Support { entitlement: names.entitlement(*entitlement), held: *held, of: *of }
        }
        Evidence::Row { file, row, column } => EvidenceDocument::Row { file, row: *row, column: column.as_deref() },
        Evidence::Note(phrase) => EvidenceDocument::Note { text: names.phrase(phrase) },
    }
}

fn node(names: &Names<'_>, node: &Node) -> StepDocument {
    let (kind, name) = match node {
        Node::Text(text) => ("text", text.clone()),
        Node::Identity(identity) => ("identity", names.identity(*identity)),
        Node::Account(account) => ("account", names.account(account)),
        Node::Group(group) => ("group", group.clone()),
        Node::Entitlement(entitlement) => ("entitlement", names.entitlement(*entitlement)),
        Node::Role(role) => ("role", role.clone()),
        Node::ExistingRole(role) => ("existing_role", role.clone()),
        Node::Duties(duties) => ("duties", duties.clone()),
        Node::Exception(exception) => ("exception", exception.clone()),
        Node::Person(person) => ("person", names.person(person)),
    };
    StepDocument { kind, name }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    adit: &'static str,
    project: &'a str,
    as_of: Date,
    data: Digest,
    names: &'static str,
    summary: Tally,
    findings: Vec<FindingDocument<'a>>,
    waived: Vec<WaivedDocument<'a>>,
}

#[derive(Serialize)]
struct FindingDocument<'a> {
    rule: &'static str,
    name: &'static str,
    level: &'static str,
    confidence: &'static str,
    fingerprint: String,
    subject: SubjectDocument,
    entitlements: Vec<String>,
    message: String,
    evidence: Vec<EvidenceDocument<'a>>,
    help: &'a str,
    references: &'static [&'static str],
    place: Option<SpecPlace>,
}

#[derive(Serialize)]
struct SubjectDocument {
    kind: &'static str,
    #[serde(flatten)]
    parts: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct WaivedDocument<'a> {
    #[serde(flatten)]
    finding: FindingDocument<'a>,
    waived_by: ResponsibleDocument<'a>,
}

#[derive(Serialize)]
struct ResponsibleDocument<'a> {
    kind: &'static str,
    title: String,
    because: &'a str,
    owner: &'a str,
    until: Option<Date>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum EvidenceDocument<'a> {
    Path { steps: Vec<StepDocument> },
    Witness { identity: String },
    Count { what: &'static str, part: u64, of: Option<u64> },
    Support { entitlement: String, held: u64, of: u64 },
    Row { file: &'a str, row: Option<u64>, column: Option<&'a str> },
    Note { text: String },
}

#[derive(Serialize)]
struct StepDocument {
    kind: &'static str,
    name: String,
}
