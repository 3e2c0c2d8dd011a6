use adit_snapshots::Snapshot;
use proptest::prelude::*;

use super::*;
use crate::{
    compile::compile,
    spec::{Percent, Spec},
    testing::{TODAY, acme, mining, snapshot, spec},
};

fn derived(spec: &Spec, data: &Snapshot) -> Derivation {
    derive(&compile(spec, data, &[], TODAY, &()).unwrap())
}

#[test]
fn a_small_derivation_in_full() {
    let (data, spec) = acme();
    let (derivation, text) = written(&compile(&spec, &data, &[], TODAY, &()).unwrap());
    assert_eq!(derivation.to_bytes(), text);
    insta::assert_snapshot!(String::from_utf8(text).unwrap());
}

#[test]
fn it_reads_back_as_itself_and_notices_a_change() {
    let (data, spec) = acme();
    let derivation = derived(&spec, &data);
    let bytes = derivation.to_bytes();
    assert_eq!(Derivation::parse(&bytes).unwrap(), derivation);
    assert_eq!(Derivation::parse(&bytes).unwrap().to_bytes(), bytes);

    let text = String::from_utf8(bytes).unwrap();
    let error = |text: &str| Derivation::parse(text.as_bytes()).unwrap_err().to_string();
    assert!(
        error(&text.replacen("\"held\": 4", "\"held\": 3", 1))
            .starts_with("the derivation was changed after it was written")
    );
    assert!(
        error(&text.replace("\"digest\": \"sha256", "\"digest\": \"md5"))
            .starts_with("not a derivation: expected `sha256:`")
    );
    assert_eq!(
        error(&text.replace("adit.derivation/1", "adit.derivation/2")),
        "expected a document with schema `adit.derivation/1`, found `adit.derivation/2`"
    );
    assert!(error("{").starts_with("not a derivation: "));
    assert!(error("").starts_with("not a derivation: "));
    assert!(error(&text.replacen("\"edition\"", "\"extra\": 1,\n  \"edition\"", 1)).contains("unknown field `extra`"));
}

#[test]
fn no_identity_is_named() {
    let (data, spec) = acme();
    let text = String::from_utf8(derived(&spec, &data).to_bytes()).unwrap();
    for id in data.identities.ids.iter() {
        assert!(!text.contains(&format!("\"{id}\"")), "{id}");
    }
    assert!(!text.contains("@acme.example"));
}

