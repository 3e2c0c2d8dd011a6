use adit_snapshots::{EntitlementId, ExistingRole, IdentityId, Snapshot};
use proptest::prelude::*;

use crate::{
    approval::ApprovalState,
    compile::{Compilation, CompileError, compile},
    derivation::{Derivation, derive},
    roles::Granted,
    spec::{Condition, ExistingRoles, Mining, NamedRole, Percent, Provisioned, Spec, Strategy},
    testing::{TODAY, id, identities, is, line, mining, provision, snapshot},
};

/// Eight people of finance, one of whom is away, and a robot; the roles `clerk` (inherits `reader`) and `reader`.
fn data() -> Snapshot {
    let mut data = snapshot(
        "
        f1 unit=Finance          : sap.t:enter sap.t:read bi.g:finance
        f2 unit=Finance          : sap.t:enter sap.t:read bi.g:finance
        f3 unit=Finance          : sap.t:enter sap.t:read bi.g:finance
        f4 unit=Finance          : sap.t:enter sap.t:read bi.g:finance sap.t:old
        f5 unit=Finance          : sap.t:enter sap.t:read
        f6 unit=Finance          : sap.t:read sap.t:show
        f7 unit=Finance          : sap.t:read sap.t:show
        f8 unit=Away             : sap.t:read
        robot                    : sap.t:read vpn.g:gone
        ",
    );
    let role = |id: &str, members: &[&str], grants: &[&str], inherits: Vec<usize>| ExistingRole {
        id: id.into(),
        name: Some(format!("the {id}")),
        owner: None,
        entitlements: grants.iter().map(|grant| data.entitlements.find(grant).unwrap()).collect(),
        members: members.iter().map(|member| self::id(&data, member)).collect(),
        inherits,
    };
    let roles = vec![
        role("clerk", &["f1", "f2", "f3", "f4", "f5"], &["sap.t:enter", "sap.t:old", "vpn.g:gone"], vec![2]),
        role("nobody", &[], &["sap.t:old"], vec![]),
        role("reader", &["f6", "f7", "f8"], &["sap.t:read"], vec![]),
    ];
    data.roles = roles;
    data
}

fn from(roles: &[&str]) -> Mining {
    let roles = roles.iter().map(|name| NamedRole { name: (*name).into(), span: Default::default() }).collect();
    let mut mining = mining("again");
    mining.strategy = Strategy::ExistingRoles(ExistingRoles { roles });
    mining.cutoff.primary = Percent(8_000);
    mining
}

fn built(mining: Mining, data: &Snapshot) -> String {
    let spec = Spec { minings: vec![mining], ..Spec::default() };
    match compile(&spec, data, &[], TODAY, &()) {
        Ok(compilation) => shown(&compilation),
        Err(error) => error.to_string(),
    }
}

fn shown(compilation: &Compilation<'_>) -> String {
    let snapshot = compilation.snapshot;
    let granted = |granted: &Granted| {
        let margin = granted.margin.map(|margin| format!(" {margin:+}")).unwrap_or_default();
        format!("{} {}/{}{margin}", snapshot.entitlements.name(granted.entitlement), granted.held, granted.of)
    };
    let mut text = String::new();
    for (role, status) in compilation.roles.iter().zip(&compilation.statuses) {
        let change = role.change().unwrap();
        let added: Vec<_> = change.added.iter().map(|&it| snapshot.entitlements.name(it)).collect();
        text += &format!("{} {} for {}", role.handle, role.id, role.members.len());
        text += &format!(" ({} out of scope), {:?}\n", change.out_of_scope, status.state);
        text += &format!("  grants {}\n", role.grants.iter().map(granted).collect::<Vec<_>>().join(", "));
        text += &format!("  added {added:?}, dropped {:?}\n", change.dropped.iter().map(granted).collect::<Vec<_>>());
    }
    for population in &compilation.populations {
        for left in &population.left_alone {
            text += &format!("{} left alone: {}\n", snapshot.roles[left.role].id, left.why);
        }
    }
    text
}

