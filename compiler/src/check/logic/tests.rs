//! The decision procedure, held against every small world.

use std::collections::BTreeSet;

use adit_grammar::Span;
use proptest::prelude::*;

use super::*;
use crate::{
    check::joiners::{Joiner, Joint, Ruled, joiner, joint},
    glob,
    spec::{Comparison, EntitlementName, Number},
    testing::class,
};

/// An identity: its title, level, tags and whether it works remotely. Any of them may be missing.
type World = (Option<String>, Option<i64>, &'static [&'static str], Option<bool>);

/// Rich enough that what any world meets, one of these does: titles of up to two letters, one of which, `c`, no condition names. No
/// condition tells longer ones from these.
fn worlds() -> Vec<World> {
    let mut titles = vec![None];
    for first in ["", "a", "b", "c", "z"] {
        for second in ["", "a", "b", "c", "z"] {
            titles.push(Some(format!("{first}{second}")));
        }
    }
    titles.sort();
    titles.dedup();
    let tags: [&[&str]; 5] = [&[], &["x"], &["y"], &["x", "y"], &["w"]];
    let mut all = Vec::new();
    for title in &titles {
        for level in [None, Some(-1), Some(0), Some(1), Some(2), Some(3), Some(4)] {
            for tags in tags {
                all.extend([None, Some(false), Some(true)].map(|remote| (title.clone(), level, tags, remote)));
            }
        }
    }
    all
}

/// The meaning of a condition, word for word.
fn meets(condition: &Condition, world: &World) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| meets(part, world)),
        Condition::Any(parts) => parts.iter().any(|part| meets(part, world)),
        Condition::Not(part) => !meets(part, world),
        Condition::Test { attribute, test, .. } => match (attribute.as_str(), test) {
            ("title", Test::Missing) => world.0.is_none(),
            ("title", Test::In(values)) => world.0.as_ref().is_some_and(|title| values.contains(title)),
            ("title", Test::Like(pattern)) => world.0.as_ref().is_some_and(|title| glob::matches(pattern, title)),
            ("level", Test::Missing) => world.1.is_none(),
            ("level", Test::Compare(comparison, Number::Integer(limit))) => {
                world.1.is_some_and(|level| match comparison {
                    Comparison::Equal => level == *limit,
                    Comparison::Less => level < *limit,
                    Comparison::AtMost => level <= *limit,
                    Comparison::Greater => level > *limit,
                    Comparison::AtLeast => level >= *limit,
                })
            }
            ("tags", Test::Missing) => world.2.is_empty(),
            ("tags", Test::Has(tag)) => world.2.contains(&tag.as_str()),
            ("remote", Test::Missing) => world.3.is_none(),
            ("remote", Test::True) => world.3 == Some(true),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// The world that some attributes say.
fn world_of(attributes: &[(String, String)]) -> World {
    let value = |name: &str| attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let tags: &'static [&'static str] = match (
        attributes.contains(&("tags".to_owned(), "\"x\"".to_owned())),
        attributes.contains(&("tags".to_owned(), "\"y\"".to_owned())),
        value("tags"),
    ) {
        (true, true, _) => &["x", "y"],
        (true, false, _) => &["x"],
        (false, true, _) => &["y"],
        (false, false, Some(_)) => &["w"],
        (false, false, None) => &[],
    };
    (
        value("title").map(|title| title.trim_matches('"').to_owned()),
        value("level").map(|level| level.parse().unwrap()),
        tags,
        value("remote").map(|remote| remote == "true"),
    )
}

fn test(attribute: &str, kind: AttributeType, test: Test) -> Condition {
    Condition::Test { attribute: attribute.to_owned(), kind, test, span: Span::default() }
}

