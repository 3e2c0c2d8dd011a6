use adit_compiler::{
    compile::Population,
    spec::{KindName, Percent},
};

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A kind of entitlement is mined that says nothing.
    ///
    /// ## What it finds
    /// A kind of `minable` of which, in a population of at least 100 identities, either fewer than 1% hold anything at all, or every entitlement is held by
    /// more than 99%. A scope with nothing in it at all is RM201's.
    ///
    /// ## Why it matters
    /// What nearly nobody has and what everybody has tells no job from another. It costs time, dilutes clusters and membership rules, and puts access into
    /// roles that belongs to a few, or into a role for everyone.
    ///
    /// ## Example
    /// ```adit
    /// minable sap.tcode, office.group      // "staff" and "vpn", which everyone has
    /// ```
    ///
    /// ## What to do
    /// Leave the kind out of `minable`. Write down what everyone gets as a role of its own; let what few have stay individual.
    ///
    /// ## When to waive it
    /// Where the few are a team that is to have a role.
    ///
    /// ## What it cannot see
    /// Single entitlements of a kind that otherwise tells something: see `ignore entitlements held by …`.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6: access is what the task needs and no more.
    RULE = {
        code: "RM206", name: "low-information-minable", family: Specification, severity: Warning, confidence: Medium, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-6",
        ],
        aliases: ["RM-206"], since: "0.1.0", check: check,
    }
}

/// Smaller populations say nothing about a share of one in a hundred.
const ENOUGH: usize = 100;

/// Held by fewer: 1%.
const FEW: Percent = Percent(100);

/// Held by more: 99%.
const MOST: Percent = Percent(9_900);

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for population in
        context.compilation.populations.iter().filter(|one| one.matrix.height() >= ENOUGH && one.matrix.width() > 0)
    {
        let Some(mining) = context.spec.minings.get(population.mining) else { continue };
        let silent: Vec<String> = mining.minable.iter().filter_map(|kind| silent(context, population, kind)).collect();
        let Some((first, others)) = silent.split_first() else { continue };
        let finding = RULE.finding(
            Subject::Population(population.name.clone()),
            Phrase::new(format!("in `{}`, {first}", population.name)),
            "leave the kind out of `minable`; write down what everyone gets as a role of its own",
        );
        found.push(
            others
                .iter()
                .fold(finding.at(mining.span), |finding, other| finding.note(Phrase::new(format!("and {other}")))),
        );
    }
}

/// Why a kind of entitlement tells nothing in a population, if so.
fn silent(context: &Context<'_>, population: &Population, kind: &KindName) -> Option<String> {
    let (matrix, entitlements) = (&population.matrix, &context.snapshot.entitlements);
    let is_of_kind = |column: &usize| {
        matrix.entitlements.get(*column).is_some_and(|&entitlement| {
            let [application, attribute, _] = entitlements.parts(entitlement);
            kind.is([application, attribute])
        })
    };
    let columns: Vec<usize> = (0..matrix.width()).filter(is_of_kind).collect();
    let all = matrix.height() as u64;
    let name = format!("`{}.{}`", kind.application, kind.attribute);
    let mut holds = vec![false; matrix.height()];
    for &row in columns.iter().flat_map(|&column| matrix.column(column)) {
        if let Some(holds) = holds.get_mut(row as usize) {
            *holds = true;
        }
    }
    let holders = holds.iter().filter(|&&holds| holds).count() as u64;
    if !FEW.met_by(holders, all) {
        return Some(format!("{holders} of {all} identities hold anything of {name} that is in scope"));
    }
    let everyone = |&column: &usize| MOST.exceeded_by(matrix.column(column).len() as u64, all);
    columns.iter().all(everyone).then(|| format!("more than {MOST} of {all} identities hold everything of {name}"))
}
