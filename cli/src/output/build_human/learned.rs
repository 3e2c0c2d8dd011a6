//! How well attributes foretell roles, for people.

use adit_compiler::{
    compile::{Compilation, Population},
    learn::{Band, Kappa, Learnability, Validation},
};

use crate::{
    output::text::{Align, Table, counted, number, wrap},
    terminal::{Look, Paint},
};

/// Rules to list one by one.
const RULES: usize = 5;

/// Two sentences, and the rules that most records follow.
pub(super) fn render(compilation: &Compilation<'_>, population: &Population, look: Look) -> String {
    let Some(learned) = &population.learnability else { return String::new() };
    let by = compilation.spec.minings.get(population.mining).and_then(|mining| mining.describe.as_ref());
    let by = by.map(|describe| describe.by.join(", ")).unwrap_or_default();
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
            compilation.roles.get(rule.role).map_or_else(String::new, |role| role.handle.clone()),
            rule.to_string(),
        ]);
    }
    text.push_str(&table.render(look));
    if learned.rules.len() > RULES {
        let more = number((learned.rules.len() - RULES) as u64);
        text.push_str(&look.paint(Paint::Dim, &format!("  … and {more} more rules in derivation.json\n")));
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
