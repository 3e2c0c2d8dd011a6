//! Roles that say nothing new: what is left over at the edges of others, and goes with them.

use super::Content;
use crate::runs::Runs;

/// Empties each role that others make up, since its members hold those and lack a part: another with ten times as many members grants all of it;
/// or it grants all that others with more members do, and beyond that only what some with ten times as many grant.
/// `members[r]` has `contents[r]`.
pub(super) fn without_spare(mut contents: Vec<Content>, members: &Runs, width: usize) -> Vec<Content> {
    let with = contents.iter().collect::<Runs>().transposed(width);
    let size = |role: u32| members.run(role as usize).len();
    // The one with fewer members first: what makes up another is still there when the other goes.
    let mut order: Vec<u32> = (0..).take(contents.len()).collect();
    order.sort_by_key(|&role| (size(role), role));
    for role in order {
        let Some(columns) = contents.get(role as usize) else { continue };
        let mut others: Vec<u32> = columns.iter().flat_map(|&column| with.run(column as usize)).copied().collect();
        others.sort_unstable();
        let (mut made_up, mut by_one, mut whole) = (Content::new(), false, false);
        for run in others.chunk_by(|one, other| one == other) {
            let Some((&other, theirs)) = run.first().and_then(|other| Some((other, contents.get(*other as usize)?)))
            else {
                continue;
            };
            if other == role || size(other) <= size(role) || theirs.is_empty() {
                continue;
            }
            let (all_of_it, wide) = (run.len() == theirs.len(), size(other) >= 10 * size(role));
            by_one |= wide && run.len() == columns.len();
            whole |= all_of_it;
            if all_of_it || wide {
                made_up.extend(theirs.iter().filter(|column| columns.binary_search(column).is_ok()));
            }
        }
        made_up.sort_unstable();
        made_up.dedup();
        let says_nothing = by_one || whole && made_up == *columns;
        if let Some(spare) = contents.get_mut(role as usize).filter(|_| says_nothing) {
            spare.clear();
        }
    }
    contents
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn left(roles: &[(&[u32], u32)]) -> Vec<Content> {
        let (contents, members): (Vec<Content>, Vec<Content>) =
            roles.iter().map(|&(columns, members)| (columns.to_vec(), (0..members).collect())).unzip();
        let mut left = without_spare(contents, &members.iter().collect(), 20);
        left.retain(|content| !content.is_empty());
        left
    }

    #[test]
    fn a_part_of_what_many_more_have_is_no_role_and_of_what_as_many_have_it_is() {
        assert_eq!(left(&[(&[0, 1, 2, 3], 100), (&[1, 3], 10)]), [[0, 1, 2, 3]]);
        assert_eq!(left(&[(&[0, 1, 2, 3], 100), (&[1, 3], 11)]).len(), 2);
        assert_eq!(left(&[(&[0, 1, 2], 100), (&[1, 3], 5)]).len(), 2);
    }

    #[test]
    fn two_roles_of_the_same_people_are_not_a_third() {
        assert_eq!(left(&[(&[0, 1], 30), (&[2, 3], 20), (&[0, 1, 2, 3], 10)]), [[0, 1], [2, 3]]);
        assert_eq!(left(&[(&[0, 1], 30), (&[2, 3], 20), (&[0, 1, 2, 3], 25)]).len(), 3);
        // A place, and what is left of a department whose members lack the rest.
        assert_eq!(left(&[(&[0, 1], 30), (&[2, 3, 4, 5], 60), (&[0, 1, 4], 6)]).len(), 2);
        assert_eq!(left(&[(&[0, 1], 30), (&[2, 3, 4, 5], 59), (&[0, 1, 4], 6)]).len(), 3);
    }

    /// The paper way: every role is held against every other.
    fn slow(mut contents: Vec<Content>, sizes: &[usize]) -> Vec<Content> {
        let mut order: Vec<usize> = (0..contents.len()).collect();
        order.sort_by_key(|&role| (sizes[role], role));
        for role in order {
            let columns = contents[role].clone();
            let wider: Vec<usize> = (0..contents.len())
                .filter(|&other| sizes[other] > sizes[role] && !contents[other].is_empty())
                .collect();
            let wide = |other: usize| sizes[other] >= 10 * sizes[role];
            let inside = |other: usize| contents[other].iter().all(|column| columns.contains(column));
            let around = |other: usize| columns.iter().all(|column| contents[other].contains(column));
            let grants = |column: &u32| {
                wider.iter().any(|&other| (inside(other) || wide(other)) && contents[other].contains(column))
            };
            let made_up = wider.iter().any(|&other| inside(other)) && columns.iter().all(grants);
            if made_up || wider.iter().any(|&other| wide(other) && around(other)) {
                contents[role].clear();
            }
        }
        contents
    }

    proptest! {
        #[test]
        fn what_is_spare_is_what_holding_all_against_all_finds(
            roles in prop::collection::vec((prop::collection::btree_set(0..8_u32, 1..6), 0..60_u32), 0..8),
        ) {
            let (contents, members): (Vec<Content>, Vec<Content>) = roles
                .into_iter()
                .map(|(columns, members)| (columns.into_iter().collect(), (0..members).collect()))
                .unzip();
            let sizes: Vec<usize> = members.iter().map(Vec::len).collect();
            let fast = without_spare(contents.clone(), &members.iter().collect(), 8);
            prop_assert_eq!(fast, slow(contents, &sizes));
        }
    }
}
