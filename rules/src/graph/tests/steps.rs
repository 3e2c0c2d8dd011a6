//! Single steps of the hierarchy: what leads through them, what hangs on them, which are redundant.

use super::*;

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

/// The accounts of an identity that are in a group.
fn own_in(world: &World, identity: u32, group: u32) -> Vec<u32> {
    let is_own = |account: &u32| world.accounts[*account as usize].0 == Some(identity);
    world.groups[group as usize].accounts.iter().copied().filter(is_own).collect()
}

/// Every path upwards from a group that an account is in.
fn slow_paths_of(world: &World, account: u32) -> Vec<Vec<Holder>> {
    let groups = (0..4).filter(|&group| world.groups[group as usize].accounts.contains(&account));
    groups.flat_map(|group| slow_paths(world, Holder::Group(GroupId(group)))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_hangs_on_the_group_of_an_account_is_what_comes_to_it_alone(
        world in world::any_with_accounts(),
        account in 0_u32..4,
        group in 0_u32..4,
    ) {
        let Some(identity) = world.accounts[account as usize].0 else { return Ok(()) };
        // Each way with the account that alone brings it, if one does: a group that two accounts put somebody into is neither's.
        let mut ways: Vec<(Option<u32>, Vec<Holder>)> = Vec::new();
        for start in 0..4 {
            let own = own_in(&world, identity, start);
            let is_member = world.groups[start as usize].members.contains(&identity) || !own.is_empty();
            let by = if let [only] = own.as_slice() { Some(*only) } else { None };
            let start = Holder::Group(GroupId(start));
            ways.extend(slow_paths(&world, start).into_iter().filter(|_| is_member).map(|path| (by, path)));
        }
        let roles = (0..4).filter(|&role| world.existing[role].members.contains(&identity)).map(Holder::ExistingRole);
        ways.extend(roles.flat_map(|role| slow_paths(&world, role)).map(|path| (None, path)));
        let direct: Set = world.held[identity as usize].iter().copied().collect();
        let by_accounts = world.accounts.iter().filter(|(owner, _)| *owner == Some(identity)).flat_map(|(_, held)| held);
        let direct: Set = direct.into_iter().chain(by_accounts.copied()).collect();
        let granted = |is_cut: bool| -> Set {
            let is_gone = |(by, path): &&(Option<u32>, Vec<Holder>)| {
                is_cut && *by == Some(account) && path.contains(&Holder::Group(GroupId(group)))
            };
            let left = ways.iter().filter(|way| !is_gone(way));
            let granted = left.flat_map(|(_, path)| holding(&world, path[path.len() - 1]).grants.clone());
            direct.iter().copied().chain(granted).collect()
        };
        let expected: Vec<u32> = granted(false).difference(&granted(true)).copied().collect();
        world.look(|compilation| {
            let cut = Cut::Account { account, group: GroupId(group) };
            assert_eq!(AccessGraph::new(compilation).hanging_on(IdentityId(identity), cut), ids(&expected));
        });
    }

    #[test]
    fn the_group_of_an_account_is_on_every_way_of_it_and_the_nearest_such(
        world in world::any_with_accounts(),
        account in 0_u32..4,
        target in 0_u32..10,
    ) {
        let (owner, held) = &world.accounts[account as usize];
        let paths: Vec<Vec<Holder>> = slow_paths_of(&world, account)
            .into_iter()
            .filter(|path| holding(&world, path[path.len() - 1]).grants.contains(&target))
            .collect();
        let on_all = |group: &GroupId| paths.iter().all(|path| path.contains(&Holder::Group(*group)));
        let cuts: Vec<GroupId> = (0..4).map(GroupId).filter(on_all).collect();
        let has_one = owner.is_some() && !held.contains(&target) && !paths.is_empty() && !cuts.is_empty();
        world.look(|compilation| {
            let found = AccessGraph::new(compilation).dominator_of_account(account, &ids(&[target])[..]);
            assert_eq!(found.is_some(), has_one, "{found:?} of {cuts:?}");
            let Some(found) = found else { return };
            let place = |path: &[Holder], group: GroupId| path.iter().position(|&step| step == Holder::Group(group));
            let is_before = |cut: &GroupId| paths.iter().all(|path| place(path, found) <= place(path, *cut));
            assert!(cuts.contains(&found) && cuts.iter().all(is_before), "{found:?} of {cuts:?}");
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
