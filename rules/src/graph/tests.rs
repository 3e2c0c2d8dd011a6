//! The graph against the obvious ways to ask it the same.

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

/// Whether an identity still reaches an entitlement today where one group or role passes nothing on.
fn slow_reaches_without(world: &World, identity: u32, target: u32, without: Option<Holder>) -> bool {
    let mut less = world.clone();
    less.roles.iter_mut().for_each(|role| role.members.clear());
    let gone = match without {
        Some(Holder::Group(group)) => less.groups.get_mut(group.0 as usize),
        Some(Holder::ExistingRole(role)) => less.existing.get_mut(role),
        _ => None,
    };
    if let Some(gone) = gone {
        (gone.members, gone.grants) = (Vec::new(), Vec::new());
        // A role passes on what it inherits, a group what it is in.
        if let Some(Holder::ExistingRole(_)) = without {
            gone.linked.clear();
        }
    }
    if let Some(Holder::Group(group)) = without {
        less.groups.iter_mut().for_each(|other| other.linked.retain(|&nested| nested != group.0));
    }
    slow_reach(&less, identity, false).contains(&target)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn all_ways_lead_through_a_dominator_and_where_there_is_none_no_holder_is_on_all(
        world in world::any(),
        identity in 0_u32..6,
        target in 0_u32..10,
    ) {
        world.look(|compilation| {
            let graph = AccessGraph::new(compilation);
            let found = graph.dominator_today([IdentityId(identity)], &ids(&[target])[..]);
            if !slow_reaches_without(&world, identity, target, None) {
                assert_eq!(found, None);
                return;
            }
            let today = graph.holders().filter(|holder| !matches!(holder, Holder::Role(_)));
            let cuts: Vec<_> = today.filter(|&it| !slow_reaches_without(&world, identity, target, Some(it))).collect();
            assert!(found.map_or(cuts.is_empty(), |found| cuts.contains(&found)), "{found:?} of {cuts:?}");
        });
    }
}

/// Whether a group or role still passes an entitlement on where another one passes nothing on.
fn slow_passes_without(world: &World, from: Holder, target: u32, without: Option<Holder>) -> bool {
    slow_paths(world, from).iter().any(|path| {
        let grants = path.last().is_some_and(|&last| holding(world, last).grants.contains(&target));
        grants && without.is_none_or(|without| !path.contains(&without))
    })
}

fn holding(world: &World, holder: Holder) -> &Holding {
    match holder {
        Holder::Group(group) => &world.groups[group.0 as usize],
        Holder::ExistingRole(role) => &world.existing[role],
        Holder::Role(role) => &world.roles[role],
    }
}

/// What a group is in, or a role inherits.
fn slow_parents(world: &World, holder: Holder) -> Vec<Holder> {
    let linked = holding(world, holder).linked.iter().copied();
    match holder {
        Holder::Group(group) => (0..4)
            .filter(|&other| world.groups[other as usize].linked.contains(&group.0))
            .map(|other| Holder::Group(GroupId(other)))
            .collect(),
        Holder::ExistingRole(_) => linked.map(|other| Holder::ExistingRole(other as usize)).collect(),
        Holder::Role(_) => linked.map(|other| Holder::Role(other as usize)).collect(),
    }
}

/// Every path upwards that meets nothing twice, each of its beginnings among them.
fn slow_paths(world: &World, from: Holder) -> Vec<Vec<Holder>> {
    let mut paths = vec![vec![from]];
    let mut next = 0;
    while let Some(path) = paths.get(next).cloned() {
        for parent in slow_parents(world, path[path.len() - 1]) {
            if !path.contains(&parent) {
                paths.push([&path[..], &[parent]].concat());
            }
        }
        next += 1;
    }
    paths
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_dominator_of_a_holder_is_the_nearest_one_without_which_nothing_is_passed_on(
        world in world::any(),
        from in 0_usize..12,
        target in 0_u32..10,
    ) {
        world.look(|compilation| {
            let graph = AccessGraph::new(compilation);
            let all: Vec<Holder> = graph.holders().collect();
            let from = all[from];
            let found = graph.dominator(from, &ids(&[target])[..]);
            if !slow_passes_without(&world, from, target, None) {
                assert_eq!(found, None);
                return;
            }
            let others = all.iter().copied().filter(|&it| it != from);
            let cuts: Vec<_> = others.filter(|&it| !slow_passes_without(&world, from, target, Some(it))).collect();
            assert!(found.map_or(cuts.is_empty(), |found| cuts.contains(&found)), "{found:?} of {cuts:?}");
            // The others lie beyond it.
            for &cut in cuts.iter().filter(|&&cut| Some(cut) != found) {
                assert!(!slow_passes_without(&world, found.unwrap(), target, Some(cut)), "{cut:?} before {found:?}");
            }
        });
    }

    #[test]
    fn what_hangs_on_a_cut_is_what_no_other_path_leads_to(
        world in world::any(),
        identity in 0_u32..6,
        below in 0_usize..8,
        above in prop::option::of(0_usize..8),
    ) {
        world.look(|compilation| {
            let graph = AccessGraph::new(compilation);
            let today: Vec<Holder> = graph.holders().filter(|holder| !matches!(holder, Holder::Role(_))).collect();
            let (below, above) = (today[below], above.map(|above| today[above]).filter(|&above| above != today[below]));
            let starts = today.iter().filter(|&&holder| holding(&world, holder).members.contains(&identity));
            let paths: Vec<_> = starts.flat_map(|&start| slow_paths(&world, start)).collect();
            let is_cut = |path: &[Holder]| {
                let from = path.iter().position(|&step| step == below);
                from.is_some_and(|from| above.is_none_or(|above| path[from..].contains(&above)))
            };
            let own: Set = world.held[identity as usize].iter().copied().collect();
            let granted = |cut: bool| -> Set {
                let left = paths.iter().filter(|path| !cut || !is_cut(path));
                own.iter().copied().chain(left.flat_map(|path| holding(&world, path[path.len() - 1]).grants.clone())).collect()
            };
            let cut = above.map_or(Cut::Holder(below), |above| Cut::Between { below, above });
            let expected: Vec<u32> = granted(false).difference(&granted(true)).copied().collect();
            assert_eq!(graph.hanging_on(IdentityId(identity), cut), ids(&expected));
        });
    }
}

