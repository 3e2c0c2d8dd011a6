use adit_compiler::roles::{CandidateRole, Granted, RoleOrigin};
use adit_snapshots::{EntitlementId, IdentityId};
use rustc_hash::FxHashMap;

use crate::{Evidence, Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Emergency access and everyday access meet in a role.
    ///
    /// ## What it finds
    /// Break-glass identities are those of a class called `break-glass`. It finds two things.
    ///
    /// - A role that has a break-glass identity among its members. For a role of the spec these are all whom its condition takes in, and the
    ///   members of roles that inherit it. (Break-glass identities are never mined, and the membership rule of a mined role holds within the
    ///   classes it was mined from, so mined roles cannot take one in.)
    /// - A mined role that grants an entitlement which more than half of all its holders hold as break-glass identities: a right kept
    ///   for emergencies that one or two others happen to hold too. Holders are counted over the whole snapshot, not over the scope.
    ///
    /// ## Why it matters
    /// Break-glass access stands outside the rules on purpose: always there, rarely used, every use an alarm. In a role it becomes routine.
    /// An emergency identity that depends on a role fails with the system that grants roles; an emergency right that a role hands out
    /// is no emergency right any more.
    ///
    /// ## Example
    /// ```csv
    /// identity_id,entitlement_id
    /// bg-01,sap:SAP_ALL
    /// bg-02,sap:SAP_ALL
    /// u-0042,sap:SAP_ALL
    /// ```
    /// After an incident, `u-0042` kept `SAP_ALL`. Mined with the other basis administrators, it would become part of their role.
    ///
    /// ## What to do
    /// Add `separate break-glass from everything`, and write the condition or membership rule so that it leaves them out. Take the entitlement
    /// away from those who should not have it, or exclude it from the scope with a reason.
    ///
    /// ## When to waive it
    /// Hardly ever. Where the emergency right is also, properly, an everyday right of a small team, for that role and entitlement.
    ///
    /// ## What it cannot see
    /// Emergency access that no class describes, and sealed rights that nobody holds until they are needed. Existing roles are left
    /// alone: emergency identities have to get their rights from somewhere.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-2(2): temporary and emergency accounts are removed or disabled after a set time.
    /// - NIST SP 800-53 r5 AC-6(5): privileged accounts are restricted to defined personnel or roles.
    /// - ISO/IEC 27001:2022 A.8.2: the allocation and use of privileged access rights is restricted and managed.
    /// - NIST SP 800-207 tenet 3: access to resources is granted per session.
    RULE = {
        code: "RM505", name: "break-glass-mixed", family: Duties, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-2(2)",
            "NIST SP 800-53 r5 AC-6(5)",
            "ISO/IEC 27001:2022 A.8.2",
            "NIST SP 800-207 tenet 3",
        ],
        aliases: ["break-glass-in-role"], since: "0.1.0", check: check,
    }
}

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let emergency: Vec<_> =
        context.snapshot.identities.iter().filter(|&identity| context.is_break_glass(identity)).collect();
    if emergency.is_empty() {
        return;
    }
    for (_, role) in context.proposed() {
        found.extend(taken_in(context, role, &emergency));
    }
    rights(context, &emergency, found);
}

fn taken_in(context: &Context<'_>, role: &CandidateRole, emergency: &[IdentityId]) -> Option<Finding> {
    let is_member = |identity: &&IdentityId| role.members.binary_search(identity).is_ok();
    let members: Vec<_> = emergency.iter().filter(is_member).copied().collect();
    let message = match members.len() {
        0 => return None,
        1 => " takes in a break-glass identity".to_owned(),
        more => format!(" takes in {more} break-glass identities"),
    };
    let mut finding = RULE
        .finding(
            Subject::role(role),
            Phrase::new("role ").role(&role.handle).text(message),
            "leave break-glass identities out of the role's condition, and add `separate break-glass from everything`",
        )
        .evidences(members.iter().copied().map(Evidence::Witness))
        .count("break-glass identities it takes in", members.len() as u64, Some(emergency.len() as u64));
    if let RoleOrigin::Declared { role } = role.origin {
        finding.span = context.spec.roles.get(role).map(|role| role.span);
    }
    Some(finding)
}

/// Entitlements of mined roles that are mostly held for emergencies.
fn rights(context: &Context<'_>, emergency: &[IdentityId], found: &mut Vec<Finding>) {
    let assignments = &context.snapshot.assignments;
    // (holders for emergencies, all holders)
    let mut holders: FxHashMap<EntitlementId, (u64, u64)> = FxHashMap::default();
    for &held in emergency.iter().flat_map(|&identity| assignments.held(identity)) {
        holders.entry(held).or_default().0 += 1;
    }
    if holders.is_empty() {
        return;
    }
    for held in &assignments.entitlements {
        if let Some((_, all)) = holders.get_mut(held) {
            *all += 1;
        }
    }
    holders.retain(|_, (kept, all)| *kept * 2 > *all);
    let mined = |role: &&CandidateRole| !matches!(role.origin, RoleOrigin::Declared { .. });
    for role in context.proposed().map(|(_, role)| role).filter(mined) {
        for granted in &role.grants {
            if let Some(&(kept, all)) = holders.get(&granted.entitlement) {
                found.push(
                    right(role, granted, kept, all).evidences(
                        emergency
                            .iter()
                            .filter(|&&identity| assignments.find(identity, granted.entitlement).is_some())
                            .copied()
                            .map(Evidence::Witness),
                    ),
                );
            }
        }
    }
}

fn right(role: &CandidateRole, granted: &Granted, kept: u64, all: u64) -> Finding {
    RULE.finding(
        Subject::role(role),
        Phrase::new("role ")
            .role(&role.handle)
            .text(" grants ")
            .entitlement(granted.entitlement)
            .text(", which is held mostly by break-glass identities"),
        "exclude the entitlement from the scope with a reason, and take it away from whoever is not there for emergencies",
    )
    .entitlements([granted.entitlement])
    .count("holders that are break-glass identities", kept, Some(all))
    .evidence(Evidence::Support {
        entitlement: granted.entitlement,
        held: granted.held.into(),
        of: granted.of.into(),
    })
}
