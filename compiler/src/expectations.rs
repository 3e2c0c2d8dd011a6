//! `expect`: claims about what somebody with certain attributes gets.
//!
//! Only the attributes that `given` names are known. A membership rule that they leave open (it tests an attribute that was not given)
//! could take such a person in: `no role grants` then does not hold, because it is not proved, and `some role grants` does not
//! hold either. The scope a role was mined in is treated more kindly: the given person is taken to be in it, unless the given
//! attributes say otherwise, as nobody writes `status == "active"` into every claim.

use adit_snapshots::EntitlementId;

use crate::{
    compile::Compilation,
    condition::{Evaluator, Given, Verdict, entitlement_text},
    roles::{CandidateRole, RoleOrigin},
    spec::{Claim, EntitlementName, Expectation},
};

/// The expectations that do not hold: index into `Spec::expectations`, and why.
pub(crate) fn failed(compilation: &Compilation<'_>, evaluator: &Evaluator<'_>) -> Vec<(usize, String)> {
    let grants: Vec<Vec<EntitlementId>> =
        (0..compilation.roles.len()).map(|role| compilation.effective_grants(role)).collect();
    let check = |expectation: &Expectation| {
        expectation.then.iter().find_map(|(claim, name)| {
            let granting = evaluator.entitlement_index().lookup(name).map(|entitlement| {
                let roles = compilation.roles.iter().zip(&grants);
                roles.filter(|(_, held)| held.binary_search(&entitlement).is_ok()).map(|(role, _)| role).collect()
            });
            wrong(compilation, expectation, *claim, name, granting)
        })
    };
    compilation
        .spec
        .expectations
        .iter()
        .enumerate()
        .filter_map(|(index, expectation)| Some((index, check(expectation)?)))
        .collect()
}

/// Why a claim does not hold, given the roles that grant its entitlement; none of those where the snapshot does not have it.
fn wrong(
    compilation: &Compilation<'_>,
    expectation: &Expectation,
    claim: Claim,
    name: &EntitlementName,
    granting: Option<Vec<&CandidateRole>>,
) -> Option<String> {
    let entitlement = entitlement_text(name);
    let Some(granting) = granting else {
        // Nothing can be granted that is not there; but a claim about it is worth nothing either.
        return Some(format!("this snapshot has no entitlement `{entitlement}`, so the claim says nothing"));
    };
    let given = Given(&expectation.given);
    let mut verdicts = granting.iter().map(|role| (verdict(compilation, given, role), *role));
    match claim {
        Claim::NoRoleGrants => {
            let (verdict, role) =
                verdicts.filter(|(verdict, _)| *verdict != Verdict::No).max_by_key(|(verdict, _)| *verdict)?;
            Some(match verdict {
                Verdict::Yes => {
                    format!("{} grants `{entitlement}` to the given identity{}", called(role), rule(compilation, role))
                }
                _ => format!(
                    "{} grants `{entitlement}`, and what is given leaves open whether its rule takes the identity in{}",
                    called(role),
                    rule(compilation, role)
                ),
            })
        }
        Claim::SomeRoleGrants => {
            if verdicts.any(|(verdict, _)| verdict == Verdict::Yes) {
                return None;
            }
            let open = granting.iter().find(|role| verdict(compilation, given, role) == Verdict::Open);
            Some(match (open, granting.len()) {
                (Some(role), _) => format!(
                    "{} grants `{entitlement}`, but what is given leaves open whether its rule takes the identity in{}",
                    called(role),
                    rule(compilation, role)
                ),
                (None, 0) => format!("no role grants `{entitlement}` to anyone"),
                (None, 1) => format!("the one role that grants `{entitlement}` does not take the given identity in"),
                (None, count) => {
                    format!("none of the {count} roles that grant `{entitlement}` takes the given identity in")
                }
            })
        }
    }
}

/// Whether a role's rule takes in the given identity, directly or by way of a role that inherits it. Who inherits it has a rule of
/// their own, and is looked at on its own account.
fn verdict(compilation: &Compilation<'_>, given: Given<'_>, role: &CandidateRole) -> Verdict {
    match compilation.rule(role) {
        None => Verdict::No,
        Some(_) if given.meets(&compilation.within(role)) == Verdict::No => Verdict::No,
        Some(rule) => given.meets(&rule),
    }
}

fn called(role: &CandidateRole) -> String {
    match role.origin {
        RoleOrigin::Declared { .. } => format!("role `{}`", role.handle),
        _ => format!("candidate `{}` ({})", role.handle, role.id),
    }
}

fn rule(compilation: &Compilation<'_>, role: &CandidateRole) -> String {
    compilation.rule(role).map(|rule| format!(": `{rule}`")).unwrap_or_default()
}

#[cfg(test)]
mod tests;
