//! The stability curve as a flat table, one row for each population and value. Documented in `docs/formats.md`.

use adit_compiler::sweep::{Curve, Step};

use super::Swept;
use crate::output::mine::csv::field;

/// The whole table, ended by a newline. Shares are in basis points.
pub(crate) fn render(swept: &Swept) -> String {
    let mut text =
        "mining,population,threshold,value,own,roles,coverage,over_grants,individual,wsc,survived,survived_of\n"
            .to_owned();
    for (mining, curve) in &swept.curves {
        for step in &curve.steps {
            text.push_str(&row(swept, mining, curve, step));
        }
    }
    text
}

fn row(swept: &Swept, mining: &str, curve: &Curve, step: &Step) -> String {
    let measures = &step.measures;
    let survived = step.survived.map(|survived| format!("{},{}", survived.roles, survived.of));
    format!(
        "{},{},{},{},{},{},{},{},{},{},{}\n",
        field(mining),
        field(&curve.name),
        swept.range.threshold().name(),
        step.value,
        curve.own == Some(step.value),
        measures.roles,
        measures.coverage.0,
        measures.over_grants,
        measures.under_grants,
        measures.wsc,
        survived.as_deref().unwrap_or(","),
    )
}
