//! The fewest entitlements to take out of a role so that it keeps within its duties.

use adit_snapshots::EntitlementId;

use super::choices::choices;

/// Up to so many choices of sides are all tried.
const EXHAUSTIVE: u64 = 20_000;

/// A proposal of what to take out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// The entitlements, ascending.
    pub(super) take_out: Vec<EntitlementId>,
    /// Whether no smaller set would do.
    pub(super) minimum: bool,
}

/// The smallest set of entitlements that leaves at most `at_most` of `sides` (each ascending): a minimum hitting set of all ways to hold one
/// side too many. Whoever hits them all has emptied all sides but `at_most`, so the search is over which sides to empty: all choices
/// where they are few, else always the side that costs the least next. Of several smallest ones, the first.
pub(super) fn split(sides: &[Vec<EntitlementId>], at_most: usize) -> Split {
    let Some(emptied) = sides.len().checked_sub(at_most).filter(|&emptied| emptied > 0) else {
        return Split { take_out: Vec::new(), minimum: true };
    };
    if choices(sides.len(), emptied).is_none_or(|choices| choices > EXHAUSTIVE) {
        return Split { take_out: greedy(sides, emptied), minimum: false };
    }
    let mut best = None;
    search(sides, emptied, Vec::new(), &mut best);
    Split { take_out: best.unwrap_or_default(), minimum: true }
}

/// A role that a split leaves or makes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The sides it has, ascending: indices into those that were split.
    pub(super) sides: Vec<usize>,
    /// What it grants, ascending.
    pub(super) entitlements: Vec<EntitlementId>,
}

/// The roles that come of one which grants `own` when `take_out` is taken out of it: first what stays, then as few as hold what was taken
/// out, filled in the order of sides, with at most `at_most` sides each. No entitlement may be on more sides than that by itself.
pub(super) fn parts(
    own: &[EntitlementId],
    sides: &[Vec<EntitlementId>],
    take_out: &[EntitlementId],
    at_most: usize,
) -> Vec<Part> {
    let on = |entitlement: EntitlementId| -> Vec<usize> {
        (0..sides.len()).filter(|&side| sides.get(side).is_some_and(|side| side.contains(&entitlement))).collect()
    };
    let join = |part: &Part, more: &[usize]| -> Vec<usize> {
        let mut joined = [&part.sides[..], more].concat();
        joined.sort_unstable();
        joined.dedup();
        joined
    };
    let stays: Vec<EntitlementId> = own.iter().copied().filter(|held| !take_out.contains(held)).collect();
    let mut sides_left: Vec<usize> = stays.iter().flat_map(|&held| on(held)).collect();
    sides_left.sort_unstable();
    sides_left.dedup();
    let mut parts = vec![Part { sides: sides_left, entitlements: stays }];
    let mut taken: Vec<(Vec<usize>, EntitlementId)> = take_out.iter().map(|&held| (on(held), held)).collect();
    taken.sort_unstable();
    for (its, held) in taken {
        let fits = |part: &&mut Part| join(part, &its).len() <= at_most;
        match parts.iter_mut().skip(1).find(fits) {
            Some(part) => {
                part.sides = join(part, &its);
                part.entitlements.push(held);
            }
            None => parts.push(Part { sides: its, entitlements: vec![held] }),
        }
    }
    parts.iter_mut().for_each(|part| part.entitlements.sort_unstable());
    parts
}

fn search(
    rest: &[Vec<EntitlementId>],
    emptied: usize,
    taken: Vec<EntitlementId>,
    best: &mut Option<Vec<EntitlementId>>,
) {
    let is_worse = |known: &Vec<_>| (taken.len(), &taken) >= (known.len(), known);
    if emptied == 0 {
        if !best.as_ref().is_some_and(is_worse) {
            *best = Some(taken);
        }
        return;
    }
    // What is taken only grows, so a choice that is already larger cannot win.
    if rest.len() < emptied || best.as_ref().is_some_and(|known| taken.len() > known.len()) {
        return;
    }
    if let Some((side, rest)) = rest.split_first() {
        search(rest, emptied - 1, union(&taken, side), best);
        search(rest, emptied, taken, best);
    }
}

fn greedy(sides: &[Vec<EntitlementId>], emptied: usize) -> Vec<EntitlementId> {
    let mut taken = Vec::new();
    let mut rest: Vec<&Vec<_>> = sides.iter().collect();
    for _ in 0..emptied {
        let costs = rest.iter().enumerate().map(|(index, side)| (union(&taken, side), index));
        let Some((cheapest, index)) = costs.min_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b))) else { break };
        rest.remove(index);
        taken = cheapest;
    }
    taken
}

