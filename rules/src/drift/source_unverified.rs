use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A source does not say where it comes from.
    ///
    /// ## What it finds
    /// A source in `snapshot.toml` without a `system` it was extracted from, or without an `owner` who answers for it. That a system of record has no owner is
    /// an error of its own, see RM103.
    ///
    /// ## Why it matters
    /// Data that nobody vouches for can be anything. When roles made from it are questioned, there is nobody to ask.
    ///
    /// ## Example
    /// ```toml
    /// [[source]]
    /// id = "grants"
    /// table = "assignments"
    /// file = "export-final-2.csv"
    /// ```
    ///
    /// ## What to do
    /// Name the `system` and the `owner`. If nobody knows them, do not use the file.
    ///
    /// ## When to waive it
    /// For an archive whose owner is gone, with the name of who took it over.
    ///
    /// ## What it cannot see
    /// Whether what is said is true: Adit knows no signature of a source. `adit.lock` at least keeps its content.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 SR-4: where things come from is documented.
    /// - NIST SP 800-53 r5 AU-10: there is evidence of who did what, which nobody can deny.
    RULE = {
        code: "RM804", name: "source-unverified", family: Drift, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 SR-4", "NIST SP 800-53 r5 AU-10",
        ],
        aliases: ["RM-804"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for source in &context.snapshot.manifest.sources {
        let no_owner = source.owner.as_deref().is_none_or(|owner| owner.trim().is_empty());
        let (what, help) = match (source.system.trim().is_empty(), no_owner) {
            (false, false) => continue,
            (true, false) => ("which system it was extracted from", "its `system`"),
            (false, true) => ("who answers for it", "its `owner`"),
            (true, true) => {
                ("which system it was extracted from, nor who answers for it", "its `system` and its `owner`")
            }
        };
        let message = Phrase::new(format!("source `{}` does not say {what}", source.id));
        let help = format!("name {help} in `snapshot.toml`");
        found.push(RULE.finding(Subject::Source(source.id.clone()), message, help));
    }
}
