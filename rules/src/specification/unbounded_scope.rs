use adit_compiler::spec::{Condition, Mining, Strategy};

use crate::{Confidence, Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A mining block takes in everybody.
    ///
    /// ## What it finds
    /// A population of more than 25,000 identities; and one of more than 500 of a mining block that selects neither identities nor entitlements by any
    /// condition. The latter is doubtful with `cluster using layers`, which takes off first what everyone has, then what departments add, and so is at
    /// home with all of them; who could sign for such roles is still a question.
    ///
    /// ## Why it matters
    /// Mined together, functions that have nothing to do with each other share roles by accident, and nobody knows who could sign for such a role. It
    /// also costs the most time, for the worst roles.
    ///
    /// ## Example
    /// ```adit
    /// scope {
    ///   include identities human
    /// }
    /// ```
    ///
    /// ## What to do
    /// Mine by domain: a block per department or application, each with an owner who knows it. Begin with the one that matters most.
    ///
    /// ## When to waive it
    /// For access that everyone has, mined on purpose.
    ///
    /// ## What it cannot see
    /// A small scope that still mixes what does not belong together; RM406 looks for that.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-2: accounts and their authorisations are managed.
    RULE = {
        code: "RM205", name: "unbounded-scope", family: Specification, severity: Warning, confidence: Medium, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-2",
        ],
        aliases: ["RM-205"], since: "0.1.0", check: check,
    }
}

/// More than that is more than one domain.
const TOO_MANY: usize = 25_000;

/// More than that should be selected by something.
const SMALL: usize = 500;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for population in &context.compilation.populations {
        let Some(mining) = context.spec.minings.get(population.mining) else { continue };
        let there = population.matrix.height();
        let too_many = there > TOO_MANY;
        let unselected = there > SMALL && selects_nothing(mining);
        if !too_many && !unselected {
            continue;
        }
        let how = if unselected { ", and selects them by no condition" } else { "" };
        let finding = RULE.finding(
            Subject::Population(population.name.clone()),
            Phrase::new(format!("`{}` mines {there} identities together{how}", population.name)),
            "mine by domain: a block per department or application, with an owner who knows it",
        );
        let finding = finding.at(mining.span);
        found.push(match too_many {
            true => finding.confidence(Confidence::High).count(
                "identities to be mined together at most",
                TOO_MANY as u64,
                None,
            ),
            false if matches!(mining.strategy, Strategy::Layers(_)) => finding.confidence(Confidence::Low),
            false => finding,
        });
    }
}

fn selects_nothing(mining: &Mining) -> bool {
    let always = |condition: &Condition| matches!(condition, Condition::Always);
    mining.scope.identities.iter().all(|selection| always(&selection.line.condition))
        && mining.scope.except_identities.is_empty()
        && mining.scope.entitlements.iter().all(|line| always(&line.condition))
        && mining.scope.except_entitlements.is_empty()
}
