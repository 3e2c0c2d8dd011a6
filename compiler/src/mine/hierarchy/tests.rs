use proptest::prelude::*;

use super::*;
use crate::{
    matrix::tests::{dataset, matrix},
    mine::Strategy as _,
    verify::{ClaimedHeir, ClaimedRole, Upkeep, check_policy},
};

fn hierarchy(weights: Weights) -> Hierarchy {
    Hierarchy { weights, max_nodes: 8_000 }
}

fn weights(roles: u32, rows: u32, columns: u32, edges: Option<u32>, direct: Option<u32>) -> Weights {
    Weights {
        roles,
        user_assignments: rows,
        permission_assignments: columns,
        role_edges: edges,
        direct_assignments: direct,
    }
}

/// What is found, and what there is to keep up, once the independent checker has accepted it.
fn checked(settings: &Hierarchy, matrix: &AccessMatrix) -> (Clustering, Upkeep) {
    let found = settings.mine(&matrix.into(), &()).unwrap();
    let upkeep = accepted(&found.clusters, matrix, &settings.weights);
    (found, upkeep)
}

/// A policy is exact, and costs what it says.
pub(super) fn check(matrix: &AccessMatrix, weights: &Weights, sketch: &Sketch) {
    let found = clusters(&Collapsed::of(matrix), sketch.clone());
    assert_eq!(complexity(weights, accepted(&found, matrix, weights)), sketch.cost);
}

/// What there is to keep up, once the independent checker has accepted the policy.
fn accepted(clusters: &[Cluster], matrix: &AccessMatrix, weights: &Weights) -> Upkeep {
    let rows: Vec<&[u32]> = (0..matrix.height()).map(|row| matrix.row(row)).collect();
    let inherits: Vec<Vec<usize>> =
        clusters.iter().map(|cluster| cluster.inherits.iter().map(|&role| role as usize).collect()).collect();
    let roles: Vec<_> = clusters
        .iter()
        .zip(&inherits)
        .map(|(cluster, inherits)| ClaimedHeir {
            role: ClaimedRole { members: &cluster.members, entitlements: &cluster.entitlements },
            inherits,
        })
        .collect();
    let upkeep = check_policy(&rows, &roles).unwrap();
    if weights.direct_assignments.is_none() {
        assert_eq!(upkeep.direct_assignments, 0);
    }
    if weights.role_edges.is_none() {
        assert_eq!(upkeep.hierarchy_edges, 0);
    }
    upkeep
}

fn complexity(weights: &Weights, upkeep: Upkeep) -> u64 {
    let optional = |weight: Option<u32>| u64::from(weight.unwrap_or_default());
    u64::from(weights.roles) * upkeep.roles
        + u64::from(weights.user_assignments) * upkeep.user_assignments
        + u64::from(weights.permission_assignments) * upkeep.permission_assignments
        + optional(weights.role_edges) * upkeep.hierarchy_edges
        + optional(weights.direct_assignments) * upkeep.direct_assignments
}

fn found(weights: &Weights, matrix: &AccessMatrix) -> u64 {
    complexity(weights, checked(&hierarchy(weights.clone()), matrix).1)
}

/// Five people in sales, all with the same six entitlements, and two of them with three more.
fn sales() -> AccessMatrix {
    matrix(9, &[(0..6).collect(), (0..6).collect(), (0..6).collect(), (0..9).collect(), (0..9).collect()])
}

#[test]
fn a_role_with_more_inherits_the_role_that_all_have() {
    let (found, upkeep) = checked(&hierarchy(Weights::default()), &sales());
    assert_eq!(
        found.clusters,
        [
            Cluster::flat((0..5).collect(), (0..6).collect()),
            Cluster { inherits: vec![0], ..Cluster::flat(vec![3, 4], vec![6, 7, 8]) },
        ]
    );
    assert_eq!(complexity(&Weights::default(), upkeep), 2 + 5 + 9 + 1);
    assert!(found.notes.is_empty());
}

#[test]
fn without_a_hierarchy_the_same_people_hold_both_roles() {
    let weights = weights(1, 1, 1, None, None);
    let (found, upkeep) = checked(&hierarchy(weights.clone()), &sales());
    assert!(found.clusters.iter().all(|cluster| cluster.inherits.is_empty()));
    assert_eq!(complexity(&weights, upkeep), 2 + 7 + 9);
}

