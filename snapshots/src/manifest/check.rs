//! What serde does not say well: unknown words with what was meant, and values that make no sense together.

use std::{collections::BTreeSet, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::ManifestError;
use crate::{Digest, FaultKind, table::Table};

const TOP: &[&str] = &["name", "extracted", "digest", "source", "schema", "accept"];
const SOURCE: &[&str] = &[
    "id",
    "table",
    "file",
    "system",
    "owner",
    "extracted",
    "max_age_days",
    "observed_from",
    "authoritative_for",
    "delimiter",
    "encoding",
    "columns",
    "separator",
];
const SCHEMA: &[&str] = &["identity", "entitlement", "applications"];
const ACCEPT: &[&str] = &["fault", "table", "subjects", "at_most", "because", "owner", "expires"];
const TYPES: &[&str] = &["text", "list", "date", "boolean", "integer"];

/// Reasons that give none.
const VACUOUS: [&str; 12] = [
    "todo",
    "tbd",
    "fixme",
    "n/a",
    "na",
    "none",
    "by design",
    "as designed",
    "known issue",
    "accepted",
    "ok",
    "because",
];

/// A place in the text and what stands there.
type Node<'a, 'i> = &'a Spanned<DeValue<'i>>;

/// Refuses what a manifest may not say.
pub(super) fn check(text: &str) -> Result<(), ManifestError> {
    let document =
        DeTable::parse(text).map_err(|error| wrong(format!("not TOML: {}", error.message()), error.span(), None))?;
    let top = document.get_ref();
    keys(top, TOP, "`snapshot.toml`")?;
    if !top.contains_key("extracted") {
        let help = "add the day of the latest extraction, such as `extracted = 2026-03-01`, as the first line";
        return Err(wrong("expected `extracted`, found none".to_owned(), Some(0..0), Some(help.to_owned())));
    }
    if let Some(digest) = top.get("digest").filter(|digest| digest.get_ref().is_str()) {
        let text = digest.get_ref().as_str().unwrap_or_default();
        text.parse::<Digest>().map_err(|message| wrong(message, Some(digest.span()), None))?;
    }
    let sources = tables(top.get("source"), "source")?;
    for source in &sources {
        check_source(source)?;
    }
    check_together(&sources)?;
    if let Some(schema) = top.get("schema") {
        check_schema(schema)?;
    }
    for entry in tables(top.get("accept"), "accept")? {
        check_acceptance(&entry)?;
    }
    Ok(())
}

/// One table of an array of tables.
struct Entry<'a, 'i> {
    table: &'a DeTable<'i>,
    span: Range<usize>,
}

impl<'a, 'i> Entry<'a, 'i> {
    fn text(&self, key: &str) -> Option<(&'a str, Range<usize>)> {
        let value: Node<'a, 'i> = self.table.get(key)?;
        Some((value.get_ref().as_str()?, value.span()))
    }

    /// A text that must be there and say something.
    fn needed(&self, key: &str, what: &str, example: &str) -> Result<(&'a str, Range<usize>), ManifestError> {
        match self.text(key) {
            Some((text, span)) if !text.trim().is_empty() => Ok((text, span)),
            Some((_, span)) => {
                Err(wrong(format!("expected {what} in `{key}`, found nothing"), Some(span), Some(example.to_owned())))
            }
            // Of another type: serde says so.
            None if self.table.contains_key(key) => Ok(("", self.span.clone())),
            None => Err(wrong(
                format!("expected `{key}`, {what}, found none"),
                Some(self.span.clone()),
                Some(example.to_owned()),
            )),
        }
    }
}

fn check_source(source: &Entry<'_, '_>) -> Result<(), ManifestError> {
    keys(source.table, SOURCE, "a `[[source]]`")?;
    source.needed("id", "its short name", "such as `id = \"hr\"`")?;
    let (table, span) = source.needed("table", "the table it fills", "such as `table = \"assignments\"`")?;
    if Table::of(table).is_none() && !table.is_empty() {
        return Err(unknown("table", table, &Table::ALL.map(Table::name), span));
    }
    if let Some((file, span)) = source.text("file") {
        let absolute = file.starts_with(['/', '\\']) || file.contains(':');
        if absolute || file.split(['/', '\\']).any(|part| part == "..") {
            let help = "name a file in the folder of `snapshot.toml`, or in one below it".to_owned();
            return Err(wrong(format!("expected a path inside the folder, found `{file}`"), Some(span), Some(help)));
        }
    }
    for key in ["delimiter", "separator"] {
        let Some((text, span)) = source.text(key) else { continue };
        let mut letters = text.chars();
        let one =
            matches!((letters.next(), letters.next()), (Some(letter), None) if key == "separator" || letter.is_ascii());
        if !one || text.contains(['"', '\n', '\r']) {
            let expected =
                if key == "delimiter" { "one ASCII character, not a quote or a line end" } else { "one character" };
            return Err(wrong(format!("expected {expected} in `{key}`, found `{text}`"), Some(span), None));
        }
    }
    if let Some((label, span)) = source.text("encoding")
        && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
    {
        let known = ["utf-8", "windows-1252", "iso-8859-15", "utf-16le"];
        return Err(unknown("encoding", label, &known, span));
    }
    let Some(columns) = source.table.get("columns").and_then(|columns| columns.get_ref().as_table()) else {
        return Ok(());
    };
    let Some(table) = Table::of(table) else { return Ok(()) };
    if table.attributes().is_empty() {
        let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        for key in columns.keys() {
            if !names.contains(&key.get_ref().as_ref()) {
                return Err(unknown(&format!("column of `{}`:", table.name()), key.get_ref(), &names, key.span()));
            }
        }
    }
    Ok(())
}

/// What only shows with all sources in view.
fn check_together(sources: &[Entry<'_, '_>]) -> Result<(), ManifestError> {
    let mut files = BTreeSet::new();
    for source in sources {
        let (Some((table, _)), Some((file, span))) = (source.text("table"), source.text("file")) else { continue };
        if !file.is_empty() && !files.insert((table, file)) {
            let message = format!("expected each file once for a table, found `{file}` a second time for `{table}`");
            return Err(wrong(message, Some(span), Some("remove one of the two sources".to_owned())));
        }
    }
    if !files.iter().any(|(table, _)| *table == Table::Identities.name()) {
        let message = "expected a source of `identities`, found none".to_owned();
        let help = "add `[[source]]` with `id`, `table = \"identities\"` and `file`".to_owned();
        return Err(wrong(message, Some(0..0), Some(help)));
    }
    Ok(())
}

fn check_schema(schema: Node<'_, '_>) -> Result<(), ManifestError> {
    let Some(table) = schema.get_ref().as_table() else { return Ok(()) };
    keys(table, SCHEMA, "`[schema]`")?;
    for section in ["identity", "entitlement"] {
        let Some(attributes) = table.get(section).and_then(|section| section.get_ref().as_table()) else { continue };
        for (name, kind) in attributes {
            match kind.get_ref().as_str() {
                Some(text) if !TYPES.contains(&text) => return Err(unknown("type", text, TYPES, kind.span())),
                Some(_) => {}
                None => {
                    let message = format!(
                        "expected the type of `{}` as text, found {}",
                        name.get_ref(),
                        kind.get_ref().type_str()
                    );
                    return Err(wrong(message, Some(kind.span()), Some(one_of(TYPES))));
                }
            }
        }
    }
    Ok(())
}

fn check_acceptance(entry: &Entry<'_, '_>) -> Result<(), ManifestError> {
    keys(entry.table, ACCEPT, "an `[[accept]]`")?;
    let (fault, span) = entry.needed("fault", "the kind of fault", "such as `fault = \"dangling-reference\"`")?;
    let kinds = FaultKind::ALL.map(FaultKind::name);
    if FaultKind::of(fault).is_none() && !fault.is_empty() {
        return Err(unknown("fault", fault, &kinds, span));
    }
    if let Some((table, span)) = entry.text("table") {
        let known = Table::ALL.map(Table::name);
        if Table::of(table).is_none() && table != "snapshot" {
            return Err(unknown("table", table, &known, span));
        }
    }
    let help = "say what was looked at and why the results hold all the same";
    let (because, span) = entry.needed("because", "the reason", help)?;
    let said = because.trim().trim_end_matches('.').to_lowercase();
    if VACUOUS.contains(&said.as_str())
        || (!because.is_empty() && said.chars().filter(|c| c.is_alphanumeric()).count() < 4)
    {
        return Err(wrong(format!("expected a reason, found `{because}`"), Some(span), Some(help.to_owned())));
    }
    entry.needed("owner", "who answers for it", "such as `owner = \"iam@acme.example\"`")?;
    if !entry.table.contains_key("expires") {
        let help = "such as `expires = 2026-12-31`, the last day it holds".to_owned();
        return Err(wrong("expected `expires`, found none".to_owned(), Some(entry.span.clone()), Some(help)));
    }
    Ok(())
}

/// The entries of an array of tables.
fn tables<'a, 'i>(value: Option<Node<'a, 'i>>, key: &str) -> Result<Vec<Entry<'a, 'i>>, ManifestError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let wrong_type = |value: Node<'_, '_>| {
        let message = format!("expected `[[{key}]]`, found {}", value.get_ref().type_str());
        wrong(message, Some(value.span()), Some(format!("each {key} is a table of its own, headed `[[{key}]]`")))
    };
    let array = value.get_ref().as_array().ok_or_else(|| wrong_type(value))?;
    let entry = |item: Node<'a, 'i>| {
        let table = item.get_ref().as_table().ok_or_else(|| wrong_type(item))?;
        Ok(Entry { table, span: item.span() })
    };
    array.iter().map(entry).collect()
}

