//! Findings of the linter and mistakes in specs, alike: for tools that put a mark beside a line of a file.

use adit_rules::{Confidence, Severity, Verdict};
use jiff::civil::Date;

use crate::report::{BaselineState, Place, Responsible};

pub(crate) mod concise;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod graph;
pub(crate) mod sarif;

pub(crate) use graph::Graph;

/// A mark.
#[derive(Debug)]
pub(crate) struct Mark<'a> {
    /// `RM503`, `E1101`; empty where there is none.
    pub(crate) code: &'static str,
    /// `RM503 sod-user-union`
    pub(crate) title: String,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// What is wrong, in one sentence.
    pub(crate) message: String,
    /// What proves it, a line each.
    pub(crate) proofs: Vec<String>,
    /// What to do.
    pub(crate) help: Option<&'a str>,
    /// Where to put the mark.
    pub(crate) place: Place,
    /// Other places, and what to notice there.
    pub(crate) related: Vec<(Place, &'a str)>,
    /// Hex digits that stay the same while it is about the same.
    pub(crate) fingerprint: String,
    /// What only findings of the linter have.
    pub(crate) finding: Option<Details<'a>>,
}

/// What only findings of the linter have.
#[derive(Debug)]
pub(crate) struct Details<'a> {
    /// How sure the rule is.
    pub(crate) confidence: Confidence,
    /// Whether the claim is not met, or nobody can know.
    pub(crate) verdict: Verdict,
    /// What it is about, as kind and name.
    pub(crate) subject: &'a [(&'static str, String)],
    /// The paths that prove it.
    pub(crate) graph: Graph<'a>,
    /// Who took responsibility for it.
    pub(crate) responsible: Option<&'a Responsible>,
    /// How it stands to the baseline.
    pub(crate) baseline: Option<BaselineState>,
    /// Since when the baseline keeps it back, if it does.
    pub(crate) since: Option<Date>,
}

/// What there is to say of a code.
#[derive(Debug)]
pub(crate) struct Rule {
    /// `RM503`
    pub(crate) code: &'static str,
    /// `sod-user-union`
    pub(crate) name: Option<&'static str>,
    /// One sentence.
    pub(crate) title: String,
    /// A paragraph: what it finds.
    pub(crate) summary: String,
    /// Its page, in Markdown.
    pub(crate) page: Option<String>,
    /// Where its page is on the web.
    pub(crate) address: String,
    /// How bad it is by default.
    pub(crate) severity: Severity,
    /// How sure it is by default.
    pub(crate) confidence: Confidence,
    /// How much a dangerous finding of it matters, from 0 to 10 with one decimal, for tools that sort by it.
    pub(crate) danger: Option<&'static str>,
    /// What to file it under: its family, and the controls it serves.
    pub(crate) tags: Vec<&'static str>,
}

impl Mark<'_> {
    /// Whether nobody can know: the third verdict, which no format may pass for one of the others.
    pub(crate) fn is_undecided(&self) -> bool {
        self.finding.as_ref().is_some_and(|details| details.verdict == Verdict::NotDecidable)
    }

    /// The first digits of its fingerprint, which people type.
    pub(crate) fn short(&self) -> &str {
        self.fingerprint.get(..8).unwrap_or(&self.fingerprint)
    }
}