#[test]
fn what_is_dear_in_roles_stays_with_the_identities() {
    let weights = weights(4, 1, 1, Some(1), Some(1));
    let (found, upkeep) = checked(&hierarchy(weights), &matrix(3, &[vec![0], vec![1], vec![0, 2]]));
    assert_eq!((found.clusters.len(), upkeep.direct_assignments), (0, 4));
}

/// Three units of four people hold the same two applications each, and a board of four all three of them.
#[test]
fn a_role_may_do_nothing_but_inherit() {
    let unit = |unit: u32| (unit * 10..unit * 10 + 10).collect::<Vec<u32>>();
    let mut rows: Vec<Vec<u32>> = (0..3).flat_map(|number| vec![unit(number); 4]).collect();
    rows.extend(vec![(0..30).collect::<Vec<u32>>(); 4]);
    let (found, upkeep) = checked(&hierarchy(Weights::default()), &matrix(30, &rows));
    let board = found.clusters.iter().find(|cluster| cluster.entitlements.is_empty()).unwrap();
    assert_eq!((board.members.as_slice(), board.inherits.as_slice()), (&[12, 13, 14, 15][..], &[0, 1, 2][..]));
    assert_eq!(complexity(&Weights::default(), upkeep), 4 + 16 + 30 + 3);
}

#[test]
fn other_weights_are_reported_beside_the_policies_that_take_no_thought() {
    let (found, _) = checked(&hierarchy(weights(10, 2, 1, Some(1), None)), &sales());
    insta::assert_snapshot!(
        found.notes.join("\n"),
        @"with the weights given, this policy weighs 40, one role for each distinct set of entitlements 45, and one for each distinct set of holders 43"
    );
}

#[test]
fn nothing_held_is_no_role() {
    let (found, upkeep) = checked(&hierarchy(Weights::default()), &AccessMatrix::default());
    assert_eq!((found, upkeep), (Clustering::default(), Upkeep::default()));
    let (found, _) = checked(&hierarchy(Weights::default()), &matrix(2, &[vec![], vec![1]]));
    assert_eq!((found.clusters.len(), found.unassigned.len()), (1, 1));
}

#[test]
fn a_search_without_a_limit_ends_where_nothing_becomes_cheaper() {
    let endless = Hierarchy { weights: Weights::default(), max_nodes: u64::MAX };
    assert_eq!(endless.mine(&(&sales()).into(), &()), hierarchy(Weights::default()).mine(&(&sales()).into(), &()));
}

#[test]
fn a_cancelled_run_says_so() {
    struct Cancelled;
    impl Progress for Cancelled {
        fn cancelled(&self) -> bool {
            true
        }
    }
    assert_eq!(Hierarchy::default().mine(&(&sales()).into(), &Cancelled), Err(MineError::Cancelled));
}

#[test]
fn too_large_a_matrix_is_not_searched_and_that_is_said() {
    let diagonal: Vec<Vec<u32>> = (0..17_000).map(|row| vec![row]).collect();
    let (found, upkeep) = checked(&Hierarchy::default(), &matrix(17_000, &diagonal));
    assert_eq!((found.clusters.len(), complexity(&Weights::default(), upkeep)), (17_000, 3 * 17_000));
    insta::assert_snapshot!(
        found.notes.join("\n"),
        @"this policy was put together of pairs of roles and not improved further: a search needs a table of 17000 by 17000 distinct identities and entitlements, and 268435456 cells are the limit"
    );
}

/// Where the data is at hand: at or below the best that was published or seen.
#[test]
fn benchmarks_are_simpler_than_what_was_published() {
    for (set, flat, with_edges) in [("hp/healthcare", 268, 212), ("hp/domino", 518, 518)] {
        if let Some(matrix) = dataset(set) {
            assert!(found(&weights(1, 1, 1, None, None), &matrix) <= flat, "{set}");
            assert!(found(&Weights::default(), &matrix) <= with_edges, "{set}");
        }
    }
}

