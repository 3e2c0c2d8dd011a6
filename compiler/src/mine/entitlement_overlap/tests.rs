use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    matrix::tests::matrix,
    mine::{Cluster, Clustering, MineError, Progress, Shortfall, Strategy as _, Unassigned},
};

/// The worked example: identities by name, so Cherry is row 0 and Iris row 1.
const NAMES: [&str; 6] = ["Cherry", "Iris", "Moon", "Rose", "Sun", "Tree"];
const HELD: [&[&str]; 6] = [
    &["cow", "donkey", "horse", "sheep"],
    &["cat", "dog", "goat"],
    &["cow", "dog", "pig", "tiger", "zebra"],
    &["cat", "cow", "dog", "pig"],
    &["cat", "hamster"],
    &["bear", "cougar", "cow", "dog", "panther", "pig", "sheep"],
];
const MATCHING: [&str; 5] = ["cat", "cow", "dog", "horse", "pig"];

fn animals() -> Vec<&'static str> {
    HELD.iter().copied().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect()
}

fn example() -> (AccessMatrix, EntitlementOverlap, Vec<u32>) {
    let animals = animals();
    let column = |name: &str| u32::try_from(animals.iter().position(|animal| *animal == name).unwrap()).unwrap();
    let rows: Vec<Vec<u32>> = HELD.iter().map(|held| held.iter().map(|name| column(name)).collect()).collect();
    let filter = MATCHING.iter().map(|name| column(name)).collect();
    (matrix(u32::try_from(animals.len()).unwrap(), &rows), EntitlementOverlap::default(), filter)
}

fn matching<'a>(matrix: &'a AccessMatrix, filter: &'a [u32]) -> MineInput<'a> {
    MineInput { filter: Some(filter), ..MineInput::from(matrix) }
}

/// What a report makes of it.
fn told(matrix: &AccessMatrix, found: &Clustering) -> String {
    let (animals, mut text) = (animals(), String::new());
    for (number, cluster) in (1..).zip(&found.clusters) {
        let members: Vec<_> = cluster.members.iter().map(|&row| NAMES[row as usize]).collect();
        let grants: Vec<_> = cluster.entitlements.iter().map(|&column| animals[column as usize]).collect();
        text += &format!("Role{number:03} {} get {}\n", members.join(" and "), grants.join(" "));
        for &row in &cluster.members {
            let over = cluster.entitlements.iter().filter(|&&column| !matrix.holds(row, column));
            let over: Vec<_> = over.map(|&column| animals[column as usize]).collect();
            text += &format!("  {} does not hold {}\n", NAMES[row as usize], over.join(" "));
        }
    }
    for Unassigned { row, best_common, of, with, with_of, shortfall } in &found.unassigned {
        let with = with.map_or("nobody", |row| NAMES[row as usize]);
        text +=
            &format!("{} {shortfall}: {best_common} of {of} with {with}, who has {with_of}\n", NAMES[*row as usize]);
    }
    text
}

