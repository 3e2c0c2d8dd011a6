use adit_compiler::compile::Population;

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// The roles depend on where exactly the line was drawn.
    ///
    /// ## What it finds
    /// A population of which more than a tenth of the grants would go, or so many new ones come, if its thresholds were five points higher, or five
    /// points lower. What counts is an entitlement of a role, held by so many of the members. Populations with fewer than ten grants are left
    /// alone, and so is what all members hold: it meets every threshold.
    ///
    /// ## Why it matters
    /// Nobody knows a cut-off to five points. Roles that stand or fall with it follow from a number that somebody typed, not from the access, and
    /// three joiners later they are others.
    ///
    /// ## Example
    /// With `primary at least 80%`, 14 of the 60 grants are held by 80% to 84% of the members.
    ///
    /// ## What to do
    /// `adit sweep --cutoff primary=60%..95%` shows where the roles do not change for a while: draw the line there. Where there is no such place, the
    /// population is more than one: mine its parts apart.
    ///
    /// ## When to waive it
    /// Where a policy prescribes the threshold.
    ///
    /// ## What it cannot see
    /// Changes of who is a member: clusters are found before the line is drawn. Thresholds on members, overlap and the number of roles.
    ///
    /// ## References
    /// - NIST AI RMF MEASURE: how an outcome depends on its settings is measured.
    RULE = {
        code: "RM803", name: "threshold-brittle", family: Drift, severity: Info, confidence: High, waivable: true,
        references: ["NIST AI RMF MEASURE"],
        aliases: ["RM-803"], since: "0.1.0", check: check,
    }
}

/// Of fewer grants, a tenth is chance.
const ENOUGH: u64 = 10;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (number, population) in context.compilation.populations.iter().enumerate() {
        let granted = grants(context, number);
        let turned = population.cut.just_granted.max(population.cut.just_left);
        if granted >= ENOUGH && turned * 10 > granted {
            found.push(finding(context, population, granted));
        }
    }
}

fn finding(context: &Context<'_>, population: &Population, granted: u64) -> Finding {
    let cut = &population.cut;
    let message = format!("the roles of `{}` depend on a few points of their thresholds", population.name);
    let mut finding = RULE
        .finding(
            Subject::Population(population.name.clone()),
            Phrase::new(message),
            "draw the line where `adit sweep` shows that roles do not change, or mine its parts apart",
        )
        .count("grants that go where thresholds are five points higher", cut.just_granted, Some(granted))
        .count("grants that come where they are five points lower", cut.just_left, Some(granted));
    finding.span = context.spec.minings.get(population.mining).map(|mining| mining.span);
    finding
}

/// Entitlements of the roles of a population, as often as a role grants them.
fn grants(context: &Context<'_>, number: usize) -> u64 {
    let roles = context.compilation.roles.iter().filter(|role| role.origin.population() == Some(number));
    roles.map(|role| role.grants.len() as u64).sum()
}
