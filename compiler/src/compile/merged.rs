//! One role, one change: what several mining blocks say of the same existing role.
//!
//! Each block judges the entitlements in its own scope. Where two look at the same entitlement there would be two answers to one question, so
//! that is refused with both places. Where each has its own, as where roles are extended to a new application, the role gets one candidate
//! that people sign once. It belongs to the first block that changes anything, so blocks that do must agree on who answers and who signs.

use std::collections::BTreeMap;

use adit_grammar::Span;
use adit_snapshots::{EntitlementId, ExistingRole};

use super::Compilation;
use crate::{
    roles::{CandidateRole, Change, Granted, RoleOrigin},
    select::SelectError,
    spec::{Mining, Provisioned, Strategy},
};

/// What each population looked at, held by anyone or not, ascending; by place. Nothing for those that find their clusters.
pub(super) type LookedAt = BTreeMap<usize, Vec<EntitlementId>>;

/// Makes one candidate of all that are about the same existing role.
///
/// # Errors
/// When two look at the same entitlement, or ask different people.
pub(super) fn merge(compilation: &mut Compilation<'_>, looked_at: &LookedAt) -> Result<(), SelectError> {
    let mut about: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, role) in compilation.roles.iter().enumerate() {
        if let Some(change) = role.change() {
            about.entry(change.role).or_default().push(place);
        }
    }
    about.retain(|_, places| places.len() > 1);
    let mut goes_to: Vec<usize> = (0..compilation.roles.len()).collect();
    for (role, places) in about {
        let Some(existing) = compilation.snapshot.roles.get(role) else { continue };
        judge(compilation, existing, &places, looked_at)?;
        let changes = |place: &&usize| compilation.roles.get(**place).is_some_and(has_change);
        let Some(&keeper) = places.iter().find(changes).or(places.first()) else { continue };
        for &place in places.iter().filter(|&&place| place != keeper) {
            fold(compilation, keeper, place, looked_at);
            goes_to.get_mut(place).into_iter().for_each(|to| *to = keeper);
        }
    }
    remove(compilation, &goes_to);
    Ok(())
}

/// Refuses candidates for one role that cannot be one.
fn judge(
    compilation: &Compilation<'_>,
    existing: &ExistingRole,
    places: &[usize],
    looked_at: &LookedAt,
) -> Result<(), SelectError> {
    let candidates: Vec<(&CandidateRole, &Mining, &[EntitlementId])> = places
        .iter()
        .filter_map(|&place| {
            let role = compilation.roles.get(place)?;
            let RoleOrigin::Existing { mining, population, .. } = role.origin else { return None };
            Some((role, compilation.spec.minings.get(mining)?, looked_at.get(&population)?.as_slice()))
        })
        .collect();
    for (number, &(one, first, looked_at)) in candidates.iter().enumerate() {
        for &(other, second, too) in candidates.iter().skip(number + 1) {
            let refused = |message: String, help: &str| {
                let (first, second) = (place(first, existing), place(second, existing));
                Err(SelectError::Contradiction { message, help: help.to_owned(), first, second })
            };
            if let Some(&both) = looked_at.iter().find(|it| too.binary_search(it).is_ok()) {
                let message = format!(
                    "`{}` and `{}` both judge whether the role `{}` is to grant `{}`",
                    first.name,
                    second.name,
                    existing.id,
                    compilation.snapshot.entitlements.name(both),
                );
                let help = "judge a role in one block, whose `minable` may name several kinds; or give each block kinds, \
                            or entitlements in its scope, of its own";
                return refused(message, help);
            }
            if has_change(one) && has_change(other) && !same_hands(compilation, one, other) {
                let message = format!(
                    "`{}` and `{}` both change the role `{}`, and not the same people answer for it",
                    first.name, second.name, existing.id,
                );
                let help = "one role is signed once: give both blocks the same `owner` and the same `provision`, or judge \
                            it in one block";
                return refused(message, help);
            }
        }
    }
    Ok(())
}

