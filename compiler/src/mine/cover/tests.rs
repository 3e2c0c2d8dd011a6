use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    matrix::{
        AccessMatrix,
        tests::{dataset, matrix},
    },
    mine::{Shortfall, Strategy as _},
    spec::{Deviation, Percent},
    verify::{ClaimedRole, Verdict, check_bound, check_cover},
};

const ENOUGH: Cover = Cover { max_nodes: 20_000_000, deviation: None };

/// Everyone holds everything but the entitlement of their own number.
fn crown(size: u32) -> AccessMatrix {
    let row = |row| (0..size).filter(|&column| column != row).collect();
    matrix(size, &(0..size).map(row).collect::<Vec<_>>())
}

fn rows(matrix: &AccessMatrix) -> Vec<&[u32]> {
    (0..matrix.height()).map(|row| matrix.row(row)).collect()
}

/// What is found, once the independent checker has accepted cover and bound.
fn checked(cover: Cover, matrix: &AccessMatrix) -> (Clustering, Verdict) {
    let found = cover.mine(&matrix.into(), &()).unwrap();
    let roles: Vec<_> = found
        .clusters
        .iter()
        .map(|cluster| ClaimedRole { members: &cluster.members, entitlements: &cluster.entitlements })
        .collect();
    assert_eq!(check_cover(&rows(matrix), &roles), Ok(()));
    let verdict = check_bound(&rows(matrix), found.bound.as_ref().unwrap(), 20_000_000).unwrap();
    (found, verdict)
}

fn counts(found: &Clustering) -> (usize, u32) {
    (found.clusters.len(), found.bound.as_ref().unwrap().roles)
}

#[test]
fn three_overlapping_roles_are_found_and_proved() {
    let matrix = matrix(4, &[vec![0, 1], vec![0, 1, 2], vec![0, 1, 2, 3], vec![2], vec![2, 3]]);
    let (found, verdict) = checked(ENOUGH, &matrix);
    assert_eq!(
        found.clusters,
        [
            Cluster::flat(vec![0, 1, 2], vec![0, 1]),
            Cluster::flat(vec![1, 2, 3, 4], vec![2]),
            Cluster::flat(vec![2, 4], vec![3]),
        ]
    );
    assert_eq!(found.bound.unwrap().fooling_set.len(), 3);
    assert_eq!((verdict, found.notes.len(), found.unassigned.len()), (Verdict::FoolingSet, 0, 0));
}

#[test]
fn equal_identities_and_equal_entitlements_share_a_role() {
    let (found, _) = checked(ENOUGH, &matrix(3, &[vec![0, 2], vec![1], vec![0, 2]]));
    assert_eq!(found.clusters[0], Cluster::flat(vec![0, 2], vec![0, 2]));
    assert_eq!(counts(&found), (2, 2));
}

#[test]
fn nothing_held_is_no_role_and_whoever_holds_nothing_is_told() {
    let (found, verdict) = checked(ENOUGH, &AccessMatrix::default());
    assert_eq!((counts(&found), verdict), ((0, 0), Verdict::FoolingSet));
    let (found, _) = checked(ENOUGH, &matrix(2, &[vec![], vec![1], vec![]]));
    assert_eq!(counts(&found), (1, 1));
    let outside: Vec<_> = found.unassigned.iter().map(|one| (one.row, one.shortfall)).collect();
    assert_eq!(outside, [(0, Shortfall::HoldsNothing), (2, Shortfall::HoldsNothing)]);
}

/// The fewest roles of a crown are the least k with a middle layer, k over k / 2, of at least its size (de Caen, Gregory, Pullman 1981); a fooling
/// set has at most 3 of its assignments.
#[test]
fn where_no_fooling_set_is_large_enough_the_kernel_proves_the_bound() {
    for (size, roles) in [(3, 3), (4, 4), (6, 4), (7, 5), (10, 5)] {
        let (found, verdict) = checked(ENOUGH, &crown(size));
        assert_eq!(counts(&found), (roles as usize, roles), "crown of {size}");
        assert_eq!(matches!(verdict, Verdict::Exhausted { .. }), roles > 3, "crown of {size}");
    }
}

