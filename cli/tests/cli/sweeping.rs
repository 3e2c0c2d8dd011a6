//! `adit sweep`.

use serde_json::Value;

use crate::{examples::with_example, support::Place};

#[test]
fn acme_stability_curve_reads_well() {
    let place = with_example("acme");
    insta::assert_snapshot!(place.run(&["sweep", "acme", "--cutoff", "members=2..8", "--step", "2"]).all());
    let one = ["sweep", "acme", "--mining", "engineering", "--cutoff", "primary=60%..95%", "--step", "10%"];
    insta::assert_snapshot!(place.run(&one).all());
}

#[test]
fn every_format_tells_the_same() {
    let place = with_example("acme");
    let arguments = ["sweep", "acme", "--cutoff", "members=2..8", "--threads", "1", "--format"];
    let json = place.run(&[&arguments[..], &["json"]].concat());
    let document: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((document["schema"].as_str(), document["unit"].as_str()), (Some("adit.sweep/1"), Some("members")));
    let populations = document["populations"].as_array().unwrap();
    let steps: Vec<&Value> =
        populations.iter().flat_map(|population| population["steps"].as_array().unwrap()).collect();
    let csv = place.run(&[&arguments[..], &["csv"]].concat()).out;
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.len(), steps.len());
    for (row, step) in rows.iter().zip(&steps) {
        for (place, name) in [(3, "value"), (4, "own"), (5, "roles"), (6, "coverage"), (7, "over_grants"), (9, "wsc")] {
            assert_eq!(row[place], step[name].to_string());
        }
    }
    assert_eq!(rows.iter().filter(|row| row[4] == "true").count(), populations.len());
    let again = place.run(&["sweep", "acme", "--cutoff", "members=2..8", "--threads", "8", "--format", "json"]);
    assert_eq!(json.out, again.out);
}

#[test]
fn wrong_ranges_say_what_was_expected() {
    let place = Place::with_shop();
    for arguments in [
        &["--cutoff", "primary=60..95"][..],
        &["--cutoff", "primary=95%..60%"],
        &["--cutoff", "primary=60%..101%"],
        &["--cutoff", "roles=1..5"],
        &["--cutoff", "members=0..5"],
        &["--cutoff", "members=2..5", "--step", "1%"],
        &["--cutoff", "members=2..5", "--step", "0"],
        &["--step", "0%"],
        &["--step", "0.01%"],
        &["--mining", "nothing-like-it"],
    ] {
        let ran = place.run(&[&["sweep", "shop"], arguments].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.all());
        assert!(["expected", "no range", "no mining block"].iter().any(|words| ran.err.contains(words)), "{}", ran.err);
    }
}
