use std::collections::BTreeSet;

use adit_snapshots::{EntitlementId, IdentityId};
use proptest::prelude::*;

use super::*;

fn matrix(width: u32, rows: &[&[u32]]) -> AccessMatrix {
    let identities = (0..).map(IdentityId).take(rows.len()).collect();
    let entitlements = (0..width).map(EntitlementId).collect();
    AccessMatrix::new(identities, entitlements, rows.iter().map(|row| row.to_vec()))
}

fn role<'a>(direct_members: &'a [u32], entitlements: &'a [u32], inherits: &'a [usize]) -> MeasuredRole<'a> {
    MeasuredRole { direct_members, entitlements, inherits }
}

/// Rows 0 and 1 are clerks, row 2 a clerk and a manager, row 3 alone.
const ROWS: [&[u32]; 4] = [&[0, 1], &[0, 1], &[0, 1, 2], &[3]];

#[test]
fn a_flat_set_of_roles_is_counted_pair_by_pair() {
    let matrix = matrix(4, &ROWS);
    let found = measure(&matrix, &[role(&[0, 1, 2], &[0, 1], &[]), role(&[2, 3], &[2], &[])], None);
    assert_eq!((found.roles, found.user_assignments, found.permission_assignments), (2, 5, 3));
    assert_eq!((found.covered, found.assignments, found.over_grants, found.under_grants), (7, 8, 1, 1));
    assert_eq!((found.direct_assignments, found.wsc), (1, 2 + 5 + 3 + 1));
    assert_eq!(found.coverage, Percent(8750));
    assert!(!found.proved_minimal);
}

#[test]
fn whoever_inherits_a_role_holds_it_but_is_assigned_once() {
    let matrix = matrix(4, &ROWS);
    let roles = [role(&[0, 1], &[0, 1], &[]), role(&[2], &[2], &[0]), role(&[3], &[3], &[])];
    let bound = LowerBound { roles: 3, fooling_set: vec![], kernel: None };
    let found = measure(&matrix, &roles, Some(&bound));
    assert_eq!((found.user_assignments, found.permission_assignments, found.hierarchy_edges), (4, 4, 1));
    assert_eq!((found.covered, found.over_grants, found.wsc), (8, 0, 3 + 4 + 4 + 1));
    assert!(found.proved_minimal);
}

#[test]
fn a_circle_of_inheritance_ends() {
    let matrix = matrix(2, &[&[0, 1], &[0]]);
    let found = measure(&matrix, &[role(&[0], &[0], &[1]), role(&[1], &[1], &[0])], None);
    assert_eq!((found.covered, found.over_grants), (3, 1));
}

#[test]
fn what_lies_beyond_the_matrix_is_an_over_grant() {
    let matrix = matrix(2, &[&[0], &[1]]);
    let found = measure(&matrix, &[role(&[0, 9], &[0, 7], &[5])], None);
    assert_eq!((found.covered, found.over_grants, found.under_grants), (1, 3, 1));
}

#[test]
fn nothing_at_all_is_measured_as_nothing() {
    let found = measure(&AccessMatrix::default(), &[], None);
    assert_eq!((found.wsc, found.assignments, found.coverage), (0, 0, Percent(0)));
    assert_eq!(found.baselines, Baselines::default());
}

#[test]
fn the_trivial_policies_share_a_role_among_equals() {
    let found = baselines(&matrix(5, &ROWS));
    // Rows {0,1} (twice), {0,1,2} and {3}: 3 roles, 4 assignments of identities, 2 + 3 + 1 of entitlements. Column 4 is held by nobody.
    assert_eq!(found.one_role_per_distinct_row, Baseline { roles: 3, wsc: 3 + 4 + 6 });
    assert_eq!(found.one_role_per_distinct_column, Baseline { roles: 3, wsc: 3 + 4 + 5 });
}

#[test]
fn each_role_is_held_against_the_others() {
    let matrix = matrix(4, &ROWS);
    let roles = [role(&[0, 1, 2], &[0, 1], &[]), role(&[2], &[0, 1, 2], &[]), role(&[3], &[2, 3], &[])];
    let [clerk, manager, alone] = role_measures(&matrix, &roles).try_into().unwrap();
    assert_eq!((clerk.members, clerk.entitlements, clerk.density, clerk.also_granted), (3, 2, Percent(10_000), 2));
    assert_eq!(clerk.closest, Some(Closest { role: 1, common: 2, either: 7 }));
    assert_eq!(clerk.closest.unwrap().similarity(), Percent(2857));
    assert_eq!((manager.also_granted, manager.exclusive_entitlements), (2, 0));
    assert_eq!((alone.over_grants, alone.held, alone.density), (1, 1, Percent(5000)));
    assert_eq!((alone.exclusive_entitlements, alone.closest), (1, None));
}

#[test]
fn the_worst_rows_are_named() {
    let matrix = matrix(4, &ROWS);
    let found = extremes(&matrix, &[role(&[0, 3], &[0, 1, 2], &[])]);
    assert_eq!(found.most_over_granted, Some((3, 3)));
    assert_eq!(found.most_under_granted, Some((2, 3)));
    assert_eq!(extremes(&matrix, &[]).most_over_granted, None);
}

#[test]
fn a_direct_member_holds_a_role_through_no_other() {
    let direct = direct_members(&[&[0, 1, 2, 3], &[2, 3], &[3]], &[&[], &[0], &[1]]);
    assert_eq!(direct, [vec![0, 1], vec![2], vec![3]]);
}

