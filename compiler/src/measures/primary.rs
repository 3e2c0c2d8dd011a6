//! The one role that says most about an identity.

use std::{cmp::Reverse, collections::BTreeSet};

use rayon::prelude::*;

use super::{MeasuredRole, granted::all_members};
use crate::{matrix::AccessMatrix, runs::Runs};

/// The primary role of each row, by place: the one that sets it apart most. Of what the row holds and the role grants, inherited or not,
/// every entitlement counts by how many rows lack it, so a role that everyone has says nothing. Of equals the one with fewer
/// members, then the first. None where no role grants the row anything that it holds.
#[must_use]
pub fn primary_roles(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>]) -> Vec<Option<u32>> {
    let members = all_members(roles);
    let granted: Runs = (0..roles.len()).map(|role| effective(roles, role)).collect();
    let lacking: Vec<u64> =
        (0..matrix.width()).map(|column| (matrix.height() - matrix.column(column).len()) as u64).collect();
    let of_row = members.transposed(matrix.height());
    (0..matrix.height())
        .into_par_iter()
        .map_init(
            // What each column that the row holds is worth.
            || vec![None; matrix.width()],
            |worth: &mut Vec<Option<u64>>, row| {
                let held = matrix.row(row);
                for &column in held {
                    if let (Some(worth), Some(&lacking)) =
                        (worth.get_mut(column as usize), lacking.get(column as usize))
                    {
                        *worth = Some(lacking);
                    }
                }
                let says = |&role: &u32| {
                    let shared = granted.run(role as usize).iter().filter_map(|&column| *worth.get(column as usize)?);
                    let sum = shared.fold(None, |sum, worth| Some(sum.unwrap_or(0) + worth))?;
                    Some((sum, Reverse((members.run(role as usize).len(), role))))
                };
                let most = of_row.run(row).iter().filter_map(says).max().map(|(_, Reverse((_, role)))| role);
                for &column in held {
                    if let Some(worth) = worth.get_mut(column as usize) {
                        *worth = None;
                    }
                }
                most
            },
        )
        .collect()
}

/// All roles of each row, by place, ascending.
pub(crate) fn roles_by_row(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>]) -> Runs {
    all_members(roles).transposed(matrix.height())
}

/// Everything a role grants, inherited or not, ascending. Cycles are followed once.
pub(crate) fn effective(roles: &[MeasuredRole<'_>], role: usize) -> Vec<u32> {
    let (mut seen, mut todo, mut granted) = (BTreeSet::from([role]), vec![role], Vec::new());
    while let Some(role) = todo.pop().and_then(|role| roles.get(role)) {
        granted.extend_from_slice(role.entitlements);
        for &inherited in role.inherits {
            if seen.insert(inherited) {
                todo.push(inherited);
            }
        }
    }
    granted.sort_unstable();
    granted.dedup();
    granted
}
