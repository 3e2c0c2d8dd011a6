//! `adit.lint/1`: findings, for machines. Documented in `docs/formats.md`.

use adit_compiler::compile::Compilation;
use adit_rules::{Confidence, Evidence, Finding, Linted, Node, Severity, Suppressed, Suppression};
use serde_json::{Value, json};

use super::names::Names;
use crate::project::Specs;

/// The name of the format.
pub(crate) const SCHEMA: &str = "adit.lint/1";

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
pub(crate) fn render(report: &LintReport<'_>) -> Vec<u8> {
    let tally = Tally::of(report.linted);
    let document = json!({
        "schema": SCHEMA,
        "adit": env!("CARGO_PKG_VERSION"),
        "project": report.project,
        "as_of": report.compilation.as_of,
        "data": report.compilation.snapshot.digest.whole,
        "names": if report.names.hides() { "pseudonyms" } else { "revealed" },
        "summary": {
            "errors": tally.errors, "warnings": tally.warnings, "infos": tally.infos, "waived": tally.waived,
        },
        "findings": report.linted.findings.iter().map(|found| finding(report, found)).collect::<Vec<_>>(),
        "waived": report.linted.waived.iter().map(|found| waived(report, found)).collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The word for a severity.
pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn finding(report: &LintReport<'_>, finding: &Finding) -> Value {
    let names = report.names;
    let mut subject: serde_json::Map<_, _> =
        names.subject(&finding.subject).into_iter().map(|(kind, name)| (kind.to_owned(), json!(name))).collect();
    subject.insert("kind".to_owned(), json!(finding.subject.kind()));
    json!({
        "rule": finding.rule.code,
        "name": finding.rule.name,
        "level": level(finding.severity),
        "confidence": match finding.confidence {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
            Confidence::High => "high",
        },
        "fingerprint": names.fingerprint(finding.fingerprint(report.compilation.snapshot)),
        "subject": subject,
        "entitlements": finding.entitlements.iter().map(|&held| names.entitlement(held)).collect::<Vec<_>>(),
        "message": names.phrase(&finding.message),
        "evidence": finding.evidence.iter().map(|row| evidence(names, row)).collect::<Vec<_>>(),
        "help": finding.help,
        "references": finding.rule.references,
        "place": finding.span.and_then(|span| report.specs.place(span)).map(|place| {
            json!({ "file": place.file, "line": place.line, "column": place.column })
        }),
    })
}

fn waived(report: &LintReport<'_>, suppressed: &Suppressed) -> Value {
    let mut value = finding(report, &suppressed.finding);
    let (compilation, by) = (report.compilation, suppressed.by);
    if let Some(fields) = value.as_object_mut() {
        fields.insert(
            "waived_by".to_owned(),
            json!({
                "kind": match by {
                    Suppression::Waiver(_) => "waiver",
                    Suppression::Acceptance(_) => "acceptance",
                },
                "title": by.title(compilation),
                "because": by.reason(compilation),
                "owner": report.names.person(by.owner(compilation)),
                "until": by.until(compilation),
            }),
        );
    }
    value
}

fn evidence(names: &Names<'_>, evidence: &Evidence) -> Value {
    match evidence {
        Evidence::Path(nodes) => {
            json!({ "kind": "path", "steps": nodes.iter().map(|step| node(names, step)).collect::<Vec<_>>() })
        }
        Evidence::Witness(identity) => json!({ "kind": "witness", "identity": names.identity(*identity) }),
        Evidence::Count { what, part, of } => json!({ "kind": "count", "what": what, "part": part, "of": of }),
        Evidence::Support { entitlement, held, of } => {
            json!({ "kind": "support", "entitlement": names.entitlement(*entitlement), "held": held, "of": of })
        }
        Evidence::Row { file, row, column } => json!({ "kind": "row", "file": file, "row": row, "column": column }),
        Evidence::Note(phrase) => json!({ "kind": "note", "text": names.phrase(phrase) }),
    }
}

fn node(names: &Names<'_>, node: &Node) -> Value {
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
    json!({ "kind": kind, "name": name })
}
