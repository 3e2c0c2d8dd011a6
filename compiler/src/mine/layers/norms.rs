//! The norm and the exception: what nearly everyone has on top of a role belongs to it.

use std::cmp::Reverse;

use super::{Content, assign::Assigned, within};
use crate::matrix::AccessMatrix;

/// Where nearly everyone who has one role has another on top, the two together are the norm, and those without are the exception: the
/// role on top takes in the one below.
pub(super) fn with_norms(matrix: &AccessMatrix, known: &Assigned) -> Vec<Content> {
    let mut roles = known.roles.clone();
    let members = known.held.transposed(roles.len());
    let size = |role: u32| members.run(role as usize).len();
    let place = |role: u32| (Reverse(size(role)), role);
    let below = within::above(&members, matrix.height(), (19, 20), |above, below| {
        place(below) < place(above) && size(above) * 4 >= size(below) * 3
    });
    // What takes something in is taken in with it: the widest first.
    let mut pairs: Vec<(u32, u32)> =
        (0..).zip(below.iter()).flat_map(|(above, below)| below.iter().map(move |&below| (below, above))).collect();
    pairs.sort_unstable_by_key(|&(below, above)| (place(below), place(above)));
    for (below, above) in pairs {
        let base = roles.get(below as usize).cloned().unwrap_or_default();
        if let Some(columns) = roles.get_mut(above as usize) {
            columns.extend(base);
            columns.sort_unstable();
            columns.dedup();
        }
    }
    roles
}
