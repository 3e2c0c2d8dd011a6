//! Roles that people wrote, in the shape of mined ones.

use adit_snapshots::IdentityId;

use super::{Compilation, CompileError};
use crate::{
    condition::Evaluator,
    roles::{CandidateRole, Granted, RoleId, RoleOrigin},
    spec::DeclaredRole,
};

/// Adds every declared role, in the order of their names. What it grants that the snapshot does not have is left out: a lint says so.
pub(super) fn add(compilation: &mut Compilation<'_>, evaluator: &Evaluator<'_>) -> Result<(), CompileError> {
    let first = compilation.roles.len();
    let declared = &compilation.spec.roles;
    let mut direct = Vec::with_capacity(declared.len());
    for role in declared {
        direct.push(match &role.condition {
            Some(condition) => identities(evaluator.identities(condition)?.iter()),
            None => Vec::new(),
        });
    }
    let holders = with_heirs(declared, &direct);
    for (number, (role, members)) in declared.iter().zip(holders).enumerate() {
        let candidate = candidate(compilation, evaluator, role, number, members, first);
        compilation.roles.push(candidate);
    }
    Ok(())
}

fn candidate(
    compilation: &Compilation<'_>,
    evaluator: &Evaluator<'_>,
    role: &DeclaredRole,
    number: usize,
    members: Vec<IdentityId>,
    first: usize,
) -> CandidateRole {
    let snapshot = compilation.snapshot;
    let index = evaluator.entitlement_index();
    let mut entitlements: Vec<_> = role.grants.iter().filter_map(|name| index.lookup(name)).collect();
    entitlements.sort_unstable();
    entitlements.dedup();
    let mut over_grants = Vec::new();
    let mut held = vec![0; entitlements.len()];
    for &member in &members {
        for (&entitlement, held) in entitlements.iter().zip(&mut held) {
            match snapshot.assignments.find(member, entitlement) {
                Some(_) => *held += 1,
                None => over_grants.push((member, entitlement)),
            }
        }
    }
    let of = u32::try_from(members.len()).unwrap_or(u32::MAX);
    CandidateRole {
        id: RoleId::of(entitlements.iter().map(|&entitlement| snapshot.entitlements.name(entitlement))),
        handle: role.name.clone(),
        name: None,
        origin: RoleOrigin::Declared { role: number },
        grants: entitlements
            .into_iter()
            .zip(held)
            .map(|(entitlement, held)| Granted { entitlement, held, of, margin: None })
            .collect(),
        inherits: role.inherits.iter().map(|parent| first + parent).collect(),
        members,
        over_grants,
        rule: None,
        measures: None,
        explained: None,
    }
}

/// The members of each role with those of every role that inherits it, however far down; cycles are followed once.
fn with_heirs(roles: &[DeclaredRole], direct: &[Vec<IdentityId>]) -> Vec<Vec<IdentityId>> {
    let mut holders = direct.to_vec();
    for (heir, members) in direct.iter().enumerate() {
        let mut seen = vec![false; roles.len()];
        let mut todo = vec![heir];
        while let Some(next) = todo.pop() {
            let (Some(seen), Some(role)) = (seen.get_mut(next), roles.get(next)) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            if let Some(holders) = holders.get_mut(next).filter(|_| next != heir) {
                holders.extend_from_slice(members);
            }
            todo.extend(&role.inherits);
        }
    }
    for holders in &mut holders {
        holders.sort_unstable();
        holders.dedup();
    }
    holders
}

fn identities(indices: impl Iterator<Item = usize>) -> Vec<IdentityId> {
    indices.filter_map(|index| u32::try_from(index).ok()).map(IdentityId).collect()
}
