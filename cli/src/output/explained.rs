//! How well attributes explain roles, for people.

use adit_compiler::{
    describe::{Explained, tests_text},
    spec::Percent,
};
use adit_snapshots::Snapshot;

use crate::{
    terminal::{Look, Paint},
    text::{Align, Table, counted, number, wrap},
};

/// A sentence on all of them, and a line for each role of a few.
pub(crate) fn render<'a>(
    all: impl Iterator<Item = &'a Explained>,
    some: impl Iterator<Item = (String, &'a Explained)>,
    snapshot: &Snapshot,
    look: Look,
) -> String {
    let sums = all.fold((0_u64, 0_u64, 0_u64), |(both, matched, members), found| {
        (both + u64::from(found.both), matched + u64::from(found.matched), members + u64::from(found.members))
    });
    let (both, matched, members) = sums;
    if members == 0 {
        return String::new();
    }
    let sentence = format!(
        "The nearest one or two values of each role take in {} of {} members ({}), and {}.",
        number(both),
        number(members),
        Percent::of(both, members),
        counted(matched - both, "other", "others"),
    );
    let title = look.paint(Paint::Bold, "How well attributes explain the roles");
    let mut text = format!("\n{title}\n{}\n", wrap(&sentence, "  ", "  ", look));
    let mut table = Table::new(2, [Align::Left, Align::Right, Align::Right, Align::Right, Align::Left]).head([
        "role",
        "fit",
        "are members",
        "of members",
        "nearest",
    ]);
    for (role, found) in some {
        table.row([
            role,
            found.fit().to_string(),
            found.precision().to_string(),
            found.recall().to_string(),
            tests_text(&found.tests, snapshot),
        ]);
    }
    text.push_str(&table.render(look));
    text
}
