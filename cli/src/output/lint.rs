//! Findings in every format. All of them are made from one [`Report`], and none can see more than it has.

use crate::{report::Report, terminal::Look};

mod causes;
mod concise;
mod human;
mod json;
mod words;

pub(crate) use words::verdict;

/// What to make of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, clap::ValueEnum)]
pub(crate) enum LintFormat {
    /// For people: by rule and cause, each with its proof
    #[default]
    Human,
    /// One line per finding
    Concise,
    /// For machines: adit.lint/1
    Json,
}

/// How much to show, and for which eyes. Only formats for people ask.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    /// What standard output looks like.
    pub(crate) look: Look,
    /// How many causes of each rule to show.
    pub(crate) limit: usize,
}

impl View {
    /// For what is written to a file: no colour, everything.
    pub(crate) fn file() -> Self {
        Self { look: Look::file(), limit: usize::MAX }
    }
}

/// The whole report in a format, ended by a newline.
pub(crate) fn render(report: &Report, format: LintFormat, view: View) -> String {
    match format {
        LintFormat::Human => human::render(report, view),
        LintFormat::Concise => concise::render(report),
        LintFormat::Json => json::render(report),
    }
}
