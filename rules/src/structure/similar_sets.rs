//! Which of many sets are nearly the same: nine tenths alike, by the join of [`adit_compiler::alike`].

use adit_compiler::{
    alike::{Likeness, join},
    spec::Percent,
};

/// Nine tenths, as numerator and denominator: compared in integers.
const ALIKE: (usize, usize) = (9, 10);

/// Pairs `(i, j)` with `i < j` of similarity 0.9 or more, ascending. Each set ascends without repeats; empty sets are like nothing.
pub(super) fn similar_pairs(sets: &[Vec<u32>]) -> Vec<(usize, usize)> {
    let likeness = Likeness { share: Percent(9_000), overlap: 1 };
    let found = join(sets, likeness, u64::MAX, &(), |pair| Some((pair.one as usize, pair.other as usize)));
    // Nothing cancels it and nothing limits it: there is always an outcome.
    let mut pairs = found.unwrap_or_default();
    pairs.sort_unstable();
    pairs
}

/// Whether two ascending sets are alike: sizes first, because they cost nothing.
pub(super) fn alike(one: &[u32], other: &[u32]) -> bool {
    let (smaller, larger) = (one.len().min(other.len()), one.len().max(other.len()));
    if smaller == 0 || smaller * ALIKE.1 < larger * ALIKE.0 {
        return false;
    }
    let shared = shared(one, other);
    shared * ALIKE.1 >= (smaller + larger - shared) * ALIKE.0
}

/// How many elements two ascending sets have in common.
pub(super) fn shared<T: Ord>(one: &[T], other: &[T]) -> usize {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut shared = 0;
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => {
                one.next();
            }
            std::cmp::Ordering::Greater => {
                other.next();
            }
            std::cmp::Ordering::Equal => {
                shared += 1;
                one.next();
                other.next();
            }
        }
    }
    shared
}

/// Whether an ascending set has every element of another.
pub(super) fn contains<T: Ord>(whole: &[T], part: &[T]) -> bool {
    part.len() <= whole.len() && shared(whole, part) == part.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn every_pair(sets: &[Vec<u32>]) -> Vec<(usize, usize)> {
        let sets: Vec<BTreeSet<u32>> = sets.iter().map(|set| set.iter().copied().collect()).collect();
        let mut pairs = Vec::new();
        for (i, one) in sets.iter().enumerate() {
            for (j, other) in sets.iter().enumerate().skip(i + 1) {
                let (shared, all) = (one.intersection(other).count(), one.union(other).count());
                if all > 0 && shared * 10 >= all * 9 {
                    pairs.push((i, j));
                }
            }
        }
        pairs
    }

    #[test]
    fn nine_of_ten_are_alike_and_eight_of_nine_are_not() {
        let nine: Vec<u32> = (0..9).collect();
        let ten: Vec<u32> = (0..10).collect();
        let eight: Vec<u32> = (0..8).collect();
        assert!(alike(&nine, &ten));
        assert!(!alike(&eight, &nine));
        assert!(!alike(&[], &[]));
    }

    proptest! {
        /// Sets made from a few blocks with a few elements struck out, so that many pairs are near the line.
        #[test]
        fn finds_what_comparing_all_pairs_finds(
            sets in prop::collection::vec((0_u32..3, prop::collection::btree_set(0_u32..24, 0..5)), 0..16)
        ) {
            let sets: Vec<Vec<u32>> = sets
                .into_iter()
                .map(|(block, struck)| (block * 12..block * 12 + 12).filter(|e| !struck.contains(&(e % 24))).collect())
                .collect();
            prop_assert_eq!(similar_pairs(&sets), every_pair(&sets));
        }
    }
}
