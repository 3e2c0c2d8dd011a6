//! What the linter found, named and ordered once: all that any format is given.
//!
//! Here people become pseudonyms, so that no format can show a name by mistake; places become paths; and everything is put in an order
//! that depends on nothing but what is shown.

use std::{cmp::Reverse, collections::BTreeMap};

use adit_compiler::compile::Compilation;
use adit_rules::{Confidence, Linted, Rule, Severity, Verdict};
use adit_snapshots::Digest;
use jiff::civil::Date;
use serde::Serialize;

mod finding;
mod known;
mod place;
mod waivers;
mod words;

pub(crate) use known::{Against, Known};
pub(crate) use place::{Paths, Place};
pub(crate) use waivers::WaiverTally;
pub(crate) use words::{Kind, Proof, Sentence, Word};

use crate::{baseline::Held, persona::Persona, privacy::Names, project::Specs};

/// A report on a project.
#[derive(Debug)]
pub(crate) struct Report {
    /// The project's name.
    pub(crate) project: String,
    /// The day that waivers, exceptions and approvals were held against.
    pub(crate) as_of: Date,
    /// Whether that is the day of the snapshot.
    pub(crate) of_the_data: bool,
    /// The digest of the snapshot.
    pub(crate) data: Digest,
    /// Whether people are shown by pseudonym.
    pub(crate) hides: bool,
    /// What the key of pseudonyms and fingerprints is called; nothing where it is only the project's name.
    pub(crate) key: Option<String>,
    /// Who it is for.
    pub(crate) persona: Persona,
    /// Findings that stand and that the persona is shown: errors first, then by rule, subject and entitlements.
    pub(crate) findings: Vec<Finding>,
    /// Findings that somebody took responsibility for, in the same order.
    pub(crate) waived: Vec<(Finding, Responsible)>,
    /// Warnings and remarks that the persona is not shown.
    hidden: Vec<Finding>,
    /// How many waivers and acceptances there are.
    pub(crate) waivers: WaiverTally,
    /// What the baseline keeps back, if there is one.
    pub(crate) known: Option<Known>,
    /// How what was found compares with an earlier revision, if that was asked.
    pub(crate) against: Option<Against>,
}

/// A finding, ready to be shown.
#[derive(Debug)]
pub(crate) struct Finding {
    /// The rule that found it.
    pub(crate) rule: &'static Rule,
    /// How bad it is. An error fails.
    pub(crate) severity: Severity,
    /// How sure the rule is.
    pub(crate) confidence: Confidence,
    /// Whether the claim is not met, or nobody can know.
    pub(crate) verdict: Verdict,
    /// 16 hex digits that stay the same while the finding is about the same.
    pub(crate) fingerprint: String,
    /// What it is about.
    pub(crate) subject: Subject,
    /// The entitlements that are part of what it is.
    pub(crate) entitlements: Vec<String>,
    /// What is wrong, in one sentence.
    pub(crate) message: Sentence,
    /// What proves it, most convincing first.
    pub(crate) evidence: Vec<Proof>,
    /// What to do.
    pub(crate) help: String,
    /// Where in the spec it is written, if it is about something written there.
    pub(crate) place: Option<Place>,
    /// Where to show it in a tool that needs a file for everything: the spec, a row of the data, or `adit.toml`.
    pub(crate) anchor: Place,
    /// How it stands to the baseline, where there is one.
    pub(crate) baseline: Option<BaselineState>,
}

/// What a finding is about: its kind, and its parts as kind and name. The order is the order of reports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    /// `role`, `conflict`, …
    pub(crate) kind: &'static str,
    /// `role` `r-1234`, …
    pub(crate) parts: Vec<(&'static str, String)>,
}

/// How a finding stands to a baseline. One that is gone is no finding: it is an entry of [`Known::gone`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BaselineState {
    /// Not in the baseline.
    New,
    /// In the baseline too.
    Unchanged,
}

impl BaselineState {
    /// The word for it in machine formats; SARIF has the same.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Who took responsibility for a finding, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Responsible {
    /// `waiver` or `acceptance`.
    pub(crate) kind: &'static str,
    /// `waiver W-012`
    pub(crate) title: String,
    /// The reason that was given.
    pub(crate) because: String,
    /// Who answers for it.
    pub(crate) owner: String,
    /// The last day it holds.
    pub(crate) until: Option<Date>,
}

impl Responsible {
    /// ` until 2026-12-31`, where it has an end.
    pub(crate) fn ending(&self) -> String {
        self.until.map(|day| format!(" until {day}")).unwrap_or_default()
    }
}

