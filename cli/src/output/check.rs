//! Mistakes in specs, in every format for machines.

use adit_grammar::Diagnostic;

use super::marks::{concise, github, gitlab, sarif};
use crate::{project::Specs, report::Paths};

mod json;
mod marks;

/// Specs that were checked together.
pub(crate) struct CheckedSpecs {
    /// The files.
    pub(crate) specs: Specs,
    /// How they are called.
    pub(crate) paths: Paths,
    /// How many of them were asked for.
    pub(crate) shown: usize,
    /// What was found.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether there was a schema to check against.
    pub(crate) schema: bool,
}

/// What to make of mistakes. Documented in `docs/formats.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people: with the text that is wrong
    #[default]
    Human,
    /// One line per mistake
    Concise,
    /// For machines: adit.check/1
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
    /// GitLab code quality
    Gitlab,
}

/// All mistakes in a format, ended by a newline; nothing for people, who are shown them one by one.
pub(crate) fn render(checked: &[CheckedSpecs], format: CheckFormat) -> Option<String> {
    Some(match format {
        CheckFormat::Human => return None,
        CheckFormat::Concise => concise::render(&marks::all(checked)),
        CheckFormat::Json => json::render(checked),
        CheckFormat::Sarif => {
            let marks = marks::all(checked);
            sarif::render("check", &marks::rules(&marks), &marks)
        }
        CheckFormat::Github => github::render(&marks::all(checked)),
        CheckFormat::Gitlab => gitlab::render(&marks::all(checked)),
    })
}
