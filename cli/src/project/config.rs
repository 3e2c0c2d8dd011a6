//! `adit.toml`. Documented in `docs/configuration.md`.

use std::collections::BTreeMap;

use adit_compiler::suggest;
use adit_rules::{Configuration, Level, RuleCode};
use toml::Spanned;

use crate::{
    exit::Exit,
    failure::{Failure, Problem},
    persona::Persona,
};

mod document;
#[cfg(test)]
mod reference;

use document::Document;
pub(crate) use document::{BaselineTable, LintTable, PrivacyTable, ProjectTable, Undecided, WaiverRule, schema};

/// What `adit.toml` says, with every default filled in.
#[derive(Debug)]
pub(crate) struct Config {
    /// `[project]`
    pub(crate) project: ProjectTable,
    /// `[rules]`, every name resolved.
    rules: BTreeMap<RuleCode, Level>,
    /// `[lint]`
    pub(crate) lint: LintTable,
    /// `[waivers]`
    pub(crate) waivers: WaiverLimits,
    /// `[baseline]`
    pub(crate) baseline: BaselineTable,
    /// `[privacy]`
    pub(crate) privacy: PrivacyTable,
}

/// `[waivers]`, every name resolved.
#[derive(Debug, Default)]
pub(crate) struct WaiverLimits {
    /// The longest any waiver may hold, in days.
    pub(crate) max_days: Option<u32>,
    /// How many days before its last one a waiver is said to expire soon.
    pub(crate) expiring_days: u32,
    /// What holds for the waivers of single rules, by code.
    pub(crate) rules: BTreeMap<RuleCode, WaiverRule>,
}

impl Config {
    /// How the linter is to judge for a persona.
    pub(crate) fn rules(&self, persona: Persona) -> Configuration {
        Configuration {
            rules: self.rules.clone(),
            fails_from: persona.fails_from(),
            expiring_days: self.waivers.expiring_days,
            undecided_fails: self.lint.undecided == Undecided::Deny,
        }
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
        let level = |level: &Spanned<String>| level.get_ref().parse().map_err(|message| (message, level.span()));
        let rules = by_rule(name, text, &document.rules, level, &mut problems);
        let waivers = WaiverLimits {
            max_days: document.waivers.max_days.map(u32::from),
            expiring_days: document.waivers.expiring_days,
            rules: by_rule(name, text, &document.waivers.rules, |limits| Ok(limits.clone()), &mut problems),
        };
        if problems.is_empty() {
            let Document { project, lint, baseline, privacy, .. } = document;
            Ok(Self { project, rules, lint, waivers, baseline, privacy })
        } else {
            Err(Failure::Problems { exit: Exit::Usage, problems })
        }
    }
}

/// The text of an `adit.toml` with every default that applies; `None` when it is no configuration.
pub(crate) fn explicit(text: &str) -> Option<String> {
    toml::to_string(&toml::from_str::<Document>(text).ok()?).ok()
}

/// What a table says by rule, the names resolved; every mistake at once, in the order of the file.
fn by_rule<T, U>(
    name: &str,
    text: &str,
    table: &BTreeMap<Spanned<String>, T>,
    read: impl Fn(&T) -> Result<U, (String, std::ops::Range<usize>)>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<RuleCode, U> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut rules = BTreeMap::new();
    for (key, value) in entries {
        let value = read(value).map_err(|(message, span)| {
            problems.push(Problem::new(message).at(name, text, span, ""));
        });
        let Some(rule) = adit_rules::find(key.get_ref()) else {
            let near = adit_rules::rule::nearest(key.get_ref())
                .map(|near| format!("did you mean `{near}`? "))
                .unwrap_or_default();
            let help = format!("{near}`adit explain` lists all rules");
            let message = format!("there is no rule `{}`", key.get_ref());
            problems.push(Problem::new(message).help(help).at(name, text, key.span(), ""));
            continue;
        };
        if rules.insert(rule.code, value).is_some() {
            let message = format!("`{}` is set twice: {} is {}", key.get_ref(), rule.code, rule.name);
            let help = "name each rule once, by its code or by its name";
            problems.push(Problem::new(message).help(help).at(name, text, key.span(), ""));
        }
    }
    rules.into_iter().filter_map(|(code, value)| Some((code, value.ok()?))).collect()
}

/// What toml says, in the voice of the house: what was expected, what was found, what to do.
fn said(message: &str) -> (String, String) {
    let line = message.lines().next().unwrap_or(message);
    let all = "docs/configuration.md lists every key";
    if let Some((key, known)) = line.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
        let known: Vec<_> = known.split('`').skip(1).step_by(2).collect();
        let hint = match suggest::closest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? "),
            None => format!("there are `{}`; ", known.join("`, `")),
        };
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
