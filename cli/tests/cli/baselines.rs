//! `adit lint --baseline` and `--against`: what is already known is kept back, and nothing is hidden unsaid.

use std::process::Command;

use serde_json::Value;

use crate::support::{Place, Ran};

/// The shop, with somebody who may order and pay: two findings fail.
fn conflicted() -> Place {
    let place = Place::with_shop();
    conflict(&place, "u01,erp:payment-run,direct\nu09,erp:purchase-order,direct\nu10,erp:purchase-order,direct\n");
    place
}

fn conflict(place: &Place, rows: &str) {
    let assignments = place.read("shop/snapshot/assignments.csv");
    place.write("shop/snapshot/assignments.csv", assignments + rows);
}

fn lint(place: &Place, more: &[&str]) -> Ran {
    place.run(&[&["lint", "shop"], more].concat())
}

const BASELINE: [&str; 2] = ["--baseline", "b.json"];

#[test]
fn a_baseline_hides_what_was_there_and_shrinks() {
    let place = conflicted();
    assert_eq!(lint(&place, &[]).code, 1);
    let missing = lint(&place, &BASELINE);
    assert_eq!(missing.code, 2, "{}", missing.all());
    let written = lint(&place, &[&BASELINE[..], &["--update-baseline"]].concat());
    insta::assert_snapshot!("written", written.all());
    let text = place.read("b.json");
    assert!(!text.contains("u01"), "{text}");
    insta::assert_snapshot!("baseline", text);
    let held = lint(&place, &BASELINE);
    insta::assert_snapshot!("held", held.all());
    insta::assert_snapshot!("listed", lint(&place, &[&BASELINE[..], &["--show-baselined"]].concat()).out);
    // Names in the report do not change what the file is about.
    assert_eq!(lint(&place, &[&BASELINE[..], &["--reveal"]].concat()).code, 0);
    // Writing it again changes nothing.
    assert_eq!(lint(&place, &[&BASELINE[..], &["--update-baseline"]].concat()).code, 0);
    assert_eq!(place.read("b.json"), text);

    // One conflict ends, and another begins.
    place.edit("shop/snapshot/assignments.csv", "u01,erp:payment-run,direct\n", "");
    conflict(&place, "u07,erp:purchase-order,direct\nu07,erp:payment-run,direct\n");
    let moved = lint(&place, &BASELINE);
    assert_eq!(moved.code, 1, "{}", moved.all());
    insta::assert_snapshot!("moved", moved.out);
    let json: Value =
        serde_json::from_str(&lint(&place, &[&BASELINE[..], &["--format", "json"]].concat()).out).unwrap();
    assert!(!json["baseline"]["gone"].as_array().unwrap().is_empty());
    // Shrinking drops what is gone, and never takes in what is new.
    let shrunk = lint(&place, &[&BASELINE[..], &["--update-baseline=shrink"]].concat());
    assert_eq!(shrunk.code, 1, "{}", shrunk.all());
    assert!(place.read("b.json").len() < text.len());
    assert_eq!(lint(&place, &BASELINE).code, 1);
}

#[test]
fn a_baseline_does_not_depend_on_the_order_of_anything() {
    let place = conflicted();
    assert_eq!(lint(&place, &[&BASELINE[..], &["--update-baseline"]].concat()).code, 0);
    let first = place.read("b.json");
    let text = place.read("shop/snapshot/assignments.csv");
    let (head, rows) = text.split_once('\n').unwrap();
    let rows: Vec<_> = rows.lines().rev().collect();
    place.write("shop/snapshot/assignments.csv", format!("{head}\n{}\n", rows.join("\n")));
    let policy = place.read("shop/policy.adit");
    place.write("shop/policy.adit", policy.replacen("edition 2026\n", "edition 2026\n\n\n// another line\n", 1));
    std::fs::remove_file(place.path("b.json")).unwrap();
    assert_eq!(lint(&place, &[&BASELINE[..], &["--update-baseline", "--threads", "3"]].concat()).code, 0);
    assert_eq!(place.read("b.json"), first);
}

#[test]
fn entries_age() {
    let place = conflicted();
    place.edit("shop/adit.toml", "[rules]", "[baseline]\nfile = \"b.json\"\nmax_days = 90\n\n[rules]");
    assert_eq!(lint(&place, &["--as-of", "2026-11-01", "--update-baseline"]).code, 0);
    assert!(place.path("shop/b.json").exists());
    let young = lint(&place, &["--as-of", "2027-01-30"]);
    assert!(!young.out.contains("warning: "), "{}", young.all());
    let old = lint(&place, &["--as-of", "2027-01-31"]);
    assert_eq!(old.code, 0, "{}", old.all());
    assert!(old.out.contains("hidden for more than 90 days, the oldest since 2026-11-01"), "{}", old.all());
    // What is still found keeps its first day.
    assert_eq!(lint(&place, &["--as-of", "2027-01-31", "--update-baseline"]).code, 0);
    assert!(!place.read("shop/b.json").contains("2027"));
}

#[test]
fn what_is_never_waived_is_never_hidden() {
    let place = conflicted();
    assert_eq!(lint(&place, &[&BASELINE[..], &["--update-baseline"]].concat()).code, 0);
    place.edit("shop/adit.toml", "[rules]", "[waivers.rules]\nsod-user-union = { never = true }\n\n[rules]");
    let stands = lint(&place, &BASELINE);
    assert_eq!(stands.code, 1, "{}", stands.all());
    assert!(stands.out.contains("never waived, and so never hidden"), "{}", stands.all());
    let updated = lint(&place, &[&BASELINE[..], &["--update-baseline"]].concat());
    assert_eq!(updated.code, 1, "{}", updated.all());
    assert!(!place.read("b.json").contains("RM503"));
}

