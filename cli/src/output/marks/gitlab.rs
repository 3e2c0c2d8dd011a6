//! GitLab code quality: a JSON array, one object per mark.
//!
//! <https://docs.gitlab.com/ci/testing/code_quality/>: the subset of the Code Climate format that GitLab reads.

use adit_rules::Severity;
use serde::Serialize;

use super::Mark;
use crate::output;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

/// The whole document, ended by a newline.
pub(crate) fn render(marks: &[Mark<'_>]) -> String {
    let issues: Vec<_> = marks.iter().map(issue).collect();
    output::json(&issues)
}

fn issue<'a>(mark: &'a Mark<'_>) -> Issue<'a> {
    Issue {
        description: if mark.is_undecided() {
            format!("not decidable: {}", mark.message)
        } else {
            mark.message.clone()
        },
        check_name: &mark.title,
        fingerprint: &mark.fingerprint,
        severity: match mark.severity {
            Severity::Error => "critical",
            Severity::Warning => "minor",
            Severity::Info => "info",
        },
        location: Location { path: &mark.place.file, lines: Lines { begin: mark.place.line } },
    }
}
