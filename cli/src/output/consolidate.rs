//! Roles that are nearly the same: for people, and `adit.consolidate/1`. Documented in `docs/formats.md`.

use std::collections::BTreeSet;

use adit_compiler::spec::Percent;
use serde::Serialize;

use crate::{
    terminal::{Look, Paint},
    text::{Align, Table, counted, number, wrap},
};

/// Everything a report needs.
pub(crate) struct Overlaps {
    /// What was compared.
    pub(crate) roles: Vec<Compared>,
    /// The least share.
    pub(crate) at_least: Percent,
    /// Pairs that are alike by entitlements, the most alike first.
    pub(crate) by_entitlements: Vec<Overlap>,
    /// The same by members.
    pub(crate) by_members: Vec<Overlap>,
}

/// A role that is compared.
pub(crate) struct Compared {
    /// What it is called.
    pub(crate) name: String,
    /// Whether it exists already.
    pub(crate) exists: bool,
    /// Places of what it grants itself, ascending.
    pub(crate) entitlements: Vec<u32>,
    /// Places of who holds it, ascending.
    pub(crate) members: Vec<u32>,
    /// Places of the roles it inherits: their members are its own by construction.
    pub(crate) inherits: Vec<usize>,
}

/// Two roles, and how much they have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Overlap {
    /// The smaller, by place; the first where both have as much.
    pub(crate) one: usize,
    /// The larger.
    pub(crate) other: usize,
    /// What both have.
    pub(crate) common: u64,
    /// What each has.
    pub(crate) of: (u64, u64),
}

impl Overlaps {
    /// Whether it is known of any role who holds it: a CSV of roles does not say.
    pub(crate) fn have_members(&self) -> bool {
        self.roles.iter().any(|role| !role.members.is_empty())
    }
}

impl Overlap {
    /// What both have, of what either has: 100% where they are the same.
    pub(crate) fn jaccard(self) -> Percent {
        Percent::of(self.common, self.of.0 + self.of.1 - self.common)
    }

    /// Whether both have the same.
    pub(crate) fn same(self) -> bool {
        self.common == self.of.0 && self.common == self.of.1
    }

    /// Whether the larger has all that the smaller has, and more.
    pub(crate) fn inside(self) -> bool {
        self.common == self.of.0 && self.common < self.of.1
    }
}

/// Pairs to list one by one.
const PAIRS: usize = 20;

/// A summary and the pairs that are most alike.
pub(crate) fn human(overlaps: &Overlaps, look: Look) -> String {
    let mut text = format!("{}\n", counted(overlaps.roles.len() as u64, "role", "roles"));
    let sides = [("entitlements", &overlaps.by_entitlements), ("members", &overlaps.by_members)];
    let told = if overlaps.have_members() { 2 } else { 1 };
    for (side, pairs) in sides.into_iter().take(told) {
        let title = look.paint(Paint::Bold, &format!("by {side}"));
        if pairs.is_empty() {
            text.push_str(&format!("\n{title}: no role has {} of its {side} in another\n", overlaps.at_least));
            continue;
        }
        let count = Counts::of(pairs);
        let found = format!(
            "{title}: {} at least {} of the smaller role; {} another, {} contained in another",
            counted(pairs.len() as u64, "pair shares", "pairs share"),
            overlaps.at_least,
            counted(count.duplicates, "role repeats", "roles repeat"),
            counted(count.contained, "more is", "more are"),
        );
        text.push_str(&format!("\n{}\n", wrap(&found, "", "  ", look)));
        let mut table = Table::new(2, [Align::Right, Align::Right, Align::Right, Align::Left, Align::Left])
            .head(["alike", "common", "of", "role", "in"]);
        for pair in pairs.iter().take(PAIRS) {
            table.row([
                pair.jaccard().to_string(),
                number(pair.common),
                format!("{} and {}", number(pair.of.0), number(pair.of.1)),
                name(overlaps, pair.one),
                name(overlaps, pair.other),
            ]);
        }
        text.push_str(&table.render(look));
        if pairs.len() > PAIRS {
            let more = number((pairs.len() - PAIRS) as u64);
            text.push_str(&look.paint(Paint::Dim, &format!("  … and {more} more: `--format json` lists all\n")));
        }
    }
    text
}

fn name(overlaps: &Overlaps, role: usize) -> String {
    let Some(Compared { name, exists, .. }) = overlaps.roles.get(role) else { return String::new() };
    // Where all of them exist already, that goes without saying.
    let mixed = *exists && overlaps.roles.iter().any(|role| !role.exists);
    if mixed { format!("{name} (exists)") } else { name.clone() }
}

/// How many roles are in it. Of roles that are the same the first counts as the one, and the others as its duplicates.
#[derive(Debug, Clone, Copy, Serialize)]
struct Counts {
    pairs: u64,
    duplicates: u64,
    contained: u64,
}

impl Counts {
    fn of(pairs: &[Overlap]) -> Self {
        let duplicates: BTreeSet<usize> = pairs.iter().filter(|pair| pair.same()).map(|pair| pair.other).collect();
        let contained: BTreeSet<usize> = pairs.iter().filter(|pair| pair.inside()).map(|pair| pair.one).collect();
        Self {
            pairs: pairs.len() as u64,
            duplicates: duplicates.len() as u64,
            contained: contained.difference(&duplicates).count() as u64,
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    adit: &'static str,
    roles: usize,
    at_least: Percent,
    by_entitlements: Side<'a>,
    by_members: Side<'a>,
}

#[derive(Serialize)]
struct Side<'a> {
    #[serde(flatten)]
    counts: Counts,
    list: Vec<Pair<'a>>,
}

#[derive(Serialize)]
struct Pair<'a> {
    one: Role<'a>,
    other: Role<'a>,
    common: u64,
    jaccard: Percent,
}

#[derive(Serialize)]
struct Role<'a> {
    role: &'a str,
    exists: bool,
    of: u64,
    contained: Percent,
}

/// The whole document, ended by a newline.
pub(crate) fn json(overlaps: &Overlaps) -> String {
    let side = |pairs: &[Overlap]| Side {
        counts: Counts::of(pairs),
        list: pairs
            .iter()
            .filter_map(|pair| {
                let role = |place: usize, of: u64| {
                    let Compared { name, exists, .. } = overlaps.roles.get(place)?;
                    Some(Role { role: name, exists: *exists, of, contained: Percent::of(pair.common, of) })
                };
                let (one, other) = (role(pair.one, pair.of.0)?, role(pair.other, pair.of.1)?);
                Some(Pair { one, other, common: pair.common, jaccard: pair.jaccard() })
            })
            .collect(),
    };
    super::json(&Document {
        schema: "adit.consolidate/1",
        adit: env!("CARGO_PKG_VERSION"),
        roles: overlaps.roles.len(),
        at_least: overlaps.at_least,
        by_entitlements: side(&overlaps.by_entitlements),
        by_members: side(&overlaps.by_members),
    })
}
