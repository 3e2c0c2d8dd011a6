//! Findings in every format. All of them are made from one [`Report`], and none can see more than it has.

use super::marks::{concise, github, gitlab, sarif};
use crate::{report::Report, terminal::Look};

mod causes;
mod dot;
mod human;
mod json;
mod junit;
mod known;
mod markdown;
mod marks;
mod plain;
mod words;

pub(crate) use words::verdict;

/// What to make of a report. Documented in `docs/formats.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, clap::ValueEnum)]
pub(crate) enum LintFormat {
    /// For people: by rule and cause, each with its proof
    #[default]
    Human,
    /// One line per finding
    Concise,
    /// For machines: adit.lint/1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, a suite per rule
    Junit,
    /// Annotations of a GitHub workflow
    Github,
    /// GitLab code quality
    Gitlab,
    /// A comment for a pull request, its details folded
    Markdown,
    /// The evidence as a Graphviz graph
    Dot,
}

/// How much to show, and for which eyes. Only formats for people ask.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    /// What standard output looks like.
    pub(crate) look: Look,
    /// How many causes of each rule to show.
    pub(crate) limit: usize,
    /// Whether to list what the baseline keeps back.
    pub(crate) baselined: bool,
}

impl View {
    /// For what is written to a file: no colour, everything.
    pub(crate) fn file() -> Self {
        Self { look: Look::file(), limit: usize::MAX, baselined: true }
    }
}

/// The whole report in a format, ended by a newline.
pub(crate) fn render(report: &Report, format: LintFormat, view: View) -> String {
    match format {
        LintFormat::Human if view.look.plain => plain::render(report, view),
        LintFormat::Human => human::render(report, view),
        LintFormat::Concise => concise::render(&marks::standing(report)),
        LintFormat::Json => json::render(report),
        LintFormat::Sarif => {
            sarif::render(&format!("lint/{}", report.project), &marks::rules(report), &marks::all(report))
        }
        LintFormat::Junit => junit::render(report),
        LintFormat::Github => github::render(&marks::standing(report)),
        LintFormat::Gitlab => gitlab::render(&marks::standing(report)),
        LintFormat::Markdown => markdown::render(report),
        LintFormat::Dot => dot::render(report),
    }
}
