//! `adit.toml`. Documented in `docs/configuration.md`.

use std::{collections::BTreeMap, num::NonZeroU32};

use adit_rules::{Configuration, Level, RuleCode, RuleSetting};
use serde::Deserialize;
use toml::Spanned;

use crate::{
    commands::explain,
    exit::Exit,
    failure::{Failure, Problem},
    output::text,
    report::Persona,
};

/// What `adit.toml` says, with every default filled in.
#[derive(Debug)]
pub(crate) struct Config {
    /// `[project]`
    pub(crate) project: ProjectTable,
    /// `[rules]`, every name resolved.
    rules: BTreeMap<RuleCode, RuleSetting>,
    /// `[lint]`
    pub(crate) lint: LintTable,
    /// `[waivers]`
    pub(crate) waivers: WaiversTable,
    /// `[privacy]`
    pub(crate) privacy: PrivacyTable,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    project: ProjectTable,
    #[serde(default)]
    rules: BTreeMap<Spanned<String>, Spanned<String>>,
    #[serde(default)]
    lint: LintTable,
    #[serde(default)]
    waivers: WaiversTable,
    #[serde(default)]
    privacy: PrivacyTable,
}

/// `[project]`: where things are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProjectTable {
    /// Its name; also the key of pseudonyms where there is no better one.
    pub(crate) name: String,
    /// The specs to begin with; what they `use` comes along.
    #[serde(default = "default_specs")]
    pub(crate) specs: Vec<String>,
    /// The snapshot's folder.
    #[serde(default = "default_snapshot")]
    pub(crate) snapshot: String,
    /// The folder of approval files.
    #[serde(default = "default_approvals")]
    pub(crate) approvals: String,
    /// The folder for what a build writes.
    #[serde(default = "default_out")]
    pub(crate) out: String,
}

/// `[lint]`: what is reported to whom.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LintTable {
    /// Who reports are for, unless `--persona` says otherwise; builds fail as it says.
    #[serde(default)]
    pub(crate) persona: Persona,
}

/// `[waivers]`: what a waiver may be.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WaiversTable {
    /// The longest a waiver may hold, in days.
    #[serde(default)]
    pub(crate) max_days: Option<NonZeroU32>,
}

/// `[privacy]`: how names are hidden.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrivacyTable {
    /// The file with the project's secret, the key of pseudonyms.
    #[serde(default)]
    pub(crate) secret_file: Option<String>,
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

impl Config {
    /// How the linter is to judge for a persona.
    pub(crate) fn rules(&self, persona: Persona) -> Configuration {
        Configuration { rules: self.rules.clone(), fails_from: persona.fails_from() }
    }

    /// Reads the text of the file called `name`.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Failure> {
        let document: Document = toml::from_str(text).map_err(|error| {
            let (message, help) = said(error.message());
            let problem = Problem::new(message).help(help);
            Failure::new(
                Exit::Usage,
                match error.span() {
                    Some(span) => problem.at(name, text, span, ""),
                    None => problem,
                },
            )
        })?;
        let mut problems = Vec::new();
        if document.project.name.trim().is_empty() {
            let at = text.find("name").unwrap_or(0);
            let problem = Problem::new("the project has no name").help("write `name = \"…\"` in `[project]`");
            problems.push(problem.at(name, text, at..at + 4, ""));
        }
        if document.project.specs.is_empty() {
            let at = text.find("specs").unwrap_or(0);
            let problem =
                Problem::new("the project has no spec").help("name at least one: `specs = [\"policy.adit\"]`");
            problems.push(problem.at(name, text, at..at + 5, ""));
        }
        let rules = rules(name, text, &document.rules, &mut problems);
        if problems.is_empty() {
            let Document { project, lint, waivers, privacy, .. } = document;
            Ok(Self { project, rules, lint, waivers, privacy })
        } else {
            Err(Failure::Problems { exit: Exit::Usage, problems })
        }
    }
}

/// Resolves names and levels; every mistake at once, in the order of the file.
fn rules(
    name: &str,
    text: &str,
    table: &BTreeMap<Spanned<String>, Spanned<String>>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<RuleCode, RuleSetting> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut rules = BTreeMap::new();
    for (key, value) in entries {
        let level = match value.get_ref().as_str() {
            "allow" => Some(Level::Allow),
            "warn" => Some(Level::Warn),
            "deny" => Some(Level::Deny),
            other => {
                let message = format!("expected `allow`, `warn` or `deny`, found `{other}`");
                problems.push(Problem::new(message).at(name, text, value.span(), ""));
                None
            }
        };
        let Some(rule) = adit_rules::find(key.get_ref()) else {
            let near =
                explain::nearest(key.get_ref()).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            let help = format!("{near}`adit explain` lists all rules");
            let message = format!("there is no rule `{}`", key.get_ref());
            problems.push(Problem::new(message).help(help).at(name, text, key.span(), ""));
            continue;
        };
        if rules.insert(rule.code, RuleSetting { level }).is_some() {
            let message = format!("`{}` is set twice: {} is {}", key.get_ref(), rule.code, rule.name);
            let help = "name each rule once, by its code or by its name";
            problems.push(Problem::new(message).help(help).at(name, text, key.span(), ""));
        }
    }
    rules
}

/// What toml says, in the voice of the house: what was expected, what was found, what to do.
fn said(message: &str) -> (String, String) {
    let line = message.lines().next().unwrap_or(message);
    let all = "docs/configuration.md lists every key";
    if let Some((key, known)) = line.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
        let near = text::nearest(key, known.split('`').skip(1).step_by(2));
        let hint = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        return (format!("there is no key `{key}` here"), format!("{hint}{all}"));
    }
    if let Some(key) = line.strip_prefix("missing field ") {
        return (format!("expected {key}, found nothing"), all.to_owned());
    }
    match line.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected ")) {
        Some((found, expected)) => (format!("expected {expected}, found {found}"), all.to_owned()),
        None => (line.to_owned(), all.to_owned()),
    }
}
