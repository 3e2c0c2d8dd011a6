//! A baseline: findings that were there when the linter came, kept back until they are gone.
//!
//! An entry is a fingerprint under the project's key, so it is what the finding is about, whatever the order of anything. A baseline is
//! weaker than a waiver, since nobody gave a reason: what no waiver may take, no baseline hides. It never reaches `adit build`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use adit_compiler::compile::Compilation;
use adit_rules::{Finding, Linted};
use jiff::civil::Date;

use crate::{privacy::Names, project::WaiverLimits};

mod file;

pub(crate) use file::Entry;

/// A baseline as it is on disk.
#[derive(Debug)]
pub(crate) struct Baseline {
    /// Where it is.
    path: PathBuf,
    /// By fingerprint.
    entries: BTreeMap<String, Entry>,
}

/// What a baseline makes of findings.
#[derive(Debug)]
pub(crate) struct Held {
    /// The baseline's path.
    pub(crate) path: PathBuf,
    /// Findings that it hides and since when, in the order of reports.
    pub(crate) hidden: Vec<(Finding, Date)>,
    /// Entries about no finding of this run, by rule and subject.
    pub(crate) gone: Vec<Entry>,
    /// Entries about findings that no baseline hides.
    pub(crate) refused: u64,
    /// What was written, if it was.
    pub(crate) written: Option<Written>,
}

/// What became of the entries of a baseline that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Written {
    /// Entries that are new.
    pub(crate) added: u64,
    /// Entries that are as they were.
    pub(crate) kept: u64,
    /// Entries that are no more.
    pub(crate) dropped: u64,
}

/// What to do with the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Update {
    /// Add what stands and drop what is gone
    All,
    /// Only drop what is gone
    Shrink,
}

/// How findings are called in a baseline: by fingerprints and pseudonyms under the project's key, even in a run that reveals names.
pub(crate) struct Keys<'a> {
    compilation: &'a Compilation<'a>,
    names: Names<'a>,
    limits: &'a WaiverLimits,
}

impl<'a> Keys<'a> {
    /// For the findings of a compilation, with names that hide people.
    pub(crate) fn new(compilation: &'a Compilation<'a>, names: Names<'a>, limits: &'a WaiverLimits) -> Self {
        Self { compilation, names, limits }
    }

    /// The fingerprint of a finding.
    pub(crate) fn fingerprint(&self, finding: &Finding) -> String {
        self.names.fingerprint(&finding.fingerprint(self.compilation.snapshot))
    }

    fn entry(&self, finding: &Finding, since: Date) -> Entry {
        // A role's handle is its place in one build.
        let parts = self.names.subject(&finding.subject).into_iter().filter(|(kind, _)| !kind.ends_with("handle"));
        let about: Vec<_> = parts.map(|(kind, name)| format!("{} {name}", kind.replace('_', " "))).collect();
        let entitlements: BTreeSet<_> = finding.entitlements.iter().map(|&id| self.names.entitlement(id)).collect();
        Entry {
            rule: finding.rule.code.to_owned(),
            about: about.join(", "),
            entitlements: entitlements.into_iter().collect(),
            since,
        }
    }

    fn may_be_hidden(&self, finding: &Finding) -> bool {
        let never = self.limits.rules.get(finding.rule.code).is_some_and(|limit| limit.never);
        !never && adit_rules::waivers::may_be_waived(self.compilation, finding)
    }
}

impl Baseline {
    /// Parts what was found into what stands and what is hidden.
    pub(crate) fn hold(&self, linted: Linted, keys: &Keys<'_>) -> (Linted, Held) {
        let (mut standing, mut hidden, mut refused, mut met) = (Vec::new(), Vec::new(), 0, BTreeSet::new());
        for finding in linted.findings {
            let known = self.entries.get_key_value(&keys.fingerprint(&finding));
            met.extend(known.map(|(fingerprint, _)| fingerprint));
            match known {
                Some((_, entry)) if keys.may_be_hidden(&finding) => hidden.push((finding, entry.since)),
                known => {
                    refused += u64::from(known.is_some());
                    standing.push(finding);
                }
            }
        }
        let mut gone: Vec<_> =
            self.entries.iter().filter(|(known, _)| !met.contains(known)).map(|(_, entry)| entry.clone()).collect();
        gone.sort();
        let held = Held { path: self.path.clone(), hidden, gone, refused, written: None };
        (Linted { findings: standing, ..linted }, held)
    }

    /// The baseline after these findings, and what is different about it. What is still found keeps the day it was first found.
    pub(crate) fn updated(self, findings: &[Finding], keys: &Keys<'_>, update: Update, as_of: Date) -> (Self, Written) {
        let mut written = Written { added: 0, kept: 0, dropped: 0 };
        let mut entries = BTreeMap::new();
        for finding in findings.iter().filter(|finding| keys.may_be_hidden(finding)) {
            let fingerprint = keys.fingerprint(finding);
            let since = match (self.entries.get(&fingerprint), update) {
                (Some(entry), _) => entry.since,
                (None, Update::All) => as_of,
                (None, Update::Shrink) => continue,
            };
            *(if self.entries.contains_key(&fingerprint) { &mut written.kept } else { &mut written.added }) += 1;
            entries.insert(fingerprint, keys.entry(finding, since));
        }
        written.dropped = self.entries.len() as u64 - written.kept;
        (Self { entries, ..self }, written)
    }
}
