use std::cmp::Reverse;

use adit_compiler::roles::CandidateRole;
use adit_snapshots::EntitlementId;

use super::subsumption::{Whole, is_subsumed};
use crate::{Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A role gives its members nothing that another does not give them.
    ///
    /// ## What it finds
    /// A candidate role whose members are all members of another one that grants everything it grants, and more. What a role inherits counts as its own.
    /// Existing roles that stay as they are may be the other one.
    /// A role and one that it inherits are not compared.
    ///
    /// ## Why it matters
    /// The role is dead weight: it is requested, reviewed and paid for in attention, and taking it away would change nobody's access. It comes back to
    /// life when the other one shrinks, and nobody expects that.
    ///
    /// ## Example
    /// `invoice-reader` grants `FB03` to the twelve clerks, who are all among the members of `ap-clerk`, which grants `FB03`, `FB60` and `MIRO`.
    ///
    /// ## What to do
    /// Remove the role, or let the other one inherit it, so that each thing is granted in one place.
    ///
    /// ## When to waive it
    /// While the other role is being taken apart.
    ///
    /// ## What it cannot see
    /// Roles that several others together make superfluous, and those whose rule will one day take in somebody else. Roles that grant the same are
    /// RM402; existing roles within one another are RM412.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-3(7): access is controlled by roles.
    RULE = {
        code: "RM408", name: "subsumed-role", family: Structure, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-3(7)",
        ],
        aliases: ["RM-408"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let compilation = context.compilation;
    let grants: Vec<Vec<EntitlementId>> =
        (0..compilation.roles.len()).map(|number| compilation.effective_grants(number)).collect();
    let mut granted_by: Vec<Vec<usize>> = vec![Vec::new(); context.snapshot.entitlements.len()];
    for (number, grants) in grants.iter().enumerate() {
        for grant in grants {
            granted_by.get_mut(grant.0 as usize).into_iter().for_each(|roles| roles.push(number));
        }
    }
    for (number, role) in context.proposed() {
        let Some(own) = grants.get(number) else { continue };
        // Whatever contains it grants its rarest entitlement too.
        let candidates =
            own.iter().filter_map(|grant| granted_by.get(grant.0 as usize)).min_by_key(|roles| roles.len());
        let larger = candidates.into_iter().flatten().filter_map(|&other| {
            let within = Whole { number, role, grants: own };
            let whole = Whole { number: other, role: compilation.roles.get(other)?, grants: grants.get(other)? };
            is_subsumed(context, &within, &whole).then_some(whole)
        });
        if let Some(whole) = larger.min_by_key(|whole| (Reverse(whole.role.members.len()), whole.number)) {
            found.push(finding(role, own, &whole));
        }
    }
}

fn finding(role: &CandidateRole, grants: &[EntitlementId], whole: &Whole<'_>) -> Finding {
    let message = Phrase::new("role ")
        .role(&role.handle)
        .text(" gives its members nothing that role ")
        .role(&whole.role.handle)
        .text(" does not give them");
    RULE.finding(Subject::role(role), message, "remove it, or let the other role inherit it")
        .count("members who are members of both", role.members.len() as u64, Some(whole.role.members.len() as u64))
        .count("entitlements that both grant", grants.len() as u64, Some(whole.grants.len() as u64))
}
