use std::{cmp::Reverse, collections::BTreeMap};

use adit_compiler::{roles::CandidateRole, spec::Percent};
use adit_snapshots::IdentityId;

use super::by_population;
use crate::{Evidence, Finding, Phrase, Subject, context::Context, rule::declare_rule, words::counted};

declare_rule! {
    /// A role gives members what they do not hold.
    ///
    /// ## What it finds
    /// A role of which some member does not hold, today, every entitlement it grants itself, unless the cut-off of its mining block
    /// allows it: `over-grant at most 2% because "…"`, a share of all it grants its members. Both sides are shown: who would gain, and
    /// what they would gain. What a role inherits is the inherited role's over-grant.
    ///
    /// A cut-off below 100% does this to nearly every role, by little. Where three roles of a population or more give at most 5% of what they
    /// grant, and nothing privileged, that is one finding on the population: how much in all, which roles give most, and the allowance that would
    /// cover all of them. It speaks against each of those roles. What stands out stands by itself.
    ///
    /// ## Why it matters
    /// Nobody asked for this access. It comes about because most of the others have it, and it is handed to people whom no request, no
    /// approval and no review ever gave it. Where a cut-off is below 100%, or clusters are united as RSA's are, every role has some.
    ///
    /// ## Example
    /// 50 members, 41 of whom hold `sap.tcode "F110"`: at `primary at least 80%` the role grants it, and nine people gain a payment run.
    ///
    /// ## What to do
    /// Raise the cut-off, so that the entitlement stays with those who have it; or look at the entitlements one by one and, where
    /// gaining them is meant, allow a share with the reason. Mining with `cover { exact }` and `primary at least 100%` grants
    /// nothing that is not held.
    ///
    /// ## When to waive it
    /// When whoever owns the entitlements has agreed that these members get them.
    ///
    /// ## What it cannot see
    /// Whether the entitlement would do harm; access that members hold in a system no source was extracted from.
    ///
    /// ## References
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined, enforced and reviewed.
    /// - NIST SP 800-53 r5 AC-6: no more access than a task needs.
    /// - NIST SP 800-53 r5 AC-2: item c, conditions for membership of a role are required.
    /// - ISO/IEC 27001:2022 A.5.15: rules for access follow from what the business needs.
    /// - ISO/IEC 27001:2022 A.8.2: privileged access is restricted.
    /// - OWASP NHI5:2025: overprivileged non-human identities.
    RULE = {
        code: "RM404", name: "over-grant", family: Structure, severity: Error, confidence: High, waivable: true,
        references: [
            "NIST CSF 2.0 PR.AA-05", "NIST SP 800-53 r5 AC-6", "NIST SP 800-53 r5 AC-2", "ISO/IEC 27001:2022 A.5.15",
            "ISO/IEC 27001:2022 A.8.2", "OWASP NHI5:2025",
        ],
        aliases: ["RM-404"], since: "0.1.0", check: check,
    }
}

/// Entitlements shown, most gained first.
const SHOWN: usize = 5;

/// Up to this share of what a role grants is little: 5%.
const LITTLE: Percent = Percent(500);

/// So many roles that give little are one finding.
const SEVERAL: usize = 3;

/// So many of the roles of such a finding are told, those that give most first.
const WORST: usize = 4;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mut little: Vec<(&CandidateRole, Finding)> = Vec::new();
    for role in context.proposed().map(|(_, role)| role).filter(|role| !role.over_grants.is_empty()) {
        let allowed = allowed(context, role);
        let (gained, granted) = sums(role);
        if allowed.is_some_and(|(share, _)| !share.exceeded_by(gained, granted)) {
            continue;
        }
        let finding = finding(role, gained, granted, allowed);
        if role.over_grants.iter().any(|&(_, entitlement)| context.is_privileged(entitlement)) {
            found.push(finding.note(Phrase::new("some of it is privileged")));
        } else if LITTLE.exceeded_by(gained, granted) {
            found.push(finding);
        } else {
            little.push((role, finding));
        }
    }
    found.extend(by_population::told(context, little, SEVERAL, together));
}

/// How many grants members would gain, of all that a role grants them.
fn sums(role: &CandidateRole) -> (u64, u64) {
    (role.over_grants.len() as u64, (role.members.len() * role.grants.len()) as u64)
}

