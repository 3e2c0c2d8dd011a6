//! Small projects in memory, and diagnostics as text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use adit_compiler::{
    check::{CheckSettings, Checked, RuleName, check},
    resolve::{Project, resolve},
};
use adit_grammar::{Diagnostic, Severity, Span};
use adit_snapshots::{AttributeType, Schema};

/// Files by path. The first given is the root.
pub(crate) fn project(files: &[(&str, &str)]) -> Project {
    let source: BTreeMap<String, String> =
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    resolve(&source, &[files[0].0.to_owned()])
}

/// The schema of every example.
pub(crate) fn schema() -> Schema {
    use AttributeType::{Boolean, Date, Integer, List, Text};
    let attributes =
        |all: &[(&str, AttributeType)]| all.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    let kinds = |all: &[&str]| all.iter().map(|kind| (*kind).to_owned()).collect();
    Schema {
        identity: attributes(&[
            ("department", Text),
            ("kind", Text),
            ("level", Integer),
            ("location", Text),
            ("manager", Text),
            ("nationality", Text),
            ("remote", Boolean),
            ("start_date", Date),
            ("status", Text),
            ("tags", List),
            ("title", Text),
        ]),
        entitlement: attributes(&[("risk", Integer), ("tier", Text), ("privileged", Boolean)]),
        applications: [
            ("aws".to_owned(), kinds(&["action"])),
            ("sap".to_owned(), kinds(&["tcode", "profile"])),
            ("tableau".to_owned(), kinds(&["group"])),
        ]
        .into(),
    }
}

pub(crate) fn settings() -> CheckSettings {
    CheckSettings {
        as_of: Some("2026-06-30".parse().unwrap()),
        max_waiver_days: Some(366),
        rules: vec![
            RuleName { code: "RM404", name: "over-grant", aliases: &[], waivable: true, max_days: Some(365) },
            RuleName {
                code: "RM503",
                name: "sod-user-union",
                aliases: &["toxic-combination"],
                waivable: true,
                max_days: None,
            },
            RuleName { code: "RM702", name: "approval-hash-mismatch", aliases: &[], waivable: false, max_days: None },
        ],
    }
}

pub(crate) fn checked(files: &[(&str, &str)]) -> (Project, Checked) {
    let project = project(files);
    let checked = check(&project, &schema(), &settings());
    (project, checked)
}

/// Everything that is said of one file, as text. `edition 2026` is put before it.
pub(crate) fn said(text: &str) -> String {
    let text = format!("edition 2026\n{text}");
    let (project, checked) = checked(&[("policy.adit", &text)]);
    render_all(&project, &checked.diagnostics)
}

/// Everything that is said of what follows, beside identity classes and a mining block that are in order.
pub(crate) fn said_beside(text: &str) -> String {
    said(&format!("{BESIDE}{text}"))
}

/// Everything that is said of one condition over identities.
pub(crate) fn said_of(condition: &str) -> String {
    said_beside(&format!("role r {{ grants sap.tcode \"F110\"; where {condition} }}"))
}

pub(crate) const BESIDE: &str =
    "identities { human where kind == \"employee\"; break-glass where kind == \"emergency\" }\n";

pub(crate) fn render_all(project: &Project, diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| render(project, diagnostic)).collect::<Vec<_>>().join("\n")
}

/// A diagnostic with the lines it speaks of.
pub(crate) fn render(project: &Project, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = format!("{severity}[{}]: {}\n", diagnostic.code, diagnostic.message);
    let widest = diagnostic.labels.iter().map(|label| place(project, label.span).0.len()).max().unwrap_or(0);
    for label in &diagnostic.labels {
        let (place, line, column, width) = place(project, label.span);
        let marks = "^".repeat(width.max(1));
        let _ = writeln!(text, " {place:>widest$} | {line}");
        let _ = writeln!(text, " {:>widest$} | {}{marks} {}", "", " ".repeat(column), label.text);
    }
    if let Some(help) = &diagnostic.help {
        let _ = writeln!(text, " help: {help}");
    }
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n") + "\n"
}

/// `file:line`, the line without its indentation, and which characters of it are meant.
fn place(project: &Project, span: Span) -> (String, String, usize, usize) {
    let file = project.file(span.file).unwrap();
    let start = span.start as usize;
    let from = file.text[..start].rfind('\n').map_or(0, |at| at + 1);
    let number = file.text[..start].matches('\n').count() + 1;
    let line = file.text[from..].lines().next().unwrap_or("");
    let indent = line.len() - line.trim_start().len();
    let column = file.text[from + indent.min(start - from)..start].chars().count();
    let end = (span.end as usize).min(from + line.trim_end().len()).max(start);
    let width = file.text[start..end].chars().count();
    (format!("{}:{number}", file.path), line.trim().to_owned(), column, width)
}
