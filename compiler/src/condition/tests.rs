use adit_grammar::Span;
use adit_snapshots::{
    Attribute, AttributeType, Column, ExceptionRecord, ExistingRole, Snapshot, Source, Usage, UsageRecord,
};
use jiff::civil::{Date, date};
use proptest::prelude::{Strategy as _, prop, prop_assert_eq, prop_oneof, proptest};

use super::*;
use crate::{
    spec::{Comparison, Number},
    testing::{entitlement, id, is, snapshot, test},
};

const PEOPLE: &str = "
    anna  department=Finance kind=employee tags=admin|vpn : sap.tcode:F110 sap.tcode:FB60
    ben   department=Finance kind=contractor tags=|        : sap.tcode:FB60! jira.group:dev^
    cleo  kind=employee                                     : jira.group:dev
";

fn names(snapshot: &Snapshot, condition: &Condition) -> Result<String, String> {
    let met = Evaluator::new(snapshot).identities(condition).map_err(explain)?;
    Ok(met.iter().map(|index| snapshot.identities.ids.get(index).unwrap()).collect::<Vec<_>>().join(" "))
}

fn entitlements(snapshot: &Snapshot, condition: &Condition) -> Result<String, String> {
    let met = Evaluator::new(snapshot).entitlements(condition).map_err(explain)?;
    Ok(met.iter().map(|index| snapshot.entitlements.ids.get(index).unwrap()).collect::<Vec<_>>().join(" "))
}

fn assignments(snapshot: &Snapshot, condition: &Condition) -> Result<Vec<usize>, String> {
    Evaluator::new(snapshot).assignments(condition).map(|met| met.iter().collect()).map_err(explain)
}

fn explain(error: SelectError) -> String {
    match error {
        SelectError::NotDecidable { message, help, .. } | SelectError::Unknown { message, help, .. } => {
            format!("{message}\n  help: {help}")
        }
        other => other.to_string(),
    }
}

fn text(attribute: &str, what: Test) -> Condition {
    test(attribute, AttributeType::Text, what)
}

#[test]
fn a_missing_value_meets_only_missing() {
    let data = snapshot(PEOPLE);
    assert_eq!(names(&data, &is("department", "Finance")).unwrap(), "anna ben");
    assert_eq!(names(&data, &text("department", Test::Like("*".into()))).unwrap(), "anna ben");
    assert_eq!(names(&data, &text("department", Test::Missing)).unwrap(), "cleo");
    assert_eq!(names(&data, &text("department", Test::In(vec![]))).unwrap(), "");
    let nobody = Condition::Not(Box::new(Condition::Any(vec![])));
    assert_eq!(names(&data, &nobody).unwrap(), "anna ben cleo");
}

#[test]
fn lists_ids_and_connectives() {
    let data = snapshot(PEOPLE);
    let has = |value: &str| test("tags", AttributeType::List, Test::Has(value.into()));
    assert_eq!(names(&data, &has("vpn")).unwrap(), "anna");
    assert_eq!(names(&data, &has("nothing")).unwrap(), "");
    assert_eq!(names(&data, &test("tags", AttributeType::List, Test::Missing)).unwrap(), "ben cleo");
    assert_eq!(names(&data, &text("id", Test::Like("?e*".into()))).unwrap(), "ben");
    assert_eq!(names(&data, &text("id", Test::In(vec!["anna".into(), "zoe".into()]))).unwrap(), "anna");
    let both = Condition::All(vec![is("kind", "employee"), Condition::Not(Box::new(is("department", "Finance")))]);
    assert_eq!(names(&data, &both).unwrap(), "cleo");
}

