//! What several formats say in the same words.

use adit_rules::{Confidence, Verdict};

use crate::{
    report::{Finding, Proof, Report, Tally, Word},
    terminal::{Look, Paint},
    text::{count, counted},
};

/// `acme, as of 2026-10-31, the day of the snapshot`.
pub(super) fn head(report: &Report) -> String {
    let day = if report.of_the_data { ", the day of the snapshot" } else { "" };
    format!("{}, as of {}{day}", report.project, report.as_of)
}

/// `3 findings fail, 12 warnings, 1 finding waived`.
pub(crate) fn verdict(tally: Tally, look: Look) -> String {
    let mut parts = Vec::new();
    if tally.errors > 0 {
        let verb = if tally.errors == 1 { "fails" } else { "fail" };
        let errors = format!("{} {verb}", counted(tally.errors, "finding", "findings"));
        parts.push(look.paint(Paint::Red, &errors));
    }
    if tally.warnings > 0 {
        parts.push(look.paint(Paint::Yellow, &counted(tally.warnings, "warning", "warnings")));
    }
    if tally.infos > 0 {
        parts.push(counted(tally.infos, "remark", "remarks"));
    }
    if tally.waived > 0 {
        parts.push(format!("{} waived", counted(tally.waived, "finding", "findings")));
    }
    if tally.baselined > 0 {
        parts.push(format!("{} baselined", counted(tally.baselined, "finding", "findings")));
    }
    if parts.is_empty() {
        parts.push(look.paint(Paint::Green, "no findings"));
    }
    if tally.hidden > 0 {
        parts.push(format!("{} not shown", count(tally.hidden as usize)));
    }
    parts.join(", ")
}

/// Why some are not shown, and how to see them; nothing when all are.
pub(super) fn hidden(report: &Report) -> Option<String> {
    (report.tally().hidden > 0).then(|| {
        format!(
            "{} not shown to persona `{}`, which fails nothing: `--persona auditor` shows all",
            counted(report.tally().hidden, "finding is", "findings are"),
            report.persona.word()
        )
    })
}

/// `likely`, `doubtful` or `not decidable`; nothing for what is sure.
pub(super) fn doubt(finding: &Finding) -> Option<&'static str> {
    if finding.verdict == Verdict::NotDecidable {
        return Some("not decidable");
    }
    match finding.confidence {
        Confidence::High => None,
        Confidence::Medium => Some("likely"),
        Confidence::Low => Some("doubtful"),
    }
}

/// A row of evidence in words.
pub(super) fn proof(proof: &Proof) -> String {
    match proof {
        Proof::Path(steps) => steps.iter().map(Word::quoted).collect::<Vec<_>>().join(" → "),
        Proof::Witness(identity) => format!("for instance `{identity}`"),
        Proof::Count { what, part, of: Some(of) } => {
            format!("{what}: {} of {}", count(*part as usize), count(*of as usize))
        }
        Proof::Count { what, part, of: None } => format!("{what}: {}", count(*part as usize)),
        Proof::Support { entitlement, held, of } => format!("`{entitlement}` is held by {held} of {of}"),
        Proof::Row { file, row, column } => {
            let row = row.map(|row| format!(":{row}")).unwrap_or_default();
            let column = column.as_ref().map(|column| format!(", column `{column}`")).unwrap_or_default();
            format!("{file}{row}{column}")
        }
        Proof::Through(_, sentence) | Proof::Note(sentence) => sentence.text(),
    }
}
