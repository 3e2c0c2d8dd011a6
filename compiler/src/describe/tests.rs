use std::cmp::Reverse;

use proptest::prelude::*;

use super::*;
use crate::{
    spec::{Percent, TreeSettings},
    testing::{mining, snapshot},
};

fn settings(by: &[&str], confidence: u32, min_members: u32) -> Describe {
    Describe {
        by: by.iter().map(|name| (*name).to_owned()).collect(),
        confidence: Percent(confidence),
        min_members,
        max_clauses: 12,
        tree: TreeSettings::default(),
    }
}

/// The rule for some identities of a snapshot, with its counts.
fn rule(data: &Snapshot, settings: &Describe, members: &[&str]) -> Option<(String, MembershipRule)> {
    let everyone: Vec<IdentityId> = data.identities.iter().collect();
    let describer = Describer::new(data, &everyone, &mining("m"), settings).unwrap();
    let members: Vec<u32> = members.iter().map(|name| data.identities.find(name).unwrap().0).collect();
    describer.rule(&members).map(|rule| (rule_text(&rule, data), rule))
}

const PEOPLE: &str = "
    a1 department=Finance title=Clerk   location=Bonn tags=sap|vpn
    a2 department=Finance title=Clerk   location=Kiel tags=sap
    a3 department=Finance title=Analyst location=Bonn tags=vpn|
    a4 department=Finance title=Analyst location=Kiel
    b1 department=Sales title=Clerk   location=Bonn tags=sap
    b2 department=Sales title=Analyst location=Bonn
    b3 department=Sales title=Head    location=Kiel
";

#[test]
fn the_most_general_sound_conjunction_is_the_rule() {
    let data = snapshot(PEOPLE);
    let by = settings(&["department", "title", "location"], 9_000, 2);
    let (text, rule) = rule(&data, &by, &["a1", "a2", "a3", "a4"]).unwrap();
    assert_eq!(text, "department == \"Finance\"");
    assert_eq!((rule.members_matched, rule.members, rule.matched), (4, 4, 4));
    assert_eq!(rule.clauses[0].confidence(), Percent::WHOLE);
}

#[test]
fn two_tests_where_one_is_not_enough_and_alternatives_where_one_rule_is_not() {
    let data = snapshot(PEOPLE);
    let by = settings(&["department", "title", "location"], 9_000, 2);
    assert_eq!(rule(&data, &by, &["a1", "a2"]).unwrap().0, "department == \"Finance\" and title == \"Clerk\"");
    let by = settings(&["department", "title"], 9_000, 1);
    let (text, rule) = rule(&data, &by, &["a1", "a2", "b3"]).unwrap();
    assert_eq!(text, "(department == \"Finance\" and title == \"Clerk\") or title == \"Head\"");
    assert_eq!((rule.members_matched, rule.members, rule.matched), (3, 3, 3));
}

#[test]
fn a_rule_has_no_more_clauses_than_it_may_and_says_what_it_leaves_out() {
    let data = snapshot(PEOPLE);
    let mut by = settings(&["department", "title"], 9_000, 1);
    by.max_clauses = 1;
    let (text, found) = rule(&data, &by, &["a1", "a2", "b3"]).unwrap();
    assert_eq!(text, "department == \"Finance\" and title == \"Clerk\"");
    assert_eq!((found.members_matched, found.matched), (2, 2));
    assert_eq!((found.clauses_left_out, found.members_left_out), (1, 1));
    assert_eq!(left_out_text(&found).unwrap(), "1 more clause for 1 member left out: `clauses at most` allows no more");
    by.max_clauses = 2;
    let (_, found) = rule(&data, &by, &["a1", "a2", "b3"]).unwrap();
    assert_eq!((found.clauses.len(), found.clauses_left_out, left_out_text(&found)), (2, 0, None));
}

