//! Runs every rule, applies levels and waivers, orders what is left.

use std::collections::BTreeMap;

use adit_compiler::compile::Compilation;

use crate::{Finding, rule::RuleCode};

/// How `adit.toml` sets the rules.
#[derive(Debug, Clone, Default)]
pub struct Configuration {
    /// Rules whose level differs from the default.
    pub rules: BTreeMap<RuleCode, RuleSetting>,
}

/// What `adit.toml` says of one rule.
#[derive(Debug, Clone, Default)]
pub struct RuleSetting {
    /// Its level; the rule's own severity when absent.
    pub level: Option<Level>,
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
    /// Findings that a waiver takes.
    pub waived: Vec<Suppressed>,
}

/// A finding and the waiver that takes it.
#[derive(Debug)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Index into `Spec::waivers`.
    pub waiver: usize,
}

/// Lints a compilation.
#[must_use]
pub fn lint(_compilation: &Compilation<'_>, _configuration: &Configuration) -> Linted {
    Linted::default()
}
