use adit_compiler::spec::{Mining, Unseeded};

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A result depends on something that nobody wrote down.
    ///
    /// ## What it finds
    /// A mining block with a strategy that draws at random (`em`, `cobweb`) and no `seed`, or a `describe by` with `resample` or `folds` and no `seed`: it
    /// takes the one that this version of Adit happens to begin with.
    ///
    /// ## Why it matters
    /// An auditor must be able to get the same roles from the same input, years later and with another version. What is only a default may change.
    /// With a seed in the spec the result is the spec's. This version alone always draws the same, which is why it is a warning only.
    ///
    /// ## Example
    /// ```adit
    /// mine {
    ///   minable sap.tcode
    ///   cluster using em { roles auto, at most 40 }
    /// }
    /// ```
    ///
    /// ## What to do
    /// Write the seed down: `cluster using em { roles auto, at most 40; seed 7 }`.
    ///
    /// ## When to waive it
    /// While exploring. Not for roles that anybody is to sign.
    ///
    /// ## What it cannot see
    /// Defaults of other settings; the derivation records all of them, and `adit verify` replays it.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AU-10: there is evidence of who did what, which nobody can deny.
    /// - NIST SP 800-53 r5 CM-3: changes are reviewed and approved before they take effect.
    /// - ISO/IEC 27001:2022 A.5.33: records are protected from loss, falsification and unauthorised change.
    RULE = {
        code: "RM203", name: "nondeterministic-run", family: Specification, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AU-10", "NIST SP 800-53 r5 CM-3", "ISO/IEC 27001:2022 A.5.33",
        ],
        aliases: ["RM-203"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    found.extend(context.spec.minings.iter().filter_map(unseeded));
}

fn unseeded(mining: &Mining) -> Option<Finding> {
    let name = mining.strategy.name();
    let (what, setting) = match mining.unseeded {
        Unseeded { clusters: false, records: false } => return None,
        Unseeded { clusters: true, records: false } => {
            (format!("with `{name}`"), format!("`cluster using {name} {{ seed 7 }}`"))
        }
        Unseeded { clusters: false, records: true } => {
            ("the records to describe by".to_owned(), "`seed 7` in `describe by`".to_owned())
        }
        Unseeded { clusters: true, records: true } => (
            format!("with `{name}`, and the records to describe by"),
            format!("`cluster using {name} {{ seed 7 }}`, and `seed 7` in `describe by`"),
        ),
    };
    let finding = RULE.finding(
        Subject::Spec("mining", mining.name.clone()),
        Phrase::new(format!("mining `{}` draws at random {what}; no seed is written", mining.name)),
        format!("write the seed down: {setting}"),
    );
    Some(finding.at(mining.span))
}