/// How many findings there are.
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
    /// Those that the baseline keeps back.
    pub(crate) baselined: u64,
    /// Warnings and remarks that the persona is not shown.
    pub(crate) hidden: u64,
}

/// Everything a report is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sources<'a> {
    /// The project's name.
    pub(crate) project: &'a str,
    /// What was linted.
    pub(crate) compilation: &'a Compilation<'a>,
    /// What was found.
    pub(crate) linted: &'a Linted,
    /// The specs, for places.
    pub(crate) specs: &'a Specs,
    /// How files are called.
    pub(crate) paths: &'a Paths,
    /// The snapshot's folder within the project.
    pub(crate) snapshot: &'a str,
    /// How people are called.
    pub(crate) names: &'a Names<'a>,
}

impl Report {
    /// The report for a persona.
    pub(crate) fn new(sources: &Sources<'_>, persona: Persona) -> Self {
        let (compilation, linted) = (sources.compilation, sources.linted);
        let mut findings: Vec<_> = linted.findings.iter().map(|found| finding::named(sources, found)).collect();
        findings.sort_by(|a, b| a.key().cmp(&b.key()));
        let hidden = findings.extract_if(.., |found| !persona.is_shown(found.severity, found.confidence)).collect();
        let mut waived: Vec<_> = linted
            .waived
            .iter()
            .map(|found| (finding::named(sources, &found.finding), finding::responsible(compilation, found.by)))
            .collect();
        waived.sort_by(|(a, _), (b, _)| a.key().cmp(&b.key()));
        Self {
            project: sources.project.to_owned(),
            as_of: compilation.as_of,
            of_the_data: compilation.as_of == compilation.snapshot.manifest.extracted,
            data: compilation.snapshot.digest.whole,
            hides: sources.names.hides(),
            key: sources.names.key(),
            persona,
            findings,
            waived,
            hidden,
            waivers: WaiverTally::of(&linted.waivers),
            known: None,
            against: None,
        }
    }

    /// What people took responsibility for, by title: how many findings, and who did.
    pub(crate) fn taken(&self) -> BTreeMap<&str, (usize, &Responsible)> {
        let mut taken: BTreeMap<&str, (usize, &Responsible)> = BTreeMap::new();
        for (_, responsible) in &self.waived {
            taken.entry(&responsible.title).or_insert((0, responsible)).0 += 1;
        }
        taken
    }

    /// The report with what a baseline keeps back; findings that it does not have are new.
    pub(crate) fn beside(mut self, sources: &Sources<'_>, held: &Held, max_days: u32) -> Self {
        for finding in &mut self.findings {
            finding.baseline = Some(BaselineState::New);
        }
        self.known = Some(Known::new(sources, held, max_days));
        self
    }

    /// Only the findings whose fingerprint begins so, whether or not their persona is shown them or a baseline keeps them back; nothing when
    /// there is none.
    pub(crate) fn only(mut self, prefix: &str) -> Option<Self> {
        let is_meant = |finding: &Finding| finding.fingerprint.starts_with(prefix);
        self.findings.append(&mut self.hidden);
        self.findings
            .extend(self.known.take().into_iter().flat_map(|known| known.findings).map(|(finding, _)| finding));
        self.findings.retain(is_meant);
        self.findings.sort_by(|a, b| a.key().cmp(&b.key()));
        self.waived.retain(|(finding, _)| is_meant(finding));
        (!self.findings.is_empty() || !self.waived.is_empty()).then_some(self)
    }

    /// How many findings there are.
    pub(crate) fn tally(&self) -> Tally {
        let of = |severity| self.findings.iter().filter(|found| found.severity == severity).count() as u64;
        Tally {
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            infos: of(Severity::Info),
            waived: self.waived.len() as u64,
            baselined: self.known.as_ref().map_or(0, |known| known.findings.len() as u64),
            hidden: self.hidden.len() as u64,
        }
    }

    /// Whether a finding fails.
    pub(crate) fn fails(&self) -> bool {
        self.findings.iter().any(|found| found.severity == Severity::Error)
    }
}

impl Finding {
    /// What orders it among others. Identities stand in the order of what they are called in the report: that of their names would
    /// give them away to whoever has a list of them.
    fn key(&self) -> impl Ord + use<'_> {
        (Reverse(self.severity), self.rule.code, &self.subject, &self.entitlements, &self.fingerprint)
    }
}

/// The word for a severity.
pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The word for a verdict.
pub(crate) fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Violated => "violated",
        Verdict::NotDecidable => "not-decidable",
    }
}

/// The word for a confidence.
pub(crate) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}
