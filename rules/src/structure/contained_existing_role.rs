use std::collections::BTreeMap;

use adit_compiler::{alike::contained, spec::Percent};

use super::existing_roles::{ExistingRole, existing_roles};
use crate::{Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// All that a role grants, another role grants too.
    ///
    /// ## What it finds
    /// A role of the snapshot of which everything, with what it inherits, is granted by another existing role that grants more. It names
    /// the smallest such role and counts the others. Of roles that grant the same (RM411) only the first by id is looked at, and a role that
    /// inherits it on purpose does not count.
    ///
    /// ## Why it matters
    /// For whoever has the larger role, the smaller one grants nothing: it is certified, paid for and argued about in vain. Where the
    /// containment is wanted, it is inheritance that nobody wrote down, and the next change of the smaller role will not reach the larger.
    ///
    /// ## Example
    /// All 5 entitlements of `REPORT_READER` are among the 9 of `REPORT_AUTHOR`; each of its 40 members has `REPORT_AUTHOR` as well.
    ///
    /// ## What to do
    /// Where all its members have the larger role, remove the smaller. Where the larger role is the smaller one and more, let it inherit it.
    /// Otherwise this is how a catalogue of roles should look: one reads, the other writes.
    ///
    /// ## When to waive it
    /// When the roles are a vendor's and not yours to change.
    ///
    /// ## What it cannot see
    /// Wildcards: `sap.*` and all that it matches are different entitlements here.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-3(7): access is controlled by roles.
    /// - ANSI INCITS 359-2012: in hierarchical RBAC a senior role has the permissions of its juniors, by inheritance.
    RULE = {
        code: "RM412", name: "contained-existing-role", family: Structure, severity: Info, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 AC-3(7)", "ANSI INCITS 359-2012"],
        aliases: ["RM-412"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let roles = existing_roles(context);
    let mut first: BTreeMap<&[_], usize> = BTreeMap::new();
    for (place, role) in roles.iter().enumerate().filter(|(_, role)| !role.grants.is_empty()) {
        first.entry(role.grants).or_insert(place);
    }
    let different: Vec<(usize, &ExistingRole<'_>)> =
        roles.iter().enumerate().filter(|(place, role)| first.get(role.grants) == Some(place)).collect();
    let grants: Vec<Vec<u32>> =
        different.iter().map(|(_, role)| role.grants.iter().map(|grant| grant.0).collect()).collect();
    let mut around: BTreeMap<&str, (&ExistingRole<'_>, Vec<&ExistingRole<'_>>)> = BTreeMap::new();
    for pair in contained(&grants, Percent::WHOLE) {
        let (Some(&one), Some(&other)) = (different.get(pair.one as usize), different.get(pair.other as usize)) else {
            continue;
        };
        let ((place, inner), (_, outer)) =
            if one.1.grants.len() < other.1.grants.len() { (one, other) } else { (other, one) };
        if !outer.lineage.contains(&place) {
            around.entry(inner.id).or_insert((inner, Vec::new())).1.push(outer);
        }
    }
    for (inner, outers) in around.into_values() {
        if let Some(smallest) = outers.iter().min_by_key(|outer| (outer.grants.len(), outer.id)) {
            found.push(finding(inner, smallest, &outers));
        }
    }
}

fn finding(inner: &ExistingRole<'_>, smallest: &ExistingRole<'_>, outers: &[&ExistingRole<'_>]) -> Finding {
    let message = Phrase::new("all that existing role ")
        .node(Node::ExistingRole(inner.id.to_owned()))
        .text(" grants, ")
        .node(Node::ExistingRole(smallest.id.to_owned()))
        .text(" grants too");
    let has_another = |member| outers.iter().any(|outer| outer.members.binary_search(member).is_ok());
    let covered = inner.members.iter().filter(|member| has_another(member)).count() as u64;
    let members = inner.members.len() as u64;
    let help = if members > 0 && covered == members {
        "remove it: whoever has it has a larger role too"
    } else {
        "where the larger role means the smaller one and more, let it inherit it"
    };
    let finding = RULE
        .finding(Subject::ExistingRole(inner.id.to_owned()), message, help)
        .count(
            "what it grants, of what the larger role grants",
            inner.grants.len() as u64,
            Some(smallest.grants.len() as u64),
        )
        .count("roles that grant all of it and more", outers.len() as u64, None);
    match members {
        0 => finding,
        members => finding.count("its members, who have a larger role too", covered, Some(members)),
    }
}
