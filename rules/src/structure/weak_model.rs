use adit_compiler::learn::Band;

use crate::{Finding, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Attributes do not foretell the roles.
    ///
    /// ## What it finds
    /// A population whose roles a decision tree over the attributes of `describe by` foretells badly: Cohen's kappa, cross-validated tenfold, is below 0.7, or, as
    /// information, not above 0.9. Kappa is how often the tree is right beyond chance: 1 is always, 0 is what guessing would do.
    ///
    /// ## Why it matters
    /// A membership rule is a promise that whoever has these attributes needs that role. Where attributes foretell little, the roles follow something
    /// that nobody has written down, or nothing; and given by rule they go to the wrong people.
    ///
    /// ## Example
    /// 1,200 people, 14 roles, and the tree puts 61% of them into the right one: kappa 0.52.
    ///
    /// ## What to do
    /// Describe by more: title, location, cost centre, team. Have attributes filled at their source ([RM107](RM107.md)). Or mine populations apart that differ. `derivation.json`
    /// has the tree's rules and what each gets right.
    ///
    /// ## When to waive it
    /// Where the roles are requested, and not given by rule.
    ///
    /// ## What it cannot see
    /// Populations that are not described, or of fewer than a hundred records: of so few, kappa is chance. A role that is foretold badly among others that are foretold well.
    ///
    /// ## References
    /// - Oracle Identity Analytics 11gR1 User's Guide, Role Engineering: kappa below 0.7 is poor, above 0.9 excellent.
    /// - NIST AI RMF MEASURE: what a model is trusted for is measured.
    RULE = {
        code: "RM410", name: "weak-model", family: Structure, severity: Warning, confidence: High, waivable: true,
        references: [
            "Oracle Identity Analytics 11gR1 User's Guide, Role Engineering", "NIST AI RMF MEASURE",
        ],
        aliases: ["RM-410"], since: "0.1.0", check: check,
    }
}

/// Of fewer records, tenfold cross-validation says little.
const ENOUGH: u64 = 100;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for population in &context.compilation.populations {
        let Some(learned) = population.learnability.as_ref().filter(|learned| learned.records >= ENOUGH) else {
            continue;
        };
        let Some(validation) = &learned.cross_validated else { continue };
        let Some(kappa) = validation.kappa else { continue };
        let (severity, how) = match kappa.band {
            Band::Poor => (Severity::Warning, "badly"),
            Band::Acceptable => (Severity::Info, "only so well"),
            Band::Excellent => continue,
        };
        let value = thousandths(kappa.value);
        let message = format!("attributes foretell the roles of `{}` {how}: kappa is {value}", population.name);
        let mut finding = RULE.finding(
            Subject::Population(population.name.clone()),
            Phrase::new(message),
            "describe by attributes that say more, have them filled at their source, or do not give these roles by rule",
        );
        finding.span = context.spec.minings.get(population.mining).map(|mining| mining.span);
        found.push(
            finding
                .severity(severity)
                .count(
                    "records that the tree foretells, not having seen them",
                    validation.correct,
                    Some(learned.records),
                )
                .count("roles to tell apart", learned.roles, None)
                .count("identities in no role", learned.without_role, None),
        );
    }
}

/// `0.523`, of ten-thousandths; rounded down, as they are.
fn thousandths(value: i32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    format!("{sign}{}.{:03}", size / 10_000, size % 10_000 / 10)
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn kappa_reads_as_people_write_it() {
        assert_eq!([9_000, 523, 10_000, -1_205, 0].map(thousandths), ["0.900", "0.052", "1.000", "-0.120", "0.000"]);
    }
}
