use std::collections::BTreeSet;

use proptest::{prelude::prop, prop_assert, prop_assert_eq, proptest};

use super::*;
use crate::matrix::tests::matrix;

const LINES: Lines = Lines { unusual: Percent(2_500), usual: Percent(7_500), min_peers: 3 };

fn held(list: &[Held]) -> Vec<(u32, u32)> {
    list.iter().map(|held| (held.column, held.by)).collect()
}

#[test]
fn who_differs_comes_first_and_it_is_said_in_what() {
    // Five alike but for the last, who lacks 2 and has 3 and 4; one alone; one who holds nothing.
    let rows = [vec![0, 1, 2], vec![0, 1, 2], vec![0, 1, 2], vec![0, 1, 2], vec![0, 1, 3, 4], vec![5], vec![]];
    let groups = [Some(0), Some(0), Some(0), Some(0), Some(0), Some(1), Some(0)];
    let found = outliers(&matrix(6, &rows), &groups, LINES);
    let first = &found.compared[0];
    // From each of four peers it differs in three of five.
    assert_eq!((first.row, first.peers, first.differ, first.either), (4, 4, 12, 20));
    assert_eq!(first.score(), Percent(6_000));
    assert_eq!((held(&first.unusual), held(&first.missing)), (vec![(3, 0), (4, 0)], vec![(2, 4)]));
    assert!(first.reaches(Percent(6_000)) && !first.reaches(Percent(6_001)));
    // The others differ from it only.
    assert_eq!((found.compared[1].row, found.compared[1].differ, found.compared[1].either), (0, 3, 14));
    assert_eq!(found.compared.len(), 5);
    assert_eq!(found.without_peers, [5], "who holds nothing is nobody's peer");
    assert_eq!(found.usual, [vec![0, 1, 2], vec![]]);
}

#[test]
fn too_few_peers_say_nothing() {
    let rows = [vec![0], vec![0], vec![1], vec![0]];
    let found = outliers(&matrix(2, &rows), &[Some(0), Some(0), Some(0), None], LINES);
    assert_eq!((found.compared.len(), found.without_peers), (0, vec![0, 1, 2, 3]));
    let found = outliers(&matrix(2, &rows), &[Some(0), Some(0), Some(0), None], Lines { min_peers: 2, ..LINES });
    assert_eq!((found.compared[0].row, found.compared[0].score()), (2, Percent::WHOLE));
    assert_eq!(found.without_peers, [3]);
}

/// A thing more or less is nothing among people who all do something else, and much among those who all do the same; a few who are far off
/// do not move the line.
#[test]
fn who_stands_out_depends_on_the_group() {
    let scores = |scores: &[u32]| {
        let of = |&score: &u32| Compared {
            row: 0,
            group: 0,
            peers: 9,
            differ: score.into(),
            either: 10_000,
            unusual: vec![],
            missing: vec![],
        };
        stands_out(&scores.iter().map(of).collect::<Vec<_>>())
    };
    // Median 10%, median distance nothing, which counts as two points: 10% + 2% · 3.5 / 0.6745.
    assert_eq!(scores(&[1_000; 9]), Percent(2_038));
    // Median 30%, median distance 10 points.
    let spread = [1_000, 2_000, 2_000, 2_500, 3_000, 3_500, 4_000, 4_000, 5_000];
    assert_eq!(scores(&spread), Percent(3_000 + 5_190));
    let (mut far, mut near) = (spread, spread);
    (far[8], near[8]) = (10_000, 4_100);
    assert_eq!(scores(&far), scores(&near));
    // Nobody is farther than everything.
    assert_eq!(scores(&[9_000; 5]), Percent::WHOLE);
    // One who has nothing of what the others have, and one who has one thing more.
    let mut rows = vec![vec![0, 1, 2, 3, 4, 5, 6, 7]; 10];
    rows.extend([vec![8, 9], vec![0, 1, 2, 3, 4, 5, 6, 7, 8]]);
    let found = outliers(&matrix(10, &rows), &[Some(0); 12], LINES);
    let outside: Vec<u32> = found.compared.iter().filter(|one| found.stands_out(one)).map(|one| one.row).collect();
    assert_eq!(outside, [10]);
}

#[test]
fn a_missing_value_is_nobodys_peer() {
    let guide = |codes: &[&[u32]]| Guide {
        name: "department".to_owned(),
        distinct: 2,
        of_row: codes.iter().map(|codes| codes.to_vec()).collect(),
    };
    let (one, other) = (guide(&[&[0], &[0], &[1], &[]]), guide(&[&[0, 1], &[0, 1], &[0], &[0]]));
    assert_eq!(by_attributes(&[one, other], 4), [Some(0), Some(0), Some(1), None]);
}

#[test]
fn peers_are_those_with_the_same_primary_role() {
    let rows = [vec![0, 1], vec![0, 1], vec![0, 2], vec![0, 2], vec![3]];
    let everyone = Cluster::flat(vec![0, 1, 2, 3], vec![0]);
    let one = Cluster { members: vec![0, 1], entitlements: vec![1], inherits: vec![0] };
    let other = Cluster { members: vec![2, 3], entitlements: vec![2], inherits: vec![0] };
    let groups = by_cluster(&matrix(4, &rows), &[everyone, one, other]);
    assert_eq!(groups, [Some(1), Some(1), Some(2), Some(2), None]);
}

proptest! {
    #[test]
    fn counts_what_comparing_everyone_counts(
        rows in prop::collection::vec((prop::collection::btree_set(0_u32..8, 0..6), prop::option::weighted(0.9, 0_u32..3)), 0..16),
        min_peers in 1_u32..4,
    ) {
        let lines = Lines { min_peers, ..LINES };
        let lists: Vec<Vec<u32>> = rows.iter().map(|(held, _)| held.iter().copied().collect()).collect();
        let groups: Vec<Option<u32>> = rows.iter().map(|(_, group)| *group).collect();
        let found = outliers(&matrix(8, &lists), &groups, lines);
        for (row, (own, group)) in rows.iter().enumerate().filter(|(_, (own, _))| !own.is_empty()) {
            let peers: Vec<&BTreeSet<u32>> = rows
                .iter()
                .enumerate()
                .filter(|(other, (held, of))| *other != row && !held.is_empty() && of.is_some() && of == group)
                .map(|(_, (held, _))| held)
                .collect();
            let known = found.compared.iter().find(|compared| compared.row as usize == row);
            if peers.len() < min_peers as usize {
                prop_assert!(known.is_none() && found.without_peers.contains(&(row as u32)));
                continue;
            }
            let known = known.unwrap();
            prop_assert_eq!(known.differ, peers.iter().map(|peer| (own ^ *peer).len() as u64).sum::<u64>());
            prop_assert_eq!(known.either, peers.iter().map(|peer| (own | *peer).len() as u64).sum::<u64>());
            let by = |column: &u32| peers.iter().filter(|peer| peer.contains(column)).count();
            let unusual: BTreeSet<u32> = own.iter().copied().filter(|column| by(column) * 4 <= peers.len()).collect();
            let missing: BTreeSet<u32> = (0..8).filter(|column| !own.contains(column) && by(column) * 4 >= peers.len() * 3).collect();
            prop_assert_eq!(known.unusual.iter().map(|held| held.column).collect::<BTreeSet<_>>(), unusual);
            prop_assert_eq!(known.missing.iter().map(|held| held.column).collect::<BTreeSet<_>>(), missing);
        }
    }
}
