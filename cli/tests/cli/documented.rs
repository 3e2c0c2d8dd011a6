//! Every field of every JSON that the tool writes is named on its page.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;

use crate::{
    examples::with_example,
    support::{PETS, Place},
};

#[test]
fn every_field_is_on_its_page() {
    let place = with_example("acme");
    let (formats, derivation, approvals) = (page("formats.md"), page("derivation.md"), page("approvals.md"));
    let of = |schemas: &[&str]| schemas.iter().map(|schema| section(&formats, schema)).collect::<String>();

    let built = place.run(&["build", "acme", "--format", "json"]).out;
    named(&built, &[of(&["adit.build/1", "adit.lint/1", "adit.mine/1"]), derivation.clone()].concat());
    named(&place.read("acme/out/derivation.json"), &derivation);
    named(&place.read("acme/out/provisioning.json"), &[approvals.as_str(), &derivation].concat());
    named(&place.read("acme/out/lint.json"), &of(&["adit.lint/1", "adit.check/1"]));
    place.run(&["lint", "acme", "--baseline", "known.json", "--update-baseline"]);
    named(&place.read("known.json"), &of(&["adit.baseline/1"]));
    let linted = place.run(&["lint", "acme", "--baseline", "known.json", "--format", "json"]).out;
    named(&linted, &of(&["adit.lint/1", "adit.check/1"]));

    let identity =
        place.read("acme/snapshot/identities.csv").lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let previewed = place.run(&["preview", "acme", "--identity", &identity, "--format", "json"]).out;
    named(&previewed, &of(&["adit.preview/1", "adit.lint/1"]));
    named(&place.run(&["sweep", "acme", "--format", "json"]).out, &of(&["adit.sweep/1", "adit.mine/1"]));
    named(&place.run(&["consolidate", "acme", "--format", "json"]).out, &of(&["adit.consolidate/1"]));
    let outliers = place.run(&["outliers", "acme", "--score", "0%", "--format", "json"]).out;
    named(&outliers, &[of(&["adit.outliers/1"]), section(&derivation, "Settings")].concat());
    place.edit("acme/policy/acme.adit", "department", "departmnt");
    named(&place.run(&["check", "acme", "--format", "json"]).out, &of(&["adit.check/1"]));
}

#[test]
fn every_setting_of_every_strategy_is_on_its_page() {
    let place = Place::new();
    place.write("pets.csv", PETS).write("people.csv", "user,shift\nIris,day\nRose,day\nCherry,night\nSun,night\n");
    let pages = [section(&page("formats.md"), "adit.mine/1"), page("derivation.md")].concat();
    for strategy in [
        "attributes",
        "cobweb",
        "cover { deviation at most 10%; over-grant at most 5% }",
        "em { roles 2 }",
        "em",
        "entitlement-overlap",
        "hierarchy",
        "layers { members at least 2 }",
        "similarity { members at least 2; overlap at least 1; attributes agree }",
        "similarity { attributes weigh 10%; weigh \"shift\" 2 }",
    ] {
        let mut arguments = vec!["mine", "pets.csv", "--using", strategy, "--attributes", "people.csv"];
        arguments.extend(["--describe-by", "shift { folds 3 }", "--format", "json"]);
        arguments.extend([
            "--cutoff",
            "primary at least 50% of members; over-grant at most 9% because \"six pets are few\"",
        ]);
        if !["entitlement-overlap", "hierarchy"].contains(&strategy) {
            arguments.extend(["--guided-by", "shift"]);
        }
        let mined = place.run(&arguments);
        assert_eq!(mined.code, 0, "{strategy}: {}", mined.all());
        named(&mined.out, &pages);
    }
}

fn page(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)).unwrap()
}

/// What stands below the heading with that text, up to the next one that is not below it.
fn section(page: &str, title: &str) -> String {
    let level = |line: &str| line.bytes().take_while(|byte| *byte == b'#').count();
    let heading = |line: &str| level(line) > 0 && line.trim_start_matches('#').trim().trim_matches('`') == title;
    let mut lines = page.lines().skip_while(|line| !heading(line));
    let first = lines.next();
    assert!(first.is_some(), "there is no section {title}");
    let depth = first.map_or(0, level);
    lines.take_while(|line| !(1..=depth).contains(&level(line))).collect::<Vec<_>>().join("\n")
}

/// Each field of a document stands in backticks in the text; `schema` and `adit`, which all have, once at the head of the page.
fn named(document: &str, text: &str) {
    let known: BTreeSet<&str> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .flat_map(|code| code.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '_' | '-')))
        .chain(["schema", "adit"])
        .collect();
    let mut missing = BTreeSet::new();
    collect(&serde_json::from_str(document).unwrap(), "", &known, &mut missing);
    assert!(missing.is_empty(), "fields that no page names: {missing:?}");
}

fn collect(value: &Value, at: &str, known: &BTreeSet<&str>, missing: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let at = format!("{at}.{name}");
                // Tables are named by their own page.
                if !known.contains(name.as_str()) && !at.starts_with(".snapshot.tables.") {
                    missing.insert(at.clone());
                }
                collect(value, &at, known, missing);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, at, known, missing)),
        _ => {}
    }
}