/// Roles of one population each of which gives little.
fn together(context: &Context<'_>, population: Subject, parts: &[Finding]) -> Finding {
    let (mut roles, of) = by_population::roles(context, &population, parts);
    roles.sort_by_key(|role| (Reverse(role.over_grants.len()), &role.id));
    let (gained, granted) = roles.iter().map(|role| sums(role)).fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
    let mut who: Vec<IdentityId> = roles.iter().flat_map(|role| &role.over_grants).map(|&(member, _)| member).collect();
    who.sort_unstable();
    who.dedup();
    let message = Phrase::new(format!(
        "{} of `{}` {} {} a little that they do not hold",
        counted(roles.len(), "role", "roles"),
        population.name().unwrap_or_default(),
        if roles.len() == 1 { "gives" } else { "give" },
        counted(who.len(), "member", "members")
    ));
    let finding = RULE
        .finding(
            population,
            message,
            "raise the cut-off, or allow a share with `over-grant at most …% because \"…\"` once the owners agreed",
        )
        .against(roles.iter().map(|role| role.id.clone()))
        .count("what members would gain, of all these roles grant them", gained, Some(granted))
        .count("roles that give it", roles.len() as u64, Some(of));
    let finding = roles.iter().take(WORST).fold(finding, |finding, role| {
        let (gained, granted) = sums(role);
        let share = Percent::of(gained, granted);
        finding.note(Phrase::new("role ").role(&role.handle).text(format!(" gives {gained} of {granted}, {share}")))
    });
    match covering(&roles) {
        Some(share) => finding.note(Phrase::new(format!("`over-grant at most {share}` would allow all of these"))),
        None => finding,
    }
}

/// The least allowance that none of these roles exceeds.
fn covering(roles: &[&CandidateRole]) -> Option<Percent> {
    let least = |role: &&CandidateRole| {
        let (gained, granted) = sums(role);
        u32::try_from((gained * 10_000).div_ceil(granted.max(1))).ok()
    };
    roles.iter().map(least).collect::<Option<Vec<_>>>()?.into_iter().max().map(Percent)
}

/// What the role's mining block allows, and why.
fn allowed<'a>(context: &Context<'a>, role: &CandidateRole) -> Option<(Percent, &'a str)> {
    let (share, because) = context.spec.minings.get(role.origin.mining()?)?.cutoff.over_grant.as_ref()?;
    Some((*share, because))
}

fn finding(role: &CandidateRole, gained: u64, granted: u64, allowed: Option<(Percent, &str)>) -> Finding {
    let by_entitlement = tally(role.over_grants.iter().map(|&(_, entitlement)| entitlement));
    let by_member = tally(role.over_grants.iter().map(|&(member, _)| member));
    let message = Phrase::new("role ").role(&role.handle).text(format!(
        " gives {} of its {} members something that they do not hold",
        by_member.len(),
        role.members.len()
    ));
    let mut finding = RULE
        .finding(
            Subject::role(role),
            message,
            "raise the cut-off, or allow a share with `over-grant at most …% because \"…\"` once the owners agreed",
        )
        .entitlements(by_entitlement.iter().map(|&(entitlement, _)| entitlement))
        .count("what members would gain, of all it grants them", gained, Some(granted))
        .count("members who would gain", by_member.len() as u64, Some(role.members.len() as u64))
        .count("entitlements somebody would gain", by_entitlement.len() as u64, Some(role.grants.len() as u64));
    let members = role.members.len() as u64;
    for &(entitlement, lacking) in by_entitlement.iter().take(SHOWN) {
        finding =
            finding.evidence(Evidence::Support { entitlement, held: members.saturating_sub(lacking), of: members });
    }
    if let Some(more) = by_entitlement.len().checked_sub(SHOWN).filter(|&more| more > 0) {
        finding = finding.note(Phrase::new(format!("and {more} more entitlements")));
    }
    if let Some(&(member, gains)) = by_member.first() {
        finding = finding.note(most(member, gains));
    }
    match allowed {
        Some((share, because)) => finding.note(Phrase::new(format!(
            "the cut-off allows {share}, and this is {}: {because}",
            Percent::of(gained, granted)
        ))),
        None => finding,
    }
}

fn most(member: IdentityId, gains: u64) -> Phrase {
    let things = if gains == 1 { "entitlement" } else { "entitlements" };
    Phrase::new("who would gain most: ").identity(member).text(format!(" with {gains} {things}"))
}

/// How often each occurs: most first, then by name.
fn tally<T: Ord + Copy>(items: impl Iterator<Item = T>) -> Vec<(T, u64)> {
    let mut counts: BTreeMap<T, u64> = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    let mut tally: Vec<_> = counts.into_iter().collect();
    tally.sort_by_key(|&(item, count)| (Reverse(count), item));
    tally
}

#[cfg(test)]
mod tests {
    use adit_snapshots::EntitlementId;

    use super::*;

    #[test]
    fn tally_counts_most_first_then_by_name() {
        let (a, b, c) = (EntitlementId(1), EntitlementId(2), EntitlementId(3));
        assert_eq!(tally([b, a, c, b, c].into_iter()), [(b, 2), (c, 2), (a, 1)]);
    }
}
