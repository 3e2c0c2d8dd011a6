//! The examples that come with the project, end to end: what a newcomer sees, and what a target system gets.

use std::{fs, path::Path};

use crate::support::Place;

#[test]
fn acme_builds_and_teaches() {
    let place = with_example("acme");
    let built = place.run(&["build", "acme"]);
    assert_eq!(built.code, 1, "Acme has findings that nobody settled");
    insta::assert_snapshot!("acme_build", built.all());
    insta::assert_snapshot!("acme_provisioning", place.blank(&place.read("acme/out/provisioning.json")));
    let verified = place.run(&["verify", "acme/out/derivation.json", "--project", "acme"]);
    assert_eq!(verified.code, 0, "{}", verified.all());
    insta::assert_snapshot!("acme_verify", verified.out);
}

#[test]
fn acme_findings_read_well() {
    let linted = with_example("acme").run(&["lint", "acme"]);
    assert_eq!(linted.code, 1);
    insta::assert_snapshot!("acme_lint", linted.all());
}

#[test]
fn acme_is_the_same_however_it_is_read() {
    let place = with_example("acme");
    place.run(&["build", "acme", "--threads", "1", "--out", "one"]);
    for table in ["identities", "assignments", "group-members", "exceptions", "entitlements"] {
        let name = format!("acme/snapshot/{table}.csv");
        let text = place.read(&name);
        let (header, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().collect();
        rows.reverse();
        let shuffled = rows.iter().map(|row| format!("{row}\r\n")).collect::<String>();
        let shuffled = format!("\u{feff}{header}\r\n{shuffled}");
        // Names with a comma are quoted, so only tables without quotes can change their delimiter by plain replacement.
        place.write(&name, if shuffled.contains('"') { shuffled } else { shuffled.replace(',', ";") });
    }
    place.run(&["build", "acme", "--threads", "8", "--out", "eight"]);
    for name in ["derivation.json", "provisioning.json"] {
        assert_eq!(place.read(&format!("one/{name}")), place.read(&format!("eight/{name}")), "{name}");
    }
}

#[test]
fn rsa_clusters_are_those_of_the_worked_example() {
    let place = with_example("rsa-clusters");
    let built = place.run(&["build", "rsa-clusters"]);
    assert_eq!(built.code, 1, "RSA's union gives what nobody asked for");
    insta::assert_snapshot!("rsa_build", built.all());
    insta::assert_snapshot!("rsa_lint", place.run(&["lint", "rsa-clusters", "--reveal"]).all());
    insta::assert_snapshot!("rsa_derivation", place.blank(&place.read("rsa-clusters/out/derivation.json")));
}

#[test]
fn the_readme_shows_what_is_printed() {
    let place = with_example("acme");
    let printed = place.run(&["build", "acme"]).out;
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    let shown = place.blank(shown).replace("examples/acme", "acme");
    for line in shown.lines().filter(|line| !line.is_empty() && *line != "…") {
        assert!(printed.contains(line), "README.md shows a line that is not printed: `{line}`");
    }
    assert!(shown.lines().count() > 30);
}

#[test]
fn birch_has_nothing_to_report() {
    let place = with_example("birch");
    let built = place.run(&["build", "birch"]);
    assert_eq!(built.code, 0, "{}", built.all());
    assert!(built.out.contains("\nno findings\n"), "{}", built.out);
    // Whoever must have seen everything sees nothing: not hidden, not waived, not kept back by a baseline, not switched off.
    let linted = place.run(&["lint", "birch", "--persona", "auditor", "--format", "json"]);
    assert_eq!(linted.code, 0, "{}", linted.all());
    let lint: serde_json::Value = serde_json::from_str(&linted.out).unwrap();
    for (what, count) in lint["summary"].as_object().unwrap() {
        assert_eq!(count, 0, "{what}: {}", linted.out);
    }
    assert!(!place.read("birch/adit.toml").contains("[rules]"));
    // It is an enterprise all the same: what everybody approved is emitted, and nothing is held back.
    let provisioned: serde_json::Value = serde_json::from_str(&place.read("birch/out/provisioning.json")).unwrap();
    assert_eq!(provisioned["roles"].as_array().unwrap().len(), 13);
    let verified = place.run(&["verify", "birch/out/derivation.json", "--project", "birch"]);
    assert_eq!(verified.code, 0, "{}", verified.all());
}

/// A copy of an example in a folder of its own.
pub(crate) fn with_example(name: &str) -> Place {
    let place = Place::new();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(name), &place.path(name));
    place
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_name() == "out" {
            continue;
        } else if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
