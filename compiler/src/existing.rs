//! The roles that a snapshot has already, and what a build would change of them.

use std::fmt;

use adit_grammar::Span;
use adit_snapshots::{EntitlementId, ExistingRole, IdentityId, Snapshot};

use crate::{roles::Granted, select::SelectError, suggest::did_you_mean};

/// What a build would change of an existing role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The role: an index into [`Snapshot::roles`].
    pub role: usize,
    /// Members whom the scope leaves out. They hold the role all the same, but support is counted without them.
    pub out_of_scope: u32,
    /// What it would grant and does not today, ascending.
    pub added: Vec<EntitlementId>,
    /// What it grants today and would no longer, ascending, with how many members hold it.
    pub dropped: Vec<Granted>,
}

/// An existing role that a build has nothing to propose for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// The role: an index into [`Snapshot::roles`].
    pub role: usize,
    /// Why.
    pub why: WhyLeft,
}

/// Why nothing is proposed for an existing role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyLeft {
    /// Nobody in scope holds it.
    Nobody,
    /// Fewer of its members are in scope than a role must have.
    TooFew {
        /// So many.
        members: u32,
    },
    /// Its members are of classes that are mined apart: no role may span the line.
    Apart,
    /// It would grant nothing.
    Nothing {
        /// What it grants today, with how many members hold it.
        dropped: Vec<Granted>,
    },
}

impl Change {
    /// Whether there is nothing to change.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty()
    }
}

impl fmt::Display for WhyLeft {
    /// The end of a sentence: "role `X` is left as it is: …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("nobody in scope holds it"),
            Self::TooFew { members: 1 } => f.write_str("only one of its members is in scope, too few to judge by"),
            Self::TooFew { members } => write!(f, "only {members} of its members are in scope, too few to judge by"),
            Self::Apart => f.write_str(
                "its members are of classes that are mined apart; split it, or take one class into the scope",
            ),
            Self::Nothing { .. } => {
                f.write_str("too few of its members hold any of what it grants: it would grant nothing")
            }
        }
    }
}

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
