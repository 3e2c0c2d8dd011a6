//! How well attributes foretell roles, for people.

use adit_compiler::learn::{Band, Kappa, Learnability, Validation};

use crate::{
    terminal::{Look, Paint},
    text::{Align, Table, counted, number, wrap},
};

/// Rules to list one by one.
const RULES: usize = 5;

/// What was learned, and what roles are called.
pub(crate) struct Learned<'a> {
    /// A role is its place.
    pub(crate) of: &'a Learnability<usize>,
    /// The attributes that roles are described by.
    pub(crate) by: &'a [String],
    /// What a role is called.
    pub(crate) role: &'a dyn Fn(usize) -> String,
    /// Where all rules are.
    pub(crate) all: &'a str,
}

/// Two sentences, and the rules that most records follow.
pub(crate) fn render(learned: &Learned<'_>, look: Look) -> String {
    let Learned { of: learned, by, role, all } = *learned;
    let by = by.join(", ");
    let mut text = format!("\n{}\n", wrap(&sentence(learned, &by), "  ", "    ", look));
    let mut order: Vec<_> = learned.rules.iter().collect();
    order.sort_by_key(|rule| (std::cmp::Reverse(rule.records), rule.number));
    let mut table = Table::new(2, [Align::Right, Align::Right, Align::Right, Align::Left, Align::Left])
        .head(["rule", "records", "right", "role", "who"]);
    for rule in order.into_iter().take(RULES) {
        table.row([
            number(rule.number),
            number(rule.records),
            rule.confidence.to_string(),
            role(rule.role),
            rule.to_string(),
        ]);
    }
    text.push_str(&table.render(look));
    if learned.rules.len() > RULES {
        let more = number((learned.rules.len() - RULES) as u64);
        text.push_str(&look.paint(Paint::Dim, &format!("  … and {more} more rules in {all}\n")));
    }
    text
}

fn sentence(learned: &Learnability<usize>, by: &str) -> String {
    let rules = counted(learned.rules.len() as u64, "rule", "rules");
    let seen = format!(
        "learned from {by}: {rules} assign {} of {} to their role ({})",
        number(learned.correct),
        counted(learned.records, "record", "records"),
        learned.correctly_assigned
    );
    match &learned.cross_validated {
        None => format!("{seen}; too few records to try it on others"),
        Some(tried) => format!("{seen}; {}", unseen(tried)),
    }
}

fn unseen(tried: &Validation) -> String {
    let kappa = match tried.kappa {
        None => "all of one role".to_owned(),
        Some(Kappa { value, band }) => {
            let band = match band {
                Band::Poor => "poor",
                Band::Acceptable => "acceptable",
                Band::Excellent => "excellent",
            };
            let sign = if value < 0 { "-" } else { "" };
            format!("kappa {sign}{}.{:02}, {band}", value.abs() / 10_000, value.abs() % 10_000 / 100)
        }
    };
    let told = tried.relative_information_score;
    let sign = if told < 0 { "-" } else { "" };
    format!(
        "of unseen ones {} right and {} wrong ({}; {kappa}; {sign}{}.{:02}% of what there is to tell)",
        number(tried.correct),
        number(tried.incorrect),
        tried.accuracy,
        told.abs() / 100,
        told.abs() % 100
    )
}
