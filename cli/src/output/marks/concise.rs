//! One line per mark: `file:line:column: level[CODE] message (fingerprint)`; `(fingerprint, not decidable)` where nobody can know.

use super::Mark;
use crate::{report::level, text::visible};

/// The lines, and nothing else: what counts lines counts marks.
pub(crate) fn render(marks: &[Mark<'_>]) -> String {
    marks.iter().map(line).collect()
}

fn line(mark: &Mark<'_>) -> String {
    let (place, level) = (&mark.place, level(mark.severity));
    let code = if mark.code.is_empty() { String::new() } else { format!("[{}]", mark.code) };
    let line = format!("{}:{}:{}: {level}{code} {}", place.shown, place.line, place.column, mark.message);
    let undecided = if mark.is_undecided() { ", not decidable" } else { "" };
    let fingerprint = mark.finding.as_ref().map(|_| format!(" ({}{undecided})", mark.short())).unwrap_or_default();
    format!("{}\n", visible(&format!("{line}{fingerprint}")))
}
