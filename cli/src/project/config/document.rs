//! `adit.toml` as it is written. What stands here is the reference: the JSON Schema that `adit config --schema` prints is made of it, and
//! `docs/configuration.md` of that.

use std::{collections::BTreeMap, num::NonZeroU32};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::persona::Persona;

/// The configuration of a project
///
/// A folder with an `adit.toml` is a project. Unknown keys are errors. Paths are relative to the project and written with `/`.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "adit.toml")]
pub(super) struct Document {
    /// Where things are
    pub(super) project: ProjectTable,
    /// The level of single rules, by name, code or alias; each rule once
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, RuleLevel>")]
    pub(super) rules: BTreeMap<Spanned<String>, Spanned<String>>,
    /// What is reported to whom
    #[serde(default)]
    pub(super) lint: LintTable,
    /// What waivers may do
    #[serde(default)]
    pub(super) waivers: WaiversTable,
    /// The baseline of `adit lint`
    #[serde(default)]
    pub(super) baseline: BaselineTable,
    /// How people are hidden
    #[serde(default)]
    pub(super) privacy: PrivacyTable,
}

/// Where things are
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectTable {
    /// What the project is called; also the key of pseudonyms where there is no better one
    pub(crate) name: String,
    /// The specs to begin with; what they `use` comes along
    #[serde(default = "default_specs")]
    pub(crate) specs: Vec<String>,
    /// The folder with `snapshot.toml`
    #[serde(default = "default_snapshot")]
    pub(crate) snapshot: String,
    /// The folder of approval files
    #[serde(default = "default_approvals")]
    pub(crate) approvals: String,
    /// The folder that `adit build` writes to
    #[serde(default = "default_out")]
    pub(crate) out: String,
}

// For the schema only: a wrong level is told together with everything else that is wrong.
/// What a rule may do
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[expect(dead_code, reason = "it only describes `adit_rules::Level`")]
enum RuleLevel {
    /// Not run
    Allow,
    /// Never more than a warning
    Warn,
    /// Always an error
    Deny,
}

/// What is reported to whom
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LintTable {
    /// Who reports are for, unless `--persona` says otherwise; builds fail as it says
    pub(crate) persona: Persona,
    /// What becomes of a claim that cannot be decided, such as duties per session, unless its rule has a level of its own
    pub(crate) undecided: Undecided,
}

// It never passes: what nobody can know is not kept.
/// What becomes of a claim that cannot be decided
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Undecided {
    /// It is a warning
    #[default]
    Warn,
    /// It fails the build
    Deny,
}

/// What waivers may do
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WaiversTable {
    /// The most days from approval to expiry; a waiver that is to hold longer is an error. No limit when absent
    pub(super) max_days: Option<NonZeroU32>,
    /// How many days before its last one a waiver is reported as RM710 `expiring-waiver`
    pub(super) expiring_days: u32,
    /// What holds for the waivers of single rules, by name, code or alias
    #[schemars(with = "BTreeMap<String, WaiverRule>")]
    pub(super) rules: BTreeMap<Spanned<String>, WaiverRule>,
}

/// What holds for the waivers of one rule
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct WaiverRule {
    /// The most days for this rule; the shorter of this and that of all waivers holds. No limit of its own when absent
    pub(crate) max_days: Option<NonZeroU32>,
    /// Whether findings of the rule are never waived; a baseline does not hide them either
    pub(crate) never: bool,
}

/// The baseline of `adit lint`
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BaselineTable {
    /// The baseline that `adit lint` holds findings against when no `--baseline` is given. None when absent
    pub(crate) file: Option<String>,
    /// How many days after its first day a hidden finding is warned of
    pub(crate) max_days: u32,
}

/// How people are hidden
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PrivacyTable {
    /// The file with the project's secret, the key of pseudonyms, kept out of version control. `.adit/secret` when absent
    pub(crate) secret_file: Option<String>,
}

impl Default for WaiversTable {
    fn default() -> Self {
        Self { max_days: None, expiring_days: 30, rules: BTreeMap::new() }
    }
}

impl Default for BaselineTable {
    fn default() -> Self {
        Self { file: None, max_days: 180 }
    }
}

/// The JSON Schema of `adit.toml`.
pub(crate) fn schema() -> schemars::Schema {
    schemars::schema_for!(Document)
}

fn default_specs() -> Vec<String> {
    vec!["policy.adit".to_owned()]
}

fn default_snapshot() -> String {
    "snapshot".to_owned()
}

fn default_approvals() -> String {
    "approvals".to_owned()
}

fn default_out() -> String {
    "out".to_owned()
}
