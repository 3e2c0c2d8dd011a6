//! Nested groups, expanded.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Fixture, told, told_assignments};
use crate::{Origin, Snapshot};

#[test]
fn direct_and_inherited_are_told_apart() {
    let snapshot = Fixture::new()
        .file("identities.csv", "identity_id\nann\nrose\n")
        .file("accounts.csv", "account_id,identity_id\nad:rose,rose\nad:old,\n")
        .file("assignments.csv", "identity_id,group_id,entitlement_id,via,ticket,expires_at\nrose,,e,,,\nann,,f,Staff>All,T-1,\n,All,g,,,2027-01-01\n")
        .file("groups.csv", "group_id\nClerks\nStaff\nAll\nEmpty\n")
        .file("group-members.csv", "group_id,member_id,member_type\nClerks,ad:rose,account\nClerks,ad:old,account\nStaff,Clerks,group\nStaff,ann,\nAll,Staff,\nAll,rose,\n")
        .file("group-grants.csv", "group_id,entitlement_id\nAll,e\nAll,f\nClerks,h\n")
        .read();
    insta::assert_snapshot!(told(&snapshot.faults), @"orphan-account notes accounts.csv:3 (identity_id): expected the identity it belongs to, found an empty field");
    insta::assert_snapshot!(told_assignments(&snapshot), @r#"
    ann e [Inherited Staff>All]
    ann f [Inherited Staff>All T-1]
    ann g [Inherited Staff>All until 2027-01-01]
    rose e [Direct] [Inherited All] [Inherited Clerks>Staff>All ad:rose]
    rose f [Inherited All] [Inherited Clerks>Staff>All ad:rose]
    rose g [Inherited All until 2027-01-01] [Inherited Clerks>Staff>All ad:rose until 2027-01-01]
    rose h [Inherited Clerks ad:rose]
    "#);
    let counts: Vec<_> =
        snapshot.accounts.rows.iter().map(|account| (account.id.as_str(), account.entitlements)).collect();
    assert_eq!(counts, [("ad:old", 4), ("ad:rose", 4)]);
    assert_eq!(snapshot.groups.ids, ["All", "Clerks", "Empty", "Staff"]);
    insta::assert_debug_snapshot!(snapshot.groups.members, @r#"
    [
        [
            Identity(
                IdentityId(
                    1,
                ),
            ),
            Group(
                GroupId(
                    3,
                ),
            ),
        ],
        [
            Identity(
                IdentityId(
                    1,
                ),
            ),
        ],
        [],
        [
            Identity(
                IdentityId(
                    0,
                ),
            ),
            Group(
                GroupId(
                    1,
                ),
            ),
        ],
    ]
    "#);
}

#[test]
fn cycles_are_reported_once_and_expanded() {
    let snapshot = Fixture::new()
        .file("identities.csv", "identity_id\na\n")
        .file(
            "group-members.csv",
            "group_id,member_id,member_type\nx,y,group\ny,z,group\nz,x,group\nz,a,identity\ns,s,group\n",
        )
        .file("group-grants.csv", "group_id,entitlement_id\nx,e\nz,e\n")
        .read();
    insta::assert_snapshot!(told(&snapshot.faults), @r#"
    cyclic-groups notes group-members: `s` contains itself; each is expanded once
    cyclic-groups notes group-members: `x` contains `y`, which contains `z`, which contains `x`; each is expanded once
    "#);
    insta::assert_snapshot!(told_assignments(&snapshot), @"a e [Inherited z] [Inherited z>y>x]");
}

#[test]
fn a_very_deep_nesting_is_walked() {
    let depth = 100_000;
    let mut members = String::from("group_id,member_id,member_type\ng0,a,identity\n");
    for level in 1..depth {
        members.push_str(&format!("g{level},g{},group\n", level - 1));
    }
    let snapshot = Fixture::new()
        .file("identities.csv", "identity_id\na\n")
        .file("group-members.csv", members)
        .file("group-grants.csv", format!("group_id,entitlement_id\ng{},e\n", depth - 1))
        .read();
    assert_eq!(told(&snapshot.faults), "");
    let path = snapshot.assignments.path(snapshot.assignments.grants(0)[0].path);
    assert_eq!((path.len(), path[0].as_str(), path[64].as_str()), (65, "g0", "g99999"));
    assert_eq!(path[32], "… 99936 groups …");
}

/// Of a long path both ends are kept, whatever its length.
#[test]
fn long_paths_are_shortened_in_the_middle() {
    let depth = 100;
    let mut members = String::from("group_id,member_id,member_type\ng100,a,identity\n");
    let mut grants = String::from("group_id,entitlement_id\n");
    for level in 0..depth {
        members.push_str(&format!("g{},g{},group\n", 101 + level, 100 + level));
        grants.push_str(&format!("g{0},e{0}\n", 100 + level));
    }
    let snapshot = Fixture::new()
        .file("identities.csv", "identity_id\na\n")
        .file("group-members.csv", members)
        .file("group-grants.csv", grants)
        .read();
    assert_eq!(snapshot.assignments.len(), depth);
    for level in 0..depth {
        let whole: Vec<String> = (0..=level).map(|level| format!("g{}", 100 + level)).collect();
        let expected = match whole.len().checked_sub(64) {
            Some(skipped @ 1..) => [&whole[..32], &[format!("… {skipped} groups …")], &whole[32 + skipped..]].concat(),
            _ => whole,
        };
        assert_eq!(snapshot.assignments.path(snapshot.assignments.grants(level)[0].path), expected);
    }
}

#[test]
fn members_that_no_table_knows() {
    let snapshot = Fixture::new()
        .file("identities.csv", "identity_id\na\nb\n")
        .file("groups.csv", "group_id\ng\na\n")
        .file(
            "group-members.csv",
            "group_id,member_id,member_type\ng,a,\ng,zed,\ng,b,user\nh,b,identity\ng,b,robot\ng,b,account\n,b,\n",
        )
        .read();
    insta::assert_snapshot!(told(&snapshot.faults), @r#"
    bad-value stops group-members.csv:2 (member_type): `a` is an id of more than one table: say which in `member_type`
    dangling-reference stops group-members.csv:3 (member_id): expected a known identity, account or group, found `zed`, which no row defines
    dangling-reference stops group-members.csv:5 (group_id): expected a known group, found `h`, which no row defines
    bad-value stops group-members.csv:6 (member_type): expected `identity`, `account` or `group`, found `robot`
    dangling-reference stops group-members.csv:7 (member_id): expected a known account, found `b`, which no row defines
    empty-key stops group-members.csv:8 (group_id): expected a value for `group_id`, found an empty field
    "#);
}

/// Every way by walking all simple paths, and keeping the shortest, then the first.
fn slowly(groups: usize, nested: &[(usize, usize)], members: &[(usize, usize)], grants: &[usize]) -> Ways {
    fn walk(at: usize, path: &mut Vec<usize>, nested: &[(usize, usize)], found: &mut Vec<Vec<usize>>) {
        if path.contains(&at) {
            return;
        }
        path.push(at);
        found.push(path.clone());
        for &(group, _) in nested.iter().filter(|(_, member)| *member == at) {
            walk(group, path, nested, found);
        }
        path.pop();
    }
    let mut ways = Ways::new();
    for identity in 0..IDENTITIES {
        let mut found = Vec::new();
        for group in (0..groups).filter(|&group| members.contains(&(group, identity))) {
            walk(group, &mut Vec::new(), nested, &mut found);
        }
        for &granting in grants {
            let to = found.iter().filter(|path| path.last() == Some(&granting));
            if let Some(path) = to.min_by_key(|path| (path.len(), path.to_vec())) {
                ways.insert((identity, granting), path.clone());
            }
        }
    }
    ways
}

type Ways = BTreeMap<(usize, usize), Vec<usize>>;
const IDENTITIES: usize = 3;

/// What was expanded; every group grants an entitlement of its own.
fn quickly(snapshot: &Snapshot) -> Ways {
    let mut ways = Ways::new();
    let number = |name: &str| name[1..].parse::<usize>().unwrap();
    for identity in snapshot.identities.iter() {
        for (assignment, &held) in snapshot.assignments.of(identity).zip(snapshot.assignments.held(identity)) {
            let [grant] = snapshot.assignments.grants(assignment) else { panic!("one way per granting group") };
            assert_eq!(grant.origin, Origin::Inherited);
            let path = snapshot.assignments.path(grant.path).iter().map(|name| number(name)).collect();
            let key = (number(snapshot.identities.name(identity)), number(snapshot.entitlements.name(held)));
            ways.insert(key, path);
        }
    }
    ways
}

proptest! {
    #[test]
    fn expansion_is_that_of_all_paths(
        nested in prop::collection::btree_set((0..6_usize, 0..6_usize), 0..14),
        members in prop::collection::btree_set((0..6_usize, 0..IDENTITIES), 0..8),
        grants in prop::collection::btree_set(0..6_usize, 0..6),
    ) {
        let rows = |pairs: &BTreeSet<(usize, usize)>, letter: char, kind: &str| -> String {
            pairs.iter().map(|(group, member)| format!("g{group},{letter}{member},{kind}\n")).collect()
        };
        let snapshot = Fixture::new()
            .file("identities.csv", "identity_id\ni0\ni1\ni2\n")
            .file("groups.csv", "group_id\ng0\ng1\ng2\ng3\ng4\ng5\n")
            .file("group-members.csv", format!(
                "group_id,member_id,member_type\n{}{}", rows(&nested, 'g', "group"), rows(&members, 'i', "identity")
            ))
            .file("group-grants.csv", format!(
                "group_id,entitlement_id\n{}", grants.iter().map(|g| format!("g{g},e{g}\n")).collect::<String>()
            ))
            .read();
        let list = |set: &BTreeSet<(usize, usize)>| set.iter().copied().collect::<Vec<_>>();
        let grants: Vec<usize> = grants.iter().copied().collect();
        prop_assert_eq!(quickly(&snapshot), slowly(6, &list(&nested), &list(&members), &grants));
    }
}
