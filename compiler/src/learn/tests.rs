use proptest::prelude::*;

use super::{
    entropy::Entropy,
    prune::Limit,
    split::{Split, Splitter},
    tree::{Tree, counts, divided, rows},
    *,
};
use crate::{
    spec::{Pruning, TreeSettings},
    testing::snapshot,
};

/// Records of a snapshot whose attribute `role` is a number.
fn records(text: &str, by: &[&str]) -> Records {
    let data = snapshot(text);
    let columns: Vec<_> = by.iter().map(|name| (*name, data.identities.attribute(name).unwrap())).collect();
    let everyone: Vec<_> = data.identities.iter().collect();
    let roles: Vec<Vec<u32>> = everyone
        .iter()
        .map(|&id| data.identities.text("role", id).map(|text| text.parse().unwrap()).into_iter().collect())
        .collect();
    Records::new(&columns, &everyone, roles.iter().map(Vec::as_slice))
}

fn settings(pruning: Pruning, binary: bool, min_members: u32) -> Describe {
    let tree = TreeSettings { pruning, binary, ..TreeSettings::default() };
    Describe { by: Vec::new(), confidence: Percent(8_000), min_members, max_clauses: 12, tree }
}

fn unpruned() -> Describe {
    settings(Pruning::None, false, 2)
}

/// Quinlan's weather (Induction of decision trees, Machine Learning 1, 1986); windy and humidity as words.
fn weather() -> Records {
    const ROWS: &str = "
        sunny hot high no 0, sunny hot high yes 0, overcast hot high no 1, rainy mild high no 1, rainy cool normal no 1,
        rainy cool normal yes 0, overcast cool normal yes 1, sunny mild high no 0, sunny cool normal no 1,
        rainy mild normal no 1, sunny mild normal yes 1, overcast mild high yes 1, overcast hot normal no 1, rainy mild high yes 0";
    let mut text = String::new();
    for (number, row) in ROWS.split(',').enumerate() {
        let [outlook, temperature, humidity, windy, role] = row.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!()
        };
        text.push_str(&format!(
            "d{number:02} outlook={outlook} temperature={temperature} humidity={humidity} windy={windy} role={role}\n"
        ));
    }
    records(&text, &["outlook", "temperature", "humidity", "windy"])
}

fn table(learned: &Learnability<usize>) -> String {
    let line = |rule: &TreeRule<usize>| format!("{rule} -> {} ({} of {})\n", rule.role, rule.correct, rule.records);
    learned.rules.iter().map(line).collect()
}

