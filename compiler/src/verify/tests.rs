use super::*;
use crate::mine::KernelBound;

fn claimed<'a>(roles: &'a [(&'a [u32], &'a [u32])]) -> Vec<ClaimedRole<'a>> {
    roles.iter().map(|&(members, entitlements)| ClaimedRole { members, entitlements }).collect()
}

/// Everyone holds everything except the entitlement of their own number.
fn crown(size: u32) -> Vec<Vec<u32>> {
    (0..size).map(|row| (0..size).filter(|&column| column != row).collect()).collect()
}

fn refs(rows: &[Vec<u32>]) -> Vec<&[u32]> {
    rows.iter().map(Vec::as_slice).collect()
}

fn whole_kernel(rows: &[Vec<u32>], roles: u32, fooling_set: &[(u32, u32)]) -> LowerBound {
    let cells = (0..).zip(rows).flat_map(|(row, held)| held.iter().map(move |&column| (row, column)));
    LowerBound {
        roles,
        fooling_set: fooling_set.to_vec(),
        kernel: Some(KernelBound { assignments: cells.collect(), nodes: 0 }),
    }
}

#[test]
fn an_exact_cover_passes_even_where_roles_overlap() {
    let rows: [&[u32]; 3] = [&[0, 1], &[1, 2], &[]];
    let roles = claimed(&[(&[0], &[0, 1]), (&[0, 1], &[1]), (&[1], &[2])]);
    assert_eq!(check_cover(&rows, &roles), Ok(()));
}

#[test]
fn the_first_departure_is_named() {
    let rows: [&[u32]; 2] = [&[0, 2], &[1]];
    let fault = |roles: &[(&[u32], &[u32])]| check_cover(&rows, &claimed(roles)).unwrap_err();
    assert_eq!(fault(&[(&[0], &[0]), (&[1], &[1])]), CoverFault::UnderGrant { row: 0, column: 2 });
    assert_eq!(fault(&[(&[0], &[0, 2]), (&[0, 1], &[1])]), CoverFault::OverGrant { role: 1, row: 0, column: 1 });
    assert_eq!(fault(&[(&[0], &[0, 2]), (&[1], &[1, 7])]), CoverFault::OverGrant { role: 1, row: 1, column: 7 });
    assert_eq!(fault(&[(&[0], &[0, 2])]), CoverFault::UnderGrant { row: 1, column: 1 });
    assert_eq!(fault(&[(&[5], &[0])]), CoverFault::NoSuchRow { role: 0, row: 5, rows: 2 });
    insta::assert_snapshot!(
        fault(&[(&[0], &[0, 2]), (&[0, 1], &[1])]),
        @"role 1 gives identity 0 entitlement 1, which it does not hold"
    );
}

#[test]
fn a_fooling_set_must_be_held_distinct_and_pairwise_incompatible() {
    let rows: [&[u32]; 3] = [&[0, 1], &[1, 2], &[0, 1]];
    assert_eq!(check_fooling_set(&rows, &[(0, 0), (1, 2)]), Ok(()));
    assert_eq!(check_fooling_set(&rows, &[(0, 2)]), Err(BoundFault::NotHeld((0, 2))));
    assert_eq!(check_fooling_set(&rows, &[(9, 0)]), Err(BoundFault::NotHeld((9, 0))));
    assert_eq!(check_fooling_set(&rows, &[(0, 0), (0, 0)]), Err(BoundFault::Twice((0, 0))));
    let both = BoundFault::Compatible { one: (0, 0), other: (2, 1) };
    assert_eq!(check_fooling_set(&rows, &[(0, 0), (2, 1)]), Err(both));
    insta::assert_snapshot!(both, @"one role can grant both (0, 0) and (2, 1) of the fooling set");
}

#[test]
fn a_fooling_set_that_reaches_the_bound_is_enough() {
    let rows: [&[u32]; 2] = [&[0], &[1]];
    let mut bound = LowerBound { roles: 2, fooling_set: vec![(0, 0), (1, 1)], kernel: None };
    assert_eq!(check_bound(&rows, &bound, 0), Ok(Verdict::FoolingSet));
    bound.roles = 3;
    assert_eq!(check_bound(&rows, &bound, 0), Err(BoundFault::TooWeak { proved: 2, claimed: 3 }));
}

