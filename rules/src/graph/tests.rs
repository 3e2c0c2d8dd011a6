//! The graph against the obvious ways to ask it the same.

mod forms;
mod steps;

use std::collections::BTreeSet;

use adit_compiler::spec::DutyHolder;
use adit_snapshots::{EntitlementId, GroupId, IdentityId};
use proptest::prelude::*;

use super::{AccessGraph, Cut, Holder, world, world::Holding, world::World};
use crate::Node;

type Set = BTreeSet<u32>;

/// Everything a group or role grants: again and again, until nothing is new.
fn slow_effective(world: &World, holder: Holder) -> Set {
    let (all, from, up): (&[Holding], usize, bool) = match holder {
        Holder::Group(group) => (&world.groups, group.0 as usize, true),
        Holder::ExistingRole(role) => (&world.existing, role, false),
        Holder::Role(role) => (&world.roles, role, false),
    };
    let mut reached = BTreeSet::from([from]);
    loop {
        let next: BTreeSet<_> = (0..all.len())
            .filter(|&other| {
                // A group is nested in those that list it; a role inherits those that it lists.
                reached.iter().any(|&at| {
                    if up { all[other].linked.contains(&(at as u32)) } else { all[at].linked.contains(&(other as u32)) }
                })
            })
            .chain(reached.iter().copied())
            .collect();
        if next == reached {
            return reached.iter().flat_map(|&at| all[at].grants.iter().copied()).collect();
        }
        reached = next;
    }
}

fn slow_reach(world: &World, identity: u32, with_candidates: bool) -> Set {
    let mut reach: Set = world.held[identity as usize].iter().copied().collect();
    let all = (0..4)
        .map(|id| Holder::Group(GroupId(id)))
        .chain((0..4).map(Holder::ExistingRole))
        .chain((0..4).map(Holder::Role));
    for holder in all {
        let of = match holder {
            Holder::Group(group) => &world.groups[group.0 as usize],
            Holder::ExistingRole(role) => &world.existing[role],
            Holder::Role(role) => &world.roles[role],
        };
        if of.members.contains(&identity) && (with_candidates || !matches!(holder, Holder::Role(_))) {
            reach.extend(slow_effective(world, holder));
        }
    }
    reach
}

/// Everyone and every set of sides that is one too large.
fn slow_conflicts(world: &World) -> BTreeSet<(u32, usize)> {
    let mut conflicts = BTreeSet::new();
    for identity in 0..world.held.len() as u32 {
        let reach = slow_reach(world, identity, true);
        for (duties, (sides, at_most)) in world.duties.iter().enumerate() {
            for subset in 0_u32..1 << sides.len() {
                let chosen: Vec<_> = (0..sides.len()).filter(|side| subset >> side & 1 == 1).collect();
                let has_all = chosen.iter().all(|&side| sides[side].iter().any(|held| reach.contains(held)));
                if chosen.len() as u32 == at_most + 1 && has_all {
                    conflicts.insert((identity, duties));
                }
            }
        }
    }
    conflicts
}

fn ids(of: &[u32]) -> Vec<EntitlementId> {
    of.iter().copied().map(EntitlementId).collect()
}