fn keys(table: &DeTable<'_>, known: &[&str], place: &str) -> Result<(), ManifestError> {
    for key in table.keys() {
        if !known.contains(&key.get_ref().as_ref()) {
            return Err(unknown(&format!("key in {place}:"), key.get_ref(), known, key.span()));
        }
    }
    Ok(())
}

fn unknown(what: &str, found: &str, known: &[&str], span: Range<usize>) -> ManifestError {
    let close = known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(found, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 4)
        .min();
    let help = close.map_or_else(|| one_of(known), |(_, candidate)| format!("did you mean `{candidate}`?"));
    wrong(format!("unknown {what} `{found}`"), Some(span), Some(help))
}

fn one_of(known: &[&str]) -> String {
    format!("expected one of `{}`", known.join("`, `"))
}

fn wrong(message: String, span: Option<Range<usize>>, help: Option<String>) -> ManifestError {
    ManifestError { message, span, help }
}

#[cfg(test)]
mod tests {
    use crate::Manifest;

    const GOOD: &str = r#"
extracted = 2026-11-20

[[source]]
id = "hr"
table = "identities"
file = "identities.csv"
"#;

    /// The message, the text it points at, and the help.
    fn refusal(text: &str) -> String {
        let error = Manifest::parse(text).unwrap_err();
        let at = error.span.clone().and_then(|span| text.get(span)).unwrap_or("").lines().next().unwrap_or("");
        format!("{error}\n  at: {at}\n  help: {}", error.help.as_deref().unwrap_or_default())
    }

