use std::collections::BTreeSet;

use adit_compiler::{compile::Population, spec::Percent};
use adit_snapshots::{Column, IdentityId};

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// An attribute that shapes roles is mostly empty, or different for everyone.
    ///
    /// ## What it finds
    /// An attribute of `guided by` or `describe by` that more than 20% of a population of at least 20 identities lack, or of which more than 90% of
    /// those who have one have a value of their own.
    ///
    /// ## Why it matters
    /// Clusters are guided, and membership rules are made, by what identities have in common. Where a fifth says nothing, nobody can say who of
    /// them belongs; and a value that only one person has describes that person, not a job.
    ///
    /// ## Example
    /// ```adit
    /// describe by department, employee_id { confidence at least 90% }
    /// ```
    /// No two people have the same `employee_id`.
    ///
    /// ## What to do
    /// Leave the attribute out, or have its source filled. For a number or a code, use what it stands for: the department instead of the cost centre.
    ///
    /// ## When to waive it
    /// While a source is being completed, per population.
    ///
    /// ## What it cannot see
    /// Attributes that are filled with nonsense, and populations under 20 identities. Lists are left alone: an empty one says that there is nothing,
    /// not that nobody knows.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 SI-18: the accuracy of information is checked, and it is corrected.
    RULE = {
        code: "RM107", name: "attribute-sparse", family: Hygiene, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 SI-18",
        ],
        aliases: ["RM-107"], since: "0.1.0", check: check,
    }
}

/// Smaller populations say nothing about an attribute.
const ENOUGH: u64 = 20;

/// So many may lack a value: 20%.
const EMPTY: Percent = Percent(2_000);

/// So many of those who have one may have one of their own: 90%.
const OWN: Percent = Percent(9_000);

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for population in &context.compilation.populations {
        let Some(mining) = context.spec.minings.get(population.mining) else { continue };
        let described = mining.describe.iter().flat_map(|describe| &describe.by);
        let attributes: BTreeSet<&String> = mining.guided_by.iter().chain(described).collect();
        for finding in attributes.into_iter().filter_map(|attribute| sparse(context, population, attribute)) {
            found.push(finding.at(mining.span));
        }
    }
}

fn sparse(context: &Context<'_>, population: &Population, attribute: &str) -> Option<Finding> {
    let column = context.snapshot.identities.attribute(attribute)?;
    let all = population.matrix.height() as u64;
    if all < ENOUGH {
        return None;
    }
    let (there, distinct) = counted(column, &population.matrix.identities)?;
    let what = if EMPTY.exceeded_by(all - there, all) {
        format!("{} of {all} identities have no `{attribute}`", all - there)
    } else if OWN.exceeded_by(distinct, there) {
        format!("`{attribute}` has {distinct} values for {there} identities")
    } else {
        return None;
    };
    let finding = RULE.finding(
        Subject::PopulationAttribute(population.name.clone(), attribute.to_owned()),
        Phrase::new(format!("in `{}`, {what}", population.name)),
        format!("have `{attribute}` filled at its source, or do not guide or describe by it"),
    );
    Some(finding.count("identities with a value", there, Some(all)).count("different values", distinct, Some(there)))
}

/// Who has a value, and how many different ones there are. None for a list.
fn counted(column: &Column, identities: &[IdentityId]) -> Option<(u64, u64)> {
    let rows = identities.iter().map(|identity| identity.0 as usize);
    let (mut there, mut distinct) = (0, 0);
    match column {
        Column::List { .. } => return None,
        Column::Text(column) => {
            let mut seen = vec![false; column.values.len()];
            for code in rows.filter_map(|row| column.codes.get(row)) {
                if let Some(seen) = seen.get_mut(*code as usize) {
                    there += 1;
                    distinct += u64::from(!std::mem::replace(seen, true));
                }
            }
        }
        Column::Date(_) | Column::Boolean(_) | Column::Integer(_) => {
            let mut seen = BTreeSet::new();
            for value in rows.filter_map(|row| column.display(row)) {
                there += 1;
                distinct += u64::from(seen.insert(value));
            }
        }
    }
    Some((there, distinct))
}