fn union(a: &[EntitlementId], b: &[EntitlementId]) -> Vec<EntitlementId> {
    let mut union = [a, b].concat();
    union.sort_unstable();
    union.dedup();
    union
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sides(of: &[&[u32]]) -> Vec<Vec<EntitlementId>> {
        of.iter().map(|side| side.iter().copied().map(EntitlementId).collect()).collect()
    }

    fn ids(of: &[u32]) -> Vec<EntitlementId> {
        of.iter().copied().map(EntitlementId).collect()
    }

    #[test]
    fn the_smaller_side_goes() {
        assert_eq!(split(&sides(&[&[1, 2, 3], &[4]]), 1), Split { take_out: ids(&[4]), minimum: true });
    }

    #[test]
    fn what_is_on_two_sides_counts_once() {
        let three = sides(&[&[1, 2], &[2, 3], &[4, 5]]);
        assert_eq!(split(&three, 1).take_out, ids(&[1, 2, 3]));
        assert_eq!(split(&three, 3).take_out, ids(&[]));
        assert_eq!(split(&three, 0).take_out, ids(&[1, 2, 3, 4, 5]));
    }

    #[test]
    fn says_when_it_did_not_try_everything() {
        let many: Vec<_> = (0..40).map(|side| ids(&[side, side + 1])).collect();
        let proposal = split(&many, 20);
        assert!(!proposal.minimum);
        assert_eq!(left(&many, &proposal.take_out), 20);
    }

    fn left(sides: &[Vec<EntitlementId>], without: &[EntitlementId]) -> usize {
        sides.iter().filter(|side| side.iter().any(|held| !without.contains(held))).count()
    }

    #[test]
    fn each_emptied_side_gets_a_role_of_its_own() {
        let three = sides(&[&[1, 2], &[3], &[4]]);
        let part = |sides: &[usize], of: &[u32]| Part { sides: sides.to_vec(), entitlements: ids(of) };
        let own = ids(&[1, 2, 3, 4, 9]);
        assert_eq!(parts(&own, &three, &ids(&[3, 4]), 1), [part(&[0], &[1, 2, 9]), part(&[1], &[3]), part(&[2], &[4])]);
        assert_eq!(parts(&own, &three, &ids(&[3]), 2), [part(&[0, 2], &[1, 2, 4, 9]), part(&[1], &[3])]);
    }

    proptest! {
        #[test]
        fn a_split_keeps_everything_once_and_no_role_of_it_has_too_much(
            of in prop::collection::vec(prop::collection::btree_set(0_u32..8, 1..4), 1..6),
            at_most in 1_usize..5,
        ) {
            let sides: Vec<Vec<_>> = of.iter().map(|side| side.iter().copied().map(EntitlementId).collect()).collect();
            let own: Vec<_> = (0..10).map(EntitlementId).collect();
            let alone = |held: &EntitlementId| sides.iter().filter(|side| side.contains(held)).count() > at_most;
            prop_assume!(!own.iter().any(alone));
            let parts = parts(&own, &sides, &split(&sides, at_most).take_out, at_most);
            let mut all: Vec<_> = parts.iter().flat_map(|part| part.entitlements.clone()).collect();
            all.sort_unstable();
            prop_assert_eq!(all, own);
            for part in &parts {
                let has: Vec<usize> =
                    (0..sides.len()).filter(|&side| part.entitlements.iter().any(|held| sides[side].contains(held))).collect();
                prop_assert_eq!(&has, &part.sides);
                prop_assert!(has.len() <= at_most);
            }
        }

        /// The obvious way: every set of entitlements.
        #[test]
        fn no_smaller_set_would_do(
            of in prop::collection::vec(prop::collection::btree_set(0_u32..8, 1..4), 1..6),
            at_most in 0_usize..5,
        ) {
            let sides: Vec<Vec<_>> = of.iter().map(|side| side.iter().copied().map(EntitlementId).collect()).collect();
            let found = split(&sides, at_most);
            let all = (0_u32..256).map(|set| (0..8).filter(|bit| set >> bit & 1 == 1).map(EntitlementId).collect::<Vec<_>>());
            let fewest = all.filter(|without| left(&sides, without) <= at_most).map(|without| without.len()).min();
            prop_assert!(left(&sides, &found.take_out) <= at_most);
            prop_assert_eq!(Some(found.take_out.len()), fewest);
        }
    }
}