#[test]
fn the_first_difference_is_named_by_stage_and_object() {
    let (data, spec) = acme();
    let recorded = derived(&spec, &data);
    assert_eq!(Derivation::first_difference(&recorded, &recorded.clone()), None);

    let mut report = String::new();
    let mut compare = |what: &str, fresh: &Derivation| {
        let difference = Derivation::first_difference(&recorded, fresh).unwrap();
        let differing: Vec<String> = recorded
            .stages
            .iter()
            .zip(&fresh.stages)
            .filter(|(old, new)| old != new)
            .map(|(old, _)| old.stage.to_string())
            .collect();
        report += &format!("{what}: {difference}\n  stages that differ: {}\n", differing.join(", "));
    };
    let changed = |change: fn(&mut Spec)| {
        let mut spec = spec.clone();
        change(&mut spec);
        derived(&spec, &data)
    };
    compare("spec text", &changed(|spec| spec.files[0].digest = Digest::of(b"other")));
    let mut other = data.clone();
    other.digest.tables.insert("assignments".into(), Digest::of(b"other"));
    compare("data", &derived(&spec, &other));
    compare("scope", &changed(|spec| spec.minings[0].scope.except_assignments.clear()));
    compare("cut-off", &changed(|spec| spec.minings[0].cutoff.primary = Percent::WHOLE));
    compare("description", &changed(|spec| spec.minings[0].describe = None));
    compare("declared role", &changed(|spec| spec.roles[0].condition = None));
    compare("expectation", &changed(|spec| spec.expectations[0].given[1].1 = "Head".into()));
    compare("another day", &derive(&compile(&spec, &data, &[], TODAY.tomorrow().unwrap(), &()).unwrap()));

    let tampered = |change: fn(&mut Derivation)| {
        let mut other = recorded.clone();
        change(&mut other);
        other
    };
    compare("clusters", &tampered(|d| d.populations[0].clustering.clusters += 1));
    compare("members", &tampered(|d| d.roles[0].members.identities[0] += 1));
    compare("a role less", &tampered(|d| drop(d.roles.pop())));
    compare(
        "a role more",
        &tampered(|d| {
            let more = RoleRecord { handle: "finance/9".into(), ..d.roles[0].clone() };
            d.roles.push(more);
        }),
    );
    compare("measures", &tampered(|d| d.populations[0].measures.roles += 1));
    compare("digest", &tampered(|d| d.digest = None));
    // Every addition to the document changes it; that is no news.
    let own = recorded.digest.map(|digest| digest.to_string()).unwrap();
    let report = report.replace(&own, "its own");
    insta::assert_snapshot!(report, @r#"
    spec text: first difference at stage `spec`, file `policy/acme.adit`: recorded `sha256:822b33ad87c148a0a20a5ba7cd5ebcaa68d36a18e7aad165554903f52ca82757`, now `sha256:d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa`
      stages that differ: spec
    data: first difference at stage `snapshot`, table `assignments`: recorded `sha256:837763a99916cae9f4d2cd55d295f547c0d7bb47dd7e31e208c7ec297943313c`, now `sha256:d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa`
      stages that differ: snapshot
    scope: first difference at stage `select`, population `finance`: parameters: recorded `…= \"Finance\"","scope":["exclude assignments where exception"],"minable":[],"guided_by":[],"neve…`, now `…= \"Finance\"","scope":[],"minable":[],"guided_by":[],"never_by":[],"ignore_fewer_than":0,"ignor…`
      stages that differ: select, mine, cut, describe, measure, expect
    cut-off: first difference at stage `select`, population `finance`: parameters: recorded `…00},"cutoff":{"primary":8000,"secondary":4000,"min_members":2,"max_overlap":5000,"max_roles":nul…`, now `…00},"cutoff":{"primary":10000,"secondary":4000,"min_members":2,"max_overlap":5000,"max_roles":nu…`
      stages that differ: select, cut, describe, measure
    description: first difference at stage `select`, population `finance`: parameters: recorded `…grant":null},"describe":{"by":["department","title"],"confidence":9000,"min_members":2,"max_clau…`, now `…grant":null},"describe":null}`
      stages that differ: select, describe, measure, expect
    declared role: first difference at stage `cut`, role `seller`: entitlements: recorded `…r\"","ordinal":0,"held":2,"of":2,"margin":null}]`, now `…r\"","ordinal":0,"held":0,"of":0,"margin":null}]`
      stages that differ: cut, describe, expect
    expectation: first difference at stage `expect`, expectation 1 `clerks post invoices`: recorded `null`, now `"none of the 2 roles that grant `sap.tcode \"FB60\"` takes the given identity in"`
      stages that differ: expect
    another day: first difference at stage `document`, as-of date: recorded `2026-11-01`, now `2026-11-02`
      stages that differ: 
    clusters: first difference at stage `mine`, population `finance`: clusters: recorded `[3,"sha256:4cc76cfebe2061d89eba42eb52b409a067a0cb801995eb042ce0bc9cfb120d25",null]`, now `[4,"sha256:4cc76cfebe2061d89eba42eb52b409a067a0cb801995eb042ce0bc9cfb120d25",null]`
      stages that differ: 
    members: first difference at stage `cut`, role `finance/1`: list of members: recorded `sha256:cf97adeedb59e05bfd73a2b4c2a8885708c4f4f70c84c64b27120e72ab733b72`, now `sha256:6f437f03c638a2aeedf687aefc79020b022eed97f48cab6a6063e98a07bfc082`
      stages that differ: 
    a role less: first difference at stage `cut`, role `seller`: id: recorded `r-245aeb0e4c`, now nothing
      stages that differ: 
    a role more: first difference at stage `cut`, role `finance/9`: id: recorded nothing, now `r-ce1586202c`
      stages that differ: 
    measures: first difference at stage `measure`, population `finance`: recorded `{"roles":2,"user_assignments":4,"permission_assignments":3,"hierarchy_edges":1,"direct_assignmen…`, now `{"roles":3,"user_assignments":4,"permission_assignments":3,"hierarchy_edges":1,"direct_assignmen…`
      stages that differ: 
    digest: first difference at stage `document`, digest: recorded `"its own"`, now `null`
      stages that differ:
    "#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn permuted_rows_give_the_same_bytes(
        rows in prop::collection::vec(prop::collection::btree_set(0_u8..6, 0..5), 1..10),
        order in Just(()).prop_perturb(|(), mut rng| (0..10).map(|_| rng.next_u32()).collect::<Vec<u32>>()),
    ) {
        let mut lines: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(index, held)| {
                let held: Vec<String> = held.iter().map(|entitlement| format!("a.b:{entitlement}")).collect();
                format!("i{index} x={} : {}", index % 3, held.join(" "))
            })
            .collect();
        let spec = spec(mining("all"));
        let bytes = |lines: &[String]| {
            let mut data = snapshot(&lines.join("\n"));
            data.digest = adit_snapshots::SnapshotDigest::default();
            derived(&spec, &data).to_bytes()
        };
        let first = bytes(&lines);
        let mut keyed: Vec<(u32, String)> = order.into_iter().cycle().zip(lines.drain(..)).collect();
        keyed.sort();
        let lines: Vec<String> = keyed.into_iter().map(|(_, line)| line).collect();
        prop_assert_eq!(bytes(&lines), first);
    }
}