proptest! {
    // Two thousand worlds of six identities, and up to four duties each.
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn closures_are_what_one_gets_by_following_every_edge(world in world::any()) {
        world.look(|compilation| {
            let graph = AccessGraph::new(compilation);
            for holder in graph.holders() {
                let fast: Set = graph.effective(holder).iter().map(|id| id.0).collect();
                assert_eq!(fast, slow_effective(&world, holder), "{holder:?}");
            }
        });
    }

    #[test]
    fn conflicts_are_those_of_all_identities_and_all_sets_of_sides(world in world::any()) {
        world.look(|compilation| {
            let graph = AccessGraph::new(compilation);
            let conflicts = graph.conflicts();
            let fast: BTreeSet<_> = conflicts.iter().map(|conflict| (conflict.identity.0, conflict.duties)).collect();
            assert_eq!(fast, slow_conflicts(&world));
            for conflict in conflicts {
                let (sides, _) = &world.duties[conflict.duties];
                for (with_candidates, found) in [(false, &conflict.today), (true, &conflict.sides)] {
                    let reach = slow_reach(&world, conflict.identity.0, with_candidates);
                    let has = |side: &usize| sides[*side].iter().any(|held| reach.contains(held));
                    assert_eq!(found, &(0..sides.len()).filter(has).collect::<Vec<_>>());
                }
                // Each side of a conflict has its proof, today's by today's ways.
                for &side in &conflict.sides {
                    let wanted = graph.sides().access(conflict.duties, side);
                    let today = graph.path_today(conflict.identity, wanted);
                    assert_eq!(today.is_some(), conflict.today.contains(&side));
                    assert!(today.or_else(|| graph.path_by_role(conflict.identity, wanted)).is_some());
                }
            }
        });
    }

    #[test]
    fn duties_within_one_company_meet_where_one_company_has_them(
        world in world::any(),
        companies in prop::collection::vec(prop::option::of(0_u32..3), 10),
    ) {
        let world = World { companies: companies.clone(), ..world };
        // Whether too many sides meet in one company, if what has no company may be of that one, or is of none.
        let meet = |identity: u32, duties: usize, may_be: bool| {
            let (sides, at_most) = &world.duties[duties];
            let reach = slow_reach(&world, identity, true);
            (0..4).any(|company| {
                let is_of = |held: &u32| match companies.get(*held as usize).copied().flatten() {
                    Some(known) => known == company,
                    None => may_be,
                };
                let has = |side: &&Vec<u32>| side.iter().any(|held| reach.contains(held) && is_of(held));
                sides.iter().filter(has).count() > *at_most as usize
            })
        };
        world.look(|compilation| {
            let conflicts = AccessGraph::new(compilation).conflicts();
            for identity in 0..world.held.len() as u32 {
                for duties in 0..world.duties.len() {
                    let mut own = conflicts.iter().filter(|it| (it.identity.0, it.duties) == (identity, duties)).peekable();
                    let found = own.peek().is_some();
                    let certain = own.any(|conflict| conflict.certain);
                    assert_eq!(certain, meet(identity, duties, false), "{identity} {duties}");
                    assert_eq!(found, meet(identity, duties, true), "{identity} {duties}");
                }
            }
        });
    }

    #[test]
    fn nobody_clears_a_conflict_by_joining(
        world in world::any(),
        joins_at in 0_usize..=6,
        holds in prop::collection::btree_set(0_u32..10, 0..4),
    ) {
        let mut joined = world.clone();
        joined.held.insert(joins_at, holds.into_iter().collect());
        let shifted = |id: u32| if id as usize >= joins_at { id + 1 } else { id };
        for holding in joined.groups.iter_mut().chain(&mut joined.existing).chain(&mut joined.roles) {
            holding.members.iter_mut().for_each(|id| *id = shifted(*id));
        }
        let conflicts = |world: &World| world.look(|compilation| {
            let found = AccessGraph::new(compilation).conflicts();
            found.into_iter().map(|conflict| (conflict.identity.0, conflict.duties, conflict.sides)).collect::<BTreeSet<_>>()
        });
        let before: BTreeSet<_> = conflicts(&world).into_iter().map(|(id, duties, sides)| (shifted(id), duties, sides)).collect();
        let after = conflicts(&joined);
        prop_assert!(before.is_subset(&after), "{before:?} is not within {after:?}");
        prop_assert!(after.difference(&before).all(|(id, ..)| *id as usize == joins_at));
    }

    #[test]
    fn paths_lead_along_edges_and_none_is_shorter(world in world::any(), target in 0_u32..10) {
        world.look(|compilation| {
            let graph = AccessGraph::new(compilation);
            for holder in graph.holders() {
                let path = graph.path(holder, ids(&[target]).as_slice());
                assert_eq!(path.is_some(), slow_effective(&world, holder).contains(&target));
                let Some(path) = path else { continue };
                assert_eq!(path.first(), Some(&graph.holder_name(holder)));
                assert_eq!(path.last(), Some(&Node::Entitlement(EntitlementId(target))));
                // Each step but the last one goes to a parent that cannot do it in fewer steps than are left.
                for parent in graph.parents(holder) {
                    let other = graph.path(parent, ids(&[target]).as_slice()).map_or(usize::MAX, |other| other.len());
                    assert!(path.len() <= other.saturating_add(1));
                }
                if let [_, next, ..] = path.as_slice() {
                    let is_parent = graph.parents(holder).iter().any(|&parent| graph.holder_name(parent) == *next);
                    assert!(is_parent || graph.own(holder).contains(&EntitlementId(target)));
                }
            }
        });
    }
}

