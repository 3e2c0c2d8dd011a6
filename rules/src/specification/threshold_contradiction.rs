use adit_compiler::{
    compile::Population,
    spec::{EntitlementOverlap, Mining, Percent, Strategy},
};

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A threshold that this data can never meet, or always meets.
    ///
    /// ## What it finds
    /// A threshold of a mining block that contradicts the size of a population: more members asked for than there are identities,
    /// entitlements ignored unless more identities hold them than there are, one bound of `ignore` above the other, or a membership rule that must
    /// take in more members than there are. And a cut-off of fewer than two members, which every person meets by themselves. What contradicts
    /// itself without any data is an error of the spec already.
    ///
    /// ## Why it matters
    /// Such a run ends without an error and without a role, or with one for every person. Either looks like a finding about the company when
    /// it is one about a number.
    ///
    /// ## Example
    /// ```adit
    /// cutoff {
    ///   members at least 50    // and the population has 40
    /// }
    /// ```
    ///
    /// ## What to do
    /// Choose the threshold for the population: five members is a common floor. A mining block that spans populations of very
    /// different size is better split into two.
    ///
    /// ## When to waive it
    /// For a small population that is in scope on purpose and is expected to yield no role.
    ///
    /// ## What it cannot see
    /// A threshold that can be met, but with little sense.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.PS-01: configuration is managed.
    /// - NIST SP 800-53 r5 CM-3: changes of configuration are controlled.
    RULE = {
        code: "RM202", name: "threshold-contradiction", family: Specification, severity: Error, confidence: High,
        waivable: true, references: ["NIST CSF 2.0 PR.PS-01", "NIST SP 800-53 r5 CM-3"],
        aliases: ["RM-202"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for population in &context.compilation.populations {
        let Some(mining) = context.spec.minings.get(population.mining) else { continue };
        // Nothing to compare with: RM201 says so.
        if population.matrix.height() == 0 || population.matrix.width() == 0 && !ignores_everything(mining, population)
        {
            continue;
        }
        let contradictions = contradictions(mining, population);
        let Some((first, others)) = contradictions.split_first() else { continue };
        let finding = RULE
            .finding(
                Subject::Population(population.name.clone()),
                Phrase::new(format!("in `{}`, {first}", population.name)),
                "choose the threshold for this population, or mine it in a block of its own",
            )
            .at(mining.span)
            .count("identities in the population", population.matrix.height() as u64, None)
            .count("entitlements in the population", population.matrix.width() as u64, None);
        found.push(others.iter().fold(finding, |finding, other| finding.note(Phrase::new(format!("and {other}")))));
    }
}

fn contradictions(mining: &Mining, population: &Population) -> Vec<String> {
    let (height, width) = (population.matrix.height() as u64, population.matrix.width() as u64);
    let mut found = Vec::new();
    let mut more_than = |setting: &str, asked: u32, there: u64, (one, many): (&str, &str)| {
        if u64::from(asked) > there {
            let there = if there == 1 { format!("is 1 {one}") } else { format!("are {there} {many}") };
            found.push(format!("{setting} asks for {asked}, but there {there}"));
        }
    };
    let (identities, entitlements) = (("identity", "identities"), ("entitlement", "entitlements"));
    let cutoff = &mining.cutoff;
    more_than("`members at least` of the cut-off", cutoff.min_members, height, identities);
    more_than("`ignore entitlements held by fewer than`", mining.ignore_fewer_than, height, identities);
    if let Strategy::EntitlementOverlap(EntitlementOverlap { min_identities, min_entitlements, .. }) = mining.strategy {
        more_than("`identities at least` of the strategy", min_identities, height, identities);
        more_than("`entitlements at least` of the strategy", min_entitlements, width, entitlements);
    }
    if let Some(describe) = &mining.describe {
        more_than("`members at least` of `describe`", describe.min_members, height, identities);
    }
    if ignores_everything(mining, population) && u64::from(mining.ignore_fewer_than) <= height {
        found.push(format!(
            "whatever fewer than {} identities hold is ignored, and whatever more than {} of {height} hold",
            mining.ignore_fewer_than,
            mining.ignore_more_than.unwrap_or(Percent::WHOLE)
        ));
    }
    if cutoff.min_members < 2 {
        found.push(format!(
            "`members at least {}` of the cut-off makes a role of every single identity",
            cutoff.min_members
        ));
    }
    found
}

/// Whether the bounds of `ignore` leave nothing between them.
fn ignores_everything(mining: &Mining, population: &Population) -> bool {
    let height = population.matrix.height() as u64;
    let fewest = u64::from(mining.ignore_fewer_than.max(1));
    fewest > height || mining.ignore_more_than.is_some_and(|most| most.exceeded_by(fewest, height))
}
