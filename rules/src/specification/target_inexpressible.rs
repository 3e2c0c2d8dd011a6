use adit_compiler::spec::Condition;

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A membership rule cannot be expressed where it is to be enforced.
    ///
    /// ## What it finds
    /// A role that is to be provisioned, and whose membership rule (with the classes and the scope it holds within) speaks of what somebody holds or used: of
    /// `holding`, of members of an existing role, or of `unused for`. A target decides by the attributes of an identity; none of this is one.
    ///
    /// ## Why it matters
    /// The target would leave the part out, and give the role to more people than anybody approved; or, where a rule speaks of access that it grants
    /// itself, go round in circles.
    ///
    /// ## Example
    /// ```adit
    /// role approver {
    ///   grants sap.tcode "ME29N"
    ///   where  department == "Purchasing" and members of role "SAP_BUYER"
    /// }
    /// ```
    ///
    /// ## What to do
    /// Say it with attributes. Or leave the `where` out and assign the role one by one.
    ///
    /// ## When to waive it
    /// Where whoever reads `provisioning.json` is known to evaluate it: the document has it as data.
    ///
    /// ## What it cannot see
    /// Limits of length and number that a target has. No target but `json` is built yet, and that has none.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 CM-3: changes are reviewed and approved before they take effect.
    /// - ISO/IEC 27001:2022 A.8.32: changes are subject to change management.
    RULE = {
        code: "RM204", name: "target-inexpressible", family: Specification, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 CM-3", "ISO/IEC 27001:2022 A.8.32",
        ],
        aliases: ["RM-204"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (_, role) in context.proposed() {
        if context.compilation.provision(role).is_none() {
            continue;
        }
        let Some(membership) = context.compilation.membership(role) else { continue };
        let mut parts = Vec::new();
        collect(&membership, &mut parts);
        parts.dedup();
        let Some(first) = parts.first() else { continue };
        let finding = RULE.finding(
            Subject::role(role),
            Phrase::new("the membership rule of role ")
                .role(&role.handle)
                .text(format!(" speaks of `{first}`, which is no attribute that a target can decide by")),
            "say it with attributes of identities, or assign the role one by one",
        );
        found.push(
            parts.iter().skip(1).fold(finding, |finding, part| finding.note(Phrase::new(format!("and of `{part}`")))),
        );
    }
}

/// The parts that are no test of an attribute, in the language's words, in the order of the condition.
fn collect(condition: &Condition, parts: &mut Vec<String>) {
    match condition {
        Condition::All(of) | Condition::Any(of) => of.iter().for_each(|part| collect(part, parts)),
        Condition::Not(part) => collect(part, parts),
        Condition::Always | Condition::Test { .. } => {}
        Condition::UnusedFor { .. }
        | Condition::MembersOfRole { .. }
        | Condition::HoldingApplication { .. }
        | Condition::Holding(_) => parts.push(condition.to_string()),
    }
}