#[test]
fn lists_are_tested_by_has() {
    let data = snapshot(PEOPLE);
    let (text, rule) = rule(&data, &settings(&["tags"], 10_000, 3), &["a1", "a2", "b1"]).unwrap();
    assert_eq!(text, "tags has \"sap\"");
    assert_eq!(rule.matched, 3);
    let is = |clause: &Clause| made(&clause.tests, &data).first().map(|test| test.is);
    assert_eq!(rule.clauses.iter().map(is).collect::<Vec<_>>(), [Some(Is::Has)]);
}

#[test]
fn confidence_is_of_the_whole_population_and_not_met_means_no_rule() {
    let data = snapshot(PEOPLE);
    // Three of the four in Bonn.
    let members = ["a1", "a3", "b1"];
    let (text, rule) = rule(&data, &settings(&["location"], 7_500, 2), &members).unwrap();
    assert_eq!((text.as_str(), rule.matched, rule.members_matched), ("location == \"Bonn\"", 4, 3));
    assert_eq!(super::tests::rule(&data, &settings(&["location"], 7_501, 2), &members), None);
    assert_eq!(super::tests::rule(&data, &settings(&["location"], 7_500, 4), &members), None);
    assert_eq!(super::tests::rule(&data, &settings(&["location"], 0, 1), &[]), None);
}

#[test]
fn an_attribute_that_is_not_there_is_an_error_and_an_id_is_no_rule() {
    let data = snapshot(PEOPLE);
    let error = |by: &[&str]| Describer::new(&data, &[], &mining("m"), &settings(by, 1, 1)).unwrap_err().to_string();
    assert_eq!(
        error(&["department", "grade"]),
        "mining `m` describes roles by `grade`, but in this snapshot identities have no such column"
    );
    assert_eq!(error(&["id"]), "a membership rule cannot speak of `id`: it would be a list of names");
}

#[test]
fn values_of_any_type_are_tested_as_they_are_written() {
    let mut data = snapshot("a level=1\nb level=2\nc level=2");
    data.identities.attributes[0].column = Column::Integer(vec![Some(1), Some(2), None]);
    assert_eq!(rule(&data, &settings(&["level"], 9_000, 1), &["b"]).unwrap().0, "level == \"2\"");
}

/// Attribute and value of each test, members, identities matched.
type Found = (Vec<(usize, u8)>, u32, u32);

/// Every sound conjunction of up to three tests that has no sound part: by trying all.
fn sound_slowly(rows: &[Vec<u8>], members: &[u32], confidence: Percent, wanted: u32) -> Vec<Found> {
    let mut items: Vec<(usize, u8)> =
        rows.iter().flat_map(|row| row.iter().copied().enumerate()).filter(|(_, value)| *value > 0).collect();
    items.sort();
    items.dedup();
    let mut found: Vec<Found> = Vec::new();
    for size in 1..=3 {
        for mask in (0_u32..1 << items.len()).filter(|mask| mask.count_ones() == size) {
            let tests: Vec<(usize, u8)> =
                items.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, item)| *item).collect();
            let meets = |row: &Vec<u8>| tests.iter().all(|(attribute, value)| row[*attribute] == *value);
            let matched = rows.iter().filter(|row| meets(row)).count() as u32;
            let held = members.iter().filter(|&&row| meets(&rows[row as usize])).count() as u32;
            let general = found.iter().any(|(part, ..)| part.iter().all(|test| tests.contains(test)));
            if held >= wanted && confidence.met_by(held.into(), matched.into()) && !general {
                found.push((tests, held, matched));
            }
        }
    }
    found
}