fn has_change(role: &CandidateRole) -> bool {
    role.change().is_some_and(|change| !change.is_none())
}

/// Whether two candidates have the same owner, and would be approved and provisioned alike.
fn same_hands(compilation: &Compilation<'_>, one: &CandidateRole, other: &CandidateRole) -> bool {
    let hands = |role: &CandidateRole| {
        let provision = compilation.provision(role).map(|found| {
            let mut found = found.clone();
            (found.of, found.span) = (Provisioned::Mining(0), Span::default());
            found
        });
        (compilation.owner(role), provision)
    };
    hands(one) == hands(other)
}

/// Where a block says that it looks at a role: by its id or name, or as one of all.
fn place(mining: &Mining, role: &ExistingRole) -> Span {
    let named = match &mining.strategy {
        Strategy::ExistingRoles(existing) => existing.roles.as_slice(),
        _ => &[],
    };
    let is_it = |name: &str| name == role.id || Some(name) == role.name.as_deref();
    named.iter().find(|named| is_it(&named.name)).map_or(mining.span, |named| named.span)
}

/// Takes what the candidate at `from` says of the entitlements that its population looked at into the one at `into`.
fn fold(compilation: &mut Compilation<'_>, into: usize, from: usize, looked_at: &LookedAt) {
    let Some(from) = compilation.roles.get(from).cloned() else { return };
    let RoleOrigin::Existing { population, change: Change { out_of_scope, added, dropped, .. }, .. } = from.origin
    else {
        return;
    };
    let looked_at = looked_at.get(&population).map_or(&[][..], Vec::as_slice);
    let is_looked_at = |granted: &Granted| looked_at.binary_search(&granted.entitlement).is_ok();
    let snapshot = compilation.snapshot;
    let Some(role) = compilation.roles.get_mut(into) else { return };
    role.grants.retain(|granted| !is_looked_at(granted));
    role.grants.extend(from.grants.into_iter().filter(is_looked_at));
    role.grants.sort_unstable_by_key(|granted| granted.entitlement);
    let CandidateRole { members, grants, .. } = &*role;
    role.over_grants = (members.iter())
        .flat_map(|&holder| grants.iter().map(move |granted| (holder, granted.entitlement)))
        .filter(|&(holder, entitlement)| snapshot.assignments.find(holder, entitlement).is_none())
        .collect();
    role.rule = role.rule.take().or(from.rule);
    if let RoleOrigin::Existing { change, .. } = &mut role.origin {
        change.added.extend(added);
        change.added.sort_unstable();
        change.dropped.extend(dropped);
        change.dropped.sort_unstable_by_key(|granted| granted.entitlement);
        change.out_of_scope = change.out_of_scope.max(out_of_scope);
    }
    let note = format!("what is said here of the role `{}` is part of `{}`", from.id, role.handle);
    if let Some(population) = compilation.populations.get_mut(population) {
        population.notes.push(note);
    }
}

/// Takes out the candidates that go to others, and has everything that named them name those.
fn remove(compilation: &mut Compilation<'_>, goes_to: &[usize]) {
    let stays = |place: usize| goes_to.get(place) == Some(&place);
    let mut stayed = 0;
    let places: Vec<usize> = (0..goes_to.len())
        .map(|place| {
            stayed += usize::from(stays(place));
            stayed.saturating_sub(1)
        })
        .collect();
    let now = |place: usize| goes_to.get(place).and_then(|&to| places.get(to)).copied().unwrap_or(place);
    let mut place = 0..;
    compilation.roles.retain(|_| place.next().is_some_and(stays));
    for role in &mut compilation.roles {
        role.inherits.iter_mut().for_each(|parent| *parent = now(*parent));
        if let Some(closest) = role.measures.as_mut().and_then(|measures| measures.closest.as_mut()) {
            closest.role = now(closest.role);
        }
    }
    for population in &mut compilation.populations {
        population.learnability = population.learnability.take().map(|learned| learned.map(|&role| now(role)));
    }
}
