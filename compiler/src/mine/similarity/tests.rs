use std::{collections::BTreeSet, sync::LazyLock};

use proptest::{prelude::prop, prop_assert_eq, proptest, strategy::Strategy as _};

use super::{Clustering, MineInput, Similarity, Strategy as _};
use crate::{
    matrix::{AccessMatrix, tests::matrix},
    mine::{Guide, Shortfall},
    spec::{AttributesOf, Percent},
};

fn settings(alike: u32, min_members: u32, overlap: u32) -> Similarity {
    Similarity { alike: Percent(alike), min_members, overlap, ..Similarity::default() }
}

/// An attribute by its value for each row; `None` where it is missing.
fn guide(name: &str, values: &[Option<u32>]) -> Guide {
    let of_row = values.iter().map(|value| value.iter().copied().collect()).collect();
    Guide { name: name.to_owned(), distinct: 9, of_row }
}

fn mined(matrix: &AccessMatrix, guides: &[Guide], settings: &Similarity) -> Clustering {
    settings.mine(&MineInput { guides, ..MineInput::from(matrix) }, &()).unwrap()
}

fn members(found: &Clustering) -> Vec<Vec<u32>> {
    found.clusters.iter().map(|cluster| cluster.members.clone()).collect()
}

fn kinds(found: &Clustering) -> Vec<(u32, Shortfall)> {
    found.unassigned.iter().map(|one| (one.row, one.shortfall)).collect()
}

/// Rows 0 to 2 are a core and its neighbours, 3 is like 2 only, 4 is like nobody, 5 holds nothing.
fn chain() -> AccessMatrix {
    matrix(20, &[(0..8).collect(), (0..9).collect(), (0..10).collect(), (0..12).collect(), vec![15, 16], vec![]])
}

#[test]
fn cores_grow_clusters_and_borders_go_along() {
    // 8/9, 8/10, 9/10 and 10/12 are alike at 80%: 2 has three others, 3 has one.
    let found = mined(&chain(), &[], &settings(8_000, 4, 5));
    assert_eq!(members(&found), [[0, 1, 2, 3]]);
    assert_eq!(found.clusters[0].entitlements, (0..12).collect::<Vec<_>>());
    assert_eq!(kinds(&found), [(4, Shortfall::AccessNoise), (5, Shortfall::HoldsNothing)]);
    // With five there is no core, and each is told whom it is most alike to.
    let found = mined(&chain(), &[], &settings(8_000, 5, 5));
    let partners: Vec<_> =
        found.unassigned.iter().map(|one| (one.best_common, one.of, one.with, one.with_of)).collect();
    assert_eq!(
        partners,
        [
            (8, 8, Some(1), 9),
            (9, 9, Some(2), 10),
            (9, 10, Some(1), 9),
            (10, 12, Some(2), 10),
            (0, 2, None, 0),
            (0, 0, None, 0)
        ]
    );
}

#[test]
fn a_border_goes_with_the_core_it_is_most_alike_to() {
    // Row 0 is like the core 1 (9 of 11) and like the core 4 (8 of 12), and neither core would be one without it.
    let with = |range: std::ops::Range<u32>, more: &[u32]| range.chain(more.iter().copied()).collect::<Vec<u32>>();
    let rows = [
        with(1..11, &[]),
        with(0..10, &[]),
        with(0..10, &[20, 21, 22]),
        with(0..10, &[23, 24, 25]),
        with(3..13, &[]),
        with(3..13, &[30, 31]),
        with(3..13, &[32, 33]),
    ];
    let found = mined(&matrix(40, &rows), &[], &settings(6_500, 4, 2));
    assert_eq!(members(&found), [vec![0, 1, 2, 3], vec![4, 5, 6]]);
}