#[test]
fn a_search_cut_short_still_covers_exactly_and_owns_up() {
    let (found, _) = checked(Cover { max_nodes: 0, deviation: None }, &crown(10));
    let (roles, bound) = counts(&found);
    assert!(roles <= 10 && (3..=5).contains(&bound));
    insta::assert_snapshot!(
        found.notes.join("\n"),
        @"found 10 roles and proved that 3 are needed at least; a longer search may find fewer roles or a better proof"
    );
}

#[test]
fn a_longer_search_narrows_the_gap() {
    let gap = |max_nodes| {
        let (found, _) = checked(Cover { max_nodes, deviation: None }, &crown(14));
        counts(&found)
    };
    let (short, long) = (gap(0), gap(300_000));
    assert!(long.0 < short.0, "{short:?} {long:?}");
}

#[test]
fn the_same_matrix_gives_the_same_roles() {
    let cover = Cover { max_nodes: 100_000, deviation: None };
    assert_eq!(cover.mine(&(&crown(12)).into(), &()), cover.mine(&(&crown(12)).into(), &()));
}

/// As bits, both ways round, it would take a gigabyte.
#[test]
fn room_is_for_what_is_held_however_wide_the_matrix_is() {
    let diagonal: Vec<Vec<u32>> = (0..66_000).map(|row| vec![row]).collect();
    let found = ENOUGH.mine(&(&matrix(66_000, &diagonal)).into(), &()).unwrap();
    assert_eq!((counts(&found), found.notes.len()), ((66_000, 66_000), 0));
}

/// A part that is too large for bits: a role for each line, and a bound all the same.
#[test]
fn a_part_without_a_search_is_covered_line_by_line() {
    let collapsed = Collapsed::of(&crown(10));
    let board = Board::new(&collapsed);
    let kept: Vec<Edge> = (0..).take(board.edges.len()).collect();
    for part in kernel::parts(&board, &kept, &()).unwrap() {
        let solved = solve::unsearched(&board, &part);
        assert_eq!((solved.cliques.len(), solved.bound, solved.fooling.len(), solved.steps), (10, 2, 2, 0));
        let mut covered = solved.cliques.concat();
        covered.sort_unstable();
        assert_eq!(covered, part.edges);
    }
}

#[test]
fn a_cancelled_run_says_so() {
    struct Cancelled;
    impl Progress for Cancelled {
        fn cancelled(&self) -> bool {
            true
        }
    }
    assert_eq!(ENOUGH.mine(&(&crown(4)).into(), &Cancelled), Err(MineError::Cancelled));
}

/// The seven sets of HP Labs and two more, where the data is at hand.
#[test]
fn the_benchmarks_are_solved_and_proved() {
    let sets = [
        ("hp/healthcare", 14),
        ("hp/domino", 20),
        ("hp/emea", 34),
        ("hp/firewall1", 64),
        ("hp/apj", 453),
        ("hp/customer", 276),
        ("hp/americas_large", 398),
        ("university", 18),
        ("rmplib/PLAIN_small_01", 24),
        ("rmplib/PLAIN_small_02", 25),
        ("rmplib/PLAIN_small_04", 25),
        ("rmplib/2LEVEL_02", 15),
    ];
    for (set, roles) in sets {
        if let Some(matrix) = dataset(set) {
            let (found, verdict) = checked(ENOUGH, &matrix);
            assert_eq!(counts(&found), (roles as usize, roles), "{set}");
            assert!(!matches!(verdict, Verdict::NotProved { .. }), "{set}");
        }
    }
}