/// The tree that WEKA's J48 and Quinlan's own program grow.
#[test]
fn the_weather_is_learned_as_everyone_learns_it() {
    let learned = learn(&weather(), &unpruned()).unwrap();
    insta::assert_snapshot!(table(&learned), @r#"
    outlook == "overcast" -> 1 (4 of 4)
    outlook == "rainy" and windy == "no" -> 1 (3 of 3)
    outlook == "rainy" and windy == "yes" -> 0 (2 of 2)
    outlook == "sunny" and humidity == "high" -> 0 (3 of 3)
    outlook == "sunny" and humidity == "normal" -> 1 (2 of 2)
    "#);
    assert_eq!((learned.records, learned.roles, learned.tests, learned.depth, learned.correct), (14, 2, 3, 2, 14));
}

#[test]
fn binary_splits_say_yes_or_no() {
    let learned = learn(&weather(), &settings(Pruning::None, true, 2)).unwrap();
    assert!(learned.rules.iter().all(|rule| rule.tests.iter().all(|test| matches!(test.is, Is::Equal | Is::NotEqual))));
    assert!(table(&learned).contains("outlook == \"overcast\" -> 1 (4 of 4)"), "{}", table(&learned));
}

#[test]
fn lists_numbers_and_missing_values_are_tested_as_what_they_are() {
    let text: String = (0..12)
        .map(|number| {
            let (tags, title) =
                (if number % 2 == 0 { "tags=a|b" } else { "tags=b|" }, if number < 6 { " title=Clerk" } else { "" });
            format!("p{number:02} {tags}{title} role={}\n", if number < 6 { number % 2 } else { 2 })
        })
        .collect();
    let learned = learn(&records(&text, &["tags", "title"]), &unpruned()).unwrap();
    insta::assert_snapshot!(table(&learned), @r#"
    title == "Clerk" and tags has "a" -> 0 (3 of 3)
    title == "Clerk" and not tags has "a" -> 1 (3 of 3)
    title is missing -> 2 (6 of 6)
    "#);
}

#[test]
fn numbers_are_compared_as_numbers() {
    use adit_snapshots::{Column, IdentityId};
    let level = Column::Integer([9, 10, 9, 10, 100, 101, 100, 101].map(Some).to_vec());
    let everyone: Vec<_> = (0..8).map(IdentityId).collect();
    let roles: Vec<Vec<u32>> = (0..8).map(|number| vec![u32::from(number > 3)]).collect();
    let records = Records::new(&[("level", &level)], &everyone, roles.iter().map(Vec::as_slice));
    let learned = learn(&records, &unpruned()).unwrap();
    assert_eq!(table(&learned), "level <= 10 -> 0 (4 of 4)\nlevel > 10 -> 1 (4 of 4)\n");
}

#[test]
fn nothing_is_learned_from_nothing() {
    assert_eq!(learn(&records("a x=1\nb x=2\n", &["x"]).without(), &unpruned()), None);
    let one = learn(&records("a x=1 role=0\nb x=2 role=0\n", &["x"]), &unpruned()).unwrap();
    assert_eq!(table(&one), "everyone -> 0 (2 of 2)\n");
    assert_eq!(one.cross_validated, None);
}

impl Records {
    /// No record at all.
    fn without(self) -> Self {
        Self::default()
    }
}

/// J48's `Stats.addErrs`, as its own documentation and C4.5's source give it.
#[test]
fn errors_are_estimated_as_j48_does() {
    let limit = Limit::new(Percent(2_500));
    let estimated = |total, wrong| limit.errors(total, wrong) as f64 / 1_048_576.0;
    // Quinlan 1993, page 42: U25%(0, 6) = 0.206, U25%(0, 9) = 0.143, U25%(0, 1) = 0.750.
    assert!((estimated(6, 0) - 6.0 * 0.206).abs() < 0.005);
    assert!((estimated(9, 0) - 9.0 * 0.143).abs() < 0.005);
    assert!((estimated(1, 0) - 0.75).abs() < 0.0001);
    // And U25%(1, 16) = 0.157, of the leaf that takes their place.
    assert!((estimated(16, 1) - 16.0 * 0.157).abs() < 0.1);
    assert_eq!(limit.errors(5, 5), 5 << 20);
    assert_eq!(Limit::new(Percent(6_000)).errors(10, 3), 3 << 20);
}

/// What chance put into a tree is forgotten by either way of pruning, and nothing else.
#[test]
fn pruning_forgets_chance() {
    let mut text = String::new();
    for number in 0..120 {
        let noise = (number * 7919) % 11;
        let role = if number % 20 == 3 { 1 - number % 2 } else { number % 2 };
        text.push_str(&format!("p{number:03} job={} noise=n{noise} role={role}\n", ["clerk", "seller"][number % 2]));
    }
    let records = records(&text, &["job", "noise"]);
    let grown = learn(&records, &unpruned()).unwrap();
    for pruning in [
        Pruning::Confidence { confidence: Percent(2_500), raise: false },
        Pruning::Confidence { confidence: Percent(2_500), raise: true },
        Pruning::HeldOut { folds: 3 },
    ] {
        let pruned = learn(&records, &settings(pruning, false, 2)).unwrap();
        assert!(pruned.rules.len() < grown.rules.len(), "{pruning:?}");
        assert_eq!(pruned.rules.len(), 2, "{pruning:?}\n{}", table(&pruned));
        let seen = pruned.cross_validated.unwrap();
        assert_eq!((seen.folds, seen.correct + seen.incorrect), (10, 120));
        assert_eq!(seen.kappa.unwrap().band, Band::Acceptable);
    }
}

#[test]
fn kappa_is_agreement_beyond_chance() {
    // Cohen 1960's form: 70 of 100 agree, half of them would by chance.
    let kappa = Kappa::new(70, 100, &[50, 50], &[50, 50]).unwrap();
    assert_eq!((kappa.value, kappa.band), (4_000, Band::Poor));
    assert_eq!(Kappa::new(85, 100, &[50, 50], &[50, 50]).unwrap().band, Band::Acceptable);
    assert_eq!(Kappa::new(95, 100, &[50, 50], &[50, 50]).unwrap().band, Band::Acceptable);
    assert_eq!(Kappa::new(96, 100, &[50, 50], &[50, 50]).unwrap().band, Band::Excellent);
    assert_eq!(Kappa::new(10, 100, &[50, 50], &[50, 50]).unwrap().value, -8_000);
    assert_eq!(Kappa::new(9, 9, &[9], &[9]), None);
}

/// A perfect forecast of two equally frequent roles tells one bit a record.
#[test]
fn a_perfect_forecast_tells_all_there_is() {
    let text: String =
        (0..40).map(|number| format!("p{number:02} job=j{} role={}\n", number % 2, number % 2)).collect();
    let seen = learn(&records(&text, &["job"]), &unpruned()).unwrap().cross_validated.unwrap();
    assert_eq!((seen.correct, seen.accuracy, seen.relative_information_score), (40, Percent::WHOLE, 10_000));
    assert!((39_900..=40_100).contains(&seen.information_score), "{}", seen.information_score);
}

/// The gain ratio of each attribute by its definition, in floating point, from single records.
fn gain_ratios(rows: &[(Vec<u32>, u32)], width: usize) -> Vec<(f64, f64)> {
    let entropy = |labels: &[u32]| {
        let share = |label: u32| labels.iter().filter(|&&other| other == label).count() as f64 / labels.len() as f64;
        let mut distinct = labels.to_vec();
        distinct.sort();
        distinct.dedup();
        distinct.into_iter().map(|label| -share(label) * share(label).log2()).sum::<f64>()
    };
    (0..width)
        .map(|attribute| {
            let values: Vec<u32> = rows.iter().map(|row| row.0[attribute]).collect();
            let labels: Vec<u32> = rows.iter().map(|row| row.1).collect();
            let mut after = 0.0;
            for value in 0..8 {
                let part: Vec<u32> = rows.iter().filter(|row| row.0[attribute] == value).map(|row| row.1).collect();
                if !part.is_empty() {
                    after += part.len() as f64 / rows.len() as f64 * entropy(&part);
                }
            }
            (entropy(&labels) - after, entropy(&values))
        })
        .collect()
}

fn people() -> impl Strategy<Value = Vec<(Vec<u32>, u32)>> {
    proptest::collection::vec((proptest::collection::vec(0..4_u32, 3), 0..3_u32), 4..60)
}

fn written(people: &[(Vec<u32>, u32)], order: impl Iterator<Item = usize>) -> Records {
    let line = |(place, (values, role)): (usize, &(Vec<u32>, u32))| {
        format!("p{place:03} a=v{} b=v{} c=v{} role={role}\n", values[0], values[1], values[2])
    };
    records(&order.zip(people).map(line).collect::<String>(), &["a", "b", "c"])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Counted rows in whole numbers choose what single records in floating point do.
    #[test]
    fn the_best_test_has_the_largest_gain_ratio_of_at_least_average_gain(people in people()) {
        let records = written(&people, 0..);
        let splitter = Splitter {
            records: &records,
            weights: records.counts(),
            entropy: Entropy::new(),
            binary: false,
            min_records: 1,
            everything: u64::MAX / 100,
        };
        let all = rows(&records, records.counts());
        let found = splitter.best(&all, &counts(&records, records.counts(), &all));
        let naive = gain_ratios(&people, 3);
        let possible: Vec<_> = naive.iter().filter(|(gain, information)| *gain > 1e-6 && *information > 1e-6).collect();
        match found {
            None => prop_assert!(possible.is_empty()),
            Some(found) => {
                let Split::Each { attribute } = found.split else { panic!() };
                let (gain, information) = naive[attribute];
                prop_assert!((found.gain as f64 / 1_048_576.0 / people.len() as f64 - gain).abs() < 1e-4);
                let average = possible.iter().map(|(gain, _)| gain).sum::<f64>() / possible.len() as f64;
                prop_assert!(gain >= average - 0.0011);
                for (other, others) in possible {
                    prop_assert!(*other < average - 0.0009 || gain / information >= other / others - 1e-4);
                }
            }
        }
    }

    /// Whoever comes first, the tree is the same, but for what is drawn from records in their order.
    #[test]
    fn no_order_of_records_changes_a_tree(people in people(), raise: bool) {
        let settings = settings(Pruning::Confidence { confidence: Percent(2_500), raise }, false, 2);
        let one = Tree::learn(&written(&people, 0..), written(&people, 0..).counts(), &settings);
        let other = written(&people, (0..people.len()).rev());
        let other = Tree::learn(&other, other.counts(), &settings);
        prop_assert_eq!(one.root(), other.root());
    }

    /// Every record is on one path, and cutting back never does better on what was learned from than the whole tree.
    #[test]
    fn paths_count_every_record_once(people in people(), binary: bool, raise: bool, resample: bool) {
        let records = written(&people, 0..);
        let whole = learn(&records, &settings(Pruning::None, binary, 2)).unwrap();
        let mut pruned = settings(Pruning::Confidence { confidence: Percent(2_500), raise }, binary, 2);
        pruned.tree.resample = resample.then_some(Percent(30_000));
        let mut held_out = settings(Pruning::HeldOut { folds: 3 }, binary, 2);
        held_out.tree.resample = pruned.tree.resample;
        for learned in [&whole, &learn(&records, &pruned).unwrap(), &learn(&records, &held_out).unwrap()] {
            prop_assert_eq!(learned.rules.iter().map(|rule| rule.records).sum::<u64>(), people.len() as u64);
        }
        // A branch that was raised counts afresh, and may fit better than what was there.
        prop_assert!(resample || raise || learn(&records, &pruned).unwrap().correct <= whole.correct);
    }

    /// Dealt parts are all records, of every class as many in each part, give or take one.
    #[test]
    fn parts_are_stratified(people in people(), parts in 2..6_u32, seed: u64) {
        let records = written(&people, 0..);
        let dealt = validate::dealt(&records, records.counts(), parts, &mut crate::chance::Chance::seeded(seed));
        for row in 0..records.len() {
            prop_assert_eq!(dealt.iter().map(|part| part[row]).sum::<u32>(), records.counts()[row]);
        }
        for class in 0..records.classes() as u32 {
            let of = |part: &Vec<u32>| (0..).zip(part).filter(|(row, _)| records.class(*row) == class).map(|(_, n)| n).sum::<u32>();
            let counts: Vec<u32> = dealt.iter().map(of).collect();
            prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1);
        }
    }
}

#[test]
fn branches_of_yes_and_no_are_both_there() {
    let records = weather();
    let everyone = rows(&records, records.counts());
    let parts = divided(Split::Has { attribute: 0, code: 99 }, &records, &everyone);
    assert_eq!(parts.iter().map(|(code, rows)| (*code, rows.len())).collect::<Vec<_>>(), [(0, 0), (1, everyone.len())]);
}
