use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Where access comes from is not known.
    ///
    /// ## What it finds
    /// A population in which more than 5% of the assignments in scope have an unknown origin: no source says of any way to them whether
    /// it is direct, inherited, by a rule, by a request or an exception.
    ///
    /// ## Why it matters
    /// Without origin, what a forgotten nested group hands out looks like what somebody asked for, and an exception looks like the
    /// norm. Roles mined from it carry the excess on. Findings that rest on origins and paths (among them RM502 and RM601) are one step
    /// less sure while this one stands, and say so.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,entitlement_id
    /// u-1007,sap:FB60
    /// ```
    /// An export without the columns `origin` and `via`: every assignment is of unknown origin.
    ///
    /// ## What to do
    /// Export `origin` and `via` too, or give the groups and what they grant as tables of their own: Adit then finds out by itself what
    /// is inherited, and through which groups.
    ///
    /// ## When to waive it
    /// When the system cannot say. Roles from it deserve a closer look before anyone signs.
    ///
    /// ## What it cannot see
    /// Whether an origin that is given is true.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined, enforced and reviewed.
    /// - NIST SP 800-53 r5 AC-2: accounts and their authorisations are managed.
    /// - NIST SP 800-53 r5 AC-6(7): privileges are reviewed to validate the need for them.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned and reviewed by policy.
    RULE = {
        code: "RM106", name: "lineage-missing", family: Hygiene, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-05", "NIST SP 800-53 r5 AC-2", "NIST SP 800-53 r5 AC-6(7)", "ISO/IEC 27001:2022 A.5.18",
        ],
        aliases: ["RM-106"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (population, known) in context.compilation.populations.iter().zip(&context.lineage().populations) {
        if !known.is_missing() {
            continue;
        }
        let message = Phrase::new(format!(
            "nobody says where {} of {} assignments in `{}` come from",
            known.unknown, known.assignments, population.name
        ));
        let finding = RULE
            .finding(
                Subject::Population(population.name.clone()),
                message,
                "export `origin` and `via` with the assignments, or add the groups and what they grant as tables",
            )
            .count("assignments of unknown origin", known.unknown, Some(known.assignments))
            .note(Phrase::new("findings that rest on origins and paths are one step less sure"));
        found.push(match known.worst {
            Some((identity, unknown)) => {
                let note = Phrase::new("most of them: ").identity(identity).text(format!(" with {unknown}"));
                finding.note(note)
            }
            None => finding,
        });
    }
}
