//! What few roles have in common is no layer: it goes back into them. The other way round of [`factor`](super::factor).

use std::cmp::Reverse;

use super::{Content, Entry, factor, within};
use crate::{matrix::AccessMatrix, runs::Runs};

/// Gives the content of a role to the few that make it up, where [`factor`](super::factor) would not have taken it out of them: three in four of
/// their members have it, and they are nineteen in twenty of all who do. What most identities
/// have is no coincidence and stays. `members[r]` has `contents[r]`.
pub(super) fn dissolve(mut contents: Vec<Content>, members: &Runs, matrix: &AccessMatrix) -> Vec<Content> {
    let size = |role: u32| members.run(role as usize).len();
    let wider = |role, other| size(other) > size(role);
    let below = within::above(members, matrix.height(), (3, 4), wider).transposed(contents.len());
    // The larger first: what goes down into a role may go on from there.
    let mut order: Vec<u32> = (0..).take(contents.len()).collect();
    order.sort_by_key(|&role| (Reverse(size(role)), role));
    for role in order {
        let Some(content) = contents.get(role as usize).filter(|content| !content.is_empty()).cloned() else {
            continue;
        };
        if Entry::of(matrix, &content) == Entry::Presumed {
            continue;
        }
        let mut heirs = below.run(role as usize).to_vec();
        heirs.sort_by_key(|&heir| (Reverse(size(heir)), heir));
        let Some(few) = making_up(role, &heirs, members, content.len()) else { continue };
        for &heir in few {
            if let Some(own) = contents.get_mut(heir as usize).filter(|own| !own.is_empty()) {
                own.extend_from_slice(&content);
                own.sort_unstable();
                own.dedup();
            }
        }
        if let Some(gone) = contents.get_mut(role as usize) {
            gone.clear();
        }
    }
    contents
}

/// The first of these heirs that together have nineteen in twenty of the members of a role; none where all of them do not, or where they are
/// so many that as many columns are worth a role.
fn making_up<'h>(role: u32, heirs: &'h [u32], members: &Runs, columns: usize) -> Option<&'h [u32]> {
    let all = members.run(role as usize);
    let mut left = all.to_vec();
    for (count, &heir) in (1..).zip(heirs) {
        if factor::is_worth_it(columns as u64, count as u64) {
            return None;
        }
        let of_heir = members.run(heir as usize);
        left.retain(|member| of_heir.binary_search(member).is_err());
        if left.len() * 20 <= all.len() {
            return heirs.get(..count);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matrix::tests::matrix;

    /// Two roles of 20 and 30 identities, a third that both have, and as many identities again with none of them.
    fn left(shared: &[u32], lower: std::ops::Range<u32>) -> Vec<Content> {
        let rows: Vec<Vec<u32>> = (0..120).map(|row| if row < 50 { shared.to_vec() } else { Vec::new() }).collect();
        let contents = vec![shared.to_vec(), vec![20, 21], vec![22, 23]];
        let members: [Vec<u32>; 3] = [(0..50).collect(), (0..20).collect(), lower.collect()];
        dissolve(contents, &members.iter().collect(), &matrix(30, &rows))
    }

    #[test]
    fn what_two_roles_share_goes_back_into_both() {
        assert_eq!(left(&[1, 2, 3], 20..50), [vec![], vec![1, 2, 3, 20, 21], vec![1, 2, 3, 22, 23]]);
    }

    #[test]
    fn what_is_large_or_has_members_of_its_own_stays() {
        let large: Content = (1..10).collect();
        assert_eq!(left(&large, 20..50)[0], large);
        assert_eq!(left(&[1, 2, 3], 20..40)[0], [1, 2, 3]);
    }

    #[test]
    fn what_most_have_stays() {
        let rows = vec![vec![1, 2, 3]; 50];
        let members: [Vec<u32>; 3] = [(0..50).collect(), (0..20).collect(), (20..50).collect()];
        let contents = vec![vec![1, 2, 3], vec![20, 21], vec![22, 23]];
        assert_eq!(dissolve(contents.clone(), &members.iter().collect(), &matrix(30, &rows)), contents);
    }

    /// The paper way: the fewest heirs that make a role up are found by trying one more, and only then it is asked whether they are many.
    fn slow(mut contents: Vec<Content>, members: &[Vec<u32>], rows: &[Vec<u32>]) -> Vec<Content> {
        let size = |role: usize| members[role].len();
        let mut order: Vec<usize> = (0..contents.len()).collect();
        order.sort_by_key(|&role| (Reverse(size(role)), role));
        for &role in &order {
            let shared = |heir: usize| members[heir].iter().filter(|member| members[role].contains(member)).count();
            let below = |heir: usize| shared(heir) > 0 && shared(heir) * 4 >= size(heir) * 3 && size(heir) < size(role);
            let heirs: Vec<usize> = order.iter().copied().filter(|&heir| below(heir)).collect();
            let left = |heirs: &[usize]| {
                members[role].iter().filter(|member| heirs.iter().all(|&heir| !members[heir].contains(member))).count()
            };
            let few = (1..=heirs.len()).map(|count| &heirs[..count]).find(|few| left(few) * 20 <= size(role));
            let (Some(few), content) = (few, contents[role].clone()) else { continue };
            let usual = |column: &u32| 2 * rows.iter().filter(|row| row.contains(column)).count() > rows.len();
            if content.is_empty()
                || content.iter().all(usual)
                || factor::is_worth_it(content.len() as u64, few.len() as u64)
            {
                continue;
            }
            for &heir in few.iter().filter(|&&heir| !contents[heir].is_empty()).collect::<Vec<_>>() {
                contents[heir].extend(&content);
                contents[heir].sort_unstable();
                contents[heir].dedup();
            }
            contents[role].clear();
        }
        contents
    }

    fn lists(below: u32, lists: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<u32>>> {
        let list = prop::collection::btree_set(0..below, 0..10);
        prop::collection::vec(list.prop_map(|list| list.into_iter().collect()), lists)
    }

    proptest! {
        #[test]
        fn what_goes_down_is_what_trying_one_heir_after_the_other_finds(
            contents in lists(16, 8..9),
            members in lists(12, 8..9),
            rows in lists(16, 12..13),
        ) {
            let fast = dissolve(contents.clone(), &members.iter().collect(), &matrix(16, &rows));
            prop_assert_eq!(fast, slow(contents, &members, &rows));
        }
    }
}