/// The figures of the seven sets, where the data is at hand: WSC of one role per distinct row and per distinct column.
#[test]
fn the_baselines_are_those_of_the_literature() {
    let sets = [
        ("healthcare", 563, 498),
        ("domino", 739, 518),
        ("emea", 7280, 4590),
        ("firewall1", 7190, 4638),
        ("apj", 6129, 6351),
        ("customer", 49_761, 45_978),
        ("americas_large", 107_585, 42_569),
    ];
    for (set, rows, columns) in sets {
        if let Some(matrix) = crate::matrix::tests::dataset(&format!("hp/{set}")) {
            let found = baselines(&matrix);
            let wsc = (found.one_role_per_distinct_row.wsc, found.one_role_per_distinct_column.wsc);
            assert_eq!(wsc, (rows, columns), "{set}");
        }
    }
}

type PlainRole = (BTreeSet<u32>, BTreeSet<u32>, BTreeSet<usize>);

proptest! {
    /// Against sets of pairs, closed under inheritance by repeating until nothing changes.
    #[test]
    fn counting_agrees_with_sets_of_pairs(
        rows in prop::collection::vec(prop::collection::btree_set(0u32..5, 0..5), 0..5),
        roles in prop::collection::vec(
            (prop::collection::btree_set(0u32..5, 0..4), prop::collection::btree_set(0u32..5, 0..4), prop::collection::btree_set(0usize..4, 0..3)),
            0..4,
        ),
    ) {
        let held: BTreeSet<(u32, u32)> = (0..).zip(&rows).flat_map(|(row, held)| held.iter().map(move |&column| (row, column))).collect();
        let granted = granted(&roles);
        let lists: Vec<(Vec<u32>, Vec<u32>, Vec<usize>)> = roles
            .iter()
            .map(|(members, grants, inherits)| (members.iter().copied().collect(), grants.iter().copied().collect(), inherits.iter().copied().collect()))
            .collect();
        let measured: Vec<_> = lists.iter().map(|(members, grants, inherits)| role(members, grants, inherits)).collect();
        let rows: Vec<Vec<u32>> = rows.into_iter().map(|row| row.into_iter().collect()).collect();
        let rows: Vec<&[u32]> = rows.iter().map(Vec::as_slice).collect();
        let found = measure(&matrix(5, &rows), &measured, None);
        prop_assert_eq!(found.covered, held.intersection(&granted).count() as u64);
        prop_assert_eq!(found.under_grants, held.difference(&granted).count() as u64);
        let given = given(&roles);
        for (place, found) in role_measures(&matrix(5, &rows), &measured).into_iter().enumerate() {
            let others = || (0..).zip(&given).filter(|&(other, _)| other != place);
            prop_assert_eq!(found.held, given[place].intersection(&held).count() as u64);
            prop_assert_eq!(found.over_grants, given[place].difference(&held).count() as u64);
            let also = given[place].iter().filter(|pair| others().any(|(_, given)| given.contains(pair)));
            prop_assert_eq!(found.also_granted, also.count() as u64);
            let exclusive = roles[place].1.iter().filter(|column| {
                roles.iter().enumerate().all(|(other, role)| other == place || !role.1.contains(column))
            });
            prop_assert_eq!(found.exclusive_entitlements, exclusive.count() as u64);
            let closest = others()
                .map(|(role, other)| {
                    let common = given[place].intersection(other).count() as u64;
                    Closest { role, common, either: given[place].union(other).count() as u64 }
                })
                .filter(|other| other.common > 0)
                .reduce(|best, other| if other.common * best.either > best.common * other.either { other } else { best });
            prop_assert_eq!(found.closest, closest);
        }
        // Pairs beyond the matrix are counted once for each role that grants them.
        let beyond = granted.iter().any(|&(row, _)| row as usize >= rows.len());
        if !beyond {
            prop_assert_eq!(found.over_grants, granted.difference(&held).count() as u64);
        }
    }
}

fn granted(roles: &[PlainRole]) -> BTreeSet<(u32, u32)> {
    given(roles).into_iter().flatten().collect()
}

/// The pairs that each role gives by its own grants, to everyone who holds it.
fn given(roles: &[PlainRole]) -> Vec<BTreeSet<(u32, u32)>> {
    let mut members: Vec<BTreeSet<u32>> = roles.iter().map(|role| role.0.clone()).collect();
    for _ in 0..roles.len() {
        for (heir, role) in roles.iter().enumerate() {
            for &inherited in role.2.iter().filter(|&&inherited| inherited < roles.len()) {
                let more = members[heir].clone();
                members[inherited].extend(more);
            }
        }
    }
    let grants = members.iter().zip(roles);
    grants
        .map(|(members, role)| {
            members.iter().flat_map(|&row| role.1.iter().map(move |&column| (row, column))).collect()
        })
        .collect()
}

#[test]
fn roles_survive_by_what_they_grant() {
    let before = [vec![1, 2], vec![3], vec![3], vec![4]];
    let survived = Survived::among(&before, &[vec![3], vec![1], vec![4, 5], vec![4]]);
    assert_eq!((survived, survived.share()), (Survived { roles: 3, of: 4 }, Some(Percent(7_500))));
    assert_eq!(Survived::among(&[], &[vec![1]]).share(), None);
}

#[test]
fn a_role_that_only_inherits_is_known_by_what_it_inherits() {
    let roles = [role(&[], &[7], &[]), role(&[], &[2], &[0]), role(&[], &[], &[1, 2])];
    assert_eq!(contents(&roles), [vec![7], vec![2], vec![2, 7]]);
}
