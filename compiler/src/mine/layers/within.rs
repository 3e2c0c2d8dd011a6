//! Which roles lie within which: whoever has the one has the other.

use crate::{mine::bits, runs::Runs};

/// Of how many identities one at least is a member of a role that is looked up as a set: as bits it takes no more room than as a list.
const WIDE: usize = 32;

/// For each role, by its members, the roles that at least `part` of `whole` of them have too, ascending; only such as are `wider`, which is told
/// the role and the other.
///
/// Of its first members as many are asked which roles they have as another may lack, and one more: what lies around the role is among those. For
/// each it is then asked of the remaining members until too many lack it, which most do at once.
pub(super) fn above(
    members: &Runs,
    rows: usize,
    (part, whole): (usize, usize),
    wider: impl Fn(u32, u32) -> bool + Sync + Send,
) -> Runs {
    let of_row = members.transposed(rows);
    let sets: Vec<Vec<u64>> = members.iter().map(|members| set_of(members, rows)).collect();
    let room = || (vec![0_usize; members.len()], Vec::new());
    Runs::gathered(members.len(), room, |(shared, touched), role, kept| {
        let own = members.run(role);
        let may_lack = own.len() - (own.len() * part).div_ceil(whole);
        let (first, rest) = own.split_at(own.len().min(may_lack + 1));
        let (number, is_wider) = (role as u32, |&&other: &&u32| wider(role as u32, other));
        for &other in first.iter().flat_map(|&member| of_row.run(member as usize)).filter(is_wider) {
            let Some(shared) = shared.get_mut(other as usize).filter(|_| other != number) else { continue };
            if *shared == 0 {
                touched.push(other);
            }
            *shared += 1;
        }
        touched.sort_unstable();
        for other in touched.drain(..) {
            let common = shared.get_mut(other as usize).map(std::mem::take).unwrap_or_default();
            let may_lack = (may_lack + common).saturating_sub(first.len());
            let one_too_many = match sets.get(other as usize).filter(|set| !set.is_empty()) {
                Some(set) => rest.iter().filter(|&&member| !bits::contains(set, member as usize)).nth(may_lack),
                None => {
                    let mut of_other = members.run(other as usize);
                    let lacks = |&&member: &&u32| {
                        of_other = from(of_other, member);
                        of_other.first() != Some(&member)
                    };
                    rest.iter().filter(lacks).nth(may_lack)
                }
            };
            if one_too_many.is_none() {
                kept.push(other);
            }
        }
    })
}

/// The members of a wide role as a set; nothing of others.
fn set_of(members: &[u32], rows: usize) -> Vec<u64> {
    if members.len() * WIDE < rows {
        return Vec::new();
    }
    let mut set = vec![0; rows.div_ceil(64)];
    for &member in members {
        bits::insert(&mut set, member as usize);
    }
    set
}

/// What is left of an ascending list from a value on; quick where that is not far.
fn from(list: &[u32], value: u32) -> &[u32] {
    let mut far = 1;
    while list.get(far).is_some_and(|&next| next < value) {
        far *= 2;
    }
    let near = list.get(..list.len().min(far + 1)).unwrap_or(list);
    list.get(near.partition_point(|&next| next < value)..).unwrap_or(&[])
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
            let members: Runs = lists.iter().collect();
            let size = |role: u32| members.run(role as usize).len();
            // Room for more than these rows, where no role is wide.
            for rows in [9, 9 * WIDE] {
                let fast = above(&members, rows, (part, 4), |role, other| size(other) > size(role));
                prop_assert_eq!(fast, slow.iter().collect());
            }
        }

        #[test]
        fn a_list_from_a_value_on_is_what_looking_at_all_gives(
            list in prop::collection::btree_set(0..40_u32, 0..20),
            value in 0..42_u32,
        ) {
            let list: Vec<u32> = list.into_iter().collect();
            let slow: Vec<u32> = list.iter().copied().filter(|&next| next >= value).collect();
            prop_assert_eq!(from(&list, value), slow);
        }
    }
}
