//! `adit.lint/1`: findings, for machines. Documented in `docs/formats.md`.

use std::collections::BTreeMap;

use adit_snapshots::Digest;
use jiff::civil::Date;
use serde::Serialize;

use crate::{
    baseline::{Entry, Written},
    output,
    persona::Persona,
    report::{
        self, Against, BaselineState, Finding, Known, Place, Proof, Report, Responsible, Tally, WaiverTally, Word,
    },
};

/// The whole document, ended by a newline.
pub(super) fn render(report: &Report) -> String {
    output::json(&Document {
        schema: "adit.lint/1",
        adit: env!("CARGO_PKG_VERSION"),
        project: &report.project,
        as_of: report.as_of,
        data: report.data,
        names: if report.hides { "pseudonyms" } else { "revealed" },
        key: report.key.as_deref(),
        persona: report.persona,
        summary: report.tally(),
        findings: report.findings.iter().map(finding).collect(),
        waived: report.waived.iter().map(|(found, by)| waived(found, by)).collect(),
        waivers: report.waivers,
        baseline: report.known.as_ref().map(baseline),
        against: report.against.as_ref(),
    })
}

fn finding(finding: &Finding) -> FindingDocument<'_> {
    FindingDocument {
        rule: finding.rule.code,
        name: finding.rule.name,
        level: report::level(finding.severity),
        confidence: report::confidence(finding.confidence),
        verdict: report::verdict(finding.verdict),
        fingerprint: &finding.fingerprint,
        baseline: finding.baseline.map(BaselineState::word),
        subject: SubjectDocument {
            kind: finding.subject.kind,
            parts: finding.subject.parts.iter().map(|(kind, name)| (*kind, name.as_str())).collect(),
        },
        entitlements: &finding.entitlements,
        message: finding.message.text(),
        evidence: finding.evidence.iter().map(evidence).collect(),
        help: &finding.help,
        references: finding.rule.references,
        place: finding.place.as_ref().map(place),
    }
}

fn waived<'a>(found: &'a Finding, by: &'a Responsible) -> WaivedDocument<'a> {
    WaivedDocument {
        finding: finding(found),
        waived_by: ResponsibleDocument {
            kind: by.kind,
            title: &by.title,
            because: &by.because,
            owner: &by.owner,
            until: by.until,
        },
    }
}

fn baseline(known: &Known) -> BaselineDocument<'_> {
    BaselineDocument {
        findings: known
            .findings
            .iter()
            .map(|(found, since)| BaselinedDocument { finding: finding(found), since: *since })
            .collect(),
        old: known.old,
        gone: &known.gone,
        refused: known.refused,
        written: known.written,
    }
}

fn evidence(proof: &Proof) -> EvidenceDocument<'_> {
    match proof {
        Proof::Path(steps) => EvidenceDocument::Path { steps: steps.iter().map(step).collect() },
        Proof::Witness(identity) => EvidenceDocument::Witness { identity },
        Proof::Count { what, part, of } => EvidenceDocument::Count { what, part: *part, of: *of },
        Proof::Support { entitlement, held, of } => EvidenceDocument::Support { entitlement, held: *held, of: *of },
        Proof::Row { file, row, column } => EvidenceDocument::Row { file, row: *row, column: column.as_deref() },
        Proof::Through(holder, sentence) => EvidenceDocument::Through { through: step(holder), text: sentence.text() },
        Proof::Note(sentence) => EvidenceDocument::Note { text: sentence.text() },
    }
}

fn step(word: &Word) -> StepDocument<'_> {
    StepDocument { kind: word.kind.word(), name: &word.name }
}

fn place(place: &Place) -> PlaceDocument<'_> {
    PlaceDocument {
        file: &place.file,
        line: place.line,
        column: place.column,
        end_line: place.end_line,
        end_column: place.end_column,
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    adit: &'static str,
    project: &'a str,
    as_of: Date,
    data: Digest,
    names: &'static str,
    key: Option<&'a str>,
    persona: Persona,
    summary: Tally,
    findings: Vec<FindingDocument<'a>>,
    waived: Vec<WaivedDocument<'a>>,
    waivers: WaiverTally,
    baseline: Option<BaselineDocument<'a>>,
    against: Option<&'a Against>,
}

#[derive(Serialize)]
struct BaselineDocument<'a> {
    findings: Vec<BaselinedDocument<'a>>,
    old: u64,
    gone: &'a [Entry],
    refused: u64,
    written: Option<Written>,
}

#[derive(Serialize)]
struct BaselinedDocument<'a> {
    #[serde(flatten)]
    finding: FindingDocument<'a>,
    since: Date,
}

#[derive(Serialize)]
struct FindingDocument<'a> {
    rule: &'static str,
    name: &'static str,
    level: &'static str,
    confidence: &'static str,
    verdict: &'static str,
    fingerprint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'static str>,
    subject: SubjectDocument<'a>,
    entitlements: &'a [String],
    message: String,
    evidence: Vec<EvidenceDocument<'a>>,
    help: &'a str,
    references: &'static [&'static str],
    place: Option<PlaceDocument<'a>>,
}

#[derive(Serialize)]
struct SubjectDocument<'a> {
    kind: &'static str,
    #[serde(flatten)]
    parts: BTreeMap<&'static str, &'a str>,
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
    title: &'a str,
    because: &'a str,
    owner: &'a str,
    until: Option<Date>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum EvidenceDocument<'a> {
    Path { steps: Vec<StepDocument<'a>> },
    Witness { identity: &'a str },
    Count { what: &'static str, part: u64, of: Option<u64> },
    Support { entitlement: &'a str, held: u64, of: u64 },
    Row { file: &'a str, row: Option<u64>, column: Option<&'a str> },
    Through { through: StepDocument<'a>, text: String },
    Note { text: String },
}

#[derive(Serialize)]
struct StepDocument<'a> {
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
struct PlaceDocument<'a> {
    file: &'a str,
    line: u64,
    column: u64,
    end_line: u64,
    end_column: u64,
}
