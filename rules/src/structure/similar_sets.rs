//! Which of many sets are nearly the same: all pairs at or above a Jaccard similarity, without comparing all pairs.
//!
//! Two sets with |x ∩ y| / |x ∪ y| ≥ t share at least t·|x| elements, so among the |x| − ⌈t·|x|⌉ + 1 rarest elements of each there is a
//! common one (prefix filtering: Chaudhuri, Ganti, Kaushik, ICDE 2006; Bayardo, Ma, Srikant, WWW 2007). Only sets that meet there, and
//! whose sizes allow it, are compared.

/// Nine tenths, as numerator and denominator: compared in integers.
const ALIKE: (usize, usize) = (9, 10);

/// Pairs `(i, j)` with `i < j` of similarity 0.9 or more, ascending. Each set ascends without repeats; empty sets are like nothing.
pub(super) fn similar_pairs(sets: &[Vec<u32>]) -> Vec<(usize, usize)> {
    let ranked = by_rarity(sets);
    let mut order: Vec<usize> = (0..sets.len()).collect();
    order.sort_by_key(|&set| (ranked.get(set).map_or(0, Vec::len), set));

    let ranks = ranked.iter().flatten().max().map_or(0, |&rank| rank as usize + 1);
    let mut index: Vec<Vec<usize>> = vec![Vec::new(); ranks];
    let mut pairs = Vec::new();
    let mut seen = vec![usize::MAX; sets.len()];
    for &set in &order {
        let Some(elements) = ranked.get(set) else { continue };
        for &element in elements.get(..prefix(elements.len())).unwrap_or(&[]) {
            let Some(meeting) = index.get_mut(element as usize) else { continue };
            for &other in meeting.iter() {
                let Some(last) = seen.get_mut(other) else { continue };
                if std::mem::replace(last, set) == set {
                    continue;
                }
                if ranked.get(other).is_some_and(|others| alike(elements, others)) {
                    pairs.push((set.min(other), set.max(other)));
                }
            }
            meeting.push(set);
        }
    }
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

/// How many of its rarest elements a set must be found by.
fn prefix(len: usize) -> usize {
    if len == 0 { 0 } else { len - (len * ALIKE.0).div_ceil(ALIKE.1) + 1 }
}

/// The sets with each element replaced by its rank from rare to common, ascending.
fn by_rarity(sets: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let width = sets.iter().flatten().max().map_or(0, |&element| element as usize + 1);
    let mut counts = vec![0_u32; width];
    for &element in sets.iter().flatten() {
        if let Some(count) = counts.get_mut(element as usize) {
            *count += 1;
        }
    }
    let mut elements: Vec<u32> = (0..u32::try_from(width).unwrap_or(u32::MAX)).collect();
    elements.sort_by_key(|&element| (counts.get(element as usize).copied(), element));
    let mut ranks = vec![0_u32; width];
    for (rank, element) in (0_u32..).zip(elements) {
        if let Some(place) = ranks.get_mut(element as usize) {
            *place = rank;
        }
    }
    let ranked = |set: &Vec<u32>| {
        let mut set: Vec<u32> = set.iter().filter_map(|&element| ranks.get(element as usize).copied()).collect();
        set.sort_unstable();
        set
    };
    sets.iter().map(ranked).collect()
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
