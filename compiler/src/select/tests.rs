use adit_grammar::Span;
use adit_snapshots::{AttributeType, EntitlementId, Snapshot};
use proptest::prelude::{Strategy as _, *};

use super::*;
use crate::{
    condition::Evaluator,
    spec::{Condition, Cover, EntitlementOverlap, KindName, Mining, Percent, Scope, Spec, Strategy, Test},
    testing::{class, entitlement, identities, is, line, mining, snapshot, test, texts},
};

fn like(pattern: &str) -> Condition {
    test("id", AttributeType::Text, Test::Like(pattern.into()))
}

/// People, robots, and an account for emergencies; people and robots are separate, and the account from everything.
fn classed(mining: Mining) -> Spec {
    Spec {
        classes: vec![class("human", like("h*")), class("robot", like("r*")), class("break-glass", like("bg*"))],
        separated: vec![(0, 1), (0, 2), (1, 2)],
        minings: vec![mining],
        ..Spec::default()
    }
}

fn select(data: &Snapshot, spec: &Spec) -> Vec<Selection> {
    let evaluator = Evaluator::new(data);
    let classes = classify(spec, &evaluator).unwrap();
    populations(spec, &spec.minings[0], &classes, &evaluator).unwrap()
}

/// Who has what, and what was left out, to be read.
fn report(data: &Snapshot, selections: &[Selection]) -> String {
    let mut text = String::new();
    for Selection { name, matrix, excluded, .. } in selections {
        text += &format!("{name}\n");
        for (row, &identity) in matrix.identities.iter().enumerate() {
            let held: Vec<&str> = matrix
                .row(row)
                .iter()
                .map(|&column| data.entitlements.name(matrix.entitlements[column as usize]))
                .collect();
            text += &format!("  {}: {}\n", data.identities.name(identity), held.join(" "));
        }
        for Excluded { what, because, identities, entitlements, assignments } in excluded {
            let because = because.as_ref().map(|because| format!(" ({because})")).unwrap_or_default();
            text += &format!(
                "  - {what}{because}: {identities} identities, {entitlements} entitlements, {assignments} assignments\n"
            );
        }
    }
    text
}

const DATA: &str = "
    bg1 : sap.tcode:F110 sap.tcode:SU01
    h1 department=Finance status=active   : sap.tcode:F110 sap.tcode:FB60 sap.tcode:SU01 jira.group:dev
    h2 department=Finance status=active   : sap.tcode:F110 sap.tcode:FB60! jira.group:dev!
    h3 department=Finance status=inactive : sap.tcode:F110
    h4 department=Sales status=active     : crm.role:seller sap.tcode:F110
    h5 department=Finance status=active
    r1 : sap.tcode:F110 sap.rfc:X
    r2 : sap.rfc:X
";

