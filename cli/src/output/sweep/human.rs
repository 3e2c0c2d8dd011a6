//! The stability curve, for people: a table for each population, with a bar for what its roles explain.

use adit_compiler::{
    spec::Percent,
    sweep::{Curve, Step, Survived},
};

use super::Swept;
use crate::{
    terminal::{Look, Paint},
    text::{Align, Table, counted, number, who_holds, wrap},
};

/// Columns of a full bar.
const BAR: u64 = 10;

/// What moved, and a table for each population.
pub(crate) fn render(swept: &Swept, look: Look) -> String {
    let threshold = swept.range.threshold();
    let (from, to, step) = swept.range.bounds();
    let [from, to, step] = [from, to, step].map(|value| threshold.shown(value));
    let project = look.paint(Paint::Bold, &swept.project);
    let mut text = format!("{project}: cutoff {} from {from} to {to} in steps of {step}\n", threshold.name());
    for (_, curve) in &swept.curves {
        text.push_str(&population(swept, curve, look));
    }
    text
}

fn population(swept: &Swept, curve: &Curve, look: Look) -> String {
    let (identities, entitlements, assignments) = curve.size;
    let size = who_holds(identities as u64, entitlements as u64, assignments as u64);
    let title = format!("{}: {size}", look.paint(Paint::Bold, &curve.name));
    let mut text = format!("\n{}\n", wrap(&title, "", "  ", look));
    let threshold = swept.range.threshold();
    let mut table = Table::new(
        2,
        [
            Align::Right,
            Align::Right,
            Align::Right,
            Align::Left,
            Align::Right,
            Align::Right,
            Align::Right,
            Align::Right,
            Align::Left,
        ],
    )
    .head([
        threshold.name(),
        "roles",
        "explained",
        "",
        "over-grants",
        "individual",
        "complexity",
        "still there",
        "",
    ]);
    // Where there is no room for a bar and a remark, an arrow says it.
    let narrow = look.width < 100;
    for step in &curve.steps {
        let Step { value, measures, survived } = step;
        let (arrow, own) = match (curve.own == Some(*value), narrow) {
            (true, true) => ("→ ", ""),
            (true, false) => ("", "← in the spec"),
            (false, _) => ("", ""),
        };
        table.row([
            format!("{arrow}{}", threshold.shown(*value)),
            number(measures.roles),
            measures.coverage.to_string(),
            if narrow { String::new() } else { bar(measures.coverage, look) },
            number(measures.over_grants),
            number(measures.under_grants),
            number(measures.wsc),
            survived.map(|survived| still_there(survived, narrow)).unwrap_or_default(),
            own.to_owned(),
        ]);
    }
    text.push_str(&table.render(look));
    let arrow = narrow && curve.steps.iter().any(|step| curve.own == Some(step.value));
    for line in arrow.then(|| "→ in the spec".to_owned()).into_iter().chain(beside(swept, curve)) {
        text.push_str(&look.paint(Paint::Dim, &wrap(&line, "  ", "    ", look)));
        text.push('\n');
    }
    text
}

/// The two policies that take no thought, and the spec's own value where no row can show it.
fn beside(swept: &Swept, curve: &Curve) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(step) = curve.steps.first() {
        let baselines = &step.measures.baselines;
        let trivial = [
            ("set of entitlements", &baselines.one_role_per_distinct_row),
            ("set of holders", &baselines.one_role_per_distinct_column),
        ];
        lines.extend(trivial.map(|(of, baseline)| {
            let roles = counted(baseline.roles, "role", "roles");
            format!("beside it: one role per distinct {of} is {roles}, complexity {}", number(baseline.wsc))
        }));
    }
    let threshold = swept.range.threshold();
    match curve.own {
        None => lines.push(format!("the spec sets no `{}`", threshold.name())),
        Some(own) if curve.steps.iter().all(|step| step.value != own) => {
            lines.push(format!("the spec's own is {}, outside of this range", threshold.shown(own)));
        }
        Some(_) => {}
    }
    lines
}

/// `9 of 10 (90%)`: roles of the row above that are still there; where there is no room, without the share.
fn still_there(survived: Survived, narrow: bool) -> String {
    let Survived { roles, of } = survived;
    let share = survived.share().filter(|_| !narrow).map(|Percent(points)| format!(" ({}%)", points / 100));
    let share = share.unwrap_or_default();
    format!("{} of {}{share}", number(roles), number(of))
}

/// A bar says nothing to who listens.
fn bar(share: Percent, look: Look) -> String {
    let full = if look.plain { 0 } else { share.of_whole(BAR) };
    (0..full).map(|_| '█').collect()
}
