//! `adit.check/1`: what is wrong with specs, for machines. Documented in `docs/formats.md`.

use adit_grammar::{Diagnostic, Severity};
use serde::Serialize;

use super::CheckedSpecs;
use crate::{
    output,
    project::{SpecPlace, Specs},
};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    adit: &'static str,
    files: Vec<&'a str>,
    schema_known: bool,
    summary: Summary,
    diagnostics: Vec<DiagnosticDocument<'a>>,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct DiagnosticDocument<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    labels: Vec<LabelDocument<'a>>,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct LabelDocument<'a> {
    #[serde(flatten)]
    place: SpecPlace,
    text: &'a str,
}

/// The whole document, ended by a newline.
pub(super) fn render(checked: &[CheckedSpecs]) -> String {
    let all = || checked.iter().flat_map(|part| part.diagnostics.iter().map(move |found| (part, found)));
    let count = |severity| all().filter(|(_, found)| found.severity == severity).count();
    output::json(&Document {
        schema: "adit.check/1",
        adit: env!("CARGO_PKG_VERSION"),
        files: checked.iter().flat_map(|part| part.specs.names()).collect(),
        schema_known: checked.iter().all(|part| part.schema),
        summary: Summary { errors: count(Severity::Error), warnings: count(Severity::Warning) },
        diagnostics: all().map(|(part, found)| diagnostic(&part.specs, found)).collect(),
    })
}

fn diagnostic<'a>(specs: &Specs, diagnostic: &'a Diagnostic) -> DiagnosticDocument<'a> {
    let labels = diagnostic
        .labels
        .iter()
        .filter_map(|label| Some(LabelDocument { place: specs.place(label.span)?, text: &label.text }));
    DiagnosticDocument {
        code: diagnostic.code,
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        labels: labels.collect(),
        help: diagnostic.help.as_deref(),
    }
}
