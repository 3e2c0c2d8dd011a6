//! Which roles lie within which: whoever has the one has the other.

use crate::runs::Runs;

/// For each role, by its members, the roles that at least `part` of `whole` of them have too, ascending; only such as have more members, so
/// that nothing is within itself.
pub(super) fn above(members: &Runs, rows: usize, (part, whole): (usize, usize)) -> Runs {
    let size = |role: u32| members.run(role as usize).len();
    sharing(members, rows, |role, other, common| common * whole >= size(role) * part && size(other) > size(role))
}

/// For each role those it shares members with, ascending, that are kept: `keep` is told the role, the other, and how many have both.
pub(super) fn sharing(members: &Runs, rows: usize, keep: impl Fn(u32, u32, usize) -> bool + Sync + Send) -> Runs {
    let of_row = members.transposed(rows);
    let room = || (vec![0_usize; members.len()], Vec::new());
    Runs::gathered(members.len(), room, |(shared, touched), role, kept| {
        for &other in members.run(role).iter().flat_map(|&member| of_row.run(member as usize)) {
            if let Some(shared) = shared.get_mut(other as usize) {
                if *shared == 0 {
                    touched.push(other);
                }
                *shared += 1;
            }
        }
        touched.sort_unstable();
        for other in touched.drain(..) {
            let common = shared.get_mut(other as usize).map(std::mem::take).unwrap_or_default();
            if keep(role as u32, other, common) {
                kept.push(other);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_lies_within_what_is_what_comparing_all_gives(
            lists in prop::collection::vec(prop::collection::btree_set(0..9_u32, 0..9), 0..8),
            part in 1..4_usize,
        ) {
            let lists: Vec<Vec<u32>> = lists.into_iter().map(|list| list.into_iter().collect()).collect();
            let within = |role: &Vec<u32>, other: &Vec<u32>| {
                let common = role.iter().filter(|member| other.contains(member)).count();
                common > 0 && common * 4 >= role.len() * part && other.len() > role.len()
            };
            let slow: Vec<Vec<u32>> = lists
                .iter()
                .map(|role| (0..).zip(&lists).filter(|(_, other)| within(role, other)).map(|(other, _)| other).collect())
                .collect();
            let fast = above(&lists.iter().collect(), 9, (part, 4));
            prop_assert_eq!(fast, slow.iter().collect());
        }
    }
}