#[test]
fn every_exclusion_is_counted_once_at_the_first_line_that_makes_it() {
    let data = snapshot(DATA);
    let kind = |attribute: &str| KindName { application: "sap".into(), attribute: attribute.into() };
    let spec = classed(Mining {
        scope: Scope {
            identities: vec![identities(
                &[0],
                "include identities human where department == \"Finance\"",
                is("department", "Finance"),
                None,
            )],
            except_identities: vec![identities(
                &[],
                "exclude identities where status == \"inactive\"",
                is("status", "inactive"),
                Some("gone"),
            )],
            entitlements: vec![],
            except_entitlements: vec![
                line("exclude entitlements where value == \"SU01\"", is("value", "SU01"), Some("PAM only")),
                line("exclude entitlements where value == \"ZZ\"", is("value", "ZZ"), Some("retired")),
            ],
            except_assignments: vec![line(
                "exclude assignments where exception",
                test("exception", AttributeType::Boolean, Test::True),
                Some("reviewed, never mined"),
            )],
        },
        minable: vec![kind("tcode")],
        ..mining("finance")
    });
    insta::assert_snapshot!(report(&data, &select(&data, &spec)), @r#"
    finance
      h1: sap.tcode:F110 sap.tcode:FB60
      h2: sap.tcode:F110
      h5: 
      - never mined: break-glass: 1 identities, 0 entitlements, 2 assignments
      - not included: 3 identities, 0 entitlements, 5 assignments
      - exclude identities where status == "inactive" (gone): 1 identities, 0 entitlements, 1 assignments
      - exclude entitlements where value == "SU01" (PAM only): 0 identities, 1 entitlements, 1 assignments
      - exclude entitlements where value == "ZZ" (retired): 0 identities, 0 entitlements, 0 assignments
      - not minable: 0 identities, 3 entitlements, 2 assignments
      - exclude assignments where exception (reviewed, never mined): 0 identities, 0 entitlements, 1 assignments
    "#);
}

#[test]
fn classes_are_mined_apart_and_break_glass_never() {
    let data = snapshot(DATA);
    insta::assert_snapshot!(report(&data, &select(&data, &classed(mining("all")))), @"
    all (human)
      h1: jira.group:dev sap.tcode:F110 sap.tcode:FB60 sap.tcode:SU01
      h2: jira.group:dev sap.tcode:F110 sap.tcode:FB60
      h3: sap.tcode:F110
      h4: crm.role:seller sap.tcode:F110
      h5: 
      - never mined: break-glass: 1 identities, 0 entitlements, 2 assignments
      - mined apart: of a separate class: 2 identities, 0 entitlements, 3 assignments
    all (robot)
      r1: sap.rfc:X sap.tcode:F110
      r2: sap.rfc:X
      - never mined: break-glass: 1 identities, 0 entitlements, 2 assignments
      - mined apart: of a separate class: 5 identities, 0 entitlements, 10 assignments
    ");
}

#[test]
fn nobody_in_scope_is_a_population_that_says_why() {
    let data = snapshot(DATA);
    let nobody = identities(&[1], "include identities robot where false", Condition::Any(vec![]), None);
    let spec = classed(Mining { scope: Scope { identities: vec![nobody], ..Scope::default() }, ..mining("robots") });
    insta::assert_snapshot!(report(&data, &select(&data, &spec)), @"
    robots
      - never mined: break-glass: 1 identities, 0 entitlements, 2 assignments
      - not included: 7 identities, 0 entitlements, 13 assignments
    ");
}

#[test]
fn rare_and_common_entitlements_are_left_out_by_count() {
    let data = snapshot(DATA);
    let spec = Spec {
        minings: vec![Mining { ignore_fewer_than: 2, ignore_more_than: Some(Percent(2_500)), ..mining("all") }],
        ..Spec::default()
    };
    // Of eight: F110 has six holders, FB60, X, SU01 and dev two each (exactly a quarter: not more), seller one.
    insta::assert_snapshot!(report(&data, &select(&data, &spec)), @"
    all
      bg1: sap.tcode:SU01
      h1: jira.group:dev sap.tcode:FB60 sap.tcode:SU01
      h2: jira.group:dev sap.tcode:FB60
      h3: 
      h4: 
      h5: 
      r1: sap.rfc:X
      r2: sap.rfc:X
      - held by fewer than 2 identities: 0 identities, 1 entitlements, 1 assignments
      - held by more than 25% of identities: 0 identities, 1 entitlements, 6 assignments
    ");
}

#[test]
fn a_strategy_that_filters_keeps_everything_held_but_what_is_excluded() {
    let data = snapshot(DATA);
    let spec = classed(Mining {
        scope: Scope {
            identities: vec![identities(&[0], "include identities human", Condition::Always, None)],
            entitlements: vec![line(
                "include entitlements where application == \"sap\"",
                is("application", "sap"),
                None,
            )],
            except_entitlements: vec![line(
                "exclude entitlements where value == \"SU01\"",
                is("value", "SU01"),
                Some("PAM"),
            )],
            ..Scope::default()
        },
        strategy: Strategy::EntitlementOverlap(EntitlementOverlap::default()),
        ..mining("overlap")
    });
    let selections = select(&data, &spec);
    insta::assert_snapshot!(report(&data, &selections), @r#"
    overlap
      h1: jira.group:dev sap.tcode:F110 sap.tcode:FB60
      h2: jira.group:dev sap.tcode:F110 sap.tcode:FB60
      h3: sap.tcode:F110
      h4: crm.role:seller sap.tcode:F110
      h5: 
      - never mined: break-glass: 1 identities, 0 entitlements, 2 assignments
      - not included: 2 identities, 0 entitlements, 3 assignments
      - exclude entitlements where value == "SU01" (PAM): 0 identities, 1 entitlements, 1 assignments
    "#);
    let common: Vec<&str> = selections[0]
        .filter
        .as_ref()
        .unwrap()
        .iter()
        .map(|&column| data.entitlements.name(selections[0].matrix.entitlements[column as usize]))
        .collect();
    assert_eq!(common, ["sap.tcode:F110", "sap.tcode:FB60"]);
}

#[test]
fn every_identity_needs_one_class_and_one_only() {
    let data = snapshot(DATA);
    let evaluator = Evaluator::new(&data);
    let error = |classes| classify(&Spec { classes, ..Spec::default() }, &evaluator).unwrap_err().to_string();
    assert_eq!(
        error(vec![class("human", like("h*")), class("robot", like("r1"))]),
        "2 identities are in no identity class"
    );
    assert_eq!(
        error(vec![class("human", like("h*")), class("robot", like("r*")), class("odd", like("*1"))]),
        "1 identities are in both `human` and `odd`"
    );
    assert_eq!(classify(&Spec::default(), &evaluator).unwrap().0, [0; 8]);
}

#[test]
fn only_classes_with_the_same_lines_around_them_are_mined_together() {
    let classes = ["human", "service", "workload", "agent", "shared", "break-glass"];
    let spec = Spec {
        classes: classes.iter().map(|name| class(name, Condition::Always)).collect(),
        separated: vec![(0, 1), (0, 2), (0, 3), (0, 5), (1, 5), (2, 5), (3, 5), (4, 5)],
        ..Spec::default()
    };
    assert_eq!(mined_together(&spec, &[0, 1, 2, 3, 4]), [vec![0], vec![1, 2, 3], vec![4]]);
    // Nothing parts `shared` from `human` where no third class is in play.
    assert_eq!(mined_together(&spec, &[0, 4]), [vec![0, 4]]);
    assert_eq!(mined_together(&spec, &[]), Vec::<Vec<usize>>::new());
}

#[test]
fn entitlements_are_found_by_name_and_told_by_it() {
    let data = snapshot(DATA);
    let index = EntitlementIndex::new(&data);
    for name in ["sap.tcode:F110", "sap.rfc:X", "sap.rfc:F110", "crm.role:seller", "crm.tcode:seller", "x.y:z"] {
        let wanted = data.entitlements.find(name);
        assert_eq!(index.lookup(&entitlement(name)), wanted);
        if let Some(found) = wanted {
            assert_eq!(label(&data, found), crate::condition::entitlement_text(&entitlement(name)));
        }
    }
}

/// What is told can be written in a spec as it stands: what is no name is quoted, and quotes are escaped.
#[test]
fn what_an_entitlement_is_called_can_be_written_in_a_spec() {
    let mut data = snapshot("a : sap.tcode:F110");
    data.entitlements.application = texts(&[Some("AWS prod")]);
    data.entitlements.value = texts(&[Some("say \"yes\"")]);
    let told = label(&data, EntitlementId(0));
    assert_eq!(told, r#""AWS prod".tcode "say \"yes\"""#);
    let parsed = adit_grammar::parse(adit_grammar::FileId(0), &format!("edition 2026\nset a = [ {told} ]"));
    assert_eq!(parsed.errors, []);
}

#[test]
fn what_the_snapshot_lacks_stops_the_selection() {
    let data = snapshot(DATA);
    let evaluator = Evaluator::new(&data);
    let lacking = line("exclude entitlements where tier == \"0\"", is("tier", "0"), Some("no"));
    let spec = Spec {
        minings: vec![Mining {
            scope: Scope { except_entitlements: vec![lacking], ..Scope::default() },
            ..mining("m")
        }],
        ..Spec::default()
    };
    let classes = classify(&spec, &evaluator).unwrap();
    let error = populations(&spec, &spec.minings[0], &classes, &evaluator).unwrap_err();
    assert!(matches!(error, SelectError::NotDecidable { span, .. } if span == Span::default()));
    assert_eq!(error.to_string(), "`tier` cannot be tested: in this snapshot entitlements have no such column");
}

/// Rows of a snapshot: class, department and entitlements of each identity.
fn any_rows() -> impl proptest::strategy::Strategy<Value = Vec<(u8, u8, Vec<u8>)>> {
    prop::collection::vec((0_u8..4, 0_u8..3, prop::collection::vec(0_u8..8, 0..6)), 1..24)
}

fn written(rows: &[(u8, u8, Vec<u8>)]) -> String {
    let mut text = String::new();
    for (index, (class, department, held)) in rows.iter().enumerate() {
        let mut held = held.clone();
        held.sort();
        held.dedup();
        let held: Vec<String> = held
            .iter()
            .map(|e| format!("app{}.kind:{e}{}", e % 2, if (index + *e as usize).is_multiple_of(5) { "!" } else { "" }))
            .collect();
        text += &format!(
            "{}{index} department=d{department} : {}\n",
            ["h", "r", "s", "b"][*class as usize],
            held.join(" ")
        );
    }
    text
}

fn any_mining() -> impl proptest::strategy::Strategy<Value = Mining> {
    (any::<[bool; 5]>(), 0_u32..4, prop::option::of(0_u32..10_000), any::<bool>()).prop_map(
        |(lines, fewer, more, overlap)| {
            fn when<T>(wanted: bool, value: T) -> Vec<T> {
                if wanted { vec![value] } else { vec![] }
            }
            Mining {
                scope: Scope {
                    identities: when(
                        lines[0],
                        identities(&[0, 1], "i", Condition::Not(Box::new(is("department", "d2"))), None),
                    ),
                    except_identities: when(lines[1], identities(&[0], "xi", is("department", "d1"), Some("r"))),
                    entitlements: when(lines[2], line("e", is("application", "app0"), None)),
                    except_entitlements: when(lines[3], line("xe", is("value", "4"), Some("r"))),
                    except_assignments: when(lines[4], line("xa", Condition::Always, Some("r"))),
                },
                ignore_fewer_than: fewer,
                ignore_more_than: more.map(Percent),
                strategy: match overlap {
                    true => Strategy::EntitlementOverlap(EntitlementOverlap::default()),
                    false => Strategy::Cover(Cover { max_nodes: 1, deviation: None }),
                },
                ..mining("m")
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn what_is_in_and_what_is_out_are_together_all_there_is(
        rows in any_rows(),
        mining in any_mining(),
        lines in prop::collection::btree_set((0_usize..4, 0_usize..4), 0..6),
    ) {
        let data = snapshot(&written(&rows));
        let mut spec = Spec {
            classes: vec![
                class("human", like("h*")), class("robot", like("r*")), class("shared", like("s*")), class("break-glass", like("b*")),
            ],
            separated: lines.into_iter().filter(|(a, b)| a < b).collect(),
            minings: vec![mining],
            ..Spec::default()
        };
        spec.separated.sort();
        let mut mined = Vec::new();
        for selection in select(&data, &spec) {
            let matrix = &selection.matrix;
            let out = |count: fn(&Excluded) -> u64| selection.excluded.iter().map(count).sum::<u64>();
            prop_assert_eq!(matrix.assignments() as u64 + out(|e| e.assignments), data.assignments.len() as u64);
            prop_assert_eq!(matrix.height() as u64 + out(|e| e.identities), data.identities.len() as u64);
            let unheld = data.entitlements.len() as u64 - out(|e| e.entitlements);
            prop_assert!(matrix.width() as u64 <= unheld);
            for (row, identity) in matrix.identities.iter().enumerate() {
                let name = data.identities.name(*identity);
                prop_assert!(!name.starts_with('b'));
                let class = ["h", "r", "s"].iter().position(|letter| name.starts_with(letter)).unwrap();
                prop_assert!(selection.classes.contains(&class));
                for &column in matrix.row(row) {
                    prop_assert!(data.assignments.find(*identity, matrix.entitlements[column as usize]).is_some());
                }
            }
            for &a in &selection.classes {
                for &b in &selection.classes {
                    prop_assert!(!spec.separated.contains(&(a, b)));
                }
            }
            mined.extend(matrix.identities.iter().copied());
        }
        let before = mined.len();
        mined.sort();
        mined.dedup();
        prop_assert_eq!(before, mined.len());
    }
}