#[test]
fn what_too_few_or_too_many_hold_does_not_count() {
    // Everyone holds 0; without it the two halves have nothing in common.
    let rows = [vec![0, 1, 2], vec![0, 1, 2], vec![0, 3, 4], vec![0, 3, 4]];
    let all = settings(1_000, 4, 1);
    assert_eq!(members(&mined(&matrix(5, &rows), &[], &all)), [[0, 1, 2, 3]]);
    let rare = Similarity { max_popularity: Percent(9_000), min_members: 2, ..all.clone() };
    let found = mined(&matrix(5, &rows), &[], &rare);
    assert_eq!(members(&found), [[0, 1], [2, 3]]);
    assert_eq!(found.clusters[0].entitlements, [1, 2]);
    let birthright = Similarity { min_popularity: Percent(9_000), ..all.clone() };
    assert_eq!(mined(&matrix(5, &rows), &[], &birthright).clusters[0].entitlements, [0]);
    let small = Similarity { max_entitlements: Some(2), ..all };
    assert_eq!(kinds(&mined(&matrix(5, &rows), &[], &small))[0], (0, Shortfall::OutOfRange));
}

#[test]
fn attributes_tell_three_kinds_of_noise_apart() {
    // Four hold alike: three of department 0, one of 1. Department 1 has three more who hold something else each, 2 has one.
    let rows = [
        vec![0, 1, 2],
        vec![0, 1, 2],
        vec![0, 1, 2],
        vec![0, 1, 2],
        vec![3, 4],
        vec![5, 6],
        vec![7, 8],
        vec![9],
        vec![0, 1, 2],
    ];
    let department =
        guide("department", &[Some(0), Some(0), Some(0), Some(1), Some(1), Some(1), Some(1), Some(2), None]);
    let settings = Similarity { attributes: AttributesOf::Agree, ..settings(8_000, 3, 1) };
    let found = mined(&matrix(10, &rows), &[department], &settings);
    assert_eq!(members(&found), [[0, 1, 2]]);
    assert_eq!(
        kinds(&found),
        [
            (3, Shortfall::OverallNoise),
            (4, Shortfall::AccessNoise),
            (5, Shortfall::AccessNoise),
            (6, Shortfall::AccessNoise),
            (7, Shortfall::OverallNoise),
            (8, Shortfall::AttributeNoise),
        ]
    );
}

#[test]
fn attributes_weigh_what_they_are_said_to() {
    // 3 of 5 in common: 60%. With the same department at half the weight: 80%.
    let rows = [vec![0, 1, 2, 3], vec![0, 1, 2, 4]];
    let same = [guide("department", &[Some(0), Some(0)]), guide("title", &[Some(0), Some(1)])];
    let weigh = |weights: &[(&str, u32)]| Similarity {
        attributes: AttributesOf::Weigh(Percent(5_000)),
        weights: weights.iter().map(|(name, weight)| ((*name).to_owned(), *weight)).collect(),
        ..settings(8_000, 2, 1)
    };
    assert_eq!(members(&mined(&matrix(5, &rows), &same[..1], &weigh(&[]))), [[0, 1]]);
    // Agreeing in one of two attributes of equal weight makes 55%, in one that weighs three times as much 67.5%.
    assert!(mined(&matrix(5, &rows), &same, &weigh(&[])).clusters.is_empty());
    let line = |alike| Similarity { alike: Percent(alike), ..weigh(&[("department", 3)]) };
    assert_eq!(members(&mined(&matrix(5, &rows), &same, &line(6_750))), [[0, 1]]);
    assert!(mined(&matrix(5, &rows), &same, &line(6_751)).clusters.is_empty());
}

