//! `adit.baseline/1`: a baseline on disk. Documented in `docs/baselines.md`.
//!
//! One entry per line, sorted by what it is about, and nothing that changes with every run: a change of the file is a change of what it
//! hides, and two branches that each drop entries merge by themselves.

use std::{collections::BTreeMap, fmt::Write as _, fs, io, path::Path};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Baseline;
use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
    files,
    privacy::Pseudonyms,
};

const SCHEMA: &str = "adit.baseline/1";

/// A finding of a baseline, for people: the fingerprint is what counts. The order is that of the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// The rule, by code.
    pub(crate) rule: String,
    /// What it is about; people by pseudonym.
    pub(crate) about: String,
    /// The entitlements that are part of what it is, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) entitlements: Vec<String>,
    /// The as-of day of the run that found it first.
    pub(crate) since: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "schema")]
    _schema: String,
    key: String,
    findings: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    #[serde(flatten)]
    entry: Entry,
    fingerprint: String,
}

impl Baseline {
    /// A baseline that hides nothing yet.
    pub(crate) fn empty(path: &Path) -> Self {
        Self { path: path.to_owned(), entries: BTreeMap::new() }
    }

    /// Reads a baseline that was written under the key of these pseudonyms; `None` when there is no such file.
    pub(crate) fn read(path: &Path, pseudonyms: &Pseudonyms) -> Result<Option<Self>, Failure> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Failure::usage(
                    format!("cannot read the baseline `{}`: {}", path.display(), io_words(&error)),
                    "make it readable, or take it back from version control",
                ));
            }
        };
        let entries = parse(&path.display().to_string(), &text, &pseudonyms.key_id())?;
        Ok(Some(Self { path: path.to_owned(), entries }))
    }

    /// Writes it, unless the file says the same already.
    pub(crate) fn write(&self, pseudonyms: &Pseudonyms) -> Result<(), Failure> {
        let text = self.text(&pseudonyms.key_id());
        if fs::read(&self.path).is_ok_and(|found| found == text.as_bytes()) {
            return Ok(());
        }
        files::replace(&self.path, text.as_bytes())
    }

    fn text(&self, key: &str) -> String {
        let mut lines: Vec<_> = self.entries.iter().map(|(fingerprint, entry)| (entry, fingerprint)).collect();
        lines.sort();
        let mut text = format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"key\": \"{key}\",\n  \"findings\": [");
        for (index, (entry, fingerprint)) in lines.into_iter().enumerate() {
            let line = Line { entry: entry.clone(), fingerprint: fingerprint.clone() };
            let line = serde_json::to_string(&line).unwrap_or_default();
            let _ = write!(text, "{}\n    {line}", if index == 0 { "" } else { "," });
        }
        text.push_str(if self.entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" });
        text
    }
}

fn parse(name: &str, text: &str, key: &str) -> Result<BTreeMap<String, Entry>, Failure> {
    let fail = |message: String, help: &str, at: std::ops::Range<usize>| {
        Failure::new(Exit::Usage, Problem::new(message).help(help).at(name, text, at, ""))
    };
    let damaged = "take it back from version control, or delete it and write it anew with `--update-baseline`";
    let not_json = |error: &serde_json::Error| {
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or(&words);
        let at = offset(text, error.line(), error.column());
        fail(format!("the baseline is damaged: expected the JSON of `{SCHEMA}`, found this: {words}"), damaged, at)
    };
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let version = |schema: &str| schema.strip_prefix("adit.baseline/").and_then(|version| version.parse::<u32>().ok());
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => {}
        Some(other) if version(other).is_some_and(|version| version > 1) => {
            let message = format!("the baseline is of a newer adit: expected `{SCHEMA}`, found `{other}`");
            return Err(fail(message, "use the adit that wrote it, or a later one", place(text, other)));
        }
        Some(other) => {
            let message = format!("this is no baseline: expected the schema `{SCHEMA}`, found `{other}`");
            return Err(fail(message, "name a file that `--update-baseline` wrote", place(text, other)));
        }
        None => {
            let message = format!("this is no baseline: expected the schema `{SCHEMA}`, found none");
            return Err(fail(message, "name a file that `--update-baseline` wrote", 0..0));
        }
    }
    let document: Document = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    if document.key != key {
        return Err(fail(
            "the baseline was written under another secret, so that nothing in it can be compared".to_owned(),
            "use the project's secret as when it was written, in `.adit/secret` or ADIT_SECRET; or delete it and write it anew with `--update-baseline`",
            place(text, &document.key),
        ));
    }
    let mut entries = BTreeMap::new();
    for Line { entry, fingerprint } in document.findings {
        let at = place(text, &fingerprint);
        if fingerprint.len() != 16 || !fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(fail(format!("expected a fingerprint of 16 hex digits, found `{fingerprint}`"), damaged, at));
        }
        if entries.insert(fingerprint.clone(), entry).is_some() {
            let last = text.rfind(&fingerprint).map_or(at, |start| start..start + fingerprint.len());
            return Err(fail(format!("`{fingerprint}` is in the baseline twice"), "remove one of the lines", last));
        }
    }
    Ok(entries)
}