#[test]
fn a_role_keeps_gains_and_loses() {
    // `clerk` need not gain what it inherits; that nobody holds `gone` any more tells as much as that few hold `old`. In the second line
    // of `reader` there is nothing to change: everyone has `read`.
    insta::assert_snapshot!(built(from(&[]), &data()), @r#"
    again/clerk clerk for 5 (0 out of scope), NotProvisioned
      grants bi.g:finance 4/5 +0, sap.t:enter 5/5 +2000
      added ["bi.g:finance"], dropped ["sap.t:old 1/5 -6000", "vpn.g:gone 0/5 -8000"]
    again/reader reader for 8 (0 out of scope), InForce
      grants sap.t:read 8/8 +2000
      added [], dropped []
    nobody left alone: nobody in scope holds it
    "#);
}

#[test]
fn a_scope_of_one_application_leaves_the_rest_as_it_is() {
    let mut extend = from(&["the clerk"]);
    extend.scope.entitlements =
        vec![line("include entitlements where application == \"bi\"", is("application", "bi"), None)];
    insta::assert_snapshot!(built(extend, &data()), @r#"
    again/clerk clerk for 5 (0 out of scope), NotProvisioned
      grants bi.g:finance 4/5 +0, sap.t:enter 5/5, sap.t:old 1/5, vpn.g:gone 0/5
      added ["bi.g:finance"], dropped []
    "#);
}

/// Everyone has what the role of everyone grants: no other role is to grant it again.
#[test]
fn what_other_roles_bring_is_not_gained() {
    let mut data = data();
    data.roles[0].inherits.clear();
    insta::assert_snapshot!(built(from(&["clerk"]), &data).lines().nth(2).unwrap(), @r#"  added ["bi.g:finance", "sap.t:read"], dropped ["sap.t:old 1/5 -6000", "vpn.g:gone 0/5 -8000"]"#);
    let everyone = data.roles[0].members.clone();
    data.roles[2].members.extend(everyone);
    data.roles[2].members.sort();
    insta::assert_snapshot!(built(from(&["clerk"]), &data).lines().nth(2).unwrap(), @r#"  added ["bi.g:finance"], dropped ["sap.t:old 1/5 -6000", "vpn.g:gone 0/5 -8000"]"#);
}

#[test]
fn members_out_of_scope_are_no_evidence_and_hold_the_role_all_the_same() {
    let mut finance = from(&["reader"]);
    finance.scope.identities =
        vec![identities(&[], "include identities where unit == \"Finance\"", is("unit", "Finance"), None)];
    insta::assert_snapshot!(built(finance, &data()), @"
    again/reader reader for 8 (1 out of scope), InForce
      grants sap.t:read 7/7 +2000
      added [], dropped []
    ");
}

#[test]
fn a_role_that_nobody_has_or_that_is_not_there_is_refused() {
    assert_eq!(built(from(&["clrek"]), &data()), "this snapshot has no role `clrek`");
    assert!(built(from(&["nobody"]), &data()).starts_with("nobody holds the role `nobody`"));
    let spec = Spec { minings: vec![from(&["clrek"])], ..Spec::default() };
    let data = data();
    let Err(CompileError::Select(crate::select::SelectError::Unknown { help, .. })) =
        compile(&spec, &data, &[], TODAY, &())
    else {
        panic!("a role that is not there")
    };
    assert_eq!(help, "did you mean `clerk`?");
    assert!(built(from(&[]), &Snapshot { roles: Vec::new(), ..data }).ends_with("and this snapshot has none"));
}

#[test]
fn a_role_across_the_line_is_left_as_it_is() {
    let mut data = data();
    let robot = id(&data, "robot");
    data.roles[2].members.push(robot);
    let class = |name: &str, condition| crate::testing::class(name, condition);
    let spec = Spec {
        classes: vec![class("human", Condition::Not(Box::new(is("id", "robot")))), class("machine", is("id", "robot"))],
        separated: vec![(0, 1)],
        minings: vec![from(&["reader"])],
        ..Spec::default()
    };
    let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
    insta::assert_snapshot!(shown(&compilation), @"
    reader left alone: its members are of classes that are mined apart; split it, or take one class into the scope
    reader left alone: its members are of classes that are mined apart; split it, or take one class into the scope
    ");
    assert_eq!(compilation.populations.len(), 2);
    assert_eq!(compilation.populations[0].measures.roles, 0);
}

/// Once a change is made, the role is in force as it is: an approval of its content goes on to hold, and without one nothing is asked for.
#[test]
fn a_change_that_was_made_leaves_nothing_to_sign() {
    let mut data = data();
    let spec = Spec {
        minings: vec![from(&["clerk"])],
        provisions: vec![provision(Provisioned::Mining(0))],
        ..Spec::default()
    };
    let before = compile(&spec, &data, &[], TODAY, &()).unwrap();
    assert!(matches!(before.statuses[0].state, ApprovalState::Pending { .. }));
    let (content, grants) = (before.statuses[0].content, before.roles[0].grants.clone());
    drop(before);
    data.roles[0].entitlements = grants.iter().map(|granted| granted.entitlement).collect();
    let after = compile(&spec, &data, &[], TODAY, &()).unwrap();
    assert!(after.roles[0].is_unchanged());
    assert_eq!((after.statuses[0].content, &after.statuses[0].state), (content, &ApprovalState::InForce));
    let (document, withheld) = crate::provision::provision(&after, Default::default(), &Default::default());
    assert!(document.roles.is_empty() && withheld.is_empty());
}

#[test]
fn the_record_tells_changes_apart() {
    let spec = Spec { minings: vec![from(&[])], ..Spec::default() };
    let (mut data, other) = (data(), data());
    let one = derive(&compile(&spec, &other, &[], TODAY, &()).unwrap());
    assert_eq!(Derivation::parse(&one.to_bytes()).unwrap(), one);
    // The access is the same and the role grants something less: the change is another, and the record says where.
    data.roles[0].entitlements.remove(0);
    let two = derive(&compile(&spec, &data, &[], TODAY, &()).unwrap());
    let difference = Derivation::first_difference(&one, &two).unwrap().to_string();
    assert!(difference.contains("role `again/clerk`: change"), "{difference}");
}

proptest! {
    /// What a role is to grant is what a plain count says; made and looked at again, nothing is left to change.
    #[test]
    fn discovery_agrees_with_counting_and_comes_to_rest(
        held in prop::collection::vec(prop::collection::btree_set(0_usize..5, 0..5), 3..12),
        roles in prop::collection::vec(
            (prop::collection::btree_set(0_usize..12, 1..8), prop::collection::btree_set(0_usize..5, 0..4)), 1..4),
        primary in 1_u32..=10_000,
    ) {
        let rows: Vec<String> = held
            .iter()
            .enumerate()
            .map(|(row, held)| format!("i{row:02} : {}", held.iter().map(|e| format!("a.b:e{e} ")).collect::<String>()))
            .collect();
        // Somebody who is in no role makes sure that every entitlement exists.
        let mut data = snapshot(&format!("{}\nx : a.b:e0 a.b:e1 a.b:e2 a.b:e3 a.b:e4", rows.join("\n")));
        let existing = |(place, (members, grants)): (usize, &(std::collections::BTreeSet<usize>, std::collections::BTreeSet<usize>))| ExistingRole {
            id: format!("r{place}"),
            members: members.iter().filter(|&&m| m < held.len()).map(|m| id(&data, &format!("i{m:02}"))).collect(),
            entitlements: grants.iter().map(|g| data.entitlements.find(&format!("a.b:e{g}")).unwrap()).collect(),
            ..ExistingRole::default()
        };
        data.roles = roles.iter().enumerate().map(existing).collect();
        let mut mining = from(&[]);
        mining.cutoff.primary = Percent(primary);
        let spec = Spec { minings: vec![mining], ..Spec::default() };
        let mut after = data.clone();
        let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
        let enough = |held: usize, of: usize| held > 0 && held as u64 * 10_000 >= u64::from(primary) * of as u64;
        let holds = |m: IdentityId, e| data.assignments.find(m, e).is_some();
        let support = |role: &ExistingRole, e| role.members.iter().filter(|&&m| holds(m, e)).count();
        // Who has what by a role that grants it today and goes on to; then by one that gains it, the widest first.
        let mut brought: std::collections::BTreeSet<(IdentityId, EntitlementId)> = Default::default();
        for role in &data.roles {
            for &e in role.entitlements.iter().filter(|&&e| role.members.len() < 2 || enough(support(role, e), role.members.len())) {
                brought.extend(role.members.iter().map(|&m| (m, e)));
            }
        }
        let mut order: Vec<usize> = (0..data.roles.len()).filter(|&role| data.roles[role].members.len() > 1).collect();
        order.sort_by_key(|&role| std::cmp::Reverse(data.roles[role].members.len()));
        for place in order {
            let existing = &data.roles[place];
            let of = existing.members.len();
            let would: Vec<EntitlementId> = data
                .entitlements
                .iter()
                .filter(|&e| {
                    let having = existing.members.iter().filter(|&&m| brought.contains(&(m, e))).count();
                    enough(support(existing, e), of) && (existing.entitlements.contains(&e) || !enough(having, of))
                })
                .collect();
            brought.extend(would.iter().flat_map(|&e| existing.members.iter().map(move |&m| (m, e))));
            let role = compilation.roles.iter().find(|role| role.change().unwrap().role == place);
            let grants: Vec<_> = role.iter().flat_map(|role| &role.grants).map(|granted| granted.entitlement).collect();
            prop_assert_eq!(&grants, &would);
            if role.is_some() {
                after.roles[place].entitlements = would;
            }
        }
        let again = compile(&spec, &after, &[], TODAY, &()).unwrap();
        prop_assert!(again.roles.iter().all(|role| role.is_unchanged()));
    }
}

/// `sap` and `bi` are judged by blocks of their own, each with its own cut-off.
fn two_blocks(first: &[&str], second: &[&str], application: &str) -> Vec<Mining> {
    let block = |name: &str, roles: &[&str], application: &str| {
        let mut mining = from(roles);
        mining.name = name.into();
        mining.scope.entitlements = vec![line("include entitlements", is("application", application), None)];
        mining
    };
    vec![block("bi-roles", first, application), block("sap-roles", second, "sap")]
}

fn of_all(minings: Vec<Mining>, data: &Snapshot) -> String {
    let spec = Spec { minings, ..Spec::default() };
    compile(&spec, data, &[], TODAY, &()).map_or_else(|error| error.to_string(), |compilation| shown(&compilation))
}

#[test]
fn what_two_blocks_say_of_different_entitlements_is_one_change() {
    insta::assert_snapshot!(of_all(two_blocks(&["clerk"], &["the clerk", "reader"], "bi"), &data()), @r#"
    bi-roles/clerk clerk for 5 (0 out of scope), NotProvisioned
      grants bi.g:finance 4/5 +0, sap.t:enter 5/5 +2000, vpn.g:gone 0/5
      added ["bi.g:finance"], dropped ["sap.t:old 1/5 -6000"]
    sap-roles/reader reader for 8 (0 out of scope), InForce
      grants sap.t:read 8/8 +2000
      added [], dropped []
    "#);
    // As one block that looks at both.
    let mut both = from(&["clerk", "reader"]);
    both.scope.entitlements = vec![
        line("include entitlements", is("application", "bi"), None),
        line("include entitlements", is("application", "sap"), None),
    ];
    let one = built(both, &data()).replace("again/clerk", "bi-roles/clerk").replace("again/reader", "sap-roles/reader");
    assert_eq!(of_all(two_blocks(&["clerk"], &["the clerk", "reader"], "bi"), &data()), one);
}

#[test]
fn what_two_blocks_say_of_the_same_entitlement_is_refused() {
    let found = of_all(two_blocks(&["clerk"], &["the clerk"], "sap"), &data());
    assert_eq!(found, "`bi-roles` and `sap-roles` both judge whether the role `clerk` is to grant `sap.t:enter`");
    // Every role among them.
    assert!(of_all(two_blocks(&[], &["reader"], "sap"), &data()).starts_with("`bi-roles` and `sap-roles` both judge"));
    // Nobody asks twice where each has its own roles.
    assert!(of_all(two_blocks(&["clerk"], &["reader"], "sap"), &data()).starts_with("bi-roles/clerk"));
}

#[test]
fn one_change_is_signed_by_the_same_people() {
    let asked = |owners: [&str; 2], provisioned: &[usize], primary: u32| {
        let mut minings = two_blocks(&["clerk"], &["clerk"], "bi");
        minings[0].cutoff.primary = Percent(primary);
        for (mining, owner) in minings.iter_mut().zip(owners) {
            mining.owner = Some(owner.into());
        }
        let provisions = provisioned.iter().map(|&of| provision(Provisioned::Mining(of))).collect();
        let spec = Spec { minings, provisions, ..Spec::default() };
        compile(&spec, &data(), &[], TODAY, &()).map(|built| built.roles.len()).map_err(|error| error.to_string())
    };
    assert_eq!(asked(["ada", "ada"], &[], 8_000), Ok(1));
    assert_eq!(asked(["ada", "ada"], &[0, 1], 8_000), Ok(1));
    let refused = Err(
        "`bi-roles` and `sap-roles` both change the role `clerk`, and not the same people answer for it".to_owned()
    );
    assert_eq!(asked(["ada", "ben"], &[], 8_000), refused);
    assert_eq!(asked(["ada", "ada"], &[1], 8_000), refused);
    // A block that has nothing to change asks nobody.
    assert_eq!(asked(["ada", "ben"], &[1], 9_000), Ok(1));
}
