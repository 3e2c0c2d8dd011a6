//! How well attributes explain roles, for people.

use adit_compiler::{describe::Explained, spec::Percent};

use super::text::{Align, Table, counted, number, visible, wrap};
use crate::terminal::{Look, Paint};

/// A sentence on all of them, and a line for each role of a few.
pub(crate) fn render<'a>(
    all: impl Iterator<Item = &'a Explained>,
    some: impl Iterator<Item = (String, &'a Explained)>,
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
            tests(found),
        ]);
    }
    text.push_str(&table.render(look));
    text
}

/// `department == "Finance" and title == "Clerk"`.
fn tests(found: &Explained) -> String {
    if found.tests.is_empty() {
        return "everyone".to_owned();
    }
    let test = |(attribute, value): &(String, String)| format!("{attribute} == \"{}\"", visible(value));
    found.tests.iter().map(test).collect::<Vec<_>>().join(" and ")
}
