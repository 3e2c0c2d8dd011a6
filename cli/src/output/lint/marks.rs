//! A report as marks.

use adit_rules::{Family, Rule, Severity};
use jiff::civil::Date;

use super::words;
use crate::{
    output::marks::{self, Details, Graph, Mark},
    report::{Finding, Report, Responsible},
};

/// The marks of findings that stand.
pub(super) fn standing(report: &Report) -> Vec<Mark<'_>> {
    report.findings.iter().map(|finding| mark(finding, None, None)).collect()
}

/// The marks of all findings: those that stand, those that somebody took responsibility for, those that the baseline keeps back.
pub(super) fn all(report: &Report) -> Vec<Mark<'_>> {
    let waived = report.waived.iter().map(|(finding, responsible)| mark(finding, Some(responsible), None));
    let known = report.known.iter().flat_map(|known| &known.findings);
    let known = known.map(|(finding, since)| mark(finding, None, Some(*since)));
    standing(report).into_iter().chain(waived).chain(known).collect()
}

/// The rules that found something, by code.
pub(super) fn rules(report: &Report) -> Vec<marks::Rule> {
    let waived = report.waived.iter().map(|(finding, _)| finding);
    let known = report.known.iter().flat_map(|known| known.findings.iter().map(|(finding, _)| finding));
    let mut rules: Vec<&Rule> = report.findings.iter().chain(waived).chain(known).map(|finding| finding.rule).collect();
    rules.sort_by_key(|rule| rule.code);
    rules.dedup_by_key(|rule| rule.code);
    rules.into_iter().map(rule).collect()
}

fn mark<'a>(finding: &'a Finding, responsible: Option<&'a Responsible>, since: Option<Date>) -> Mark<'a> {
    Mark {
        code: finding.rule.code,
        title: format!("{} {}", finding.rule.code, finding.rule.name),
        severity: finding.severity,
        message: finding.message.text(),
        proofs: finding.evidence.iter().map(words::proof).collect(),
        help: Some(&finding.help),
        place: finding.anchor.clone(),
        related: Vec::new(),
        fingerprint: finding.fingerprint.clone(),
        finding: Some(Details {
            confidence: finding.confidence,
            verdict: finding.verdict,
            subject: &finding.subject.parts,
            graph: Graph::of(&finding.evidence),
            responsible,
            baseline: finding.baseline,
            since,
        }),
    }
}

fn rule(rule: &Rule) -> marks::Rule {
    let mut tags = vec!["security", rule.family.folder()];
    tags.extend(rule.references);
    marks::Rule {
        code: rule.code,
        name: Some(rule.name),
        title: rule.title(),
        summary: first_paragraph(rule),
        page: Some(rule.page()),
        address: format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), rule.code),
        severity: rule.severity,
        confidence: rule.confidence,
        danger: Some(danger(rule)),
        tags,
    }
}

/// A rank for tools that sort by CVSS scores: what harms by itself before what only hides harm. It is no CVSS score.
pub(super) fn danger(rule: &Rule) -> &'static str {
    match (rule.severity, rule.family) {
        (Severity::Error, Family::Duties) => "9.0",
        (Severity::Error, Family::Scope | Family::Exceptions | Family::Lifecycle) => "8.0",
        (Severity::Error, _) => "7.0",
        (Severity::Warning, Family::Duties) => "6.0",
        (Severity::Warning, _) => "5.0",
        (Severity::Info, _) => "2.0",
    }
}

/// What the rule finds: the first paragraph of its page, in one line.
fn first_paragraph(rule: &Rule) -> String {
    let page = rule.page();
    let lines = page.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
