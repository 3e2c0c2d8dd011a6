//! `adit preview`.

use serde_json::Value;

use crate::{examples::with_example, support::Place};

#[test]
fn what_would_be_mined_reads_well() {
    let place = with_example("acme");
    place.write("acme/.adit/secret", "a secret for tests only\n");
    insta::assert_snapshot!(place.run(&["preview", "acme"]).all());
}

#[test]
fn one_identity_is_found_by_id_and_by_pseudonym() {
    let place = Place::with_shop();
    let by_id = place.run(&["preview", "shop", "--identity", "u01"]);
    insta::assert_snapshot!(by_id.all());
    let pseudonym = by_id.out.lines().find_map(|line| line.split_once(" in ").filter(|(id, _)| id.starts_with("id-")));
    let by_pseudonym = place.run(&["preview", "shop", "--identity", pseudonym.unwrap().0]);
    assert_eq!(by_pseudonym.out, by_id.out);
    let document: Value =
        serde_json::from_str(&place.run(&["preview", "shop", "--identity", "u01", "--format", "json", "--reveal"]).out)
            .unwrap();
    assert_eq!(document["identities"][0]["identity"], "u01");
    assert_eq!(document["identities"].as_array().unwrap().len(), 1);
}

#[test]
fn for_machines_everything_of_the_snapshot_is_accounted_for() {
    let place = with_example("acme");
    let ran = place.run(&["preview", "acme", "--format", "json"]);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["schema"], "adit.preview/1");
    let rows = place.read("acme/snapshot/identities.csv").lines().count() as u64 - 1;
    let populations = document["populations"].as_array().unwrap();
    assert!(populations.len() > 2);
    for population in populations {
        let out: u64 =
            population["excluded"].as_array().unwrap().iter().map(|line| line["identities"].as_u64().unwrap()).sum();
        assert_eq!(population["identities"].as_u64().unwrap() + out, rows, "{}", population["name"]);
        assert!(!population["kinds"].as_array().unwrap().is_empty());
    }
}

#[test]
fn the_input_is_exported_as_a_table() {
    let place = with_example("acme");
    // An attribute of several values has a column for each.
    place.edit("acme/policy/acme.adit", "describe by department, title {", "describe by department, title, tags {");
    place.edit("acme/snapshot/identities.csv", ",shared\n", ",shared|mailbox\n");
    let ran = place.run(&["preview", "acme", "--export", "input.csv", "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let sum = |field: &str| -> u64 {
        document["populations"].as_array().unwrap().iter().map(|population| population[field].as_u64().unwrap()).sum()
    };
    let mut table = csv::Reader::from_path(place.path("input.csv")).unwrap();
    let header: Vec<String> = table.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(header[..2], ["population", "identity"]);
    let tags: Vec<&String> = header.iter().filter(|name| name.starts_with("tags=")).collect();
    assert_eq!(tags, ["tags=mailbox", "tags=shared"]);
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len() as u64, sum("identities"));
    let entitlements: Vec<usize> = (0..header.len()).filter(|&column| header[column].contains(':')).collect();
    let held = rows.iter().flat_map(|row| entitlements.iter().filter(|&&column| &row[column] == "1")).count();
    assert_eq!(held as u64, sum("assignments"));
    assert!(rows.iter().all(|row| row[1].starts_with("id-")), "people are hidden");

    place.run(&["preview", "acme", "--export", "again.csv", "--threads", "1"]);
    assert_eq!(place.read("again.csv"), place.read("input.csv"));
    let one = ["preview", "acme", "--export", "one.csv", "--identity", "u-1007", "--reveal"];
    assert_eq!(place.run(&one).code, 0);
    let text = place.read("one.csv");
    assert!(text.lines().count() > 1 && text.lines().skip(1).all(|line| line.contains(",u-1007,")), "{text}");
}

#[test]
fn odd_input_is_told() {
    let place = Place::with_shop();
    place.edit("shop/snapshot/identities.csv", "Cleo Diaz,Shop", "Cleo Diaz,SHOP");
    let assignments = place.read("shop/snapshot/assignments.csv");
    let kept: String = assignments.lines().filter(|row| !row.contains(",erp:")).map(|row| format!("{row}\n")).collect();
    place.write("shop/snapshot/assignments.csv", kept);
    let ran = place.run(&["preview", "shop"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    for told in ["! none is in scope", "! department is written as `SHOP` and as `Shop`"] {
        assert!(ran.out.contains(told), "{told}: {}", ran.out);
    }
    // Tables without a row are no fault of the data.
    for table in ["identities", "assignments"] {
        let name = format!("shop/snapshot/{table}.csv");
        let header = format!("{}\n", place.read(&name).lines().next().unwrap());
        place.write(&name, header);
    }
    let ran = place.run(&["preview", "shop"]);
    assert!(ran.code == 0 && ran.out.contains("0 identities hold 0 entitlements"), "{}", ran.all());
}

#[test]
fn wrong_input_says_what_was_expected() {
    let place = Place::with_shop();
    place.write("taken/file", "");
    for (arguments, code, words) in [
        (&["preview", "shop", "--identity", "nobody"][..], 2, "expected the id or the pseudonym"),
        (&["preview", "shop", "--identity", ""], 2, "expected the id or the pseudonym"),
        (&["preview", "shop", "--export", "taken"], 2, "cannot write `taken`"),
        (&["preview", "."], 2, "no `adit.toml`"),
    ] {
        let ran = place.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{arguments:?}: {}", ran.all());
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    place.write("shop/snapshot/assignments.csv", "");
    let ran = place.run(&["preview", "shop", "--export", "input.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""), "{}", ran.all());
    assert!(!place.files().iter().any(|file| file.contains("input.csv") || file.contains(".tmp")));
}
