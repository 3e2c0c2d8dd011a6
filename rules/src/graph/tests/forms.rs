//! Duties of every form against all identities and all sets of sides.

use super::*;

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
