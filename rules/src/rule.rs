//! What a rule is, and the registry of all of them.

use adit_compiler::{compile::Compilation, spec::Spec};
use adit_snapshots::Snapshot;

use crate::{AccessGraph, Confidence, Finding, Severity};

/// A rule: one static per file, made by [`declare_rule!`](crate::rule::declare_rule).
#[derive(Debug)]
pub struct Rule {
    /// `RM101`
    pub code: RuleCode,
    /// `duplicate-identity`: names the bad thing.
    pub name: &'static str,
    /// The family, which is also the folder.
    pub family: Family,
    /// How bad a finding is unless the rule says otherwise.
    pub severity: Severity,
    /// How sure a finding is unless the rule says otherwise.
    pub confidence: Confidence,
    /// Whether findings may be waived at all.
    pub waivable: bool,
    /// Controls it serves: `NIST CSF 2.0 PR.AA-01`, `NIST SP 800-53 r5 AC-2`, `ISO/IEC 27001:2022 A.5.16`, `OWASP NHI1:2025`, …
    pub references: &'static [&'static str],
    /// Older or wrong ids people know, accepted wherever a rule is named.
    pub aliases: &'static [&'static str],
    /// The version it came with.
    pub since: &'static str,
    /// Its page, in Markdown: the doc comment of its declaration.
    pub doc: &'static str,
    /// Reports what it finds.
    pub check: fn(&Context<'_>, &mut Vec<Finding>),
}

/// `RM101`.
pub type RuleCode = &'static str;

/// Families of rules, by the hundreds of their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// RM1xx
    Hygiene,
    /// RM2xx
    Specification,
    /// RM3xx
    Scope,
    /// RM4xx
    Structure,
    /// RM5xx
    Duties,
    /// RM6xx
    Exceptions,
    /// RM7xx
    Lifecycle,
}

/// What a rule may look at.
pub struct Context<'a> {
    /// Everything the build found out.
    pub compilation: &'a Compilation<'a>,
    /// The spec.
    pub spec: &'a Spec,
    /// The data.
    pub snapshot: &'a Snapshot,
    /// Who holds what through which groups and roles.
    pub graph: &'a AccessGraph,
}

/// Declares a rule: its doc comment is its page.
///
/// ```ignore
/// declare_rule! {
///     /// Two active identities are one person.
///     ///
///     /// ## What it finds
///     /// …
///     RULE = {
///         code: "RM101", name: "duplicate-identity", family: Hygiene, severity: Error, confidence: High, waivable: true,
///         references: ["NIST CSF 2.0 PR.AA-01"], aliases: [], since: "0.1.0", check: check,
///     }
/// }
/// ```
macro_rules! declare_rule {
    (
        $(#[doc = $doc:literal])+
        $rule:ident = {
            code: $code:literal, name: $name:literal, family: $family:ident, severity: $severity:ident,
            confidence: $confidence:ident, waivable: $waivable:literal,
            references: [$($reference:literal),* $(,)?], aliases: [$($alias:literal),* $(,)?],
            since: $since:literal, check: $check:path $(,)?
        }
    ) => {
        $(#[doc = $doc])+
        pub(crate) static $rule: $crate::rule::Rule = $crate::rule::Rule {
            code: $code,
            name: $name,
            family: $crate::rule::Family::$family,
            severity: $crate::finding::Severity::$severity,
            confidence: $crate::finding::Confidence::$confidence,
            waivable: $waivable,
            references: &[$($reference),*],
            aliases: &[$($alias),*],
            since: $since,
            doc: concat!($($doc, "\n"),+),
            check: $check,
        };
    };
}
pub(crate) use declare_rule;

/// Declares the rules of a family: the modules and the list in one place. Each module has a `RULE`.
macro_rules! rules {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// Every rule of the family, by code.
        pub(crate) static RULES: &[&crate::rule::Rule] = &[$(&$module::RULE),*];
    };
}
pub(crate) use rules;

/// Every rule, by code.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        crate::hygiene::RULES,
        crate::specification::RULES,
        crate::scope::RULES,
        crate::structure::RULES,
        crate::duties::RULES,
        crate::exceptions::RULES,
        crate::lifecycle::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule of that code, name or alias; case does not matter.
#[must_use]
pub fn find(text: &str) -> Option<&'static Rule> {
    all().find(|rule| [rule.code, rule.name].iter().chain(rule.aliases).any(|known| known.eq_ignore_ascii_case(text)))
}
