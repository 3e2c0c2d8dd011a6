//! The roles that a cut leaves, as the measures see them.

use super::{MeasuredRole, direct_members};
use crate::cut::{self, CutRole};

/// Every role, each child right after its parent, in the order in which [`cut::numbers`] counts.
pub(crate) struct Flat {
    columns: Vec<Vec<u32>>,
    inherits: Vec<Vec<usize>>,
    direct: Vec<Vec<u32>>,
}

impl Flat {
    pub(crate) fn new(roles: &[CutRole]) -> Self {
        let numbers = cut::numbers(roles);
        let (mut members, mut columns, mut inherits): (Vec<&[u32]>, _, _) = (Vec::new(), Vec::new(), Vec::new());
        for role in roles {
            let granted = |role: &CutRole| role.grants.iter().map(|grant| grant.column).collect::<Vec<_>>();
            let parent = members.len();
            members.push(&role.members);
            columns.push(granted(role));
            inherits.push(role.inherits.iter().filter_map(|&role| numbers.get(role).copied()).collect());
            if let Some(child) = role.secondary.as_deref() {
                members.push(&child.members);
                columns.push(granted(child));
                inherits.push(vec![parent]);
            }
        }
        let inherited: Vec<&[usize]> = inherits.iter().map(Vec::as_slice).collect();
        // A child's members hold its parent through it.
        let direct = direct_members(&members, &inherited);
        Self { columns, inherits, direct }
    }

    pub(crate) fn roles(&self) -> Vec<MeasuredRole<'_>> {
        self.direct
            .iter()
            .zip(&self.columns)
            .zip(&self.inherits)
            .map(|((direct_members, entitlements), inherits)| MeasuredRole { direct_members, entitlements, inherits })
            .collect()
    }
}