    fn with(more: &str) -> String {
        refusal(&format!("{GOOD}{more}"))
    }

    #[test]
    fn a_small_manifest_is_enough() {
        let manifest = Manifest::parse(GOOD).unwrap();
        assert_eq!(manifest.extracted, jiff::civil::date(2026, 11, 20));
        let quoted = Manifest::parse(&GOOD.replace("2026-11-20", "\"2026-11-20\"")).unwrap();
        assert_eq!(quoted.extracted, manifest.extracted);
        let again = Manifest::parse(&toml::to_string(&manifest).unwrap()).unwrap();
        assert_eq!(again.sources.len(), 1);
    }

    #[test]
    fn unknown_words_are_explained() {
        insta::assert_snapshot!(refusal("extracted = 2026-11-20\nsorce = 1\n"), @r#"
        unknown key in `snapshot.toml`: `sorce`
          at: sorce
          help: did you mean `source`?
        "#);
        insta::assert_snapshot!(with("onwer = \"x\"\n"), @r#"
        unknown key in a `[[source]]`: `onwer`
          at: onwer
          help: did you mean `owner`?
        "#);
        insta::assert_snapshot!(with("[[source]]\nid = \"a\"\ntable = \"acounts\"\nfile = \"a.csv\"\n"), @r#"
        unknown table `acounts`
          at: "acounts"
          help: did you mean `accounts`?
        "#);
        insta::assert_snapshot!(with("[schema.identity]\ndepartment = \"txt\"\n"), @r#"
        unknown type `txt`
          at: "txt"
          help: did you mean `text`?
        "#);
        insta::assert_snapshot!(with("[schema.identity]\ndepartment = 1\n"), @r#"
        expected the type of `department` as text, found integer
          at: 1
          help: expected one of `text`, `list`, `date`, `boolean`, `integer`
        "#);
        insta::assert_snapshot!(with("encoding = \"cp-1252\"\n"), @r#"
        unknown encoding `cp-1252`
          at: "cp-1252"
          help: expected one of `utf-8`, `windows-1252`, `iso-8859-15`, `utf-16le`
        "#);
        insta::assert_snapshot!(
            with("[[source]]\nid = \"a\"\ntable = \"accounts\"\nfile = \"a.csv\"\ncolumns = { identity = \"x\" }\n"), @r#"
        unknown column of `accounts`: `identity`
          at: identity
          help: did you mean `identity_id`?
        "#
        );
    }

    #[test]
    fn what_is_missing_is_named() {
        insta::assert_snapshot!(refusal("name = \"x\"\n"), @r#"
        expected `extracted`, found none
          at: 
          help: add the day of the latest extraction, such as `extracted = 2026-03-01`, as the first line
        "#);
        insta::assert_snapshot!(refusal("extracted = 2026-11-20\n"), @r#"
        expected a source of `identities`, found none
          at: 
          help: add `[[source]]` with `id`, `table = "identities"` and `file`
        "#);
        insta::assert_snapshot!(with("[[source]]\nid = \"a\"\nfile = \"a.csv\"\n"), @r#"
        expected `table`, the table it fills, found none
          at: [[source]]
          help: such as `table = "assignments"`
        "#);
        insta::assert_snapshot!(refusal("extracted = soon\n"), @r#"
        not TOML: string values must be quoted, expected literal string
          at: soon
          help:
        "#);
        insta::assert_snapshot!(refusal(&GOOD.replace("2026-11-20", "\"soon\"")), @r#"
        expected a date such as `2026-03-01`, found `soon`
          at: "soon"
          help:
        "#);
        insta::assert_snapshot!(refusal("extracted = 2026-11-20\n[source]\nid = \"hr\"\n"), @r#"
        expected `[[source]]`, found table
          at: [source]
          help: each source is a table of its own, headed `[[source]]`
        "#);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        insta::assert_snapshot!(with("[[source]]\nid = \"b\"\ntable = \"identities\"\nfile = \"identities.csv\"\n"), @r#"
        expected each file once for a table, found `identities.csv` a second time for `identities`
          at: "identities.csv"
          help: remove one of the two sources
        "#);
        insta::assert_snapshot!(with("[[source]]\nid = \"b\"\ntable = \"roles\"\nfile = \"../roles.csv\"\n"), @r#"
        expected a path inside the folder, found `../roles.csv`
          at: "../roles.csv"
          help: name a file in the folder of `snapshot.toml`, or in one below it
        "#);
        insta::assert_snapshot!(with("delimiter = \";;\"\n"), @r#"
        expected one ASCII character, not a quote or a line end in `delimiter`, found `;;`
          at: ";;"
          help:
        "#);
        for day in ["2026-11-20T04:00:00Z", "2026-11-20 04:00:00", "\"2026-11-20T04:00:00\"", "04:00:00"] {
            let refused = refusal(&GOOD.replace("2026-11-20", day));
            assert!(refused.starts_with("expected a date such as `2026-03-01`, found `"), "{refused}");
        }
        insta::assert_snapshot!(refusal(&format!("digest = \"sha256:12\"\n{GOOD}")), @r#"
        expected `sha256:` and 64 hex digits, found `sha256:12`
          at: "sha256:12"
          help:
        "#);
    }

    #[test]
    fn nobody_accepts_a_fault_without_a_reason() {
        let accept = |more: &str| {
            with(&format!("[[accept]]\nfault = \"bad-value\"\nowner = \"o@x\"\nexpires = 2026-12-31\n{more}"))
        };
        insta::assert_snapshot!(accept("because = \"TODO\"\n"), @r#"
        expected a reason, found `TODO`
          at: "TODO"
          help: say what was looked at and why the results hold all the same
        "#);
        insta::assert_snapshot!(accept("because = \" \"\n"), @r#"
        expected the reason in `because`, found nothing
          at: " "
          help: say what was looked at and why the results hold all the same
        "#);
        insta::assert_snapshot!(accept(""), @r#"
        expected `because`, the reason, found none
          at: [[accept]]
          help: say what was looked at and why the results hold all the same
        "#);
        insta::assert_snapshot!(with("[[accept]]\nfault = \"dangling\"\n"), @r#"
        unknown fault `dangling`
          at: "dangling"
          help: expected one of `missing-file`, `missing-column`, `absent-attribute`, `duplicate-column`, `ragged-row`, `bad-encoding`, `guessed-encoding`, `empty-key`, `duplicate-id`, `source-conflict`, `repeated-row`, `duplicate-identity`, `dangling-reference`, `orphan-account`, `cyclic-groups`, `cyclic-roles`, `bad-value`, `spreadsheet-damage`, `digest-mismatch`
        "#);
    }
}