#[test]
fn holding_and_membership() {
    let mut data = snapshot(PEOPLE);
    assert_eq!(names(&data, &Condition::Holding(entitlement("sap.tcode:FB60"))).unwrap(), "anna ben");
    let application = |name: &str| Condition::HoldingApplication { application: name.into(), span: Span::default() };
    assert_eq!(names(&data, &application("jira")).unwrap(), "ben cleo");
    let role = |id: &str, members: &[&str], inherits: Vec<usize>| ExistingRole {
        id: id.into(),
        name: Some(id.to_uppercase()),
        members: members.iter().map(|member| self::id(&data, member)).collect(),
        inherits,
        ..ExistingRole::default()
    };
    // `a` inherits `b` inherits `c`, which inherits `a` again.
    data.roles = vec![
        role("a", &["anna"], vec![1]),
        role("b", &["ben"], vec![2]),
        role("c", &[], vec![0]),
        role("d", &["cleo"], vec![]),
    ];
    let members = |name: &str| Condition::MembersOfRole { role: name.into(), span: Span::default() };
    assert_eq!(names(&data, &members("b")).unwrap(), "anna ben");
    assert_eq!(names(&data, &members("D")).unwrap(), "cleo");
}

#[test]
fn what_cannot_be_decided_is_said_and_never_false() {
    let data = snapshot(PEOPLE);
    let application = |name: &str| Condition::HoldingApplication { application: name.into(), span: Span::default() };
    let members = |name: &str| Condition::MembersOfRole { role: name.into(), span: Span::default() };
    // Hidden behind a part that is false, and inside a negation.
    let hidden = Condition::All(vec![Condition::Any(vec![]), Condition::Not(Box::new(is("location", "Bonn")))]);
    let all: Vec<String> = [
        hidden,
        test("kind", AttributeType::Integer, Test::Compare(Comparison::Less, Number::Integer(3))),
        members("admins"),
        application("sapp"),
        application("mainframe"),
        Condition::Holding(entitlement("sap.tcode:F11O")),
        Condition::UnusedFor { days: 90, span: Span::default() },
    ]
    .iter()
    .map(|condition| names(&data, condition).unwrap_err())
    .collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    `location` cannot be tested: in this snapshot identities have no such column
      help: add a column `location` to the identities table, or take the test out of the condition
    `kind` cannot be tested: expected a whole number, found text in this snapshot
      help: make the test, the schema in snapshot.toml and the column agree
    this snapshot has no role `admins`
      help: compare it with the roles table; add that table if there is none
    this snapshot has no entitlement of application `sapp`
      help: did you mean `sap`?
    this snapshot has no entitlement of application `mainframe`
      help: compare it with the entitlements table
    this snapshot has no entitlement `sap.tcode "F11O"`
      help: did you mean `F110`?
    `unused for 90d` cannot be decided: this snapshot has no usage table
      help: add a `usage` source to snapshot.toml, or take the condition out
    "#);
}

#[test]
fn entitlements_by_their_own_columns() {
    let mut data = snapshot(PEOPLE);
    assert_eq!(entitlements(&data, &is("application", "sap")).unwrap(), "sap.tcode:F110 sap.tcode:FB60");
    assert_eq!(entitlements(&data, &text("value", Test::Like("F*".into()))).unwrap(), "sap.tcode:F110 sap.tcode:FB60");
    assert_eq!(entitlements(&data, &is("id", "jira.group:dev")).unwrap(), "jira.group:dev");
    let flag = |what| test("privileged", AttributeType::Boolean, what);
    assert!(entitlements(&data, &flag(Test::True)).unwrap_err().starts_with("`privileged` cannot be tested"));
    data.entitlements.attributes =
        vec![Attribute { name: "privileged".into(), column: Column::Boolean(vec![Some(false), Some(true), None]) }];
    assert_eq!(entitlements(&data, &flag(Test::True)).unwrap(), "sap.tcode:F110");
    assert_eq!(entitlements(&data, &flag(Test::Missing)).unwrap(), "sap.tcode:FB60");
    assert!(
        entitlements(&data, &Condition::Holding(entitlement("sap.tcode:F110")))
            .unwrap_err()
            .starts_with("only an identity")
    );
}