/// The choice among sound conjunctions, counting everything anew for each.
fn chosen_slowly(sound: &[Items], members: &[&[u32]], wanted: u32) -> Vec<Items> {
    let met = |chosen: &[Items]| -> Vec<usize> {
        (0..members.len()).filter(|&member| chosen.iter().any(|items| items.within(members[member]))).collect()
    };
    let (mut offers, mut chosen) = (sound.to_vec(), Vec::new());
    loop {
        let before = met(&chosen).len();
        let gain = |offer: &Items| met(&[chosen.as_slice(), &[*offer]].concat()).len() - before;
        let gains =
            offers.iter().enumerate().map(|(place, offer)| (gain(offer), Reverse((offer.as_slice().len(), place))));
        match gains.max() {
            Some((gain, Reverse((_, place)))) if gain >= wanted as usize => chosen.push(offers.remove(place)),
            _ => break,
        }
    }
    for place in (0..chosen.len()).rev() {
        let mut without = chosen.clone();
        without.remove(place);
        if met(&without) == met(&chosen) {
            chosen = without;
        }
    }
    chosen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn the_search_finds_every_most_general_sound_conjunction_and_counts_exactly(
        rows in prop::collection::vec(prop::collection::vec(0_u8..4, 3), 1..16),
        picks in prop::collection::vec(any::<bool>(), 16),
        confidence in 0_u32..=10_000,
        wanted in 1_u32..4,
    ) {
        let mut text = String::new();
        for (index, row) in rows.iter().enumerate() {
            text += &format!("i{index:02}");
            for (attribute, value) in row.iter().enumerate().filter(|(_, value)| **value > 0) {
                text += &format!(" {}={value}", ["x", "y", "z"][attribute]);
            }
            text += "\n";
        }
        let data = snapshot(&text);
        let columns: Vec<Option<&Column>> = ["x", "y", "z"].map(|name| data.identities.attribute(name)).to_vec();
        prop_assume!(columns.iter().all(Option::is_some));
        let columns: Vec<&Column> = columns.into_iter().flatten().collect();
        let everyone: Vec<IdentityId> = data.identities.iter().collect();
        let groups = groups::Groups::new(&columns, &everyone);
        let members: Vec<u32> = (0..rows.len() as u32).filter(|row| picks[*row as usize]).collect();
        let by = settings(&["x", "y", "z"], confidence, wanted);

        let search = Search::new(&groups, &members, &by);
        let found = search.sound();
        let of_members: Vec<&[u32]> = members.iter().map(|&row| groups.items_of(groups.group_of(row).unwrap())).collect();
        let chosen: Vec<Items> = search.conjunctions().iter().map(|found| found.items).collect();
        let sound: Vec<Items> = found.iter().map(|found| found.items).collect();
        prop_assert_eq!(chosen, chosen_slowly(&sound, &of_members, wanted));
        let mut found: Vec<_> = found
            .iter()
            .map(|found| {
                let tests: Vec<(usize, u8)> = found
                    .items
                    .as_slice()
                    .iter()
                    .map(|&item| groups.item(item).map(|(attribute, value)| (attribute, value.parse().unwrap())).unwrap())
                    .collect();
                (tests, found.members, found.matched)
            })
            .collect();
        let mut expected = sound_slowly(&rows, &members, Percent(confidence), wanted);
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected);

        let describer = Describer::within(Arc::new(groups), &by);
        if let Some(rule) = describer.rule(&members) {
            let meets = |row: &Vec<u8>| rule.clauses.iter().any(|clause| clause.tests.iter().all(|(attribute, value)| {
                row[["x", "y", "z"].iter().position(|name| name == attribute).unwrap()].to_string() == *value
            }));
            prop_assert_eq!(rule.matched as usize, rows.iter().filter(|row| meets(row)).count());
            prop_assert_eq!(rule.members_matched as usize, members.iter().filter(|&&row| meets(&rows[row as usize])).count());
        }
    }
}

#[test]
fn an_explanation_is_in_the_words_of_the_language() {
    let data = snapshot("a tags=red|blue team=x : e.f:g\nb tags=blue team=x : e.f:g");
    let test = |attribute: &str, value: &str| (attribute.to_owned(), value.to_owned());
    assert_eq!(
        tests_text(&[test("tags", "blue"), test("team", "the \"x\"")], &data),
        r#"tags has "blue" and team == "the \"x\"""#
    );
    assert_eq!(tests_text(&[], &data), "everyone");
}
