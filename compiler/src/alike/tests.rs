use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn pairs(sets: &[Vec<u32>], likeness: Likeness) -> Vec<Pair> {
    let mut pairs = join(sets, likeness, u64::MAX, &(), Some).unwrap();
    pairs.sort_unstable();
    pairs
}

/// The obvious way: every two sets are compared.
fn every_pair(sets: &[Vec<u32>], likeness: Likeness) -> Vec<Pair> {
    let sets: Vec<BTreeSet<u32>> = sets.iter().map(|set| set.iter().copied().collect()).collect();
    let mut pairs = Vec::new();
    for (one, left) in (0..).zip(&sets) {
        for (other, right) in (0..).zip(&sets).skip(one as usize + 1) {
            let (both, either) = ((left & right).len() as u64, (left | right).len() as u64);
            let enough = both * 10_000 >= either * u64::from(likeness.share.0);
            if both > 0 && both >= u64::from(likeness.overlap) && enough {
                pairs.push(Pair { one, other, common: u32::try_from(both).unwrap() });
            }
        }
    }
    pairs
}

#[test]
fn the_line_is_met_at_equality() {
    let sets = [(0..9).collect(), (0..10).collect(), (0..8).collect(), vec![]];
    let found = |points, overlap| {
        pairs(&sets, Likeness { share: Percent(points), overlap })
            .iter()
            .map(|pair| (pair.one, pair.other, pair.common))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(9_000, 0), [(0, 1, 9)]);
    assert_eq!(found(8_888, 0), [(0, 1, 9), (0, 2, 8)]);
    assert_eq!(found(8_889, 0), [(0, 1, 9)]);
    assert_eq!(found(8_000, 9), [(0, 1, 9)]);
    assert_eq!(found(0, 8), [(0, 1, 9), (0, 2, 8), (1, 2, 8)]);
    assert_eq!(found(10_000, 10), []);
}

#[test]
fn what_would_take_too_long_is_refused_before_it_begins() {
    let sets: Vec<Vec<u32>> = vec![(0..5).collect(); 100];
    let likeness = Likeness { share: Percent(10_000), overlap: 1 };
    assert_eq!(join(&sets, likeness, 4_949, &(), Some).unwrap_err(), JoinError::Limit { looks: 4_950 });
    assert_eq!(join(&sets, likeness, 4_950, &(), Some).unwrap().len(), 4_950);
}

#[test]
fn counting_stops_when_it_is_hopeless() {
    assert_eq!(common(&[1, 3, 5, 9], &[2, 3, 4, 5]), 2);
    assert_eq!(common_at_least(&[1, 3, 5], &[3, 5], 2), Some(2));
    assert_eq!(common_at_least(&[1, 3, 5], &[3, 5], 3), None);
    assert_eq!(common_at_least(&[], &[], 0), Some(0));
}

/// Sets made from a few blocks with a few elements struck out or added, so that many pairs are near the line.
fn near_the_line() -> impl Strategy<Value = Vec<Vec<u32>>> {
    let set = (0_u32..3, prop::collection::btree_set(0_u32..40, 0..6)).prop_map(|(block, odd)| {
        let whole: BTreeSet<u32> = (block * 10..block * 10 + 12).collect();
        (&whole ^ &odd).into_iter().collect()
    });
    prop::collection::vec(set, 0..20)
}

proptest! {
    #[test]
    fn finds_what_comparing_all_pairs_finds(
        sets in near_the_line(),
        share in prop::sample::select(vec![0, 1, 3_333, 5_000, 7_999, 8_000, 9_000, 10_000]),
        overlap in 0_u32..12,
    ) {
        let likeness = Likeness { share: Percent(share), overlap };
        prop_assert_eq!(pairs(&sets, likeness), every_pair(&sets, likeness));
    }

    /// In another order the same sets are alike.
    #[test]
    fn the_order_of_the_sets_does_not_matter(sets in near_the_line(), seed in any::<u64>()) {
        let likeness = Likeness { share: Percent(7_500), overlap: 2 };
        let mut order: Vec<usize> = (0..sets.len()).collect();
        order.sort_by_key(|&place| (place as u64 + 1).wrapping_mul(seed | 1));
        let moved: Vec<Vec<u32>> = order.iter().map(|&place| sets[place].clone()).collect();
        let mut back: Vec<Pair> = pairs(&moved, likeness).into_iter().map(|pair| {
            let (one, other) = (order[pair.one as usize] as u32, order[pair.other as usize] as u32);
            Pair { one: one.min(other), other: one.max(other), common: pair.common }
        }).collect();
        back.sort_unstable();
        prop_assert_eq!(back, pairs(&sets, likeness));
    }
}

/// The obvious way.
fn every_containment(sets: &[Vec<u32>], share: Percent) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (one, left) in (0..).zip(sets) {
        for (other, right) in (0..).zip(sets).skip(one as usize + 1) {
            let common = left.iter().filter(|element| right.contains(element)).count();
            if common > 0 && share.met_by(common as u64, left.len().min(right.len()) as u64) {
                pairs.push(Pair { one, other, common: u32::try_from(common).unwrap() });
            }
        }
    }
    pairs
}

#[test]
fn the_smaller_is_in_the_larger_and_empty_sets_are_in_none() {
    let sets = [(0..10).collect::<Vec<u32>>(), (0..4).collect(), vec![], (2..12).collect(), vec![20]];
    let found =
        |points| contained(&sets, Percent(points)).iter().map(|p| (p.one, p.other, p.common)).collect::<Vec<_>>();
    assert_eq!(found(10_000), [(0, 1, 4)]);
    assert_eq!(found(8_000), [(0, 1, 4), (0, 3, 8)]);
    assert_eq!(found(5_000), [(0, 1, 4), (0, 3, 8), (1, 3, 2)]);
}

proptest! {
    #[test]
    fn finds_what_is_contained_as_comparing_all_pairs_does(
        sets in proptest::collection::vec(proptest::collection::btree_set(0..16_u32, 0..9), 0..24),
        points in 1..=10_000_u32,
    ) {
        let sets: Vec<Vec<u32>> = sets.into_iter().map(|set| set.into_iter().collect()).collect();
        prop_assert_eq!(contained(&sets, Percent(points)), every_containment(&sets, Percent(points)));
    }
}
