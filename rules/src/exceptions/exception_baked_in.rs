use std::collections::BTreeMap;

use adit_compiler::{
    compile::Population,
    roles::{CandidateRole, Granted, RoleOrigin},
    spec::Percent,
};
use adit_snapshots::{EntitlementId, IdentityId};

use super::basis::{Basis, Ends, resting_on_exceptions};
use crate::{Evidence, Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A mined role grants what many of its members hold by exception only.
    ///
    /// ## What it finds
    /// For each entitlement of a mined role, the members who hold it within the mined scope, and those among them whose holding rests on an
    /// exception: every way to it is an exception, has an end where most access has none, or is covered by a recorded exception and is
    /// neither inherited nor given by a rule. It reports the entitlement when these are 20% or more of the holders, with the support with
    /// and without them, and says whether it would have stayed above the cut-off.
    ///
    /// ## Why it matters
    /// Exceptions are granted one by one for reasons that pass. Years of them look like a pattern, and a miner that counts them turns
    /// them into policy: now everyone in the role has the exception, without its reason, approver or end.
    ///
    /// ## Example
    /// ```csv
    /// exception_id,identity_id,entitlement_id,reason,approver_id,expires_at
    /// EXC-14,u-1001,sap:F110,quarter-end backlog,u-0400,2026-12-31
    /// EXC-15,u-1002,sap:F110,quarter-end backlog,u-0400,2026-12-31
    /// ```
    /// With two of five clerks allowed to run payments for a quarter, `F110` has 80% support, and becomes part of the clerk's role.
    ///
    /// ## What to do
    /// Mine without exceptions: `exclude assignments where exception because "exceptions are reviewed, never mined"`. If the right proves to
    /// be needed for good, end the exceptions and grant it properly.
    ///
    /// ## When to waive it
    /// When the owner has decided that the exceptions are to become the rule, until they are ended.
    ///
    /// ## What it cannot see
    /// Exceptions that nobody recorded and no source tells from ordinary access. Roles that people wrote have no support that could rest on
    /// anything. Where origins are missing (RM106) it is less sure.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-6(7): privileges are reviewed, and reassigned or removed where they are not needed.
    /// - NIST CSF 2.0 PR.AA-05: permissions are defined in a policy, managed, enforced and reviewed.
    /// - ISO/IEC 27001:2022 A.5.18: access rights are provisioned, reviewed, modified and removed by policy.
    RULE = {
        code: "RM601", name: "exception-baked-in", family: Exceptions, severity: Error, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 AC-6(7)", "NIST CSF 2.0 PR.AA-05", "ISO/IEC 27001:2022 A.5.18"],
        aliases: ["baked-in-exception"], since: "0.1.0", check: check,
    }
}

/// From this share of the holders on, the exceptions made the pattern: 20%.
const TOO_MANY: Percent = Percent(2000);

/// So many of them are named.
const WITNESSES: usize = 3;

type Resting = BTreeMap<(EntitlementId, IdentityId), Basis>;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let resting = resting_on_exceptions(context.snapshot, Ends::WhereRare);
    for role in &context.compilation.roles {
        let Some((population, cutoff)) = origin(context, role) else { continue };
        for granted in &role.grants {
            let by_exception = by_exception(role, population, granted.entitlement, &resting);
            if TOO_MANY.met_by(by_exception.len() as u64, granted.held.into()) {
                found.push(finding(context, role, granted, cutoff, &by_exception).rests_on_lineage(context));
            }
        }
    }
}

/// Where a mined role comes from, and the cut-off its entitlements had to meet.
fn origin<'a>(context: &Context<'a>, role: &CandidateRole) -> Option<(&'a Population, Percent)> {
    let (population, is_primary) = match role.origin {
        RoleOrigin::Primary { population, .. } => (population, true),
        RoleOrigin::Secondary { population, .. } => (population, false),
        RoleOrigin::Declared { .. } => return None,
    };
    let population = context.compilation.populations.get(population)?;
    let cutoff = &context.spec.minings.get(population.mining)?.cutoff;
    Some((population, if is_primary { cutoff.primary } else { cutoff.secondary? }))
}

/// The members whose holding was mined and rests on an exception, ascending.
fn by_exception(
    role: &CandidateRole,
    population: &Population,
    entitlement: EntitlementId,
    resting: &Resting,
) -> Vec<(IdentityId, Basis)> {
    let matrix = &population.matrix;
    let mined = |identity: IdentityId| {
        let row = matrix.identities.binary_search(&identity).ok()?;
        let column = matrix.entitlements.binary_search(&entitlement).ok()?;
        Some(matrix.holds(u32::try_from(row).ok()?, u32::try_from(column).ok()?))
    };
    resting
        .range((entitlement, IdentityId(0))..=(entitlement, IdentityId(u32::MAX)))
        .map(|(&(_, identity), &basis)| (identity, basis))
        .filter(|&(identity, _)| role.members.binary_search(&identity).is_ok() && mined(identity) == Some(true))
        .collect()
}

fn finding(
    context: &Context<'_>,
    role: &CandidateRole,
    granted: &Granted,
    cutoff: Percent,
    by_exception: &[(IdentityId, Basis)],
) -> Finding {
    let (held, of, exceptional) = (u64::from(granted.held), u64::from(granted.of), by_exception.len() as u64);
    let regular = held.saturating_sub(exceptional);
    let message = Phrase::new("role ")
        .role(&role.handle)
        .text(" grants ")
        .entitlement(granted.entitlement)
        .text(format!(", which {exceptional} of its {held} holders hold by exception only"));
    let outcome = if cutoff.met_by(regular, of) {
        format!("without them {regular} of {of} hold it, which still meets the cut-off of {cutoff}")
    } else {
        format!(
            "without them {regular} of {of} hold it, under the cut-off of {cutoff}: exceptions alone put it into the role"
        )
    };
    RULE.finding(
        Subject::role(role),
        message,
        "mine without exceptions (`exclude assignments where exception because \"…\"`), or end them and grant the right properly",
    )
    .entitlements([granted.entitlement])
    .count("holders by exception", exceptional, Some(held))
    .evidence(Evidence::Support { entitlement: granted.entitlement, held, of })
    .note(Phrase::new(outcome))
    .evidences(by_exception.iter().take(WITNESSES).map(|&(identity, basis)| Evidence::Note(why(context, identity, basis))))
}

fn why(context: &Context<'_>, identity: IdentityId, basis: Basis) -> Phrase {
    let phrase = Phrase::default().identity(identity);
    match basis {
        Basis::Recorded(index) => {
            let Some(exception) = context.snapshot.exceptions.get(index) else { return phrase };
            let reason = exception.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            let until =
                exception.expires_at.map_or_else(|| " without an end".to_owned(), |end| format!(" until {end}"));
            phrase.text(" by exception ").node(Node::Exception(exception.id.clone())).text(format!("{until}{reason}"))
        }
        Basis::Unrecorded(Some(end)) => phrase.text(format!(" until {end}, as its source has it; there is no record")),
        Basis::Unrecorded(None) => phrase.text(" by what its source calls an exception; there is no record"),
    }
}
