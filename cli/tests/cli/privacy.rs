//! Names of people: hidden wherever a pull request could show them, under a key that is kept out of it.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use crate::{
    examples::with_example,
    formats::{FORMATS, without_pages},
    support::Place,
};

/// Everything that names a person or their account in the snapshot of acme.
fn people(place: &Place) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for row in place.read("acme/snapshot/identities.csv").lines().skip(1) {
        let fields: Vec<&str> = row.split(',').collect();
        let [id, kind, _, display_name, employee_id, email, ..] = fields.as_slice() else { continue };
        names.extend([id, display_name, employee_id, email].map(|name| (*name).to_owned()));
        if ["employee", "contractor"].contains(kind) {
            names.extend(display_name.split(' ').filter(|name| name.len() > 3).map(str::to_owned));
        }
    }
    for row in place.read("acme/snapshot/accounts.csv").lines().skip(1) {
        names.insert(row.split(';').next().unwrap().to_owned());
    }
    names.remove("");
    assert!(names.len() > 200, "{names:?}");
    names
}

/// The names in a text. What people wrote into specs and approvals is in the repository anyway.
fn shown(text: &str, names: &BTreeSet<String>) -> Vec<String> {
    let is_in_a_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '-');
    let found = names.iter().filter(|name| {
        text.match_indices(name.as_str()).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            !is_in_a_word(before.chars().next_back()) && !is_in_a_word(after.chars().next())
        })
    });
    found.cloned().collect()
}

#[test]
fn no_format_names_anybody_unless_it_is_asked_to() {
    let place = with_example("acme");
    let names = people(&place);
    let mut texts: Vec<(String, String)> = Vec::new();
    let lint_into = |folder: &str, more: &[&str]| {
        let also: Vec<_> = FORMATS.iter().map(|(format, file)| format!("{format}={folder}/{file}")).collect();
        let mut arguments = [["lint", "acme", "--all"].as_slice(), more].concat();
        arguments.extend(also.iter().flat_map(|also| ["--also", also.as_str()]));
        place.run(&arguments).all()
    };
    for persona in ["author", "auditor"] {
        texts.push((format!("printed for {persona}"), lint_into(persona, &["--persona", persona])));
        texts.extend(FORMATS.map(|(format, file)| (format.to_owned(), place.read(&format!("{persona}/{file}")))));
    }
    let told = place.run(&["lint", "acme", "--all", "--error-format", "plain", "--persona", "auditor"]).all();
    texts.push(("told".to_owned(), told));
    let built = ["human", "json"].map(|format| place.run(&["build", "acme", "--format", format]).all());
    texts.extend(
        ["lint.json", "derivation.json"].map(|file| (file.to_owned(), place.read(&format!("acme/out/{file}")))),
    );
    let previewed = place.run(&["preview", "acme", "--export", "preview.csv"]).all();
    texts.extend([("preview".to_owned(), previewed), ("input as CSV".to_owned(), place.read("preview.csv"))]);
    for (what, text) in &texts {
        // The pages of rules are the same everywhere; the people of their examples are invented.
        let text = if what == "sarif" { &without_pages(text) } else { text };
        assert_eq!(shown(text, &names), Vec::<String>::new(), "{what}");
    }
    assert_eq!(texts.len(), 2 * 10 + 1 + 2 + 2);
    // A build says who signed and who may sign, which is in the repository: nobody else.
    let signers: Vec<_> = place
        .files()
        .iter()
        .filter(|file| file.starts_with("acme/policy/") || file.starts_with("acme/approvals/"))
        .flat_map(|file| shown(&place.read(file), &names))
        .collect();
    for text in built {
        let named = shown(&text, &names);
        assert!(!named.is_empty() && named.iter().all(|name| signers.contains(name)), "{named:?}");
    }
    // The same test sees names where they are shown.
    lint_into("revealed", &["--reveal"]);
    for (format, file) in FORMATS {
        assert!(shown(&place.read(&format!("revealed/{file}")), &names).len() > 10, "{format}");
    }
}