#[test]
fn the_worked_example_comes_out_as_rsa_prints_it_and_more() {
    let (matrix, settings, filter) = example();
    let found = settings.mine(&matching(&matrix, &filter), &()).unwrap();
    insta::assert_snapshot!(told(&matrix, &found), @r"
    Role001 Iris and Rose get cat cow dog goat pig
      Iris does not hold cow pig
      Rose does not hold goat
    Role002 Moon and Rose get cat cow dog pig tiger zebra
      Moon does not hold cat
      Rose does not hold tiger zebra
    Cherry shares too small a part of its own entitlements: 1 of 4 with Rose, who has 4
    Sun shares enough of its own entitlements, but too small a part of the other's: 1 of 2 with Iris, who has 3
    Tree shares too small a part of its own entitlements: 3 of 7 with Moon, who has 5
    ");
}

#[test]
fn the_share_must_be_met_exactly_not_nearly() {
    let (matrix, mut settings, filter) = example();
    settings.common = Percent(5001);
    // Rose shares exactly half of hers with Iris, so that pair is gone.
    let found = settings.mine(&matching(&matrix, &filter), &()).unwrap();
    assert_eq!(found.clusters.iter().map(|cluster| cluster.members.clone()).collect::<Vec<_>>(), [vec![2, 3]]);
}

#[test]
fn whoever_falls_short_is_told_by_how_much() {
    let (matrix, mut settings, filter) = example();
    settings.min_entitlements = 3;
    settings.min_identities = 3;
    let found = settings.mine(&matching(&matrix, &filter), &()).unwrap();
    insta::assert_snapshot!(told(&matrix, &found), @r"
    Cherry shares fewer entitlements than a cluster must have in common: 1 of 4 with Rose, who has 4
    Iris shares fewer entitlements than a cluster must have in common: 2 of 3 with Rose, who has 4
    Moon goes with too few others to make a cluster: 3 of 5 with Rose, who has 4
    Rose goes with too few others to make a cluster: 3 of 4 with Moon, who has 5
    Sun shares fewer entitlements than a cluster must have in common: 1 of 2 with Iris, who has 3
    Tree shares too small a part of its own entitlements: 3 of 7 with Moon, who has 5
    ");
}

#[test]
fn nothing_comes_of_nothing() {
    let settings = EntitlementOverlap { common: Percent(0), min_identities: 0, min_entitlements: 0 };
    assert_eq!(settings.mine(&(&AccessMatrix::default()).into(), &()), Ok(Clustering::default()));
    let found = settings.mine(&(&matrix(2, &[vec![], vec![0], vec![0]])).into(), &()).unwrap();
    assert_eq!(found.clusters, [Cluster::flat(vec![1, 2], vec![0])]);
    assert_eq!(found.unassigned.len(), 1);
    assert_eq!(found.unassigned[0].shortfall, Shortfall::HoldsNothing);
}

#[test]
fn equals_are_in_the_same_clusters_or_each_others_nearest() {
    let settings = EntitlementOverlap { common: Percent(10_000), min_identities: 3, min_entitlements: 1 };
    let found = settings.mine(&(&matrix(3, &[vec![0, 1], vec![0, 1], vec![0]])).into(), &()).unwrap();
    assert_eq!(found.clusters, []);
    let partners: Vec<_> = found.unassigned.iter().map(|one| (one.with, one.best_common, one.shortfall)).collect();
    assert_eq!(
        partners,
        [
            (Some(1), 2, Shortfall::TooFewIdentities),
            (Some(0), 2, Shortfall::TooFewIdentities),
            (Some(0), 1, Shortfall::PartnerShare),
        ]
    );
}

/// Of twenty people who each lack another one of the same twenty entitlements, any ten are a cluster.
#[test]
fn more_clusters_than_anyone_reads_are_refused() {
    let rows: Vec<Vec<u32>> = (0..20).map(|lacking| (0..20).filter(|&column| column != lacking).collect()).collect();
    let Err(MineError::Limit { message, help }) = EntitlementOverlap::default().mine(&(&matrix(20, &rows)).into(), &())
    else {
        panic!("no limit")
    };
    insta::assert_snapshot!(
        format!("{message}\n{help}"), @r"
    entitlement-overlap finds more than 100,000 clusters
    ask for a larger share in common (`common at least …`) or larger clusters (`identities at least …`), leave out entitlements that nearly everyone holds (`ignore entitlements held by more than …`), or mine smaller populations; `similarity` and `layers` have no such limit
    ");
    let rows: Vec<Vec<u32>> = rows.into_iter().take(12).collect();
    let found = EntitlementOverlap::default().mine(&(&matrix(20, &rows)).into(), &()).unwrap();
    assert_eq!(found.clusters.len(), 66, "any ten of twelve");
}

#[test]
fn more_entitlements_than_a_word_has_bits() {
    let rows: Vec<Vec<u32>> = vec![(0..130).collect(), (1..131).collect(), (60..190).collect(), (125..255).collect()];
    let found = EntitlementOverlap::default().mine(&(&matrix(255, &rows)).into(), &()).unwrap();
    let members: Vec<_> = found.clusters.into_iter().map(|cluster| cluster.members).collect();
    assert_eq!(members, [vec![0, 1, 2], vec![2, 3]]);
}

#[test]
fn a_cancelled_run_says_so() {
    struct Cancelled;
    impl Progress for Cancelled {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let (matrix, settings, filter) = example();
    assert_eq!(settings.mine(&matching(&matrix, &filter), &Cancelled), Err(MineError::Cancelled));
}

/// All maximal groups, the obvious way: every set of rows is tried.
fn slow(rows: &[BTreeSet<u32>], settings: &EntitlementOverlap, filter: Option<&[u32]>) -> BTreeSet<Vec<u32>> {
    let counts = |column: &u32| filter.is_none_or(|filter| filter.contains(column));
    let is_group = |set: u32| {
        let members: Vec<_> =
            rows.iter().enumerate().filter(|(row, _)| set >> row & 1 == 1).map(|(_, row)| row).collect();
        let common = members.iter().fold(None, |common: Option<BTreeSet<u32>>, row| {
            Some(common.map_or_else(|| (*row).clone(), |common| &common & row))
        });
        let common = common.unwrap_or_default().iter().filter(|column| counts(column)).count();
        members.len() >= settings.min_identities.max(1) as usize
            && common >= settings.min_entitlements.max(1) as usize
            && members.iter().all(|row| settings.common.met_by(common as u64, row.len() as u64))
    };
    let groups: Vec<u32> = (1..1 << rows.len()).filter(|&set| is_group(set)).collect();
    let maximal = groups.iter().filter(|&&set| !groups.iter().any(|&other| other != set && other & set == set));
    maximal.map(|&set| (0..32).filter(|row| set >> row & 1 == 1).collect()).collect()
}

proptest! {
    #[test]
    fn the_search_finds_what_trying_everything_finds(
        rows in prop::collection::vec(prop::collection::btree_set(0u32..7, 0..7), 0..9),
        common in prop::sample::select(vec![0, 2500, 3333, 5000, 6667, 7500, 10_000]),
        min_identities in 0u32..4,
        min_entitlements in 0u32..4,
        filter in prop::option::of(prop::collection::btree_set(0u32..7, 0..7)),
    ) {
        let filter: Option<Vec<u32>> = filter.map(|columns| columns.into_iter().collect());
        let settings = EntitlementOverlap { common: Percent(common), min_identities, min_entitlements };
        let lists: Vec<Vec<u32>> = rows.iter().map(|row| row.iter().copied().collect()).collect();
        let matrix = matrix(7, &lists);
        let input = MineInput { filter: filter.as_deref(), ..MineInput::from(&matrix) };
        let found = settings.mine(&input, &()).unwrap();
        let groups: BTreeSet<Vec<u32>> = found.clusters.iter().map(|cluster| cluster.members.clone()).collect();
        prop_assert_eq!(groups.len(), found.clusters.len());
        for cluster in &found.clusters {
            let union: BTreeSet<u32> = cluster.members.iter().flat_map(|&row| &rows[row as usize]).copied().collect();
            prop_assert_eq!(&cluster.entitlements, &union.into_iter().collect::<Vec<_>>());
        }
        let assigned: BTreeSet<u32> = groups.iter().flatten().copied().collect();
        let outside: Vec<u32> = (0..).zip(&rows).map(|(row, _)| row).filter(|row| !assigned.contains(row)).collect();
        prop_assert_eq!(found.unassigned.iter().map(|one| one.row).collect::<Vec<_>>(), outside);
        prop_assert_eq!(groups, slow(&rows, &settings, filter.as_deref()));
    }

    /// The nearest partner is what comparing with everyone gives.
    #[test]
    fn the_nearest_partner_is_nearest(rows in prop::collection::vec(prop::collection::btree_set(0u32..7, 0..7), 1..9)) {
        let settings = EntitlementOverlap { common: Percent(10_000), min_identities: 99, min_entitlements: 1 };
        let lists: Vec<Vec<u32>> = rows.iter().map(|row| row.iter().copied().collect()).collect();
        for one in settings.mine(&(&matrix(7, &lists)).into(), &()).unwrap().unassigned {
            let row = &rows[one.row as usize];
            let share = |common: usize, of: usize| common * 1000 / of.max(1);
            let others = (0..).zip(&rows).filter(|&(other, _)| other != one.row);
            let shares = others.map(|(other, held)| ((row & held).len(), row.len().max(held.len()), other));
            let best = shares.filter(|&(common, ..)| common > 0).max_by_key(|&(common, of, other)| (share(common, of), std::cmp::Reverse(other)));
            prop_assert_eq!(one.with, best.map(|(.., other)| other));
        }
    }
}
