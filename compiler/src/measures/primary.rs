//! The one role that says most about an identity.

use rayon::prelude::*;

use super::{MeasuredRole, granted::all_members};
use crate::matrix::AccessMatrix;

/// The primary role of each row, by place: the one that sets it apart most. Of what the row holds and the role grants, inherited or not,
/// every entitlement counts by how many rows lack it, so a role that everyone has says nothing. Of equals the one with fewer
/// members, then the first. None where no role grants the row anything that it holds.
#[must_use]
pub fn primary_roles(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>]) -> Vec<Option<u32>> {
    let members = all_members(roles);
    let granted: Vec<Vec<u32>> = (0..roles.len()).map(|role| effective(roles, role)).collect();
    let size = |role: u32| members.get(role as usize).map_or(0, Vec::len);
    let lacking: Vec<u64> =
        (0..matrix.width()).map(|column| (matrix.height() - matrix.column(column).len()) as u64).collect();
    by_row(matrix, &members)
        .par_iter()
        .enumerate()
        .map(|(row, of_row)| {
            let held = matrix.row(row);
            let worth = |&role: &u32| {
                let granted = granted.get(role as usize).map_or(&[][..], Vec::as_slice);
                let (mut shared, mut sum) = (0_u64, 0_u64);
                both(held, granted, |column| {
                    shared += 1;
                    sum += lacking.get(column as usize).copied().unwrap_or_default();
                });
                (shared > 0).then_some((sum, std::cmp::Reverse((size(role), role))))
            };
            of_row.iter().filter_map(worth).max().map(|(_, std::cmp::Reverse((_, role)))| role)
        })
        .collect()
}

/// All roles of each row, by place, ascending.
#[must_use]
pub fn roles_by_row(matrix: &AccessMatrix, roles: &[MeasuredRole<'_>]) -> Vec<Vec<u32>> {
    by_row(matrix, &all_members(roles))
}

fn by_row(matrix: &AccessMatrix, members: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut of_row: Vec<Vec<u32>> = vec![Vec::new(); matrix.height()];
    for (role, members) in (0..).zip(members) {
        for &member in members {
            if let Some(of_row) = of_row.get_mut(member as usize) {
                of_row.push(role);
            }
        }
    }
    of_row
}

/// Everything a role grants, inherited or not, ascending. Cycles are followed once.
pub(crate) fn effective(roles: &[MeasuredRole<'_>], role: usize) -> Vec<u32> {
    let (mut seen, mut todo, mut granted) = (vec![role], vec![role], Vec::new());
    while let Some(role) = todo.pop().and_then(|role| roles.get(role)) {
        granted.extend_from_slice(role.entitlements);
        for &inherited in role.inherits {
            if !seen.contains(&inherited) {
                seen.push(inherited);
                todo.push(inherited);
            }
        }
    }
    granted.sort_unstable();
    granted.dedup();
    granted
}

/// Hands over what is in both of two ascending lists.
fn both(mut one: &[u32], mut other: &[u32], mut take: impl FnMut(u32)) {
    while let ([first, rest @ ..], [second, rest_of_other @ ..]) = (one, other) {
        match first.cmp(second) {
            std::cmp::Ordering::Less => one = rest,
            std::cmp::Ordering::Greater => other = rest_of_other,
            std::cmp::Ordering::Equal => {
                take(*first);
                (one, other) = (rest, rest_of_other);
            }
        }
    }
}
