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
    list(out, "roles", &mined.roles, |role| Role { mined, role })?;
    list(out, "unassigned", &mined.clustering.unassigned, |near| Unassigned {
        identity: mined.identity(near.row),
        because: near.shortfall.to_string(),
        shares: near.best_common,
        of: near.of,
        with: near.with.map(|partner| mined.identity(partner)),
        with_of: near.with_of,
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
fn list<'a, T: Sync, L: Serialize>(
    out: &mut impl Write,
    name: &str,
    items: &'a [T],
    line: impl Fn(&'a T) -> L + Sync,
) -> io::Result<()> {
    write!(out, "  \"{name}\": [")?;
    let mut before: &[u8] = b"\n    ";
    for some in items.chunks(TOGETHER) {
        let lines: Vec<_> = some.par_iter().map(|item| serde_json::to_vec(&line(item))).collect();
        for line in lines {
            out.write_all(before)?;
            out.write_all(&line?)?;
            before = b",\n    ";
        }
    }
    out.write_all(if items.is_empty() { b"],\n" } else { b"\n  ],\n" })
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

/// A role with the names of its members and entitlements, made while it is written.
struct Role<'a> {
    mined: &'a Mined,
    role: &'a MinedRole,
}

impl Serialize for Role<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut fields = serializer.serialize_struct("Role", 7)?;
        fields.serialize_field("id", &self.role.id)?;
        fields.serialize_field("entitlements", &Names(|| self.mined.grants(self.role)))?;
        fields.serialize_field("inherits", &Names(|| self.mined.inherits(self.role)))?;
        fields.serialize_field("members", &Names(|| self.mined.members(self.role)))?;
        fields.serialize_field("primary", &Names(|| self.mined.primary(self.role)))?;
        fields.serialize_field(
            "explained",
            &self.role.explained.as_ref().map(|it| ExplainedRecord::new(it, &self.mined.snapshot)),
        )?;
        fields.serialize_field(
            "rule",
            &self.role.rule.as_ref().map(|rule| RuleDocument::new(rule, &self.mined.snapshot)),
        )?;
        fields.end()
    }
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

/// Names from an iterator that can be made again.
struct Names<F>(F);

impl<'a, F: Fn() -> I, I: Iterator<Item = &'a str>> Serialize for Names<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0())
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