/// Six pairs of three form four roles: the middle layer of the subsets of four (de Caen, Gregory, Pullman 1981).
#[test]
fn a_kernel_is_searched_through_again() {
    let rows = crown(6);
    let fooling = [(0, 1), (1, 2), (2, 0)];
    let check = |roles, nodes| check_bound(&refs(&rows), &whole_kernel(&rows, roles, &fooling), nodes);
    assert!(matches!(check(4, 100_000), Ok(Verdict::Exhausted { nodes }) if nodes > 0));
    assert_eq!(check(5, 100_000), Err(BoundFault::Refuted { found: 4, claimed: 5 }));
    assert_eq!(check(4, 1), Ok(Verdict::NotProved { proved: 3, nodes: 1 }));
}

#[test]
fn a_kernel_must_be_held_and_hold_the_fooling_set() {
    let rows = crown(4);
    let mut bound = whole_kernel(&rows, 4, &[(0, 1), (1, 2), (2, 0)]);
    if let Some(kernel) = &mut bound.kernel {
        kernel.assignments.retain(|&one| one != (1, 2));
    }
    assert_eq!(check_bound(&refs(&rows), &bound, 10), Err(BoundFault::KernelLacks((1, 2))));
    if let Some(kernel) = &mut bound.kernel {
        kernel.assignments.push((3, 3));
    }
    assert_eq!(check_bound(&refs(&rows), &bound, 10), Err(BoundFault::NotHeld((3, 3))));
}

fn heir<'a>(members: &'a [u32], entitlements: &'a [u32], inherits: &'a [usize]) -> ClaimedHeir<'a> {
    ClaimedHeir { role: ClaimedRole { members, entitlements }, inherits }
}

#[test]
fn edges_are_walked_and_counted() {
    let rows: [&[u32]; 3] = [&[0, 1, 2], &[0], &[0, 5]];
    let roles = [heir(&[0, 1, 2], &[0], &[]), heir(&[0], &[1], &[0]), heir(&[0], &[2], &[1])];
    let upkeep =
        Upkeep { roles: 3, user_assignments: 3, permission_assignments: 3, hierarchy_edges: 2, direct_assignments: 1 };
    assert_eq!(check_policy(&rows, &roles), Ok(upkeep));
    assert_eq!(check_policy(&[], &[]), Ok(Upkeep::default()));
}

#[test]
fn a_hierarchy_that_is_none_is_refused() {
    let rows: [&[u32]; 2] = [&[0, 1], &[0]];
    let fault = |roles: &[ClaimedHeir<'_>]| check_policy(&rows, roles).unwrap_err();
    assert_eq!(fault(&[heir(&[0], &[0], &[7])]), PolicyFault::NoSuchRole { role: 0, inherited: 7, roles: 1 });
    assert_eq!(
        fault(&[heir(&[1], &[0], &[]), heir(&[0], &[1], &[0])]),
        PolicyFault::LacksHeir { role: 1, inherited: 0, row: 0 }
    );
    assert_eq!(
        fault(&[heir(&[0, 1], &[1], &[]), heir(&[1], &[0], &[0])]),
        PolicyFault::Cover(CoverFault::OverGrant { role: 0, row: 1, column: 1 })
    );
    assert_eq!(fault(&[heir(&[9], &[0], &[])]), PolicyFault::Cover(CoverFault::NoSuchRow { role: 0, row: 9, rows: 2 }));
}

/// Two roles with the same members that inherit each other leave nobody who holds either directly.
#[test]
fn a_circle_is_refused() {
    let rows: [&[u32]; 1] = [&[0, 1]];
    let roles = [heir(&[0], &[0], &[1]), heir(&[0], &[1], &[0])];
    assert_eq!(check_policy(&rows, &roles), Err(PolicyFault::Circle { role: 0 }));
}