#[test]
fn a_baseline_under_another_secret_is_refused() {
    let place = conflicted();
    assert_eq!(lint(&place, &[&BASELINE[..], &["--update-baseline"]].concat()).code, 0);
    let before = place.read("b.json");
    for more in [&BASELINE[..], &["--baseline", "b.json", "--update-baseline"]] {
        let output = place
            .command(&[&["lint", "shop"], more].concat())
            .env("ADIT_SECRET", "another one, of more than 16 bytes")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("under another secret"), "{said}");
    }
    assert_eq!(place.read("b.json"), before);
    let damaged = place.write("b.json", "{ \"schema\": \"adit.baseline/1\",\n<<<<<<< HEAD\n").run(&[
        "lint",
        "shop",
        "--baseline",
        "b.json",
    ]);
    insta::assert_snapshot!("damaged", damaged.all());
}

fn git(place: &Place, arguments: &[&str]) {
    let who = [
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@shop.example",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "core.autocrlf=false",
    ];
    let output = Command::new("git").arg("-C").arg(place.path(".")).args(who).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn commit(place: &Place, message: &str) {
    git(place, &["add", "-A", "."]);
    git(place, &["commit", "-q", "--allow-empty", "-m", message]);
}

#[test]
fn against_a_revision_only_what_is_new_counts() {
    let place = Place::new();
    git(&place, &["init", "-q", "-b", "main"]);
    commit(&place, "nothing yet");
    git(&place, &["tag", "empty"]);
    assert_eq!(place.run(&["init", "estate/shop"]).code, 0);
    let assignments = "estate/shop/snapshot/assignments.csv";
    let with = |rows: &str| place.write(assignments, place.read(assignments) + rows);
    with("u01,erp:payment-run,direct\n");
    commit(&place, "a shop with a conflict");
    let status =
        || Command::new("git").arg("-C").arg(place.path(".")).args(["status", "--porcelain"]).output().unwrap().stdout;

    // Nothing has changed: nothing is new, and the repository is as it was.
    let same = place.run(&["lint", "estate/shop", "--against", "HEAD"]);
    assert_eq!(same.code, 0, "{}", same.all());
    assert!(same.out.contains("0 new"), "{}", same.out);
    assert!(status().is_empty());
    // The project was not there then: all of it is new.
    assert_eq!(place.run(&["lint", "estate/shop", "--against", "empty"]).code, 1);

    with("u07,erp:purchase-order,direct\nu07,erp:payment-run,direct\n");
    let json = place.run(&["lint", "estate/shop", "--against", "main", "--format", "json"]);
    assert_eq!(json.code, 1, "{}", json.all());
    let json: Value = serde_json::from_str(&json.out).unwrap();
    let found = json["findings"].as_array().unwrap();
    assert_eq!(json["against"]["new"], found.len());
    assert!(found.iter().all(|found| found["message"].as_str().unwrap().contains("id-")), "{found:#?}");

    // As a hook runs it: git's own variables are about git's own work.
    let hook = place
        .command(&["lint", "estate/shop", "--against", "HEAD"])
        .env("GIT_DIR", ".git")
        .env("GIT_INDEX_FILE", "x")
        .output()
        .unwrap();
    assert_eq!(hook.status.code(), Some(1), "{}", String::from_utf8_lossy(&hook.stderr));
}

#[test]
fn data_that_is_not_in_git_is_that_of_the_lock() {
    let place = Place::with_shop();
    let assignments = place.read("shop/snapshot/assignments.csv");
    place.write("shop/snapshot/assignments.csv", assignments + "u01,erp:payment-run,direct\n");
    place.write(".gitignore", "*.csv\n");
    git(&place, &["init", "-q", "-b", "main"]);
    commit(&place, "specs without data");
    let no_lock = lint(&place, &["--against", "HEAD"]);
    assert_eq!(no_lock.code, 3, "{}", no_lock.all());
    insta::assert_snapshot!("no_lock", no_lock.err);
    assert_eq!(place.run(&["build", "shop"]).code, 1);
    commit(&place, "locked");
    let same = lint(&place, &["--against", "HEAD"]);
    assert_eq!(same.code, 0, "{}", same.all());
    conflict(&place, "u07,erp:purchase-order,direct\nu07,erp:payment-run,direct\n");
    assert_eq!(lint(&place, &["--against", "HEAD"]).code, 3);
}

#[test]
fn revisions_that_cannot_be_had_are_told() {
    let place = Place::with_shop();
    let mut said = lint(&place, &["--against", "main"]).all();
    git(&place, &["init", "-q", "-b", "main"]);
    place.edit("shop/policy.adit", "edition 2026\n", "edition 2026\nnonsense\n");
    commit(&place, "broken");
    place.edit("shop/policy.adit", "edition 2026\nnonsense\n", "edition 2026\n");
    for revision in ["nowhere", "--help", "HEAD"] {
        said.push_str(&lint(&place, &[&format!("--against={revision}")]).all());
    }
    let nobody = place.command(&["lint", "shop", "--against", "HEAD"]).env("PATH", "").output().unwrap();
    said.push_str(&String::from_utf8(nobody.stderr).unwrap());
    insta::assert_snapshot!(said);
}
