//! Findings, for people: by rule, equal causes together, each with its proof.

use std::collections::BTreeMap;

use adit_rules::{Evidence, Finding, Node, Phrase, Rule, Severity};
use adit_snapshots::EntitlementId;

use super::{
    lint_json::{LintReport, Tally, level},
    names::Names,
    text::{count, counted, some_of, visible, wrap},
};
use crate::terminal::{Look, Paint};

/// Rows of evidence to show with one finding.
const EVIDENCE: usize = 6;

/// Findings of one rule and severity that say the same of different people.
struct Cause<'a> {
    first: &'a Finding,
    others: Vec<&'a Finding>,
}

/// What findings of one cause share: rule, severity, words without people, entitlements.
type CauseKey<'a> = (&'static str, Severity, Vec<Node>, &'a [EntitlementId]);

/// The whole report; `limit` causes of each rule at most.
pub(crate) fn render(report: &LintReport<'_>, limit: usize, look: Look) -> String {
    let mut text = String::new();
    for (rule, severity, causes) in grouped(&report.linted.findings) {
        text.push_str(&heading(rule, severity, &causes, look));
        let shared = shared_help(&causes);
        for cause in causes.iter().take(limit) {
            text.push_str(&show(report, cause, shared.is_none(), look));
        }
        if causes.len() > limit {
            let more = causes.len() - limit;
            text.push_str(&format!("\n  … and {} more like these: `--all` shows them\n", count(more)));
        }
        if let Some(help) = shared {
            text.push_str(&format!("\n{}", self::help(help, "  ", look)));
        }
        text.push_str(&look.paint(Paint::Dim, &format!("  more: adit explain {}\n", rule.code)));
        text.push('\n');
    }
    text.push_str(&waived(report, look));
    text.push_str(&verdict(Tally::of(report.linted), look));
    text.push('\n');
    text
}

/// `3 findings fail, 12 warnings, 1 waived`.
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
    if parts.is_empty() { look.paint(Paint::Green, "no findings") } else { parts.join(", ") }
}

/// Findings by rule and severity in their own order, those with one cause together.
fn grouped(findings: &[Finding]) -> Vec<(&'static Rule, Severity, Vec<Cause<'_>>)> {
    let mut groups: Vec<(&'static Rule, Severity, Vec<Cause<'_>>)> = Vec::new();
    let mut known: BTreeMap<CauseKey<'_>, (usize, usize)> = BTreeMap::new();
    for finding in findings {
        let key = (finding.rule.code, finding.severity, anonymous(&finding.message), finding.entitlements.as_slice());
        if let Some(&(group, cause)) = known.get(&key) {
            if let Some(cause) = groups.get_mut(group).and_then(|(_, _, causes)| causes.get_mut(cause)) {
                cause.others.push(finding);
            }
            continue;
        }
        let at = groups
            .iter()
            .position(|(rule, severity, _)| rule.code == finding.rule.code && *severity == finding.severity);
        let at = at.unwrap_or_else(|| {
            groups.push((finding.rule, finding.severity, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, _, causes)) = groups.get_mut(at) {
            known.insert(key, (at, causes.len()));
            causes.push(Cause { first: finding, others: Vec::new() });
        }
    }
    groups
}

/// The words of a sentence without the people in it: what is left is the cause.
fn anonymous(phrase: &Phrase) -> Vec<Node> {
    let nodes = phrase.0.iter().map(|node| match node {
        Node::Identity(_) | Node::Account(_) | Node::Person(_) => Node::Text("·".to_owned()),
        other => other.clone(),
    });
    nodes.collect()
}

fn heading(rule: &Rule, severity: Severity, causes: &[Cause<'_>], look: Look) -> String {
    let paint = match severity {
        Severity::Error => Paint::Red,
        Severity::Warning => Paint::Yellow,
        Severity::Info => Paint::Cyan,
    };
    let findings: usize = causes.iter().map(|cause| 1 + cause.others.len()).sum();
    let label = look.paint(paint, &format!("{}[{}]", level(severity), rule.code));
    let name = look.paint(Paint::Bold, rule.name);
    let total = look.paint(Paint::Dim, &format!("({})", count(findings)));
    format!("{label} {name} {total}\n{}\n", wrap(&look.paint(Paint::Dim, &rule.title()), "  ", "  ", look))
}

/// What to do, when it is the same for several causes: said once then.
fn shared_help<'a>(causes: &[Cause<'a>]) -> Option<&'a str> {
    let first = causes.first()?.first.help.as_str();
    (causes.len() > 1 && causes.iter().all(|cause| cause.first.help == first)).then_some(first)
}

