//! `adit.mine/1`: what `adit mine` found, for machines. Documented in `docs/formats.md`.
//!
//! Written as it is made, some roles at a time: a large result needs no second copy in memory. One role per line, so that two
//! results can be compared line by line.

use std::io::{self, Write};

use adit_compiler::{
    derivation::ExplainedRecord,
    describe::{made, rule_text},
    learn::TreeTest,
    measures::Measures,
    roles::{Clause, MembershipRule},
    spec::{Cutoff, Describe, Percent, Strategy},
};
use adit_snapshots::Snapshot;
use rayon::prelude::*;
use serde::{Serialize, Serializer};

use super::{Mined, MinedRole};
use crate::values::Measure;

/// The name of the format.
pub(crate) const SCHEMA: &str = "adit.mine/1";

/// Lines that are made together, in parallel, before they are written.
const TOGETHER: usize = 1 << 10;

/// Names that are looked up together.
const LOOKED_UP: usize = 64;

/// Writes the whole document.
pub(crate) fn write(mined: &Mined, out: &mut impl Write) -> io::Result<()> {
    let (identities, entitlements) = (mined.matrix.height(), mined.matrix.width());
    let measures = MeasuresDocument { measures: &mined.measures, identities, entitlements };
    let settings = Settings {
        strategy: &mined.using.strategy,
        cutoff: mined.using.cutoff.as_ref(),
        filter: mined.using.filter.as_deref(),
        guided_by: &mined.using.guided_by,
        describe: mined.using.describe.as_ref(),
        quality: mined.measure,
    };
    out.write_all(b"{\n")?;
    field(out, "schema", SCHEMA, ",")?;
    field(out, "adit", env!("CARGO_PKG_VERSION"), ",")?;
    field(out, "data", &mined.digest().whole, ",")?;
    field(out, "settings", &settings, ",")?;
    field(out, "cut", &mined.cut, ",")?;
    field(out, "measures", &measures, ",")?;
    field(out, "quality", &mined.quality.as_ref().ok(), ",")?;
    field(out, "quality_not_measured", &mined.quality.as_ref().err(), ",")?;
    let handle = |&role: &usize| mined.roles.get(role).map_or("", |role| role.id.as_str());
    let learnability = mined.learnability.as_ref().map(|learned| learned.map(handle));
    field(out, "learnability", &learnability, ",")?;
    list(out, "roles", &mined.roles, |role, line| write_role(mined, role, line))?;
    list(out, "unassigned", &mined.clustering.unassigned, |near, line| {
        let near = Unassigned {
            identity: mined.identity(near.row),
            because: near.shortfall.to_string(),
            shares: near.best_common,
            of: near.of,
            with: near.with.map(|partner| mined.identity(partner)),
            with_of: near.with_of,
        };
        serde_json::to_writer(line, &near)
    })?;
    field(out, "notes", &mined.clustering.notes, ",")?;
    field(out, "certificate", &Certificate(mined), "")?;
    out.write_all(b"}\n")
}

fn field<T: Serialize + ?Sized>(out: &mut impl Write, name: &str, value: &T, end: &str) -> io::Result<()> {
    write!(out, "  \"{name}\": ")?;
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out, "{end}")
}

/// One item per line.
fn list<T: Sync>(
    out: &mut impl Write,
    name: &str,
    items: &[T],
    write: impl Fn(&T, &mut Vec<u8>) -> serde_json::Result<()> + Sync,
) -> io::Result<()> {
    write!(out, "  \"{name}\": [")?;
    let mut before: &[u8] = b"\n    ";
    for some in items.chunks(TOGETHER) {
        let lines: Vec<_> = some.par_iter().map(|item| line_of(item, &write)).collect();
        for line in lines {
            out.write_all(before)?;
            out.write_all(&line?)?;
            before = b",\n    ";
        }
    }
    out.write_all(if items.is_empty() { b"],\n" } else { b"\n  ],\n" })
}

fn line_of<T>(item: &T, write: impl Fn(&T, &mut Vec<u8>) -> serde_json::Result<()>) -> serde_json::Result<Vec<u8>> {
    let mut line = Vec::new();
    write(item, &mut line)?;
    Ok(line)
}

#[derive(Serialize)]
struct Settings<'a> {
    strategy: &'a Strategy,
    cutoff: Option<&'a Cutoff>,
    filter: Option<&'a [String]>,
    guided_by: &'a [String],
    describe: Option<&'a Describe>,
    quality: Measure,
}

#[derive(Serialize)]
struct MeasuresDocument<'a> {
    #[serde(flatten)]
    measures: &'a Measures,
    identities: usize,
    entitlements: usize,
}

#[derive(Serialize)]
struct Unassigned<'a> {
    identity: &'a str,
    because: String,
    shares: u32,
    of: u32,
    with: Option<&'a str>,
    with_of: u32,
}