/// What is left of the edges from holder to parent once petgraph has reduced them.
fn slow_redundant(graph: &AccessGraph<'_>) -> BTreeSet<(Holder, Holder)> {
    use petgraph::{algo::toposort, algo::tred, graph::DiGraph};
    let holders: Vec<Holder> = graph.holders().collect();
    let mut edges: DiGraph<Holder, ()> = DiGraph::new();
    let nodes: Vec<_> = holders.iter().map(|&holder| edges.add_node(holder)).collect();
    for (&holder, &node) in holders.iter().zip(&nodes) {
        for parent in graph.parents(holder) {
            edges.add_edge(node, nodes[holders.binary_search(&parent).unwrap()], ());
        }
    }
    let order = toposort(&edges, None).unwrap();
    let (list, _) = tred::dag_to_toposorted_adjacency_list::<_, u32>(&edges, &order);
    let (reduced, _) = tred::dag_transitive_reduction_closure(&list);
    let holder = |place: u32| edges[order[place as usize]];
    let kept: BTreeSet<_> = reduced
        .edge_indices()
        .filter_map(|edge| reduced.edge_endpoints(edge))
        .map(|(from, to)| (holder(from), holder(to)))
        .collect();
    let all = holders.iter().flat_map(|&holder| graph.parents(holder).into_iter().map(move |parent| (holder, parent)));
    all.filter(|edge| !kept.contains(edge)).collect()
}

proptest! {
    #[test]
    fn redundant_steps_are_those_that_a_transitive_reduction_takes_out(
        world in world::any(),
        links in prop::collection::vec(prop::collection::btree_set(0_u32..4, 0..4), 12),
    ) {
        let mut world = world;
        let all = world.groups.iter_mut().chain(&mut world.existing).chain(&mut world.roles);
        for (index, (holding, links)) in all.zip(links).enumerate() {
            // Only upwards: no circles.
            holding.linked = links.into_iter().filter(|&other| other as usize > index % 4).collect();
        }
        world.look(|compilation| {
            let graph = AccessGraph::new(compilation);
            let found: BTreeSet<_> = graph
                .holders()
                .flat_map(|holder| graph.redundant(holder).into_iter().map(move |(parent, _)| (holder, parent)))
                .collect();
            assert_eq!(found, slow_redundant(&graph));
        });
    }
}

/// What somebody has, for the slow way.
#[derive(Default)]
struct Having {
    entitlements: Set,
    /// Existing roles, inherited ones among them.
    roles: Set,
}

fn slow_roles(world: &World, role: usize) -> Set {
    let mut had = Set::from([role as u32]);
    loop {
        let next: Set =
            had.iter().flat_map(|&role| world.existing[role as usize].linked.clone()).chain(had.clone()).collect();
        if next == had {
            return had;
        }
        had = next;
    }
}

fn slow_having(world: &World, identity: u32) -> Having {
    let of = world.existing.iter().enumerate().filter(|(_, role)| role.members.contains(&identity));
    let roles = of.flat_map(|(role, _)| slow_roles(world, role)).collect();
    let mut entitlements = slow_reach(world, identity, true);
    let own = world.accounts.iter().filter(|(owner, _)| *owner == Some(identity));
    entitlements.extend(own.flat_map(|(_, held)| held.clone()));
    Having { entitlements, roles }
}

