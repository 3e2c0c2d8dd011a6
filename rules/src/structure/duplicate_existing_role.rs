use std::collections::BTreeMap;

use super::existing_roles::{ExistingRole, existing_roles};
use crate::{Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Two roles that exist already grant the same.
    ///
    /// ## What it finds
    /// A role of the snapshot that grants, with what it inherits, exactly what another one grants. Of several the first by id is taken as the
    /// one to keep, and every other one is a finding. A role that grants nothing is none.
    ///
    /// ## Why it matters
    /// Each is requested, certified and changed apart. One of them will be changed alone, and from then on two people with one job
    /// have different access for no reason that anybody decided on.
    ///
    /// ## Example
    /// `AP_CLERK_EU` grants the 12 entitlements of `AP_CLERK`; 4 people have both.
    ///
    /// ## What to do
    /// Move its members to the role that is kept, and remove it at the source. `adit consolidate` lists those that are nearly the same, too.
    ///
    /// ## When to waive it
    /// When the two are the same today and are owned by people who change them apart, on purpose: two legal entities.
    ///
    /// ## What it cannot see
    /// Wildcards: `sap.*` and all that it matches are different entitlements here. Conditions under which a source lets a role work.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-3(7): access is controlled by roles.
    /// - Oracle Identity Analytics 11gR1 User's Guide, Role Consolidation: similar roles are found by members and by entitlements.
    RULE = {
        code: "RM411", name: "duplicate-existing-role", family: Structure, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-3(7)", "Oracle Identity Analytics 11gR1 User's Guide, Role Consolidation",
        ],
        aliases: ["RM-411"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let roles = existing_roles(context);
    let mut first: BTreeMap<&[_], &ExistingRole<'_>> = BTreeMap::new();
    for role in roles.iter().filter(|role| !role.grants.is_empty()) {
        match first.get(role.grants) {
            Some(kept) => found.push(finding(role, kept)),
            None => {
                first.insert(role.grants, role);
            }
        }
    }
}

fn finding(role: &ExistingRole<'_>, kept: &ExistingRole<'_>) -> Finding {
    let message = Phrase::new("existing role ")
        .node(Node::ExistingRole(role.id.to_owned()))
        .text(" grants exactly what ")
        .node(Node::ExistingRole(kept.id.to_owned()))
        .text(" grants");
    let both = role.members.iter().filter(|member| kept.members.binary_search(member).is_ok());
    RULE.finding(
        Subject::ExistingRole(role.id.to_owned()),
        message,
        "move its members to the role that is kept, and remove it",
    )
    .count("entitlements both grant", role.grants.len() as u64, None)
    .count("its members, who have the other too", both.count() as u64, Some(role.members.len() as u64))
}