#[test]
fn a_finding_is_called_the_same_whether_names_are_shown_or_not() {
    let place = Place::with_shop();
    let fingerprints = |more: &[&str]| -> BTreeSet<String> {
        let ran = place.run(&[["lint", "shop", "--format", "json"].as_slice(), more].concat());
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        let findings = document["findings"].as_array().unwrap();
        findings.iter().map(|found| found["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    assert!(!fingerprints(&[]).is_empty());
    assert_eq!(fingerprints(&[]), fingerprints(&["--reveal"]));
}

#[test]
fn the_order_of_findings_does_not_follow_names() {
    let place = with_example("acme");
    let document: Value = serde_json::from_str(&place.run(&["lint", "acme", "--format", "json"]).out).unwrap();
    let conflicts: Vec<_> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|found| found["rule"] == "RM503" && found["level"] == "error")
        .map(|found| found["subject"]["identity"].as_str().unwrap())
        .collect();
    assert!(conflicts.len() > 5 && conflicts.is_sorted(), "{conflicts:?}");
}

#[test]
fn the_secret_decides_the_pseudonyms() {
    let place = Place::with_shop();
    let assignments = place.read("shop/snapshot/assignments.csv");
    place.write("shop/snapshot/assignments.csv", assignments + "u01,erp:payment-run,direct\n");
    let lint = |secret: &str| place.write("shop/.adit/secret", secret).run(&["lint", "shop", "--format", "json"]).out;
    let (one, two) = ("the first of two secrets", "the second of two secrets");
    assert_ne!(lint(one), lint(two));
    assert_eq!(lint(one), lint(&format!(" {one}\n")), "blanks around it are no part of it");
    // The environment is stronger than the file, and a file named in adit.toml than the usual one.
    let first = lint(one);
    lint(two);
    let output = place.command(&["lint", "shop", "--format", "json"]).env("ADIT_SECRET", one).output().unwrap();
    assert_eq!(place.blank(&String::from_utf8(output.stdout).unwrap()), first);
    place.write("key", one).edit("shop/adit.toml", "[rules]", "[privacy]\nsecret_file = \"../key\"\n\n[rules]");
    assert_eq!(lint(two), first);
}

#[test]
fn without_a_secret_it_is_said_that_pseudonyms_are_weak() {
    let place = Place::with_shop();
    let with_secret = place.run(&["lint", "shop"]);
    assert_eq!(with_secret.err, "");
    fs::remove_file(place.path("shop/.adit/secret")).unwrap();
    let without = place.run(&["lint", "shop"]);
    insta::assert_snapshot!(without.err);
    assert_ne!(without.out, with_secret.out);
    assert_eq!(without.out, place.run(&["lint", "shop"]).out);
    assert_eq!(place.run(&["lint", "shop", "--reveal"]).err, "", "where names are shown there is nothing to hide");
    let document: Value = serde_json::from_str(&place.run(&["lint", "shop", "--format", "json"]).out).unwrap();
    assert_eq!(document["key"], Value::Null);

    let mut said = String::new();
    place.write("shop/.adit/secret", "short");
    said.push_str(&place.run(&["lint", "shop"]).err);
    place.edit("shop/adit.toml", "[rules]", "[privacy]\nsecret_file = \"elsewhere\"\n\n[rules]");
    let missing = place.run(&["lint", "shop"]);
    assert_eq!((missing.code, missing.out.as_str()), (2, ""));
    said.push_str(&missing.err);
    insta::assert_snapshot!("secrets_that_are_none", said);
}

#[test]
fn a_secret_is_made_once_and_for_its_owner_alone() {
    let place = Place::new();
    place.run(&["init", "shop"]);
    place.run(&["init", "other"]);
    let secret = place.read("shop/.adit/secret");
    assert_eq!(secret.trim().len(), 64);
    assert_ne!(secret, place.read("other/.adit/secret"));
    assert!(place.read("shop/.gitignore").lines().any(|line| line == "/.adit/"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |file: &str| fs::metadata(place.path(file)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("shop/.adit/secret"), mode("shop/adit.toml")), (0o600, 0o644));
    }
    // For a project that has none.
    let again = place.run(&["init", "shop", "--secret"]);
    assert_eq!((again.code, again.out.as_str()), (2, ""), "{}", again.all());
    assert_eq!(place.read("shop/.adit/secret"), secret);
    fs::remove_dir_all(place.path("shop/.adit")).unwrap();
    place.write("shop/.gitignore", "/out/");
    insta::assert_snapshot!("a_secret_for_a_project", place.run(&["init", "shop", "--secret"]).all());
    assert_eq!(place.read("shop/.adit/secret").trim().len(), 64);
    assert!(place.read("shop/.gitignore").starts_with("/out/\n# The key"), "{}", place.read("shop/.gitignore"));
    let nowhere = place.run(&["init", "nowhere", "--secret"]);
    assert_eq!(nowhere.code, 2, "{}", nowhere.all());
}

/// What is looked for among entitlements is told as it is; what may be a person is not.
#[test]
fn only_people_are_hidden_in_faults() {
    let place = Place::with_shop();
    let rows = place.read("shop/snapshot/assignments.csv");
    place.write("shop/snapshot/assignments.csv", format!("{rows}u01,erp:nope,direct\nu99,erp:stock,direct\n"));
    let ran = place.run(&["build", "shop"]);
    let said = ran.err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(said.contains("expected a known entitlement, found `erp:nope`"), "{}", ran.err);
    assert!(said.contains("expected a known identity, found `id-"), "{}", ran.err);
}
