//! Mistakes in specs as marks.

use std::collections::BTreeMap;

use adit_grammar::Diagnostic;
use adit_rules::{Confidence, Severity};
use adit_snapshots::Digest;

use super::CheckedSpecs;
use crate::{
    output::marks::{Mark, Rule},
    project,
};

/// The marks of all mistakes, errors first, then in source order.
pub(super) fn all(checked: &[CheckedSpecs]) -> Vec<Mark<'_>> {
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    let mut marks: Vec<_> = checked
        .iter()
        .flat_map(|part| part.diagnostics.iter().map(move |diagnostic| (part, diagnostic)))
        .map(|(part, diagnostic)| mark(part, diagnostic, &mut seen))
        .collect();
    marks.sort_by_key(|mark| std::cmp::Reverse(mark.severity));
    marks
}

/// What there is to say of their codes, by code.
pub(super) fn rules(marks: &[Mark<'_>]) -> Vec<Rule> {
    let mut found: Vec<_> = marks.iter().map(|mark| (mark.code, mark.severity)).collect();
    found.sort_by_key(|(code, _)| *code);
    found.dedup_by_key(|(code, _)| *code);
    found.into_iter().map(|(code, severity)| rule(code, severity)).collect()
}

fn mark<'a>(part: &'a CheckedSpecs, diagnostic: &'a Diagnostic, seen: &mut BTreeMap<String, u64>) -> Mark<'a> {
    let place = |span| part.specs.place(span).map(|place| part.paths.spec(&place));
    let mut labels = diagnostic.labels.iter().filter_map(|label| Some((place(label.span)?, label.text.as_str())));
    // A file that cannot be read has no line to stand at: `adit.toml` names it.
    let (place, _) = labels.next().unwrap_or_else(|| (part.paths.file(project::FILE), ""));
    // Never by line. The same mistake twice in a file is the first and the second.
    let what = format!("{}\0{}\0{}", diagnostic.code, place.file, diagnostic.message);
    let nth = seen.entry(what.clone()).and_modify(|nth| *nth += 1).or_default();
    Mark {
        code: diagnostic.code,
        title: diagnostic.code.to_owned(),
        severity: match diagnostic.severity {
            adit_grammar::Severity::Error => Severity::Error,
            adit_grammar::Severity::Warning => Severity::Warning,
        },
        message: diagnostic.message.clone(),
        proofs: Vec::new(),
        help: diagnostic.help.as_deref(),
        fingerprint: Digest::of(format!("{what}\0{nth}").as_bytes()).short(16),
        related: labels.collect(),
        place,
        finding: None,
    }
}

fn rule(code: &'static str, severity: Severity) -> Rule {
    let known = adit_grammar::codes::CODES.iter().chain(adit_compiler::codes::CODES);
    let title = known.into_iter().find(|known| known.code == code).map(|known| known.title);
    let is_syntax = code.starts_with("E0");
    let page = if is_syntax {
        "language.md#syntax-errors".to_owned()
    } else {
        format!("spec-errors.md#{}", code.to_ascii_lowercase())
    };
    Rule {
        code,
        name: None,
        title: title.unwrap_or(code).to_owned(),
        summary: title.unwrap_or(code).to_owned(),
        page: None,
        address: format!("{}/blob/main/docs/{page}", env!("CARGO_PKG_REPOSITORY")),
        severity,
        confidence: Confidence::High,
        danger: None,
        tags: vec!["spec"],
    }
}