/// Whether some set of sides that is one too large is had, in some company where the duties are within one: every set, in every
/// company. What has no company counts where it `may_be` of any.
fn slow_breaks(world: &World, having: &Having, duties: usize, may_be: bool) -> bool {
    let ((sides, at_most), form) = (&world.duties[duties], world.form(duties));
    let has = |side: usize, company: u32| {
        let is_here = |held: &u32| match world.companies[*held as usize] {
            _ if !form.within => true,
            Some(known) => known == company,
            None => may_be,
        };
        sides[side].iter().any(|held| having.entitlements.contains(held) && is_here(held))
            || form.roles.get(side).into_iter().flatten().any(|role| having.roles.contains(role))
    };
    // The last company is one that nothing is known to be of.
    (0..4).any(|company| {
        (0_u32..1 << sides.len())
            .filter(|subset| subset.count_ones() == at_most + 1)
            .any(|subset| (0..sides.len()).filter(|side| subset >> side & 1 == 1).all(|side| has(side, company)))
    })
}

proptest! {
    // Two thousand worlds of six identities with four accounts, and up to four duties of any form each.
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn duties_of_any_form_are_broken_by_those_whom_all_sets_of_sides_show(world in world::any_form()) {
        let per = |duties: usize| world.form(duties).per;
        let (mut certain, mut doubtful, mut accounts) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for duties in 0..world.duties.len() {
            for identity in 0..world.held.len() as u32 {
                let having = slow_having(&world, identity);
                let (known, may_be) = (slow_breaks(&world, &having, duties, false), slow_breaks(&world, &having, duties, true));
                match per(duties) {
                    DutyHolder::Identity if known => _ = certain.insert((identity, duties)),
                    DutyHolder::Identity | DutyHolder::Session if may_be => _ = doubtful.insert((identity, duties)),
                    DutyHolder::Account if slow_account_doubt(&world, identity, duties) => _ = doubtful.insert((identity, duties)),
                    _ => {}
                }
            }
            for (account, (_, held)) in (0_u32..).zip(&world.accounts) {
                let having = Having { entitlements: held.iter().copied().collect(), ..Having::default() };
                if per(duties) == DutyHolder::Account && slow_breaks(&world, &having, duties, false) {
                    accounts.insert((account, duties));
                }
            }
        }
        world.look(|compilation| {
            let graph = AccessGraph::new(compilation);
            let conflicts = graph.conflicts();
            let found = |is_certain: bool| -> BTreeSet<(u32, usize)> {
                conflicts.iter().filter(|it| it.certain == is_certain).map(|it| (it.identity.0, it.duties)).collect()
            };
            assert_eq!(found(true), certain);
            assert_eq!(found(false), doubtful);
            let found: BTreeSet<_> = graph.account_conflicts().iter().map(|it| (it.account, it.duties)).collect();
            assert_eq!(found, accounts);
            for holder in graph.holders() {
                let roles = if let Holder::ExistingRole(role) = holder { slow_roles(&world, role) } else { Set::new() };
                let having = Having { entitlements: slow_effective(&world, holder), roles };
                let counts = |duties: &usize| per(*duties) != DutyHolder::Account || matches!(holder, Holder::Group(_));
                let all = (0..world.duties.len()).filter(counts);
                let expected: BTreeSet<_> = all.filter(|&duties| slow_breaks(&world, &having, duties, false)).collect();
                let found: BTreeSet<_> = graph.broken_through(holder).iter().map(|it| it.duties).collect();
                assert_eq!(found, expected, "{holder:?}");
            }
        });
    }
}

/// Whether one account of an identity may break duties, and none is known to: what no account is known to hold may be on any, or on one
/// that nobody knows.
fn slow_account_doubt(world: &World, identity: u32, duties: usize) -> bool {
    let own: Vec<Set> = world
        .accounts
        .iter()
        .filter(|(owner, _)| *owner == Some(identity))
        .map(|(_, held)| held.iter().copied().collect())
        .collect();
    let held: Set = world.held[identity as usize].iter().copied().collect();
    let stated = |entitlement: &u32| held.contains(entitlement) || own.iter().any(|own| own.contains(entitlement));
    let given = slow_reach(world, identity, true).into_iter().filter(|it| !stated(it));
    let nowhere: Set = held.iter().copied().chain(given).collect();
    let breaks = |entitlements: Set, may_be: bool| {
        slow_breaks(world, &Having { entitlements, ..Having::default() }, duties, may_be)
    };
    let is_known = own.iter().any(|own| breaks(own.clone(), false));
    let unknown = Set::new();
    !is_known && own.iter().chain([&unknown]).any(|own| breaks(own.union(&nowhere).copied().collect(), true))
}

#[test]
fn a_clerk_reaches_the_payment_run_through_two_nested_groups() {
    let group = |members: &[u32], linked: &[u32], grants: &[u32]| Holding {
        members: members.to_vec(),
        linked: linked.to_vec(),
        grants: grants.to_vec(),
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
