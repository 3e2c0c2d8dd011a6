//! `adit outliers`.

use serde_json::Value;

use crate::{examples::with_example, support::Place};

/// Seven in finance who have the same, but for one who has two things of the works and lacks one; three in the works; a stranger.
fn with_access() -> Place {
    let place = Place::new();
    let mut access = String::from("user,permission\n");
    let mut people = String::from("user,department,title\n");
    for name in ["ana", "ben", "cat", "dan", "eve", "fay", "gil"] {
        let held: &[&str] =
            if name == "gil" { &["mail", "bill", "test", "ship"] } else { &["mail", "bill", "post", "close"] };
        held.iter().for_each(|held| access.push_str(&format!("{name},{held}\n")));
        people.push_str(&format!("{name},finance,clerk\n"));
    }
    for name in ["hal", "ida", "jon"] {
        ["mail", "test", "ship"].iter().for_each(|held| access.push_str(&format!("{name},{held}\n")));
        people.push_str(&format!("{name},works,smith\n"));
    }
    access.push_str("kim,vault\n");
    place.write("access.csv", access);
    place.write("people.csv", people);
    place
}

const BY: [&str; 7] = ["outliers", "--data", "access.csv", "--attributes", "people.csv", "--by", "department"];

#[test]
fn who_differs_from_those_of_the_same_department_is_shown_with_why() {
    let place = with_access();
    insta::assert_snapshot!(place.run(&BY).all());
}

#[test]
fn peers_may_be_those_who_are_alike() {
    let place = with_access();
    let using = "similarity { alike at least 40%; members at least 3; overlap at least 1 }";
    let arguments = ["outliers", "--data", "access.csv", "--using", using, "--peers", "2", "--score", "20%"];
    insta::assert_snapshot!(place.run(&arguments).all());
}

#[test]
fn the_document_has_everyone_who_is_compared() {
    let place = with_access();
    let document = |more: &[&str]| -> Value {
        let ran = place.run(&[&BY[..], &["--format", "json"], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.all());
        serde_json::from_str(&ran.out).unwrap()
    };
    let few = document(&[]);
    insta::assert_snapshot!(serde_json::to_string_pretty(&few["populations"]).unwrap());
    let all = document(&["--score", "0%", "--threads", "1"]);
    assert_eq!(all["populations"][0]["outliers"].as_array().unwrap().len(), 7);
    assert_eq!(all, document(&["--score", "0%", "--threads", "8"]));
}

#[test]
fn outliers_of_a_project_hide_who_they_are() {
    let place = with_example("acme");
    insta::assert_snapshot!(
        place.run(&["outliers", "acme", "--score", "15%", "--peers", "3", "--mining", "finance"]).all()
    );
    let by = place.run(&["outliers", "acme", "--by", "department", "--score", "40%", "--format", "json"]);
    assert_eq!(by.code, 0, "{}", by.all());
    let document: Value = serde_json::from_str(&by.out).unwrap();
    assert_eq!(
        (document["schema"].as_str(), document["names"].as_str()),
        (Some("adit.outliers/1"), Some("pseudonyms"))
    );
    let revealed =
        place.run(&["outliers", "acme", "--by", "department", "--score", "40%", "--format", "json", "--reveal"]);
    assert_ne!(by.out, revealed.out);
}

#[test]
fn what_cannot_be_compared_is_said() {
    let place = with_access();
    place.write("empty.csv", "");
    let mut all = String::new();
    for arguments in [
        &["--data", "access.csv", "--by", "department"][..],
        &["--data", "access.csv", "--attributes", "people.csv", "--by", "departmant"],
        &["--data", "access.csv", "--using", "attributes"],
        &["--data", "access.csv", "--unusual", "95%"],
        &["--data", "access.csv", "--score", "0.5"],
        &["--data", "access.csv", "--peers", "0"],
        &["--data", "empty.csv"],
        &["--data", "gone.csv"],
        &["nowhere"],
    ] {
        let ran = place.run(&[&["outliers"], arguments].concat());
        assert_ne!(ran.code, 0, "{arguments:?}");
        all.push_str(&format!("# {}: {}\n{}\n", arguments.join(" "), ran.code, ran.err));
    }
    insta::assert_snapshot!(all);
}
