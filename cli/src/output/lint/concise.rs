//! One line per finding: `file:line:column: level[CODE] message`.

use crate::output::text::visible;
use crate::report::{Finding, Report, level};

/// The whole report, in the order of reports, without a summary: what counts lines counts findings.
pub(super) fn render(report: &Report) -> String {
    report.findings.iter().map(line).collect()
}

fn line(finding: &Finding) -> String {
    let place = &finding.anchor;
    let line = format!(
        "{}:{}:{}: {}[{}] {} ({})",
        place.shown,
        place.line,
        place.column,
        level(finding.severity),
        finding.rule.code,
        finding.message.text(),
        finding.fingerprint.get(..8).unwrap_or_default(),
    );
    format!("{}\n", visible(&line))
}
