use adit_compiler::{roles::RoleOrigin, spec::Percent};
use adit_snapshots::{EntitlementId, IdentityId};

use crate::{Evidence, Finding, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A role for a few bundles what everyone has.
    ///
    /// ## What it finds
    /// A mined role that grants something of its own, and besides an entitlement that 90% or more of all active people hold, twenty at least. A role that nearly
    /// all of them would hold is where such access belongs, and is not reported; nor are roles of machines.
    ///
    /// ## Why it matters
    /// What everyone has from the first day belongs to a role of its own, granted to everyone. Copied into every special role it makes them look more
    /// alike than they are, is reviewed again with each of them, and stays behind when it is taken from everyone.
    ///
    /// ## Example
    /// `ap-clerk` grants invoices, vendors, and the e-mail account that all 4,000 employees have.
    ///
    /// ## What to do
    /// Write a role that gives it to everyone, and leave it out of the scope: `ignore entitlements held by more than 90% of identities`, or `exclude
    /// entitlements … because "everyone has it"`. Or mine `layers`, which puts it into a layer of its own.
    ///
    /// ## When to waive it
    /// It is information only.
    ///
    /// ## What it cannot see
    /// What everyone in a country or a company has: only what everyone has at all.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6: access is what the task needs and no more.
    RULE = {
        code: "RM409", name: "birthright-leak", family: Structure, severity: Info, confidence: High, waivable: true,
        references: [
            "NIST SP 800-53 r5 AC-6",
        ],
        aliases: ["RM-409"], since: "0.1.0", check: check,
    }
}

/// What so many hold, everyone has: 90%.
const EVERYONE: Percent = Percent(9_000);

/// Smaller organisations have no special roles.
const ENOUGH: u64 = 20;

/// Entitlements shown.
const SHOWN: usize = 5;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let snapshot = context.snapshot;
    let is_counted = |identity: &IdentityId| context.is_human(*identity) && context.is_active(*identity);
    let people: Vec<bool> = snapshot.identities.iter().map(|identity| is_counted(&identity)).collect();
    let is_person = |identity: &IdentityId| people.get(identity.0 as usize) == Some(&true);
    let all = people.iter().filter(|&&person| person).count() as u64;
    if all < ENOUGH {
        return;
    }
    let mut holders = vec![0_u64; snapshot.entitlements.len()];
    for identity in snapshot.identities.iter().filter(is_person) {
        for held in snapshot.assignments.held(identity) {
            if let Some(count) = holders.get_mut(held.0 as usize) {
                *count += 1;
            }
        }
    }
    let of = |entitlement: EntitlementId| holders.get(entitlement.0 as usize).copied().unwrap_or(0);
    for (_, role) in context.proposed() {
        let members = role.members.iter().filter(|member| is_person(member)).count() as u64;
        let is_special = members > 0 && !EVERYONE.met_by(members, all);
        if matches!(role.origin, RoleOrigin::Declared { .. }) || !is_special {
            continue;
        }
        let granted = role.grants.iter().map(|granted| granted.entitlement);
        let common: Vec<EntitlementId> = granted.filter(|&held| EVERYONE.met_by(of(held), all)).collect();
        if common.is_empty() || common.len() == role.grants.len() {
            continue;
        }
        let bundles = Phrase::new("role ").role(&role.handle).text(" bundles ");
        let message = match common.as_slice() {
            [one] => bundles.entitlement(*one).text(format!(", which {} of {all} people have anyway", of(*one))),
            many => {
                bundles.text(format!("{} entitlements that {EVERYONE} of all people or more have anyway", many.len()))
            }
        };
        let finding = RULE.finding(
            Subject::role(role),
            message,
            "give it to everyone by a role of its own, and leave it out of the scope of this one",
        );
        found.push(
            finding
                .entitlements(common.iter().copied())
                .count("people who would hold the role", members, Some(all))
                .evidences(common.iter().filter(|_| common.len() > 1).take(SHOWN).map(|&entitlement| {
                    Evidence::Note(
                        Phrase::default()
                            .entitlement(entitlement)
                            .text(format!(": {} of {all} people", of(entitlement))),
                    )
                })),
        );
    }
}