#[test]
fn a_clerk_reaches_the_payment_run_through_two_nested_groups() {
    let group = |members: &[u32], linked: &[u32], grants: &[u32]| Holding {
        members: members.to_vec(),
        linked: linked.to_vec(),
        grants: grants.to_vec(),
        accounts: Vec::new(),
    };
    let world = World {
        held: vec![vec![0], vec![]],
        entitlements: 3,
        // 0 holds g01 inside itself, which holds g02: whoever is in g02 is in both.
        groups: vec![group(&[], &[1], &[2]), group(&[], &[2], &[]), group(&[0], &[], &[1])],
        duties: vec![(vec![vec![0], vec![2]], 1)],
        ..World::default()
    };
    world.look(|compilation| {
        let graph = AccessGraph::new(compilation);
        let [conflict] = graph.conflicts().try_into().unwrap();
        assert_eq!((conflict.identity, conflict.today.as_slice()), (IdentityId(0), &[0, 1][..]));
        let path = graph.path_today(IdentityId(0), ids(&[2]).as_slice()).unwrap();
        let group = |name: &str| Node::Group(name.to_owned());
        let expected = [
            Node::Identity(IdentityId(0)),
            group("g02"),
            group("g01"),
            group("g00"),
            Node::Entitlement(EntitlementId(2)),
        ];
        assert_eq!(path, expected);
        assert_eq!(graph.members(Holder::Group(GroupId(0))), [IdentityId(0)]);
        assert_eq!(graph.conflicts_of(IdentityId(1)), []);
    });
}

#[test]
fn duties_of_more_sides_than_a_word_has_bits() {
    let sides: Vec<Vec<u32>> = (0..150).map(|id| vec![id]).collect();
    let few = vec![vec![0], vec![149]];
    let world = World {
        held: vec![(0..100).collect(), (0..101).collect(), vec![0, 149]],
        entitlements: 150,
        duties: vec![(few.clone(), 1), (sides, 100), (few, 1)],
        ..World::default()
    };
    world.look(|compilation| {
        let found = AccessGraph::new(compilation).conflicts();
        let found: Vec<_> = found.iter().map(|it| (it.identity.0, it.duties, it.sides.len())).collect();
        assert_eq!(found, [(1, 1, 101), (2, 0, 2), (2, 2, 2)]);
    });
}

#[test]
fn a_chain_of_a_hundred_thousand_groups_does_not_overflow_the_stack() {
    let groups = (0..100_000).map(|id: u32| Holding {
        members: if id == 0 { vec![0] } else { Vec::new() },
        linked: id.checked_sub(1).into_iter().collect(),
        grants: if id == 99_999 { vec![0] } else { Vec::new() },
        accounts: Vec::new(),
    });
    let world = World {
        held: vec![vec![]],
        entitlements: 1,
        groups: groups.collect(),
        duties: vec![(vec![vec![0]], 0)],
        ..World::default()
    };
    world.look(|compilation| {
        let graph = AccessGraph::new(compilation);
        assert_eq!(graph.conflicts().len(), 1);
        assert_eq!(graph.path_today(IdentityId(0), ids(&[0]).as_slice()).map(|path| path.len()), Some(100_002));
    });
}

#[test]
fn names_that_no_entitlement_has_are_told_by_duties_and_side() {
    let world = World {
        held: vec![vec![0]],
        entitlements: 1,
        duties: vec![(vec![vec![0], vec![7, 0]], 1)],
        ..World::default()
    };
    world.look(|compilation| {
        let graph = AccessGraph::new(compilation);
        let [unknown] = graph.sides().unknown() else { panic!() };
        assert_eq!((unknown.duties, unknown.side), (0, 1));
        assert_eq!(unknown.what, "no entitlement is `app.right \"e0007\"`");
        // What is known still counts.
        assert_eq!(graph.conflicts().len(), 1);
    });
}
