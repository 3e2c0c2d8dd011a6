//! Which roles are still there after something was changed: a role is what it grants.

use std::collections::BTreeSet;

use super::MeasuredRole;
use crate::spec::Percent;

/// Roles from before that are still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Survived {
    /// So many.
    pub roles: u64,
    /// Roles before.
    pub of: u64,
}

impl Survived {
    /// Their share of the step before; nothing where there were no roles.
    #[must_use]
    pub fn share(self) -> Option<Percent> {
        (self.of > 0).then(|| Percent::of(self.roles, self.of))
    }

    pub(crate) fn among(before: &[Vec<u32>], now: &[Vec<u32>]) -> Self {
        let now: BTreeSet<&[u32]> = now.iter().map(Vec::as_slice).collect();
        let roles = before.iter().filter(|content| now.contains(content.as_slice())).count() as u64;
        Self { roles, of: before.len() as u64 }
    }
}

/// For each role what its id is the digest of.
pub(crate) fn contents(roles: &[MeasuredRole<'_>]) -> Vec<Vec<u32>> {
    (0..roles.len()).map(|role| content(roles, role)).collect()
}

/// What the id of a role is the digest of: what it grants itself, or what it inherits where that is nothing.
fn content(roles: &[MeasuredRole<'_>], role: usize) -> Vec<u32> {
    let own = roles.get(role).map_or(&[][..], |role| role.entitlements);
    if !own.is_empty() {
        return own.to_vec();
    }
    let (mut seen, mut todo, mut columns) = (BTreeSet::new(), vec![role], BTreeSet::new());
    while let Some(next) = todo.pop() {
        if let Some(role) = roles.get(next).filter(|_| seen.insert(next)) {
            columns.extend(role.entitlements);
            todo.extend(role.inherits);
        }
    }
    columns.into_iter().collect()
}
