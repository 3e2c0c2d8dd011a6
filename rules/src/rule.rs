//! What a rule is, and the registry of all of them.
//!
//! # Add a rule in five steps
//!
//! 1. Choose the family and the next free code. The name names the bad thing, in kebab-case: `orphan-account`.
//! 2. Write `rules/src/<family>/<rule_name>.rs`: one [`declare_rule!`](crate::rule::declare_rule) whose doc comment is the rule's
//!    page, and one function. `hygiene/duplicate_identity.rs` is the one to copy. The page opens with one sentence (the title) and has the
//!    headings *What it finds, Why it matters, Example, What to do, When to waive it, What it cannot see, References*, in this order, each as
//!    `/// ## …`. Every entry of `references` begins a list item under *References*, with what that control asks for.
//! 3. Add the module's name to the `rules!` line of `rules/src/<family>.rs`, in the order of codes. That is the registration.
//! 4. Write `rules/src/<family>/<rule_name>/fires.project` and `silent.project`: whole projects in one text file each, their files
//!    introduced by `-- path --` lines: `adit.toml` (optional), `policy.adit`, `snapshot/snapshot.toml`, `snapshot/*.csv`, `approvals/*.toml`.
//!    `-- as-of --` holds the day (2026-10-01 without it). Files under `before/` stand in for today's in an earlier build, whose outputs
//!    the rules get as [`Record`](crate::Record). A rule may have more of them, `fires-….project` and `silent-….project`.
//! 5. `INSTA_UPDATE=always RULE=RM101 cargo test -p adit-rules --test rules` writes what the rule says of each fixture beside it, as
//!    `fires.snap`. Read it as its receiver would. Then `UPDATE_DOCS=1 cargo test -p adit-rules --test rules` writes its
//!    page, `docs/rules/RM101.md`.
//!
//! A test walks the registry and fails where any of this is missing. `cargo fmt` does not see modules that a macro declares: format the
//! file with `rustfmt --edition 2024 rules/src/<family>/<rule_name>.rs`.
//!
//! # How to write the check
//!
//! - Make findings with [`Rule::finding`](crate::Rule) and its builder: `RULE.finding(Subject::role(role), Phrase::new("…").role(&role.handle), "help")`
//!   `.entitlements(…).evidence(…).count("members", 3, Some(5)).witness(id).note(…).severity(…).at(span)`. Order of emission does not matter.
//! - Names of people stay ids ([`Phrase::identity`](crate::Phrase::identity), [`Node::Person`](crate::Node::Person)); the printer decides how to name them.
//! - Messages are one sentence: lower case, no final period, what was expected and what was found. Put the proof into the evidence: the
//!   path, the witness, both sides of a count.
//! - A finding is identified by rule, subject and entitlements. Report one per such identity; what is only proof belongs into the evidence.
//! - A finding that rests on how access came about (origins, paths) says so: `.rests_on_lineage(context)`. It is then a step less sure
//!   wherever RM106 fires.
//! - People are found by `context.people()`, in-scope facts by `context.compilation`, paths and closures by `context.graph`.
//! - No rule mines, loads, prints or reads the clock; the day is `context.compilation.as_of`.

use crate::{Confidence, Finding, Severity, context::Context, waivers::WaiverRecord};

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
    /// Its page, in Markdown: the doc comment of its declaration. See [`Rule::page`].
    pub doc: &'static str,
    /// Reports what it finds.
    pub check: Check,
}

/// `RM101`.
pub type RuleCode = &'static str;