#[test]
fn dates_and_numbers_compare() {
    let mut data = snapshot(PEOPLE);
    data.identities
        .attributes
        .push(Attribute { name: "level".into(), column: Column::Integer(vec![Some(1), Some(5), None]) });
    data.identities.attributes.push(Attribute {
        name: "start_date".into(),
        column: Column::Date(vec![Some(date(2020, 1, 1)), None, Some(date(2024, 2, 29))]),
    });
    data.identities.attributes.sort_by(|a, b| a.name.cmp(&b.name));
    let level =
        |comparison, limit| test("level", AttributeType::Integer, Test::Compare(comparison, Number::Integer(limit)));
    for (comparison, limit, expected) in [
        (Comparison::AtLeast, 5, "ben"),
        (Comparison::Greater, 5, ""),
        (Comparison::Less, 5, "anna"),
        (Comparison::AtMost, 5, "anna ben"),
        (Comparison::Equal, 1, "anna"),
    ] {
        assert_eq!(names(&data, &level(comparison, limit)).unwrap(), expected);
    }
    let before =
        |limit: Date| test("start_date", AttributeType::Date, Test::Compare(Comparison::Less, Number::Date(limit)));
    assert_eq!(names(&data, &before(date(2024, 2, 29))).unwrap(), "anna");
    assert_eq!(names(&data, &before(date(2024, 3, 1))).unwrap(), "anna cleo");
}

