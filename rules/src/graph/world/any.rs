//! Any small world, for laws.

use adit_compiler::spec::DutyHolder;
use proptest::{collection, prelude::*};

use super::{Form, Holding, World};

/// Any small world; groups and roles may contain each other.
pub(crate) fn any() -> impl Strategy<Value = World> {
    let set = |of: u32, at_most: usize| {
        collection::btree_set(0..of, 0..=at_most).prop_map(|set| set.into_iter().collect::<Vec<_>>())
    };
    let holding = move || {
        (set(6, 3), set(4, 2), set(10, 2)).prop_map(|(members, linked, grants)| Holding {
            members,
            linked,
            grants,
            accounts: Vec::new(),
        })
    };
    let four = move || collection::vec(holding(), 4);
    let duties =
        (collection::vec(collection::btree_set(0_u32..12, 1..4), 2..5), 0_u32..3).prop_map(|(sides, at_most)| {
            let at_most = at_most.min(u32::try_from(sides.len()).unwrap() - 1);
            (sides.into_iter().map(|side| side.into_iter().collect()).collect(), at_most)
        });
    (collection::vec(set(10, 3), 6), four(), four(), four(), collection::vec(duties, 0..4)).prop_map(
        |(held, groups, existing, roles, duties)| World {
            held,
            entitlements: 10,
            groups,
            existing,
            roles,
            duties,
            ..World::default()
        },
    )
}

/// Any small world whose duties are of any form: per identity, account, role or session, within a company or not, over names or activities,
/// with roles on their sides or not.
pub(crate) fn any_form() -> impl Strategy<Value = World> {
    let per = prop_oneof![
        Just(DutyHolder::Identity),
        Just(DutyHolder::Account),
        Just(DutyHolder::Role),
        Just(DutyHolder::Session)
    ];
    let roles = collection::vec(collection::btree_set(0_u32..4, 0..2), 4);
    let form = (per, prop::bool::ANY, prop::bool::ANY, roles).prop_map(|(per, within, by_activity, roles)| {
        // What a role has no company of, and an account no role, the checker refuses.
        let with_roles = !within && per != DutyHolder::Account;
        let roles =
            if with_roles { roles.into_iter().map(|side| side.into_iter().collect()).collect() } else { Vec::new() };
        Form { per, within, by_activity, roles }
    });
    let held = || collection::btree_set(0_u32..10, 0..4).prop_map(|held| held.into_iter().collect::<Vec<_>>());
    let accounts = collection::vec((proptest::option::weighted(0.8, 0_u32..6), held()), 0..5);
    let companies = collection::vec(proptest::option::of(0_u32..3), 10);
    (any(), collection::vec(form, 4), accounts, companies).prop_map(|(world, forms, accounts, companies)| World {
        forms,
        accounts,
        companies,
        ..world
    })
}

/// Any small world in which people have accounts, and accounts are in groups.
pub(crate) fn any_with_accounts() -> impl Strategy<Value = World> {
    let held = collection::btree_set(0_u32..10, 0..3).prop_map(|held| held.into_iter().collect::<Vec<_>>());
    let accounts = collection::vec((proptest::option::weighted(0.8, 0_u32..3), held), 4);
    let members = collection::vec(collection::btree_set(0_u32..4, 0..3), 4);
    (any(), accounts, members).prop_map(|(mut world, accounts, members)| {
        for (group, accounts) in world.groups.iter_mut().zip(members) {
            group.accounts = accounts.into_iter().collect();
        }
        World { accounts, ..world }
    })
}
