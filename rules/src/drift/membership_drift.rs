use adit_compiler::spec::Percent;
use adit_snapshots::{ExistingRole, IdentityId};

use super::approved::{Approved, approved};
use crate::{
    Evidence, Finding, Node, Phrase, Severity, Subject, context::Context, graph::Holder, rule::declare_rule,
    words::counted,
};

declare_rule! {
    /// What is live is not what was approved.
    ///
    /// ## What it finds
    /// For each approved role, of this build or as the last `provisioning.json` has it:
    ///
    /// - where the snapshot has a role of that name, because it was provisioned: members that nobody approved, entitlements that nobody
    ///   approved, entitlements that are missing, and members that are missing where these are more than 5%;
    /// - where it has none: approved members who are still there and hold less than the role grants, where more than 5% of what it was to
    ///   give is gone, beyond what was not held on the day it was approved either.
    ///
    /// It is an error where what was added is privileged.
    ///
    /// ## Why it matters
    /// Whoever adds a member in the target system goes around every approval, every conflict check and every review. It is the most common
    /// way in which a clean role model decays, and the one that attackers take.
    ///
    /// ## Example
    /// `ap-clerk` was approved for six people. The role `ap-clerk` in the directory has seven members; the seventh was added by hand.
    ///
    /// ## What to do
    /// Take the member or the right out again; or make the change where it can be approved, build, and have it signed.
    ///
    /// ## When to waive it
    /// While a change that was already asked for is on its way, per role.
    ///
    /// ## What it cannot see
    /// Members added to a role that the snapshot does not have under the name people gave it, and what happened between two snapshots.
    ///
    /// ## References
    /// - NIST CSF 2.0 DE.CM-03: activities of personnel and the use of technology are monitored.
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined, enforced and reviewed.
    /// - NIST SP 800-53 r5 CA-7: controls are monitored continuously.
    /// - NIST SP 800-53 r5 AC-2(12): accounts are monitored for atypical use.
    /// - NIST SP 800-53 r5 CM-6: settings that deviate from what was decided are identified.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned and reviewed by policy.
    /// - ISO/IEC 27001:2022 A.8.16: systems are monitored for anomalous behaviour.
    RULE = {
        code: "RM802", name: "membership-drift", family: Drift, severity: Warning, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 DE.CM-03", "NIST CSF 2.0 PR.AA-05", "NIST SP 800-53 r5 CA-7", "NIST SP 800-53 r5 AC-2(12)",
            "NIST SP 800-53 r5 CM-6", "ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2022 A.8.16",
        ],
        aliases: ["RM-802"], since: "0.1.0", check: check,
    }
}

/// So much may be missing: people leave, and what they leave comes back a day later.
const TOLERATED: Percent = Percent(500);

/// So many of each kind are named.
const SHOWN: usize = 3;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    for role in approved(context) {
        let live = context.existing_role(&role.name);
        found.extend(match live.and_then(|place| Some((place, context.snapshot.roles.get(place)?))) {
            Some((place, live)) => compared(context, &role, live, &context.graph.members(Holder::ExistingRole(place))),
            None => withdrawn(context, &role),
        });
    }
}

