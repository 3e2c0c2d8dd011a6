use adit_compiler::{
    compile::Population,
    spec::{KindName, Mining},
};

use crate::{Finding, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// There is nothing to mine.
    ///
    /// ## What it finds
    /// A mining block whose scope comes down to no entitlement at all: none of its `minable` kinds has one that anybody in scope holds
    /// and that no line excludes. Where only one of its populations is left without any, that population is reported, as a warning.
    ///
    /// ## Why it matters
    /// Mining nothing yields no role and no error, and so it looks like a clean result. Mostly it is a slip: an exclusion that takes too
    /// much, an application that was not extracted, a condition whose value is spelt otherwise in the data.
    ///
    /// ## Example
    /// ```adit
    /// minable sap.tcode
    /// ignore  entitlements held by fewer than 50 identities    // in a department of 40
    /// ```
    ///
    /// ## What to do
    /// Look at the counts below the finding: they say what each line of the scope left out. Widen the scope, or remove the block.
    ///
    /// ## When to waive it
    /// When the block waits for a source that is not extracted yet.
    ///
    /// ## What it cannot see
    /// A scope that takes in something, but not what was meant.
    ///
    /// ## References
    /// - Oracle Identity Analytics 11gR1 User's Guide, Role Engineering: mining without a minable attribute is an error.
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined, enforced and reviewed.
    RULE = {
        code: "RM201", name: "no-minable-attribute", family: Specification, severity: Error, confidence: High, waivable: true,
        references: ["Oracle Identity Analytics 11gR1 User's Guide, Role Engineering", "NIST CSF 2.0 PR.AA-05"],
        aliases: ["RM-201"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (index, mining) in context.spec.minings.iter().enumerate() {
        let of_mining = |population: &&Population| population.mining == index;
        let populations: Vec<_> = context.compilation.populations.iter().filter(of_mining).collect();
        if populations.iter().all(|population| population.matrix.width() == 0) {
            found.push(nothing(context, mining, &populations));
            continue;
        }
        for population in populations.into_iter().filter(|population| population.matrix.width() == 0) {
            let finding = RULE.finding(
                Subject::Population(population.name.clone()),
                Phrase::new(format!("nobody in `{}` holds anything that is minable", population.name)),
                "exclude these identities with a reason, or make minable what they hold",
            );
            let finding = finding.count("identities in scope", population.matrix.height() as u64, None);
            found.push(excluded(finding.severity(Severity::Warning).at(mining.span), population));
        }
    }
}

fn nothing(context: &Context<'_>, mining: &Mining, populations: &[&Population]) -> Finding {
    let identities: usize = populations.iter().map(|population| population.matrix.height()).sum();
    let message = match identities {
        0 => format!("the scope of `{}` takes in no identity", mining.name),
        _ => format!("nothing that is minable in `{}` is left within its scope", mining.name),
    };
    let mut finding = RULE
        .finding(
            Subject::Spec("mining", mining.name.clone()),
            Phrase::new(message),
            "widen the scope where the counts say that it lost most, or remove the block",
        )
        .at(mining.span)
        .count("identities in scope", identities as u64, Some(context.snapshot.identities.len() as u64));
    for kind in &mining.minable {
        let known = in_snapshot(context, kind);
        finding = finding.note(Phrase::new(format!(
            "the snapshot has {known} entitlements of the kind `{}.{}`",
            kind.application, kind.attribute
        )));
    }
    populations.iter().fold(finding, |finding, population| excluded(finding, population))
}

/// What each line of the scope left out.
fn excluded(finding: Finding, population: &Population) -> Finding {
    let lines = population.excluded.iter().filter(|line| line.identities + line.entitlements + line.assignments > 0);
    lines.fold(finding, |finding, line| {
        finding.note(Phrase::new(format!(
            "`{}` left out {} identities, {} entitlements, {} assignments",
            line.what, line.identities, line.entitlements, line.assignments
        )))
    })
}

fn in_snapshot(context: &Context<'_>, kind: &KindName) -> usize {
    let entitlements = &context.snapshot.entitlements;
    let (application, attribute) =
        (entitlements.application.code(&kind.application), entitlements.attribute.code(&kind.attribute));
    let (Some(application), Some(attribute)) = (application, attribute) else { return 0 };
    let rows = entitlements.application.codes.iter().zip(&entitlements.attribute.codes);
    rows.filter(|&(&a, &b)| a == application && b == attribute).count()
}