/// A role with the names of its members and entitlements. By hand, because most of a large document is names, and few of them need an escape.
fn write_role(mined: &Mined, role: &MinedRole, line: &mut Vec<u8>) -> serde_json::Result<()> {
    let explained = role.explained.as_ref().map(|it| ExplainedRecord::new(it, &mined.snapshot));
    let rule = role.rule.as_ref().map(|rule| RuleDocument::new(rule, &mined.snapshot));
    line.extend_from_slice(b"{\"id\":");
    write_name(&role.id, line)?;
    write_names("entitlements", mined.grants(role), line)?;
    write_names("inherits", mined.inherits(role), line)?;
    write_names("members", mined.members(role), line)?;
    write_names("primary", mined.primary(role), line)?;
    line.extend_from_slice(b",\"explained\":");
    serde_json::to_writer(&mut *line, &explained)?;
    line.extend_from_slice(b",\"rule\":");
    serde_json::to_writer(&mut *line, &rule)?;
    line.push(b'}');
    Ok(())
}

/// One more field, a list of names. They are looked up some at a time, before any is written: look-ups that wait for memory overlap.
fn write_names<'a>(
    field: &str,
    mut names: impl Iterator<Item = &'a str>,
    line: &mut Vec<u8>,
) -> serde_json::Result<()> {
    line.extend_from_slice(b",\"");
    line.extend_from_slice(field.as_bytes());
    line.extend_from_slice(b"\":");
    let (mut some, mut before) = (Vec::with_capacity(LOOKED_UP), b'[');
    loop {
        some.extend(names.by_ref().take(LOOKED_UP));
        if some.is_empty() {
            break;
        }
        for name in some.drain(..) {
            line.push(before);
            write_name(name, line)?;
            before = b',';
        }
    }
    line.extend_from_slice(if before == b'[' { b"[]" } else { b"]" });
    Ok(())
}

fn write_name(name: &str, line: &mut Vec<u8>) -> serde_json::Result<()> {
    if name.bytes().any(|byte| matches!(byte, 0..b' ' | b'"' | b'\\')) {
        return serde_json::to_writer(line, name);
    }
    line.push(b'"');
    line.extend_from_slice(name.as_bytes());
    line.push(b'"');
    Ok(())
}

/// A membership rule, as a derivation has it.
#[derive(Serialize)]
struct RuleDocument {
    text: String,
    members: u32,
    members_matched: u32,
    matched: u32,
    clauses: Vec<ClauseDocument>,
    clauses_left_out: u32,
    members_left_out: u32,
}

#[derive(Serialize)]
struct ClauseDocument {
    tests: Vec<TreeTest>,
    members: u32,
    matched: u32,
    confidence: Percent,
}

impl RuleDocument {
    fn new(rule: &MembershipRule, snapshot: &Snapshot) -> Self {
        let clause = |clause: &Clause| ClauseDocument {
            tests: made(&clause.tests, snapshot),
            members: clause.members,
            matched: clause.matched,
            confidence: clause.confidence(),
        };
        Self {
            text: rule_text(rule, snapshot),
            members: rule.members,
            members_matched: rule.members_matched,
            matched: rule.matched,
            clauses: rule.clauses.iter().map(clause).collect(),
            clauses_left_out: rule.clauses_left_out,
            members_left_out: rule.members_left_out,
        }
    }
}

/// Why fewer roles cannot do: `null` where nothing is proved.
struct Certificate<'a>(&'a Mined);

impl Serialize for Certificate<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let Some(bound) = &self.0.clustering.bound else { return serializer.serialize_none() };
        let named = |pairs: &[(u32, u32)]| -> Vec<[&str; 2]> {
            pairs.iter().map(|&(row, column)| [self.0.identity(row), self.0.entitlement(column)]).collect()
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", if bound.kernel.is_some() { "kernel" } else { "fooling-set" })?;
        map.serialize_entry("roles", &bound.roles)?;
        map.serialize_entry("assignments", &named(&bound.fooling_set))?;
        if let Some(kernel) = &bound.kernel {
            map.serialize_entry("kernel", &named(&kernel.assignments))?;
            map.serialize_entry("nodes", &kernel.nodes)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte below a space and what JSON gives a meaning, at both ends and in the middle, and lists on either side of a batch.
    #[test]
    fn names_are_written_as_a_serializer_writes_them() {
        let odd = (0..0x80_u8).map(char::from).chain(['é', '\u{2028}', '😀']);
        let names: Vec<String> =
            odd.flat_map(|letter| [format!("{letter}ab"), format!("a{letter}b"), format!("ab{letter}")]).collect();
        for length in [0, 1, LOOKED_UP - 1, LOOKED_UP, LOOKED_UP + 1, 2 * LOOKED_UP, names.len()] {
            let some = &names[..length];
            let mut line = Vec::new();
            write_names("members", some.iter().map(String::as_str), &mut line).unwrap();
            let expected = format!(",\"members\":{}", serde_json::to_string(some).unwrap());
            assert_eq!(String::from_utf8(line).unwrap(), expected);
        }
    }
}