/// A role that is live under the name of an approved one, held against it.
fn compared(context: &Context<'_>, role: &Approved, live: &ExistingRole, members: &[IdentityId]) -> Option<Finding> {
    let roles = &context.snapshot.roles;
    let outside: Vec<IdentityId> = less(members, &role.members);
    let missing: Vec<IdentityId> =
        less(&role.members, members).into_iter().filter(|&id| context.is_active(id)).collect();
    let told_members = roles.iter().any(|role| !role.members.is_empty());
    let told_grants = roles.iter().any(|role| !role.entitlements.is_empty());
    let too_many_missing = told_members && TOLERATED.exceeded_by(missing.len() as u64, role.members.len() as u64);
    let added = if told_grants { less(&live.entitlements, &role.effective) } else { Vec::new() };
    let lost =
        if told_grants && live.inherits.is_empty() { less(&role.grants, &live.entitlements) } else { Vec::new() };
    if outside.is_empty() && added.is_empty() && lost.is_empty() && !too_many_missing {
        return None;
    }
    let missed = if too_many_missing { missing.len() } else { 0 };
    let said: Vec<String> = [
        several(&[(outside.len(), "member"), (added.len(), "entitlement")])
            .map(|what| format!("has {what} that nobody approved")),
        several(&[(missed, "approved member"), (lost.len(), "approved entitlement")])
            .map(|what| format!("lacks {what}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let privileged = added.iter().any(|&held| context.is_privileged(held))
        || (!outside.is_empty() && role.effective.iter().any(|&held| context.is_privileged(held)));
    let mut finding = RULE
        .finding(
            Subject::ExistingRole(live.id.clone()),
            Phrase::new("role ").node(Node::ExistingRole(role.name.clone())).text(format!(" {}", said.join(" and "))),
            "take out what nobody approved; or make the change in the spec, build, and have it signed",
        )
        .severity(if privileged { Severity::Error } else { Severity::Warning })
        .count("members that were approved", (members.len() - outside.len()) as u64, Some(members.len() as u64));
    finding = finding.evidences(outside.iter().take(SHOWN).map(|&id| note("nobody approved ", Node::Identity(id))));
    finding =
        finding.evidences(added.iter().take(SHOWN).map(|&held| note("nobody approved ", Node::Entitlement(held))));
    if too_many_missing {
        finding =
            finding.evidences(missing.iter().take(SHOWN).map(|&id| note("approved and missing: ", Node::Identity(id))));
    }
    finding =
        finding.evidences(lost.iter().take(SHOWN).map(|&held| note("approved and missing: ", Node::Entitlement(held))));
    Some(finding.note(Phrase::new(role.source.words())))
}

/// An approved role that is live only in what its members hold: whether that is still so.
fn withdrawn(context: &Context<'_>, role: &Approved) -> Option<Finding> {
    let never_held = role.not_held?;
    let there: Vec<IdentityId> = role.members.iter().copied().filter(|&id| context.is_active(id)).collect();
    let gone = |id: IdentityId| less(&role.effective, context.snapshot.assignments.held(id)).len() as u64;
    let by_member: Vec<(IdentityId, u64)> =
        there.iter().map(|&id| (id, gone(id))).filter(|&(_, gone)| gone > 0).collect();
    let gone: u64 = by_member.iter().map(|(_, gone)| gone).sum::<u64>() + role.unknown * there.len() as u64;
    let gone = gone.saturating_sub(never_held);
    let all = there.len() as u64 * (role.effective.len() as u64 + role.unknown);
    if !TOLERATED.exceeded_by(gone, all) {
        return None;
    }
    let finding = RULE
        .finding(
            Subject::Spec("approved role", role.name.clone()),
            Phrase::new("of what role ")
                .role(&role.name)
                .text(format!(" was approved to give, {gone} of {all} grants are not held any more")),
            "restore what was taken; or build, and have the role signed as it is now",
        )
        .count("grants that are gone", gone, Some(all))
        .evidences(
            by_member.iter().take(SHOWN).map(|&(id, gone)| {
                Evidence::Note(Phrase::default().identity(id).text(format!(" lacks {gone} of them")))
            }),
        );
    Some(finding.note(Phrase::new(role.source.words())))
}

/// `2 members and 1 entitlement`; none where there are none.
fn several(parts: &[(usize, &str)]) -> Option<String> {
    let some = parts.iter().filter(|(many, _)| *many > 0);
    let parts: Vec<_> = some.map(|(many, what)| counted(*many, what, &format!("{what}s"))).collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}

fn note(words: &str, node: Node) -> Evidence {
    Evidence::Note(Phrase::new(words).node(node))
}

/// What is in the first and not in the second, both ascending.
fn less<T: Ord + Copy>(of: &[T], without: &[T]) -> Vec<T> {
    of.iter().copied().filter(|one| without.binary_search(one).is_err()).collect()
}