/// The least that any policy costs, by trying all of them. Of roles with the same members one is enough; so a policy is a family of sets of rows,
/// each spelt with rows and smaller sets of the family, and each column spelt with sets of the family and single cells.
fn least(weights: &Weights, rows: &[u32], width: u32) -> u64 {
    let sets: Vec<u32> = (1..1 << rows.len()).collect();
    let columns: Vec<u32> = (0..width)
        .map(|column| (0..rows.len()).filter(|&row| rows[row] >> column & 1 == 1).fold(0, |set, row| set | 1 << row))
        .collect();
    // The cheapest way to spell a set: any of these words at a price each, and the letters that are left at theirs.
    let spelt = |set: u32, words: &[u32], word: u64, letter: Option<u64>| {
        let fitting: Vec<u32> = words.iter().copied().filter(|word| word & !set == 0).collect();
        (0..1_u32 << fitting.len())
            .filter_map(|chosen| {
                let chosen = (0..fitting.len()).filter(|place| chosen >> place & 1 == 1).map(|place| fitting[place]);
                let covered = chosen.clone().fold(0, |all, word| all | word);
                let left = u64::from((set & !covered).count_ones());
                let letters = if left == 0 { Some(0) } else { letter.map(|letter| letter * left) };
                letters.map(|letters| letters + word * chosen.count() as u64)
            })
            .min()
    };
    (0..1_u32 << sets.len())
        .filter_map(|family| {
            let family: Vec<u32> = sets
                .iter()
                .copied()
                .enumerate()
                .filter(|(place, _)| family >> place & 1 == 1)
                .map(|(_, set)| set)
                .collect();
            let mut cost = u64::from(weights.roles) * family.len() as u64;
            for &set in &family {
                let smaller: Vec<u32> = family.iter().copied().filter(|&other| other != set).collect();
                let words = if weights.role_edges.is_some() { smaller } else { Vec::new() };
                let edge = u64::from(weights.role_edges.unwrap_or_default());
                cost += spelt(set, &words, edge, Some(weights.user_assignments.into()))?;
            }
            for &column in &columns {
                let direct = weights.direct_assignments.map(u64::from);
                cost += spelt(column, &family, weights.permission_assignments.into(), direct)?;
            }
            Some(cost)
        })
        .min()
        .unwrap_or_default()
}

fn lists(rows: &[u32], width: u32) -> Vec<Vec<u32>> {
    rows.iter().map(|row| (0..width).filter(|column| row >> column & 1 == 1).collect()).collect()
}

