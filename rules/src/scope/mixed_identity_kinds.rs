use std::collections::BTreeMap;

use adit_compiler::roles::CandidateRole;
use adit_snapshots::IdentityId;

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A role spans identity classes that the spec keeps apart.
    ///
    /// ## What it finds
    /// A candidate or declared role with members of two classes that a `separate` line sets apart, counting those who hold it through a
    /// role that inherits it.
    ///
    /// ## Why it matters
    /// People and machines are granted access for different reasons, reviewed by different people and ended by different events. A role for
    /// both gives the machine what a person needs, and hands the person a way to act as the machine.
    ///
    /// ## Example
    /// ```adit
    /// separate human from service
    ///
    /// role invoice-import {
    ///   grants sap.tcode "FB60"
    ///   where  department == "Finance"     // service accounts have departments too
    /// }
    /// ```
    ///
    /// ## What to do
    /// Make it two roles, or say in its condition which class it is for.
    ///
    /// ## When to waive it
    /// While a role that people and machines share today is being split.
    ///
    /// ## What it cannot see
    /// A machine that is recorded as a person: its class is what the spec's conditions make of it.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-01: identities and credentials are managed by the organisation.
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined, enforced and reviewed.
    /// - NIST SP 800-53 r5 AC-2: the kinds of account, and what each may be used for, are defined.
    /// - NIST SP 800-53 r5 IA-9: services are identified as such.
    /// - ISO/IEC 27001:2022 A.5.16: the full life cycle of identities is managed.
    /// - OWASP NHI5:2025: overprivileged non-human identities.
    /// - OWASP NHI10:2025: human use of non-human identities.
    RULE = {
        code: "RM301", name: "mixed-identity-kinds", family: Scope, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-01", "NIST CSF 2.0 PR.AA-05", "NIST SP 800-53 r5 AC-2", "NIST SP 800-53 r5 IA-9",
            "ISO/IEC 27001:2022 A.5.16", "OWASP NHI5:2025", "OWASP NHI10:2025",
        ],
        aliases: ["RM-301"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (_, role) in context.proposed() {
        let classes = classes(context, role);
        let spanned = context
            .spec
            .separated
            .iter()
            .find_map(|(one, other)| Some([(*one, classes.get(one)?), (*other, classes.get(other)?)]));
        let Some(spanned) = spanned else { continue };
        let name = |class: usize| context.spec.classes.get(class).map_or("", |class| class.name.as_str());
        let [one, other] = spanned.map(|(class, _)| name(class));
        let mut finding = RULE.finding(
            Subject::role(role),
            Phrase::new("role ")
                .role(&role.handle)
                .text(format!(" has members of `{one}` and of `{other}`, which are separate")),
            "make it two roles, or say in its condition which class it is for",
        );
        for (class, members) in &classes {
            let note = Phrase::new(format!("`{}`: {} of {} members", name(*class), members.count, role.members.len()));
            finding = finding.note(note.text(", among them ").identity(members.first));
        }
        found.push(finding);
    }
}

/// Members of a class.
struct Members {
    count: usize,
    first: IdentityId,
}

fn classes(context: &Context<'_>, role: &CandidateRole) -> BTreeMap<usize, Members> {
    let mut classes: BTreeMap<usize, Members> = BTreeMap::new();
    for &identity in &role.members {
        let Some(class) = context.compilation.class_of(identity) else { continue };
        classes.entry(class).or_insert(Members { count: 0, first: identity }).count += 1;
    }
    classes
}