/// Where a word first is in a text.
fn place(text: &str, word: &str) -> std::ops::Range<usize> {
    text.find(word).map_or(0..0, |start| start..start + word.len())
}

/// The byte that serde_json calls line and column.
fn offset(text: &str, line: usize, column: usize) -> std::ops::Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = (start + column.saturating_sub(1)).min(text.len());
    at..at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(entries: &[(&str, &str, &str)]) -> Baseline {
        let entries = entries.iter().map(|(rule, about, fingerprint)| {
            let entry = Entry {
                rule: (*rule).to_owned(),
                about: (*about).to_owned(),
                entitlements: if rule.ends_with('3') { vec!["sap.tcode \"F110\"".to_owned()] } else { Vec::new() },
                since: "2026-10-01".parse().unwrap(),
            };
            ((*fingerprint).to_owned(), entry)
        });
        Baseline { path: "b.json".into(), entries: entries.collect() }
    }

    #[test]
    fn what_is_written_is_read() {
        for entries in [
            &[][..],
            &[
                ("RM503", "identity id-1, duties pay", "00112233445566aa"),
                ("RM102", "account \"x\"\nac-2", "ffeeddccbbaa0011"),
                ("RM102", "account ac-1", "0011223344556677"),
            ],
        ] {
            let baseline = baseline(entries);
            let text = baseline.text("k");
            assert_eq!(parse("b.json", &text, "k").unwrap(), baseline.entries);
            assert_eq!(text.lines().count(), if entries.is_empty() { 5 } else { 6 + entries.len() });
        }
        insta::assert_snapshot!(
            baseline(&[
                ("RM503", "identity id-1, duties pay", "00112233445566aa"),
                ("RM102", "account ac-2", "ffeeddccbbaa0011"),
                ("RM102", "account ac-1", "0011223344556677"),
            ])
            .text("0123456789abcdef")
        );
    }

    #[test]
    fn other_files_are_refused() {
        let said = |text: &str| match parse("b.json", text, "k") {
            Err(Failure::Problems { problems, .. }) => {
                problems.iter().map(|problem| format!("{problem}\n")).collect::<String>()
            }
            other => panic!("{other:?}"),
        };
        let good = baseline(&[("RM102", "account ac-1", "0011223344556677")]).text("k");
        let mut all = String::new();
        for text in [
            "",
            "<<<<<<< HEAD\n{}",
            "[]",
            "{}",
            "{\"schema\": 7}",
            "{\"schema\": \"adit.lint/1\"}",
            "{\"schema\": \"adit.baseline/2\"}",
            "{\"schema\": \"adit.baseline/1\", \"key\": \"k\"}",
            &good.replace("\"k\"", "\"other\""),
            &good.replace("0011223344556677", "00"),
            &good.replace("2026-10-01", "2026-13-01"),
            &good.replace("\"findings\": [", "\"findings\": [\n{\"rule\": \"a\", \"about\": \"b\", \"since\": \"2026-10-01\", \"fingerprint\": \"0011223344556677\"},"),
        ] {
            all.push_str(&said(text));
        }
        insta::assert_snapshot!(all);
    }
}
