//! The roles that a snapshot has already: by name, who holds them, and what they inherit.

use adit_grammar::Span;
use adit_snapshots::{EntitlementId, ExistingRole, IdentityId, Snapshot};

use crate::{select_error::SelectError, suggest::did_you_mean};

/// The roles with that id, or else with that name: an id is never another role's name.
///
/// # Errors
/// [`SelectError::Unknown`] where there is none.
pub(crate) fn named(snapshot: &Snapshot, name: &str, span: Span) -> Result<Vec<usize>, SelectError> {
    let roles = &snapshot.roles;
    let with = |matches: &dyn Fn(&ExistingRole) -> bool| -> Vec<usize> {
        roles.iter().enumerate().filter(|(_, role)| matches(role)).map(|(index, _)| index).collect()
    };
    let found = [with(&|role| role.id == name), with(&|role| role.name.as_deref() == Some(name))];
    found.into_iter().find(|found| !found.is_empty()).ok_or_else(|| {
        let names = roles.iter().flat_map(|role| std::iter::once(role.id.as_str()).chain(role.name.as_deref()));
        SelectError::Unknown {
            message: format!("this snapshot has no role `{name}`"),
            help: did_you_mean(name, names, || {
                "compare it with the roles table; add that table if there is none".to_owned()
            }),
            span,
        }
    })
}

/// Who inherits each role directly, by role, ascending.
pub(crate) fn heirs(roles: &[ExistingRole]) -> Vec<Vec<usize>> {
    let mut heirs: Vec<Vec<usize>> = vec![Vec::new(); roles.len()];
    for (index, role) in roles.iter().enumerate() {
        for &parent in &role.inherits {
            heirs.get_mut(parent).into_iter().for_each(|heirs| heirs.push(index));
        }
    }
    heirs
}

/// Everyone who holds any of these roles, directly or through a role that inherits it; ascending.
pub(crate) fn holders(roles: &[ExistingRole], heirs: &[Vec<usize>], of: &[usize]) -> Vec<IdentityId> {
    let reached = closure(of, |role| heirs.get(role).map_or(&[], Vec::as_slice));
    collected(reached.iter().filter_map(|&role| roles.get(role)).flat_map(|role| &role.members))
}

/// The roles that a role inherits, at whatever distance; ascending, itself never among them.
pub(crate) fn ancestors(roles: &[ExistingRole], role: usize) -> Vec<usize> {
    let parents = |role: usize| roles.get(role).map_or(&[][..], |role| role.inherits.as_slice());
    let mut above = closure(parents(role), parents);
    above.retain(|&above| above != role);
    above
}

/// What a role grants through the roles that it inherits, as they stand; ascending.
pub(crate) fn inherited(roles: &[ExistingRole], role: usize) -> Vec<EntitlementId> {
    let above = ancestors(roles, role).into_iter().filter_map(|role| roles.get(role));
    collected(above.flat_map(|role| &role.entitlements))
}

/// Everything that can be reached, the start included; cycles are followed once.
fn closure<'a>(start: &[usize], next: impl Fn(usize) -> &'a [usize]) -> Vec<usize> {
    let mut reached: std::collections::BTreeSet<usize> = std::collections::BTreeSet::new();
    let mut todo = start.to_vec();
    while let Some(role) = todo.pop() {
        if reached.insert(role) {
            todo.extend(next(role));
        }
    }
    reached.into_iter().collect()
}

fn collected<'a, T: Ord + Copy + 'a>(ids: impl Iterator<Item = &'a T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