/// The fewest rectangles that cover all cells, the obvious way: the first cell left open must be in one of the maximal rectangles that have it.
fn fewest(rows: &[u32], width: u32) -> usize {
    let height = rows.len();
    let cell = |row: usize, column: u32| 1u32 << (row as u32 * width + column);
    let cells = |set: usize, columns: u32| {
        let rows = (0..height).filter(move |row| set >> row & 1 == 1);
        rows.flat_map(move |row| {
            (0..width).filter(move |column| columns >> column & 1 == 1).map(move |column| (row, column))
        })
        .fold(0, |cells, (row, column)| cells | cell(row, column))
    };
    let rectangles: BTreeSet<u32> = (1..1usize << height)
        .map(|set| {
            let columns = (0..height).filter(|row| set >> row & 1 == 1).fold(u32::MAX, |all, row| all & rows[row]);
            let closed = (0..height).filter(|&row| columns & !rows[row] == 0).fold(0, |set, row| set | 1 << row);
            cells(closed, columns & ((1 << width) - 1))
        })
        .filter(|&cells| cells != 0)
        .collect();
    let all = (0..height).fold(0, |all, row| all | cells(1 << row, rows[row]));
    fn coverable(left: u32, rectangles: &BTreeSet<u32>, with: usize) -> bool {
        left == 0
            || with > 0
                && rectangles
                    .iter()
                    .filter(|&rectangle| rectangle >> left.trailing_zeros() & 1 == 1)
                    .any(|rectangle| coverable(left & !rectangle, rectangles, with - 1))
    }
    (0..).find(|&with| coverable(all, &rectangles, with)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Exact, as few as trying everything finds, and never bounded from above the truth.
    #[test]
    fn the_roles_are_as_few_as_trying_everything_finds(
        rows in prop::collection::vec(0u32..32, 0..6),
        max_nodes in prop::sample::select(vec![0, 20_000_000]),
    ) {
        let lists: Vec<Vec<u32>> =
            rows.iter().map(|row| (0..5).filter(|column| row >> column & 1 == 1).collect()).collect();
        let (found, _) = checked(Cover { max_nodes, deviation: None }, &matrix(5, &lists));
        let (roles, bound) = counts(&found);
        let fewest = fewest(&rows, 5);
        prop_assert!(bound as usize <= fewest && fewest <= roles);
        prop_assert_eq!(found.notes.is_empty(), roles == bound as usize);
        if max_nodes > 0 {
            prop_assert_eq!((roles, bound as usize), (fewest, fewest));
        }
    }

    /// Without the reduction the kernel is the whole matrix, and the search alone must find as few.
    #[test]
    fn the_search_needs_no_reduction(rows in prop::collection::vec(1u32..32, 1..6)) {
        let lists: Vec<Vec<u32>> =
            rows.iter().map(|row| (0..5).filter(|column| row >> column & 1 == 1).collect()).collect();
        let collapsed = Collapsed::of(&matrix(5, &lists));
        let board = Board::new(&collapsed);
        let all: Vec<Edge> = (0..).take(board.edges.len()).collect();
        let solved = ENOUGH.solve(&board, &all, &()).unwrap();
        let cliques: usize = solved.iter().map(|part| part.cliques.len()).sum();
        prop_assert_eq!(cliques, solved.iter().map(|part| part.bound).sum::<usize>());
        prop_assert_eq!(cliques, fewest(&rows, 5));
    }

    /// Larger matrices, too large to try everything: every cover is exact and every bound holds, as the checker sees it.
    #[test]
    fn what_is_claimed_of_larger_matrices_is_accepted(
        rows in prop::collection::vec(prop::collection::btree_set(0u32..9, 0..9), 0..12),
        max_nodes in prop::sample::select(vec![0, 500, 20_000]),
    ) {
        let lists: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let (found, _) = checked(Cover { max_nodes, deviation: None }, &matrix(9, &lists));
        let (roles, bound) = counts(&found);
        prop_assert!(bound as usize <= roles);
    }
}

fn deviating(under: u32, over: u32) -> Cover {
    let deviation = Deviation { under_grants: Percent(under), over_grants: Percent(over) };
    Cover { max_nodes: 2_000_000, deviation: Some(deviation) }
}

/// The roles, and the pairs that they leave out and that they grant too much.
fn departures(cover: &Cover, matrix: &AccessMatrix) -> (usize, usize, usize) {
    let found = cover.mine(&matrix.into(), &()).unwrap();
    let pairs = |cluster: &Cluster| {
        let columns = cluster.entitlements.clone();
        cluster
            .members
            .clone()
            .into_iter()
            .flat_map(move |row| columns.clone().into_iter().map(move |column| (row, column)))
    };
    let granted: BTreeSet<(u32, u32)> = found.clusters.iter().flat_map(pairs).collect();
    let over = granted.iter().filter(|&&(row, column)| !matrix.holds(row, column)).count();
    (found.clusters.len(), matrix.assignments() + over - granted.len(), over)
}

/// Ten people hold the same ten entitlements; one more holds one thing of their own, and one of the ten lacks one.
fn noisy() -> AccessMatrix {
    let mut rows: Vec<Vec<u32>> = vec![(0..10).collect(); 10];
    rows[3].remove(7);
    rows.push(vec![10]);
    matrix(11, &rows)
}

#[test]
fn what_explains_least_is_left_out_first() {
    assert_eq!(checked(ENOUGH, &noisy()).0.clusters.len(), 3);
    // 1% of 100 assignments is one: the odd one out.
    assert_eq!(departures(&deviating(100, 0), &noisy()), (2, 1, 0));
    assert_eq!(departures(&deviating(99, 0), &noisy()), (3, 0, 0));
    let found = deviating(100, 0).mine(&(&noisy()).into(), &()).unwrap();
    insta::assert_snapshot!(
        found.notes.join("\n"),
        @"the roles may leave out 1 of the assignments held and grant 0 that are not; every choice of roles was tried: fewer cannot do it"
    );
}

#[test]
fn what_is_granted_too_much_is_counted_apart() {
    assert_eq!(departures(&deviating(0, 100), &noisy()), (2, 0, 1));
    assert_eq!(departures(&deviating(100, 100), &noisy()), (1, 1, 1));
    assert_eq!(departures(&deviating(10_000, 0), &noisy()), (0, 100, 0));
}

/// The fewest rectangles that leave out no more than so many cells, the obvious way: the first cell left is in one of the rectangles that have it,
/// or it is left out.
fn fewest_with(rows: &[u32], width: u32, allowance: u32) -> usize {
    let cells: Vec<(usize, u32)> = (0..rows.len())
        .flat_map(|row| (0..width).filter(move |column| rows[row] >> column & 1 == 1).map(move |column| (row, column)))
        .collect();
    let rectangles: BTreeSet<u32> = (1..1_u32 << rows.len())
        .map(|set| {
            let of = (0..rows.len()).filter(|row| set >> row & 1 == 1);
            let columns = of.clone().fold(u32::MAX, |all, row| all & rows[row]);
            let of: Vec<usize> = of.collect();
            (0..)
                .zip(&cells)
                .filter(|(_, (row, column))| of.contains(row) && columns >> column & 1 == 1)
                .fold(0, |set, (cell, _)| set | 1 << cell)
        })
        .collect();
    fn coverable(left: u32, rectangles: &BTreeSet<u32>, with: usize, allowance: u32) -> bool {
        if left.count_ones() <= allowance {
            return true;
        }
        let first = left.trailing_zeros();
        let granted = with > 0
            && rectangles
                .iter()
                .filter(|&rectangle| rectangle >> first & 1 == 1)
                .any(|rectangle| coverable(left & !rectangle, rectangles, with - 1, allowance));
        granted || allowance > 0 && coverable(left & !(1 << first), rectangles, with, allowance - 1)
    }
    let all = (1_u32 << cells.len()) - 1;
    (0..).find(|&with| coverable(all, &rectangles, with, allowance)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// As few as trying everything finds, and within the allowance.
    #[test]
    fn no_fewer_roles_leave_out_so_little(rows in prop::collection::vec(0u32..16, 0..6), share in 1u32..5_000) {
        let lists: Vec<Vec<u32>> =
            rows.iter().map(|row| (0..4).filter(|column| row >> column & 1 == 1).collect()).collect();
        let matrix = matrix(4, &lists);
        let allowance = matrix.assignments() as u32 * share / 10_000;
        let (roles, under, over) = departures(&deviating(share, 0), &matrix);
        prop_assert_eq!((roles, over), (fewest_with(&rows, 4, allowance), 0));
        prop_assert!(under as u32 <= allowance);
    }

    /// Neither side pays for the other, and more room never needs more roles than none.
    #[test]
    fn both_sides_stay_within_their_own_bounds(
        rows in prop::collection::vec(prop::collection::btree_set(0u32..9, 0..9), 0..12),
        under in 0u32..3_000,
        over in 0u32..3_000,
    ) {
        let lists: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let matrix = matrix(9, &lists);
        let room = |share: u32| matrix.assignments() * share as usize / 10_000;
        let cover = Cover { max_nodes: 20_000, ..deviating(under, over) };
        let (roles, missed, beyond) = departures(&cover, &matrix);
        prop_assert!(missed <= room(under) && beyond <= room(over), "{missed} {beyond}");
        let exact = Cover { deviation: None, ..cover }.mine(&(&matrix).into(), &()).unwrap();
        prop_assert!(roles <= exact.clusters.len());
        let granting_nothing_more = Cover { max_nodes: 20_000, ..deviating(under, 0) };
        prop_assert!(roles <= departures(&granting_nothing_more, &matrix).0);
    }
}