/// When a rule runs, and on what.
#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// On the compilation.
    Compilation(fn(&Context<'_>, &mut Vec<Finding>)),
    /// On what became of the waivers, after all rules of the first kind.
    Waivers(fn(&Context<'_>, &WaiverRecord, &mut Vec<Finding>)),
}

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
    /// RM8xx
    Drift,
}

impl Rule {
    /// Its page in Markdown, without the title: what `adit explain` shows.
    #[must_use]
    pub fn page(&self) -> String {
        self.lines().skip_while(|line| !line.is_empty()).skip(1).collect::<Vec<_>>().join("\n")
    }

    /// Its title: the first paragraph of its doc comment, one sentence.
    #[must_use]
    pub fn title(&self) -> String {
        self.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The doc comment as it was meant: a doc attribute's text begins with the blank after `///`.
    fn lines(&self) -> impl Iterator<Item = &'static str> {
        self.doc.lines().map(|line| line.strip_prefix(' ').unwrap_or(line))
    }
}

impl Family {
    /// Every family, in the order of codes.
    pub const ALL: [Self; 8] = [
        Self::Hygiene,
        Self::Specification,
        Self::Scope,
        Self::Structure,
        Self::Duties,
        Self::Exceptions,
        Self::Lifecycle,
        Self::Drift,
    ];

    /// What it is about: its heading in the docs.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Hygiene => "Data hygiene",
            Self::Specification => "Specification",
            Self::Scope => "Scope and non-human identities",
            Self::Structure => "Role structure",
            Self::Duties => "Duties",
            Self::Exceptions => "Exceptions",
            Self::Lifecycle => "Lifecycle and waivers",
            Self::Drift => "Drift and reproducibility",
        }
    }

    /// Its folder and the word for it in machine formats.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Hygiene => "hygiene",
            Self::Specification => "specification",
            Self::Scope => "scope",
            Self::Structure => "structure",
            Self::Duties => "duties",
            Self::Exceptions => "exceptions",
            Self::Lifecycle => "lifecycle",
            Self::Drift => "drift",
        }
    }

    /// How its codes begin: `RM1`.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Hygiene => "RM1",
            Self::Specification => "RM2",
            Self::Scope => "RM3",
            Self::Structure => "RM4",
            Self::Duties => "RM5",
            Self::Exceptions => "RM6",
            Self::Lifecycle => "RM7",
            Self::Drift => "RM8",
        }
    }
}

/// Declares a rule: its doc comment is its page. `check` looks at the compilation; `check_waivers` in its place looks at what
/// became of the waivers.
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
    (@when check $check:path) => { $crate::rule::Check::Compilation($check) };
    (@when check_waivers $check:path) => { $crate::rule::Check::Waivers($check) };
    (
        $(#[doc = $doc:literal])+
        $rule:ident = {
            code: $code:literal, name: $name:literal, family: $family:ident, severity: $severity:ident,
            confidence: $confidence:ident, waivable: $waivable:literal,
            references: [$($reference:literal),* $(,)?], aliases: [$($alias:literal),* $(,)?],
            since: $since:literal, $when:ident: $check:path $(,)?
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
            check: $crate::rule::declare_rule!(@when $when $check),
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
        crate::drift::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule of that code, name or alias; case does not matter, nor does a hyphen in the code (`RM-503`).
#[must_use]
pub fn find(text: &str) -> Option<&'static Rule> {
    let code = text.get(..3).filter(|start| start.eq_ignore_ascii_case("RM-")).and_then(|_| text.get(3..));
    let is_code = |known: &str| known.strip_prefix("RM") == code || known.eq_ignore_ascii_case(text);
    let is_name = |rule: &Rule| [rule.name].iter().chain(rule.aliases).any(|known| known.eq_ignore_ascii_case(text));
    all().find(|rule| is_code(rule.code) || is_name(rule))
}

/// Everything that rules are called: codes, names and aliases.
pub fn names() -> impl Iterator<Item = &'static str> {
    all().flat_map(|rule| [rule.code, rule.name].into_iter().chain(rule.aliases.iter().copied()))
}

/// The code or name nearest to one that [`find`] does not know, for "did you mean".
#[must_use]
pub fn nearest(text: &str) -> Option<&'static str> {
    adit_compiler::suggest::closest(text, names())
}
