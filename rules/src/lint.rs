//! Runs every rule, applies levels, waivers and acceptances, orders what is left.

use std::{cmp::Reverse, collections::BTreeMap, str::FromStr};

use adit_compiler::compile::Compilation;
use rayon::prelude::*;

use crate::{
    AccessGraph, Confidence, Finding, Severity, Suppressed, Verdict, WaiverRecord,
    context::{Context, Record},
    rule::{self, Check, Rule, RuleCode},
    waivers,
};

/// How `adit.toml` sets the rules.
#[derive(Debug, Clone)]
pub struct Configuration {
    /// Rules that have a level of their own.
    pub rules: BTreeMap<RuleCode, Level>,
    /// How sure a finding must be to be an error: one that is less sure is a warning, unless its rule is set to [`Level::Deny`].
    pub fails_from: Confidence,
    /// How many days before its last one a waiver is said to expire soon.
    pub expiring_days: u32,
    /// Whether a claim that cannot be decided is an error, unless its rule has a level of its own.
    pub undecided_fails: bool,
}

impl Default for Configuration {
    fn default() -> Self {
        Self { rules: BTreeMap::new(), fails_from: Confidence::Medium, expiring_days: 30, undecided_fails: false }
    }
}

/// A rule's level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Not run.
    Allow,
    /// Never more than a warning.
    Warn,
    /// Always an error.
    Deny,
}

/// What linting found.
#[derive(Debug, Default)]
pub struct Linted {
    /// Findings that stand: errors first, then by code, subject and entitlements.
    pub findings: Vec<Finding>,
    /// Findings that a waiver or an acceptance takes, in the same order: they stay visible, and do not fail a build.
    pub waived: Vec<Suppressed>,
    /// What became of each waiver and each acceptance.
    pub waivers: WaiverRecord,
}

/// Lints a compilation, holding it against what earlier builds left behind. The result does not depend on the number of threads.
#[must_use]
pub fn lint(compilation: &Compilation<'_>, configuration: &Configuration, record: &Record) -> Linted {
    let graph = AccessGraph::new(compilation);
    let context = Context::new(compilation, &graph, record);
    let rules: Vec<&Rule> = rule::all().filter(|rule| configuration.level(rule.code) != Some(Level::Allow)).collect();

    let found = run(&rules, |rule, found| match rule.check {
        Check::Compilation(check) => check(&context, found),
        Check::Waivers(_) => {}
    });
    let (mut findings, waived, waivers) =
        waivers::apply(&context, ordered(found, configuration), configuration.expiring_days);
    findings.extend(run(&rules, |rule, found| match rule.check {
        Check::Compilation(_) => {}
        Check::Waivers(check) => check(&context, &waivers, found),
    }));
    Linted { findings: ordered(findings, configuration), waived, waivers }
}

impl Configuration {
    /// How bad a finding is, by its rule's level and by how sure it is.
    fn severity(&self, finding: &Finding) -> Severity {
        let level = self.level(finding.rule.code);
        if finding.verdict == Verdict::NotDecidable && self.undecided_fails && level.is_none() {
            return Severity::Error;
        }
        let severity = level.map_or(finding.severity, |level| level.of(finding.severity));
        let doubtful = finding.confidence < self.fails_from && level != Some(Level::Deny);
        if doubtful { severity.min(Severity::Warning) } else { severity }
    }

    /// The level set for a rule.
    #[must_use]
    pub fn level(&self, rule: RuleCode) -> Option<Level> {
        self.rules.get(rule).copied()
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "allow" => Ok(Self::Allow),
            "warn" => Ok(Self::Warn),
            "deny" => Ok(Self::Deny),
            _ => Err(format!("expected `allow`, `warn` or `deny`, found `{text}`")),
        }
    }
}

impl Level {
    /// How bad a finding is at this level.
    fn of(self, severity: Severity) -> Severity {
        match self {
            Self::Allow => severity,
            Self::Warn => severity.min(Severity::Warning),
            Self::Deny => Severity::Error,
        }
    }
}

/// Rules in parallel, their findings one rule after the other.
fn run(rules: &[&'static Rule], check: impl Fn(&Rule, &mut Vec<Finding>) + Sync) -> Vec<Finding> {
    let by_rule: Vec<Vec<Finding>> = rules
        .par_iter()
        .map(|rule| {
            let mut found = Vec::new();
            check(rule, &mut found);
            found
        })
        .collect();
    by_rule.into_iter().flatten().collect()
}

/// Applies the levels, makes one of findings that are about the same, and orders them.
fn ordered(mut findings: Vec<Finding>, configuration: &Configuration) -> Vec<Finding> {
    for finding in &mut findings {
        finding.severity = configuration.severity(finding);
        for part in finding.together.iter_mut().flat_map(|together| &mut together.parts) {
            part.severity = configuration.severity(part);
        }
    }
    findings.sort_by(|a, b| a.identity().cmp(&b.identity()));
    let mut single: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match single.last_mut() {
            Some(last) if last.identity() == finding.identity() => last.absorb(finding),
            _ => single.push(finding),
        }
    }
    single.sort_by(|a, b| Reverse(a.severity).cmp(&Reverse(b.severity)).then_with(|| a.identity().cmp(&b.identity())));
    single
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Phrase, Subject};

    const CONFIDENCES: [Confidence; 3] = [Confidence::Low, Confidence::Medium, Confidence::High];

    fn severity(found: Severity, confidence: Confidence, fails_from: Confidence, level: Option<&str>) -> Severity {
        let rule = rule::find("RM503").unwrap();
        let mut configuration = Configuration { fails_from, ..Configuration::default() };
        if let Some(level) = level {
            configuration.rules.insert(rule.code, level.parse().unwrap());
        }
        let finding = rule.finding(Subject::Source("sap".to_owned()), Phrase::new("x"), "y");
        configuration.severity(&finding.severity(found).confidence(confidence))
    }

    #[test]
    fn a_doubtful_error_is_a_warning() {
        for from in CONFIDENCES {
            for confidence in CONFIDENCES {
                let expected = if confidence < from { Severity::Warning } else { Severity::Error };
                assert_eq!(severity(Severity::Error, confidence, from, None), expected);
                assert_eq!(severity(Severity::Warning, confidence, from, None), Severity::Warning);
                assert_eq!(severity(Severity::Info, confidence, from, None), Severity::Info);
            }
        }
        assert_eq!(Configuration::default().fails_from, Confidence::Medium);
    }

    #[test]
    fn what_a_project_denies_fails_however_doubtful() {
        for found in [Severity::Info, Severity::Warning, Severity::Error] {
            assert_eq!(severity(found, Confidence::Low, Confidence::High, Some("deny")), Severity::Error);
            assert_eq!(severity(found, Confidence::Low, Confidence::Low, Some("warn")), found.min(Severity::Warning));
        }
    }
}
