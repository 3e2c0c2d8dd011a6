use super::*;
use crate::{
    derivation::derive,
    spec::{DeclaredRole, Strategy},
    testing::{TODAY, acme, entitlement, is, mining, snapshot, spec},
};

fn shown(compilation: &Compilation<'_>) -> String {
    let mut text = String::new();
    for role in &compilation.roles {
        let identities: Vec<&str> = role.members.iter().map(|&id| compilation.snapshot.identities.name(id)).collect();
        let grants: Vec<&str> =
            role.grants.iter().map(|grant| compilation.snapshot.entitlements.name(grant.entitlement)).collect();
        text += &format!("{} {}: {} -> {}", role.handle, role.id, identities.join(" "), grants.join(" "));
        if let Some(rule) = compilation.rule(role) {
            text += &format!(" | {rule}");
        }
        if !role.inherits.is_empty() || !role.over_grants.is_empty() {
            text += &format!(" | inherits {:?}, over-grants {}", role.inherits, role.over_grants.len());
        }
        text += "\n";
    }
    for (index, why) in &compilation.failed_expectations {
        text += &format!("expectation {index}: {why}\n");
    }
    text
}

#[test]
fn a_small_enterprise_end_to_end() {
    let (data, spec) = acme();
    let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
    insta::assert_snapshot!(shown(&compilation), @r#"
    finance/1 r-ce1586202c: f1 f2 f3 f4 -> sap.tcode:FB60 sap.tcode:FK03 | title == "Clerk"
    finance/1.secondary r-52f52bfc01: f2 f3 f4 -> sap.tcode:XK03 | inherits [0], over-grants 0
    services/1 r-02ea3b8731: svc1 svc2 -> crm.role:sync
    seller r-245aeb0e4c: s1 s2 -> crm.role:seller | department == "Sales"
    expectation 1: role `seller` grants `crm.role "seller"` to the given identity: `department == "Sales"`
    "#);
    let within: Vec<String> = compilation.roles.iter().map(|role| compilation.within(role).to_string()).collect();
    insta::assert_snapshot!(within.join("\n"), @r#"
    (id like "f*" or (id like "s?" and department == "Sales")) and department == "Finance"
    (id like "f*" or (id like "s?" and department == "Sales")) and department == "Finance"
    id like "svc*"
    everyone
    "#);
}

/// Whoever joins has used nothing yet: that keeps them out of the evidence, not out of the role.
#[test]
fn disuse_is_a_matter_of_evidence_and_not_of_membership() {
    let (mut data, mut spec) = acme();
    let usage = adit_snapshots::Source {
        table: "usage".into(),
        observed_from: Some(TODAY.saturating_sub(jiff::ToSpan::days(200))),
        ..adit_snapshots::Source::default()
    };
    data.manifest.sources.push(usage);
    let unused = Condition::UnusedFor { days: 90, span: adit_grammar::Span::default() };
    let head = is("title", "Head");
    let lines =
        [("exclude identities where unused for 90d", unused), ("exclude identities where title == \"Head\"", head)];
    spec.minings[0].scope.except_identities =
        lines.map(|(text, condition)| crate::testing::identities(&[0], text, condition, Some("why"))).to_vec();
    let everyone = data.identities.iter().map(|identity| adit_snapshots::UsageRecord {
        identity,
        entitlement: None,
        first: None,
        last: Some(TODAY),
        count: 1,
        window_days: None,
    });
    data.usage = Some(adit_snapshots::Usage { rows: everyone.collect() });
    let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
    let role = &compilation.roles[0];
    insta::assert_snapshot!(compilation.within(role), @r#"(id like "f*" or (id like "s?" and department == "Sales")) and department == "Finance" and not title == "Head""#);
    insta::assert_snapshot!(compilation.within_population(0), @r#"(id like "f*" or (id like "s?" and department == "Sales")) and department == "Finance" and not unused for 90d and not title == "Head""#);
}

#[test]
fn without_quality_everything_else_is_the_same() {
    let (data, spec) = acme();
    let mut all = derive(&compile(&spec, &data, &[], TODAY, &()).unwrap());
    let less = derive(&compile_to(Depth::Roles, &spec, &data, &[], TODAY, &()).unwrap());
    for population in &mut all.populations {
        assert!(population.quality.take().is_some());
    }
    assert_eq!((less.populations, less.roles), (all.populations, all.roles));
}

#[test]
fn handles_and_ids_do_not_depend_on_the_order_of_rows() {
    let text = "
        a x=1 : s.t:1 s.t:2 s.t:3
        b x=1 : s.t:1 s.t:2
        c x=2 : s.t:3 s.t:4
        d x=2 : s.t:3 s.t:4
        e x=3 : s.t:5
    ";
    let mut lines: Vec<&str> = text.lines().collect();
    let spec = spec(mining("all"));
    let bytes = |text: &str| {
        let mut data = snapshot(text);
        data.digest = adit_snapshots::SnapshotDigest::default();
        derive(&compile(&spec, &data, &[], TODAY, &()).unwrap()).to_bytes()
    };
    let first = bytes(text);
    for turn in 1..lines.len() {
        lines.rotate_left(turn);
        assert_eq!(bytes(&lines.join("\n")), first);
    }
}

#[test]
fn one_thread_and_many_give_the_same_bytes() {
    let (data, spec) = acme();
    let bytes = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| derive(&compile(&spec, &data, &[], TODAY, &()).unwrap()).to_bytes())
    };
    assert_eq!(bytes(1), bytes(8));
}

#[test]
fn who_inherits_a_declared_role_holds_it_even_in_a_circle() {
    let data = snapshot("a x=1 : s.t:1\n b x=2 : s.t:2\n c x=3 : s.t:1");
    let role = |name: &str, grant: &str, inherits: Vec<usize>, x: Option<&str>| DeclaredRole {
        name: name.into(),
        title: name.into(),
        owner: None,
        cites: vec![],
        grants: vec![entitlement(grant)],
        inherits,
        condition: x.map(|x| is("x", x)),
        span: adit_grammar::Span::default(),
    };
    let spec = Spec {
        roles: vec![
            role("bottom", "s.t:1", vec![1], Some("1")),
            role("middle", "s.t:2", vec![2], None),
            role("top", "s.t:1", vec![1], Some("2")),
        ],
        ..Spec::default()
    };
    let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
    insta::assert_snapshot!(shown(&compilation), @r#"
    bottom r-5d7ae41d01: a -> s.t:1 | x == "1" | inherits [1], over-grants 0
    middle r-e7d915a79f: a b -> s.t:2 | inherits [2], over-grants 1
    top r-5d7ae41d01: a b -> s.t:1 | x == "2" | inherits [1], over-grants 1
    "#);
    assert_eq!(compilation.effective_grants(0).len(), 2);
}

#[test]
fn a_cancelled_run_is_an_error() {
    struct Stop;
    impl Progress for Stop {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let (data, spec) = acme();
    let error = compile(&spec, &data, &[], TODAY, &Stop).unwrap_err();
    assert!(matches!(error, CompileError::Mine { error: MineError::Cancelled, .. }));
    let nothing = Spec::default();
    assert!(compile(&nothing, &data, &[], TODAY, &Stop).is_err());
}

#[test]
fn nothing_at_all_compiles_to_nothing() {
    let spec = spec(mining("all"));
    let data = adit_snapshots::Snapshot::default();
    let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
    assert!(compilation.roles.is_empty());
    assert_eq!(compilation.populations.len(), 1);
}

/// The worked example of REQUIREMENTS A3, over-grants included.
#[test]
fn the_worked_example_of_overlapping_entitlements() {
    let data = snapshot(
        "
        Iris   : a.b:dog a.b:cat a.b:goat
        Rose   : a.b:dog a.b:cat a.b:pig a.b:cow
        Cherry : a.b:horse a.b:cow a.b:sheep a.b:donkey
        Sun    : a.b:cat a.b:hamster
        Moon   : a.b:dog a.b:cow a.b:pig a.b:tiger a.b:zebra
        Tree   : a.b:dog a.b:cow a.b:pig a.b:panther a.b:sheep a.b:cougar a.b:bear
        ",
    );
    let filter = ["cat", "cow", "dog", "horse", "pig"].map(String::from).to_vec();
    let mut rsa = mining("rsa");
    rsa.strategy = Strategy::EntitlementOverlap(crate::spec::EntitlementOverlap::default());
    rsa.scope.entitlements = vec![crate::testing::line(
        "include entitlements where value in […]",
        crate::testing::test("value", adit_snapshots::AttributeType::Text, crate::spec::Test::In(filter)),
        None,
    )];
    rsa.cutoff.primary = crate::spec::Percent(0);
    let spec = spec(rsa);
    let compilation = compile(&spec, &data, &[], TODAY, &()).unwrap();
    let mut text = shown(&compilation);
    for role in &compilation.roles {
        for (identity, entitlement) in &role.over_grants {
            let (who, what) = (data.identities.name(*identity), data.entitlements.name(*entitlement));
            text += &format!("{} would get {what} by {}\n", who, role.handle);
        }
    }
    insta::assert_snapshot!(text, @"
    rsa/1 r-e467ebdbf8: Moon Rose -> a.b:cat a.b:cow a.b:dog a.b:pig a.b:tiger a.b:zebra | inherits [], over-grants 3
    rsa/2 r-972bc3f070: Iris Rose -> a.b:cat a.b:cow a.b:dog a.b:goat a.b:pig | inherits [], over-grants 3
    Moon would get a.b:cat by rsa/1
    Rose would get a.b:tiger by rsa/1
    Rose would get a.b:zebra by rsa/1
    Iris would get a.b:cow by rsa/2
    Iris would get a.b:pig by rsa/2
    Rose would get a.b:goat by rsa/2
    ");
}