fn conditions() -> impl Strategy<Value = Condition> {
    let comparison = prop::sample::select(vec![
        Comparison::Equal,
        Comparison::Less,
        Comparison::AtMost,
        Comparison::Greater,
        Comparison::AtLeast,
    ]);
    let leaf = prop_oneof![
        prop::sample::subsequence(vec!["a", "ab", "b"], 1..3).prop_map(|values| {
            test("title", AttributeType::Text, Test::In(values.into_iter().map(str::to_owned).collect()))
        }),
        prop::sample::select(vec!["a*", "?b", "*", "b*", "z?", "a"]).prop_map(|glob| test(
            "title",
            AttributeType::Text,
            Test::Like(glob.to_owned())
        )),
        (comparison, 0..4_i64).prop_map(|(comparison, limit)| {
            test("level", AttributeType::Integer, Test::Compare(comparison, Number::Integer(limit)))
        }),
        prop::sample::select(vec!["x", "y"]).prop_map(|tag| test(
            "tags",
            AttributeType::List,
            Test::Has(tag.to_owned())
        )),
        Just(test("remote", AttributeType::Boolean, Test::True)),
        prop::sample::select(vec![
            ("title", AttributeType::Text),
            ("level", AttributeType::Integer),
            ("tags", AttributeType::List),
            ("remote", AttributeType::Boolean),
        ])
        .prop_map(|(name, kind)| test(name, kind, Test::Missing)),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 0..4).prop_map(Condition::Any),
            inner.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

/// What no two of them rule out, three may.
#[test]
fn shapes_that_leave_only_what_is_excluded() {
    let title = |what| test("title", AttributeType::Text, what);
    let like = |shape: &str| title(Test::Like(shape.to_owned()));
    let (ab, ends, starts) = (title(Test::In(vec!["ab".to_owned()])), like("?b"), like("a*"));
    let demands = [(&ab, false), (&ends, true), (&starts, true)];
    assert!(impossible(Subject::Identity, &demands));
    for left_out in 0..demands.len() {
        let fewer: Vec<_> =
            demands.iter().enumerate().filter(|(index, _)| *index != left_out).map(|(_, it)| *it).collect();
        assert!(!impossible(Subject::Identity, &fewer));
    }
}

/// A letter that no shape names is as good as any.
#[test]
fn shapes_that_leave_only_other_letters() {
    let like = |shape: &str| test("title", AttributeType::Text, Test::Like(shape.to_owned()));
    let [ends, a, b, z] = ["?b", "a*", "b*", "z?"].map(like);
    assert!(!impossible(Subject::Identity, &[(&ends, true), (&a, false), (&b, false), (&z, false)]));
    let any = like("??");
    assert!(impossible(Subject::Identity, &[(&ends, true), (&any, false)]));
}

/// What no value of an attribute says is told too: a witness that is told as anybody would be a wrong one.
#[test]
fn what_a_witness_lacks_is_told() {
    let name = EntitlementName {
        kind: KindName { application: "sap".to_owned(), attribute: "tcode".to_owned() },
        value: "F110".to_owned(),
        span: Span::default(),
    };
    let application = Condition::HoldingApplication { application: "sap".to_owned(), span: Span::default() };
    let role = Condition::MembersOfRole { role: "clerk".to_owned(), span: Span::default() };
    let unused = |days| Condition::UnusedFor { days, span: Span::default() };
    let missing = test("title", AttributeType::Text, Test::Missing);
    let not = |condition: Condition| Condition::Not(Box::new(condition));
    let told = |conditions: &[&Condition]| match joiner(conditions, &[], &mut MOST_STEPS.clone()) {
        Joiner::Somebody(who) => who.to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!(told(&[]), "any identity");
    assert_eq!(told(&[&missing]), "an identity where title is missing");
    let other = not(test("title", AttributeType::Text, Test::In(vec!["a".to_owned()])));
    assert_eq!(told(&[&other]), "an identity where title is missing");
    assert_eq!(told(&[&other, &role]), "an identity where members of role \"clerk\"");
    assert_eq!(
        told(&[&not(role.clone()), &application]),
        "an identity where not members of role \"clerk\" and holding application \"sap\""
    );
    assert_eq!(
        told(&[&Condition::Holding(name.clone())]),
        "an identity where holding application \"sap\" and holding sap.tcode \"F110\""
    );
    assert_eq!(told(&[&unused(30), &not(unused(90))]), "an identity where unused for 30d and not unused for 90d");
    assert_eq!(told(&[&not(unused(90))]), "an identity where not unused for 90d");
    assert_eq!(told(&[&not(application), &Condition::Holding(name)]), "Nobody");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    /// Impossible is what no world meets, and nothing else: on these tests the procedure is exact.
    #[test]
    fn impossible_is_what_no_world_meets(condition in conditions(), holds: bool) {
        let met = worlds().iter().any(|world| meets(&condition, world) == holds);
        prop_assert_eq!(impossible(Subject::Identity, &[(&condition, holds)]), !met, "{:?}", condition);
    }

    /// What is told meets every demand, and is told whenever something does.
    #[test]
    fn a_witness_is_one(left in conditions(), right in conditions()) {
        match witness(Subject::Identity, &[(&left, true), (&right, false)], &mut MOST_STEPS.clone()) {
            Answer::Nothing => prop_assert!(impossible(Subject::Identity, &[(&left, true), (&right, false)])),
            Answer::Something(attributes, _) => {
                let world = world_of(&attributes);
                prop_assert!(meets(&left, &world) && !meets(&right, &world), "{attributes:?} {left:?} {right:?}");
            }
            Answer::Unknown => prop_assert!(false, "so little cannot be too much"),
        }
    }

    #[test]
    fn of_several_demands_too(left in conditions(), right in conditions()) {
        let met = worlds().iter().any(|world| meets(&left, world) && !meets(&right, world));
        prop_assert_eq!(impossible(Subject::Identity, &[(&left, true), (&right, false)]), !met, "{:?} {:?}", left, right);
    }
}

/// Rules too tangled to be held against each other are not called apart, and neither are too many of them.
#[test]
fn what_is_too_much_is_not_proved() {
    let has = |tag: String| test("tags", AttributeType::List, Test::Has(tag));
    let either = |n: usize| Condition::Any(vec![has(format!("a{n}")), has(format!("b{n}"))]);
    let tangled = [0, 300].map(|first| Condition::All((first..first + 300).map(either).collect()));
    let many: Vec<Condition> = (0..60).map(|n| has(format!("c{n}"))).collect();
    for (conditions, at_most) in [(&tangled[..], 1), (&many, 40)] {
        let ruled = conditions.iter().enumerate().map(|(side, condition)| Ruled { condition, brings: vec![side] });
        let found = joint(&ruled.collect::<Vec<_>>(), at_most, &[], |_| true);
        assert_eq!(found.last(), Some(&Joint::Unproved));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Rules conflict where some world of some class meets several of them that bring too much; silence is a proof. What is told is true of
    /// the rules, and no fewer of them would do.
    #[test]
    fn rules_conflict_where_some_world_meets_them(
        rules in prop::collection::vec((conditions(), prop::collection::btree_set(0_usize..4, 1..3)), 2..5),
        classes in prop::collection::vec(conditions(), 0..3),
        at_most in 1_u32..4,
    ) {
        let few = |brings: &BTreeSet<usize>| brings.len() <= at_most as usize;
        let ruled: Vec<Ruled<'_>> = rules
            .iter()
            .filter(|(_, brings)| few(brings))
            .map(|(condition, brings)| Ruled { condition, brings: brings.iter().copied().collect() })
            .collect();
        let of_class = |world: &World| classes.is_empty() || classes.iter().any(|class| meets(class, world));
        let worlds: Vec<World> = worlds().into_iter().filter(of_class).collect();
        let named: Vec<_> = classes.iter().map(|condition| class("class", condition.clone())).collect();
        let found = joint(&ruled, at_most, &named, |_| true);
        let brought = |rules: &[&Ruled<'_>]| rules.iter().flat_map(|rule| &rule.brings).copied().collect::<BTreeSet<usize>>();
        let some = worlds.iter().any(|world| {
            brought(&ruled.iter().filter(|rule| meets(rule.condition, world)).collect::<Vec<_>>()).len() > at_most as usize
        });
        prop_assert_eq!(!found.is_empty(), some, "{:?}", found);
        for joint in found {
            let Joint::Conflict { rules: chosen, duties, .. } = joint else { panic!("so little cannot be too much") };
            let chosen: Vec<&Ruled<'_>> = chosen.iter().map(|&rule| &ruled[rule]).collect();
            prop_assert!(duties.len() > at_most as usize && duties.iter().copied().eq(brought(&chosen)));
            prop_assert!(worlds.iter().any(|world| chosen.iter().all(|rule| meets(rule.condition, world))));
            for left_out in 0..chosen.len() {
                let fewer = [&chosen[..left_out], &chosen[left_out + 1..]].concat();
                prop_assert!(brought(&fewer).len() <= at_most as usize, "{duties:?} without one of them");
            }
        }
    }
}