/// DBSCAN as the paper has it, with a comparison of every two rows. Equal shares are told apart by the smaller row.
fn slow(rows: &[BTreeSet<u32>], values: &[Option<u32>], settings: &Similarity) -> BTreeSet<Vec<u32>> {
    let share = |one: usize, other: usize| {
        let (both, either) = ((&rows[one] & &rows[other]).len() as u64, (&rows[one] | &rows[other]).len() as u64);
        let agree = u64::from(values[one].is_some() && values[one] == values[other]);
        let weight = match settings.attributes {
            AttributesOf::Weigh(weight) => u64::from(weight.0),
            AttributesOf::Agree => 0,
        };
        let twins = rows[one] == rows[other] && values[one] == values[other];
        let counts = both > 0
            && both >= u64::from(settings.overlap)
            && (settings.attributes != AttributesOf::Agree || agree == 1);
        ((10_000 - weight) * both + weight * agree * either, 10_000 * either, (counts || twins) && either > 0, twins)
    };
    let alike = |one: usize, other: usize| {
        let (part, of, counts, twins) = share(one, other);
        counts && (twins || part * 10_000 >= of * u64::from(settings.alike.0))
    };
    let all: Vec<usize> = (0..rows.len()).filter(|&row| !rows[row].is_empty()).collect();
    let near: Vec<Vec<usize>> =
        (0..rows.len()).map(|row| all.iter().copied().filter(|&other| alike(row, other)).collect()).collect();
    let core = |row: usize| near[row].len() >= settings.min_members as usize;
    let mut label: Vec<usize> = (0..rows.len()).collect();
    for _ in 0..rows.len() {
        for &one in all.iter().filter(|&&row| core(row)) {
            for &other in near[one].iter().filter(|&&row| core(row)) {
                label[other] = label[other].min(label[one]);
            }
        }
    }
    let mut clusters = std::collections::BTreeMap::<usize, Vec<u32>>::new();
    for &row in &all {
        let to = if core(row) {
            Some(row)
        } else {
            near[row].iter().copied().filter(|&other| core(other)).reduce(|best, other| {
                let ((a, b, ..), (c, d, ..)) = (share(row, other), share(row, best));
                if a * d > c * b { other } else { best }
            })
        };
        if let Some(core) = to {
            clusters.entry(label[core]).or_default().push(u32::try_from(row).unwrap());
        }
    }
    clusters.into_values().collect()
}

fn people() -> impl proptest::strategy::Strategy<Value = Vec<(BTreeSet<u32>, Option<u32>)>> {
    let row = (0_u32..2, prop::collection::btree_set(0_u32..12, 0..4), prop::option::weighted(0.8, 0_u32..2));
    let row = row.prop_map(|(block, odd, value)| (&(block * 5..block * 5 + 6).collect::<BTreeSet<_>>() ^ &odd, value));
    prop::collection::vec(row, 0..14)
}

/// One thread; made once, for all cases.
static ALONE: LazyLock<rayon::ThreadPool> =
    LazyLock::new(|| rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap());

proptest! {
    #[test]
    fn finds_the_clusters_that_comparing_everyone_finds(
        people in people(),
        alike in prop::sample::select(vec![1, 5_000, 6_667, 8_000, 10_000]),
        min_members in 1_u32..5,
        overlap in 1_u32..4,
        attributes in prop::sample::select(vec![
            AttributesOf::Agree, AttributesOf::Weigh(Percent(0)), AttributesOf::Weigh(Percent(3_000)), AttributesOf::Weigh(Percent(10_000)),
        ]),
    ) {
        let (rows, values): (Vec<_>, Vec<_>) = people.into_iter().unzip();
        let lists: Vec<Vec<u32>> = rows.iter().map(|row| row.iter().copied().collect()).collect();
        let settings = Similarity { attributes, ..settings(alike, min_members, overlap) };
        let found = mined(&matrix(12, &lists), &[guide("department", &values)], &settings);
        prop_assert_eq!(members(&found).into_iter().collect::<BTreeSet<_>>(), slow(&rows, &values, &settings));
        let inside: BTreeSet<u32> = members(&found).concat().into_iter().collect();
        let outside: Vec<u32> = (0..).take(rows.len()).filter(|row| !inside.contains(row)).collect();
        prop_assert_eq!(found.unassigned.iter().map(|one| one.row).collect::<Vec<_>>(), outside);
        let again = ALONE.install(|| mined(&matrix(12, &lists), &[guide("department", &values)], &settings));
        prop_assert_eq!(found, again);
    }
}