pub(super) fn any_weights() -> impl proptest::strategy::Strategy<Value = Weights> {
    let maybe = || prop::option::of(0_u32..5);
    let all = (0_u32..5, 0_u32..5, 0_u32..5, maybe(), maybe());
    proptest::strategy::Strategy::prop_map(all, |(roles, rows, columns, edges, direct)| {
        weights(roles, rows, columns, edges, direct)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Exact, and never cheaper than the cheapest of everything that there is to try: what is claimed is real.
    #[test]
    fn nothing_is_cheaper_than_can_be(rows in prop::collection::vec(0u32..64, 0..4), weights in any_weights()) {
        let matrix = matrix(6, &lists(&rows, 6));
        prop_assert!(found(&weights, &matrix) >= least(&weights, &rows, 6));
    }

    /// Exact, and never worse than the policies that take no thought; however few steps.
    #[test]
    fn no_policy_that_takes_no_thought_is_better(
        rows in prop::collection::vec(prop::collection::btree_set(0u32..9, 0..9), 0..12),
        weights in any_weights(),
        max_nodes in prop::sample::select(vec![0, 2_000]),
    ) {
        let lists: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let matrix = matrix(9, &lists);
        let settings = Hierarchy { weights: weights.clone(), max_nodes };
        let (clustering, upkeep) = checked(&settings, &matrix);
        prop_assert_eq!(&clustering, &settings.mine(&(&matrix).into(), &()).unwrap());
        let collapsed = Collapsed::of(&matrix);
        let Trivial { by_row, by_column, nothing } = Prices::new(&collapsed, &weights).trivial(&collapsed);
        let direct = weights.direct_assignments.map(|direct| u64::from(direct) * matrix.assignments() as u64);
        prop_assert_eq!(nothing, direct);
        prop_assert!(complexity(&weights, upkeep) <= by_row.min(by_column).min(nothing.unwrap_or(u64::MAX)));
    }

    /// Inheriting is offered, never paid for.
    #[test]
    fn no_flat_policy_is_cheaper(
        rows in prop::collection::vec(prop::collection::btree_set(0u32..9, 0..9), 0..12),
        weights in any_weights(),
        max_nodes in prop::sample::select(vec![0, 2_000]),
    ) {
        let lists: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let matrix = matrix(9, &lists);
        let cost = |weights: Weights| complexity(&weights, checked(&Hierarchy { weights: weights.clone(), max_nodes }, &matrix).1);
        let flat = cost(Weights { role_edges: None, ..weights.clone() });
        prop_assert!(cost(weights) <= flat);
    }

    /// Changes undone leave no trace.
    #[test]
    fn what_is_undone_was_never_done(rows in prop::collection::vec(1u32..512, 1..8), tries in 1_u64..20) {
        let collapsed = Collapsed::of(&matrix(9, &lists(&rows, 9)));
        let board = BitBoard::new(&collapsed);
        let prices = Prices::new(&collapsed, &Weights::default());
        let mut policy = Policy::new(&board, &prices, &[]);
        search::improve(&mut policy, 0, &mut Chance::new(), &()).unwrap();
        let before = (policy.cost(), policy.roles.clone(), policy.spellings.clone());
        let mut chance = Chance::new();
        for _ in 0..tries {
            search::attempt(&mut policy, &mut chance);
            policy.undo();
            let after = (policy.cost(), policy.roles.clone(), policy.spellings.clone());
            prop_assert_eq!(after.0, before.0);
            prop_assert_eq!(&after.1[..before.1.len()], &before.1[..]);
            prop_assert_eq!(&after.2[..before.2.len()], &before.2[..]);
        }
    }

    /// What is kept up with every change is what counting anew gives.
    #[test]
    fn what_is_kept_up_is_what_counting_gives(
        rows in prop::collection::vec(1u32..512, 1..8),
        tries in 1_u64..20,
        weights in any_weights(),
    ) {
        let collapsed = Collapsed::of(&matrix(9, &lists(&rows, 9)));
        let board = BitBoard::new(&collapsed);
        let prices = Prices::new(&collapsed, &weights);
        let mut policy = Policy::new(&board, &prices, &[]);
        search::improve(&mut policy, 0, &mut Chance::new(), &()).unwrap();
        let mut chance = Chance::new();
        for number in 0..tries {
            search::attempt(&mut policy, &mut chance);
            if number % 3 == 0 {
                policy.undo();
            }
            policy.changes.clear();
            let all = || 0..policy.roles.len();
            for row in 0..collapsed.rows.len() {
                let with = |role: &usize| bits::contains(&policy.roles[*role].rows, row);
                prop_assert_eq!(policy.index.with_row(row), all().filter(with).collect::<Vec<_>>());
                let starts = |role: &usize| bits::ones(&policy.roles[*role].rows).next() == Some(row);
                prop_assert_eq!(policy.index.with_first_row(row), all().filter(starts).collect::<Vec<_>>());
                prop_assert_eq!(bits::contains(&policy.unfinished, row), !bits::is_empty(policy.open_rows.row(row)));
            }
            for column in 0..collapsed.columns.len() {
                let with = |role: &usize| bits::contains(&policy.roles[*role].columns, column);
                prop_assert_eq!(policy.index.with_column(column), all().filter(with).collect::<Vec<_>>());
            }
            for role in all() {
                let Role { rows, columns } = &policy.roles[role];
                prop_assert_eq!(policy.index.size(role), (bits::count(rows), bits::count(columns)));
                prop_assert_eq!(policy.index.worth(role), bits::ones(rows).map(|row| prices.rows[row]).sum::<u64>());
                let names = |other: &usize| policy.spellings[*other].heirs.contains(&role);
                prop_assert_eq!(&policy.named_by[role], &all().filter(names).collect::<Vec<_>>());
            }
        }
    }
}
