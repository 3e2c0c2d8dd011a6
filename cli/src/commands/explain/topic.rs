//! What a word stands for.

use adit_compiler::{
    packs::{self, Pack, Pattern},
    suggest,
};
use adit_grammar::codes::Code;
use adit_rules::{
    Family, Rule,
    control::{self, Control},
    rule,
};

use crate::failure::Failure;

/// Something that has a page.
#[derive(Debug)]
pub(super) enum Topic {
    /// A rule, by code, name or alias.
    Rule(&'static Rule),
    /// A family of rules, by how their codes begin or by its name.
    Family(Family),
    /// A rule pack; `pack:` before it may be left out.
    Pack(&'static Pack),
    /// A pattern of a pack.
    Pattern(&'static Pack, &'static Pattern),
    /// A mistake in a spec.
    SpecError(&'static Code),
    /// A control of a standard.
    Control(Control),
}

impl Topic {
    /// What a word stands for; no word stands for two things.
    pub(super) fn find(word: &str) -> Result<Self, Failure> {
        let word = word.trim();
        if let Some(name) = word.strip_prefix("pack:") {
            return packs::find(name).map(Self::Pack).ok_or_else(|| no_pack(name));
        }
        adit_rules::find(word)
            .map(Self::Rule)
            .or_else(|| Family::ALL.into_iter().find(|family| is_family(*family, word)).map(Self::Family))
            .or_else(|| packs::find(&word.to_ascii_lowercase()).map(Self::Pack))
            .or_else(|| {
                patterns().find(|(_, it)| it.id.eq_ignore_ascii_case(word)).map(|(of, it)| Self::Pattern(of, it))
            })
            .or_else(|| codes().find(|known| known.code.eq_ignore_ascii_case(word)).map(Self::SpecError))
            .or_else(|| control::control(word).map(Self::Control))
            .ok_or_else(|| unknown(word))
    }
}

fn is_family(family: Family, word: &str) -> bool {
    let of_any_rule = word.strip_suffix("xx").unwrap_or(word);
    family.prefix().eq_ignore_ascii_case(of_any_rule) || family.folder().eq_ignore_ascii_case(word)
}

fn patterns() -> impl Iterator<Item = (&'static Pack, &'static Pattern)> {
    packs::all().iter().flat_map(|pack| pack.patterns.iter().map(move |pattern| (pack, pattern)))
}

fn codes() -> impl Iterator<Item = &'static Code> {
    adit_grammar::codes::CODES.iter().chain(adit_compiler::codes::CODES)
}

fn no_pack(name: &str) -> Failure {
    let near =
        suggest::closest(name, packs::names()).map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    Failure::usage(format!("there is no rule pack `{name}`"), format!("{near}`adit explain` lists all rule packs"))
}

fn unknown(word: &str) -> Failure {
    let is_number = |word: Option<&str>| word.is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let upper = word.to_ascii_uppercase();
    let is_error = is_number(upper.strip_prefix(['E', 'W']));
    // A code that is not there is near to many that are, and none of them is meant.
    let is_code = is_error || is_number(upper.get(1..)) || is_number(upper.strip_prefix("RM"));
    let words = || {
        let patterns = patterns().map(|(_, pattern)| pattern.id.as_str());
        rule::names().chain(packs::names()).chain(patterns).chain(control::ids())
    };
    let near = match is_code {
        true => Vec::new(),
        false => match suggest::closest(word, words()) {
            Some(near) => vec![near],
            None => with(word, words()),
        },
    };
    let near: Vec<_> = near.iter().map(|near| format!("`{near}`")).collect();
    let hint = if near.is_empty() { String::new() } else { format!("did you mean {}? ", near.join(" or ")) };
    Failure::usage(
        format!("nothing here is called `{word}`: no rule, rule pack or pattern, control or error of a spec"),
        match is_error {
            true => "`docs/spec-errors.md` lists every error of a spec".to_owned(),
            false => format!("{hint}`adit explain` lists all rules and packs; a rule's page names its controls"),
        },
    )
}

/// So many names with a word in them help; of more, none does.
const FEW: usize = 3;

/// The few names that a longer word is part of.
fn with<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = word.to_ascii_lowercase();
    let mut found: Vec<&str> = names.filter(|name| name.to_ascii_lowercase().contains(&wanted)).collect();
    found.sort_unstable();
    found.dedup();
    if word.len() < 4 || found.len() > FEW { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_word_stands_for_two_things() {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        let rules = rule::names().map(str::to_owned);
        let families = Family::ALL.into_iter().flat_map(|it| [it.prefix(), it.folder()]).map(str::to_owned);
        let packs = packs::names().map(str::to_owned);
        let patterns = patterns().map(|(_, pattern)| pattern.id.clone());
        let codes = codes().map(|code| code.code.to_owned());
        let controls = control::ids().map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
        for word in rules.chain(families).chain(packs).chain(patterns).chain(codes).chain(controls) {
            *kinds.entry(word.to_ascii_lowercase()).or_default() += 1;
        }
        let twice: Vec<_> = kinds.iter().filter(|(_, kinds)| **kinds > 1).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert!(kinds.keys().all(|word| Topic::find(word).is_ok()));
    }
}