#[test]
fn exceptions_by_origin_or_by_record() {
    let flag = |name: &str| test(name, AttributeType::Boolean, Test::True);
    let mut data = snapshot(PEOPLE);
    // anna: F110 FB60; ben: dev FB60; cleo: dev
    assert_eq!(assignments(&data, &flag("exception")).unwrap(), [3]);
    assert_eq!(assignments(&data, &flag("inherited")).unwrap(), [2]);
    assert_eq!(assignments(&data, &is("origin", "direct")).unwrap(), [0, 1, 4]);
    data.exceptions.push(ExceptionRecord {
        id: "x1".into(),
        identity: id(&data, "anna"),
        entitlement: data.entitlements.find("sap.tcode:F110").unwrap(),
        reason: None,
        approver: None,
        granted_at: None,
        expires_at: None,
        compensating_control: None,
    });
    assert_eq!(assignments(&data, &flag("exception")).unwrap(), [0, 3]);
    data.assignments.grants = None;
    assert_eq!(assignments(&data, &flag("exception")).unwrap(), [0]);
    data.exceptions.clear();
    let messages = [flag("exception"), flag("inherited"), is("origin", "direct"), flag("granted-at")];
    let messages: Vec<String> = messages.iter().map(|test| assignments(&data, test).unwrap_err()).collect();
    insta::assert_snapshot!(messages.join("\n"), @"
    `exception` cannot be tested: this snapshot has no table of exceptions, and its assignments no origin
      help: add an `exceptions` source to snapshot.toml, or an `origin` column to the assignments
    `inherited` cannot be tested: no source says where an assignment comes from
      help: add an `origin` column to the assignments, or a table of groups
    `origin` cannot be tested: no source says where an assignment comes from
      help: add an `origin` column to the assignments, or a table of groups
    `granted-at` cannot be tested: in this snapshot assignments have no such column
      help: add a column `granted-at` to the assignments table, or take the test out of the condition
    ");
    // An empty table of exceptions is a table: then nothing is one.
    data.manifest.sources.push(Source { table: "exceptions".into(), ..Source::default() });
    assert!(assignments(&data, &flag("exception")).unwrap().is_empty());
}

#[test]
fn unused_counts_back_from_the_extraction() {
    let unused = |days| Condition::UnusedFor { days, span: Span::default() };
    let mut data = snapshot(PEOPLE);
    let record = |who: &str, what: Option<&str>, last: Option<Date>, count| UsageRecord {
        identity: id(&data, who),
        entitlement: what.map(|what| data.entitlements.find(what).unwrap()),
        first: None,
        last,
        count,
        window_days: None,
    };
    // Extracted on 2026-10-31: 30 days before is 2026-10-01.
    let rows = vec![
        record("anna", Some("sap.tcode:F110"), Some(date(2026, 10, 1)), 3),
        record("ben", Some("jira.group:dev"), Some(date(2026, 9, 30)), 1),
        record("cleo", None, None, 0),
    ];
    data.usage = Some(Usage { rows });
    assert!(names(&data, &unused(30)).unwrap_err().contains("since when"));
    data.manifest.sources.push(Source {
        table: "usage".into(),
        observed_from: Some(date(2026, 10, 1)),
        ..Source::default()
    });
    assert_eq!(names(&data, &unused(30)).unwrap(), "ben cleo");
    insta::assert_snapshot!(names(&data, &unused(31)).unwrap_err(), @"
    `unused for 31d` cannot be decided: use was observed for 30 days only
      help: ask for no more days than were observed, or extract a longer window
    ");
    data.manifest.sources[0].observed_from = Some(date(2026, 1, 1));
    assert_eq!(names(&data, &unused(31)).unwrap(), "cleo");
    assert_eq!(entitlements(&data, &unused(31)).unwrap(), "sap.tcode:FB60");
    assert_eq!(assignments(&data, &unused(30)).unwrap(), [1, 2, 3, 4]);
    // Use at an unknown time is use.
    data.usage.as_mut().unwrap().rows[2].count = 1;
    assert_eq!(names(&data, &unused(31)).unwrap(), "");
    assert_eq!(assignments(&data, &unused(30)).unwrap(), [1, 2, 3]);
    assert!(names(&data, &unused(u32::MAX)).unwrap_err().contains("calendar"));
}

#[test]
fn windows_of_rows_count_where_sources_say_nothing() {
    let unused = |days| Condition::UnusedFor { days, span: Span::default() };
    let mut data = snapshot(PEOPLE);
    let record = |who: &str, window_days| UsageRecord {
        identity: id(&data, who),
        entitlement: None,
        first: None,
        last: Some(date(2026, 10, 30)),
        count: 1,
        window_days,
    };
    data.usage = Some(Usage { rows: vec![record("anna", Some(90)), record("ben", Some(60))] });
    assert_eq!(names(&data, &unused(60)).unwrap(), "cleo");
    assert!(names(&data, &unused(61)).unwrap_err().contains("60 days only"));
    assert!(assignments(&data, &unused(60)).unwrap_err().starts_with("use of an entitlement"));
}

#[test]
fn bits_of_every_length() {
    for len in [0, 1, 63, 64, 65, 128, 1000] {
        let odd = Bits::from_fn(len, |index| index % 2 == 1);
        assert_eq!(odd.count(), len / 2);
        assert_eq!(odd.iter().collect::<Vec<_>>(), (0..len).filter(|index| index % 2 == 1).collect::<Vec<_>>());
        let mut even = odd.clone();
        even.negate();
        assert_eq!(even.count(), len.div_ceil(2));
        assert!((0..len + 70).all(|index| even.contains(index) == (index < len && index % 2 == 0)));
        even.unite(&odd);
        assert_eq!(even, Bits::all(len));
        even.insert(len);
        assert_eq!(even.count(), len);
    }
}

#[test]
fn conditions_read_as_they_are_written() {
    let condition = Condition::All(vec![
        Condition::Any(vec![is("department", "R \"&\" D"), text("id", Test::Like("bg-*".into()))]),
        text("kind", Test::In(vec!["a".into(), "b".into()])),
        Condition::Not(Box::new(Condition::Any(vec![is("x", "1"), text("y", Test::Missing)]))),
        test("start_date", AttributeType::Date, Test::Compare(Comparison::AtMost, Number::Date(date(2026, 1, 2)))),
        Condition::UnusedFor { days: 90, span: Span::default() },
        Condition::Holding(entitlement("sap.tcode:F110")),
    ]);
    insta::assert_snapshot!(condition, @r#"(department == "R \"&\" D" or id like "bg-*") and kind in ["a", "b"] and not (x == "1" or y is missing) and start_date <= 2026-01-02 and unused for 90d and holding sap.tcode "F110""#);
    let document = serde_json::to_string(&ConditionDocument::from(&condition)).unwrap();
    insta::assert_snapshot!(document, @r#"{"all":[{"any":[{"in":{"attribute":"department","values":["R \"&\" D"]}},{"like":{"attribute":"id","pattern":"bg-*"}}]},{"in":{"attribute":"kind","values":["a","b"]}},{"not":{"any":[{"in":{"attribute":"x","values":["1"]}},{"missing":{"attribute":"y"}}]}},{"compare":{"attribute":"start_date","order":"<=","with":"2026-01-02"}},{"unused-for":{"days":90}},{"holding":{"kind":{"application":"sap","attribute":"tcode"},"value":"F110"}}]}"#);
}

#[test]
fn given_attributes_leave_the_rest_open() {
    let given = [("department".to_owned(), "AP".to_owned()), ("level".to_owned(), "3".to_owned())];
    let given = Given(&given);
    assert_eq!(given.meets(&is("department", "AP")), Verdict::Yes);
    assert_eq!(given.meets(&is("department", "AR")), Verdict::No);
    assert_eq!(given.meets(&is("location", "Bonn")), Verdict::Open);
    assert_eq!(given.meets(&Condition::Not(Box::new(is("location", "Bonn")))), Verdict::Open);
    assert_eq!(given.meets(&Condition::All(vec![is("location", "Bonn"), is("department", "AR")])), Verdict::No);
    assert_eq!(given.meets(&Condition::Any(vec![is("location", "Bonn"), is("department", "AP")])), Verdict::Yes);
    let level = |limit| test("level", AttributeType::Integer, Test::Compare(Comparison::Less, Number::Integer(limit)));
    assert_eq!(given.meets(&level(4)), Verdict::Yes);
    assert_eq!(given.meets(&level(3)), Verdict::No);
    assert_eq!(given.meets(&Condition::UnusedFor { days: 1, span: Span::default() }), Verdict::Open);
}

/// Conditions of every kind, none of them empty: "everyone" and "nobody" are no words of the language.
fn conditions() -> impl prop::strategy::Strategy<Value = Condition> {
    let texts = prop::collection::vec("[a\"\\\\ ]{0,3}", 1..3);
    let leaf = prop_oneof![
        texts.clone().prop_map(|texts| test("title", AttributeType::Text, Test::In(texts))),
        texts.clone().prop_map(|texts| test("title", AttributeType::Text, Test::Like(texts.concat()))),
        texts.clone().prop_map(|texts| test("tags", AttributeType::List, Test::Has(texts.concat()))),
        texts.prop_map(|texts| Condition::MembersOfRole { role: texts.concat(), span: Span::default() }),
        (-3_i64..3).prop_map(|number| {
            test("level", AttributeType::Integer, Test::Compare(Comparison::AtMost, Number::Integer(number)))
        }),
        prop::sample::select(vec![
            test("remote", AttributeType::Boolean, Test::True),
            test("title", AttributeType::Text, Test::Missing),
            Condition::UnusedFor { days: 90, span: Span::default() },
            Condition::Holding(entitlement("sap.tcode:F110")),
        ]),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::Any),
            inner.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

proptest! {
    /// What is shown as a rule can be written in a spec as it stands.
    #[test]
    fn what_is_told_can_be_read(condition in conditions()) {
        let text = format!("edition 2026\nidentities {{ a where {condition} }}");
        let parsed = adit_grammar::parse(adit_grammar::FileId(0), &text);
        prop_assert_eq!(&parsed.errors, &vec![], "{}", text);
    }
}