fn help(help: &str, indent: &str, look: Look) -> String {
    let text = wrap(help, &format!("{indent}help: "), &format!("{indent}      "), look);
    format!("{}\n", look.paint(Paint::Cyan, &text))
}

fn show(report: &LintReport<'_>, cause: &Cause<'_>, with_help: bool, look: Look) -> String {
    let names = report.names;
    let finding = cause.first;
    let mut text = format!("\n{}\n", wrap(&visible(&names.phrase(&finding.message)), "  • ", "    ", look));
    let mut rows: Vec<String> = finding.evidence.iter().take(EVIDENCE).map(|row| evidence(names, row)).collect();
    if finding.evidence.len() > EVIDENCE {
        rows.push(format!(
            "… and {}",
            counted((finding.evidence.len() - EVIDENCE) as u64, "further proof", "further proofs")
        ));
    }
    if let Some(place) = finding.span.and_then(|span| report.specs.place(span)) {
        rows.push(format!("written at {}:{}:{}", place.file, place.line, place.column));
    }
    if !cause.others.is_empty() {
        let others: Vec<String> = cause.others.iter().map(|other| about(names, other)).collect();
        let room = look.width.saturating_sub(40);
        rows.push(format!(
            "the same for {} more: {}",
            count(others.len()),
            some_of(others.iter().map(String::as_str), room)
        ));
    }
    let last = rows.len().saturating_sub(1);
    for (index, row) in rows.iter().enumerate() {
        let (first, rest) = if index == last { ("    └ ", "      ") } else { ("    ├ ", "    │ ") };
        text.push_str(&wrap(&visible(row), first, rest, look));
        text.push('\n');
    }
    if with_help {
        text.push_str(&help(&finding.help, "    ", look));
    }
    text
}

/// The person or thing that a finding is about, in a word.
fn about(names: &Names<'_>, finding: &Finding) -> String {
    names.subject(&finding.subject).into_iter().next().map(|(_, name)| name).unwrap_or_default()
}

/// A row of evidence in words.
pub(crate) fn evidence(names: &Names<'_>, evidence: &Evidence) -> String {
    match evidence {
        Evidence::Path(nodes) => nodes.iter().map(|node| names.node(node)).collect::<Vec<_>>().join(" → "),
        Evidence::Witness(identity) => format!("for instance `{}`", names.identity(*identity)),
        Evidence::Count { what, part, of: Some(of) } => {
            format!("{what}: {} of {}", count(*part as usize), count(*of as usize))
        }
        Evidence::Count { what, part, of: None } => format!("{what}: {}", count(*part as usize)),
        Evidence::Support { entitlement, held, of } => {
            format!("`{}` is held by {held} of {of}", names.entitlement(*entitlement))
        }
        Evidence::Row { file, row, column } => {
            let row = row.map(|row| format!(":{row}")).unwrap_or_default();
            let column = column.as_ref().map(|column| format!(", column `{column}`")).unwrap_or_default();
            format!("{file}{row}{column}")
        }
        Evidence::Note(phrase) => names.phrase(phrase),
    }
}

/// What people took responsibility for, by who did.
fn waived(report: &LintReport<'_>, look: Look) -> String {
    let mut by: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for suppressed in &report.linted.waived {
        let (compilation, by_whom) = (report.compilation, suppressed.by);
        let until = by_whom.until(compilation).map(|day| format!(" until {day}")).unwrap_or_default();
        let reason = format!("{}{until}: {}", by_whom.owner(compilation), by_whom.reason(compilation));
        by.entry(by_whom.title(compilation)).or_insert_with(|| (0, reason)).0 += 1;
    }
    if by.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", look.paint(Paint::Bold, "taken responsibility for"));
    for (title, (findings, reason)) in by {
        let findings = counted(findings as u64, "finding", "findings");
        text.push_str(&wrap(&format!("{title}, {findings}. {reason}"), "  • ", "    ", look));
        text.push('\n');
    }
    text.push('\n');
    text
}
