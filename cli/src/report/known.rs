//! What is kept back because it was known before, and what is said of it all the same.

use std::path::PathBuf;

use jiff::civil::Date;

use super::{BaselineState, Finding, Sources, finding};
use crate::baseline::{Entry, Held, Written};

/// What a baseline keeps back.
#[derive(Debug)]
pub(crate) struct Known {
    /// The baseline's path.
    pub(crate) path: PathBuf,
    /// Findings that it hides and since when, in the order of reports.
    pub(crate) findings: Vec<(Finding, Date)>,
    /// Entries about no finding of this run.
    pub(crate) gone: Vec<Entry>,
    /// Entries about findings that no baseline hides.
    pub(crate) refused: u64,
    /// What was written, if it was.
    pub(crate) written: Option<Written>,
    /// After how many days a finding that is kept back is warned of.
    pub(crate) max_days: u32,
    /// How many findings have been kept back for longer.
    pub(crate) old: u64,
}

/// How findings compare with those of a git revision.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Against {
    /// What the revision was called.
    pub(crate) revision: String,
    /// The commit it is.
    pub(crate) commit: String,
    /// Findings here that it does not have.
    pub(crate) new: u64,
    /// Findings that it has too.
    pub(crate) unchanged: u64,
    /// Findings of it that are gone.
    pub(crate) gone: u64,
}

impl Known {
    /// With names and places.
    pub(super) fn new(sources: &Sources<'_>, held: &Held, max_days: u32) -> Self {
        let mut findings: Vec<_> =
            held.hidden.iter().map(|(found, since)| (finding::named(sources, found), *since)).collect();
        for (finding, _) in &mut findings {
            finding.baseline = Some(BaselineState::Unchanged);
        }
        findings.sort_by(|(a, _), (b, _)| a.key().cmp(&b.key()));
        let as_of = sources.compilation.as_of;
        let is_old = |since: &Date| as_of.duration_since(*since).as_hours() / 24 > max_days.into();
        Self {
            path: held.path.clone(),
            old: held.hidden.iter().filter(|(_, since)| is_old(since)).count() as u64,
            findings,
            gone: held.gone.clone(),
            refused: held.refused,
            written: held.written,
            max_days,
        }
    }
}
