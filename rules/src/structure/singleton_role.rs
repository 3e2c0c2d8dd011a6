use adit_compiler::roles::{CandidateRole, RoleOrigin};

use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A role that is a person.
    ///
    /// ## What it finds
    /// A role with fewer members than the cut-off of its mining block asks for, and never fewer than two; for a role that people
    /// wrote, fewer than two. Members who hold it through a role that inherits it count. A role that is written without a condition, and
    /// so has no members by rule, is left alone.
    ///
    /// ## Why it matters
    /// A role stands for a function. One that a single person holds is that person's access with a name, and stays when they leave: the next
    /// one to get it gets everything they had gathered.
    ///
    /// ## Example
    /// `finance-analysts/7` has the one member `u-1012`, who holds three entitlements that nobody else does.
    ///
    /// ## What to do
    /// Leave the access individual: raise `members at least`; five is a common floor. Where one person does have the function alone, write a
    /// role with a condition for it, so that it is the function's and not theirs.
    ///
    /// ## When to waive it
    /// For a function that one person has on purpose: the company secretary.
    ///
    /// ## What it cannot see
    /// Whether two members are a function or a coincidence.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6: no more access than a task needs.
    /// - ISO/IEC 27001:2022 A.5.15: rules for access follow from what the business needs.
    RULE = {
        code: "RM403", name: "singleton-role", family: Structure, severity: Error, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 AC-6", "ISO/IEC 27001:2022 A.5.15"],
        aliases: ["RM-403"], since: "0.1.0", check: check,
    }
}

/// Fewer are no function.
const FEWEST: u32 = 2;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for (index, role) in context.proposed() {
        let Some(fewest) = fewest(context, role) else { continue };
        let members = role.members.len() as u64;
        if members >= u64::from(fewest) {
            continue;
        }
        let message = Phrase::new("role ").role(&role.handle).text(match members {
            0 => " has no member".to_owned(),
            1 => " has one member".to_owned(),
            _ => format!(" has {members} members, fewer than the {fewest} asked for"),
        });
        let grants = context.compilation.effective_grants(index);
        let finding = RULE
            .finding(
                Subject::role(role),
                message,
                "leave the access individual (raise `members at least`), or write a role with a condition for the function",
            )
            .count("members, of as many as a role must have", members, Some(fewest.into()))
            .count("entitlements it grants", grants.len() as u64, None);
        found.push(role.members.iter().fold(finding, |finding, &member| finding.witness(member)));
    }
}

/// How many members a role must have; nothing for one that has none by rule.
fn fewest(context: &Context<'_>, role: &CandidateRole) -> Option<u32> {
    match role.origin {
        RoleOrigin::Primary { mining, .. }
        | RoleOrigin::Secondary { mining, .. }
        | RoleOrigin::Existing { mining, .. } => {
            let asked = context.spec.minings.get(mining).map_or(FEWEST, |mining| mining.cutoff.min_members);
            Some(asked.max(FEWEST))
        }
        RoleOrigin::Declared { role: index } => {
            let conditioned = context.spec.roles.get(index).is_some_and(|role| role.condition.is_some());
            (conditioned || !role.members.is_empty()).then_some(FEWEST)
        }
    }
}
