//! `adit verify`.

use crate::support::{PETS, Place};

#[test]
fn a_derivation_is_made_again() {
    let place = Place::with_shop();
    assert_eq!(place.run(&["build", "shop", "--as-of", "2026-11-15"]).code, 0);
    let ran = place.run(&["verify", "shop/out/derivation.json"]);
    insta::assert_snapshot!(ran.all());
    // Somewhere else it has to be told where the project is.
    place.write("copy.json", place.read("shop/out/derivation.json"));
    assert_eq!(place.run(&["verify", "copy.json"]).code, 2);
    assert_eq!(place.run(&["verify", "copy.json", "--project", "shop"]).code, 0);
}

#[test]
fn what_differs_is_named() {
    let place = Place::with_shop();
    assert_eq!(place.run(&["build", "shop"]).code, 0);
    let verify = ["verify", "shop/out/derivation.json"];
    let mut said = String::new();
    let mut refused = |what: &str| {
        let ran = place.run(&verify);
        assert_eq!(ran.code, 4, "{what}: {}", ran.all());
        said.push_str(&format!("$ {what}\n{}\n", ran.err.trim_end()));
    };
    let data = place.read("shop/snapshot/assignments.csv");
    place.edit("shop/snapshot/assignments.csv", "u12,erp:admin,direct\n", "");
    refused("other data");
    place.write("shop/snapshot/assignments.csv", data);
    let spec = place.read("shop/policy.adit");
    place.edit("shop/policy.adit", "at least 3", "at least 4");
    refused("another spec");
    place.write("shop/policy.adit", spec);
    let derivation = place.read("shop/out/derivation.json");
    place.edit("shop/out/derivation.json", "\"staff\"", "\"stuff\"");
    refused("an altered derivation");
    place.write("shop/out/derivation.json", format!("{derivation}\n"));
    refused("another form");
    insta::assert_snapshot!(said);
}

#[test]
fn a_mined_result_is_checked_and_made_again() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    assert_eq!(place.run(&["mine", "pets.csv", "--using", "cover", "--out", "out"]).code, 0);
    let verify = ["verify", "out/mine.json", "--data", "pets.csv"];
    insta::assert_snapshot!("mined", place.run(&verify).all());
    let overlap = ["mine", "pets.csv", "--using", "entitlement-overlap", "--filter", "dog,cat", "--out", "rsa"];
    assert_eq!(place.run(&overlap).code, 0);
    assert_eq!(place.run(&["verify", "rsa/mine.json", "--data", "pets.csv"]).code, 0);

    let good = place.read("out/mine.json");
    let mut said = String::new();
    let edits = [
        ("a role loses an entitlement", "\"entitlements\":[\"bear\",", "\"entitlements\":["),
        ("a role gets a member", "\"members\":[\"Tree\"]", "\"members\":[\"Rose\",\"Tree\"]"),
        ("a member nobody knows", "\"members\":[\"Tree\"]", "\"members\":[\"Trees\"]"),
        ("a bound beyond its proof", "\"kind\":\"fooling-set\",\"roles\":", "\"kind\":\"fooling-set\",\"roles\":1"),
        ("another version's words", "\"notes\": []", "\"notes\": [\"fine\"]"),
        ("no certificate", "\"certificate\": {", "\"certificate\": null, \"old\": {"),
    ];
    for (what, old, new) in edits {
        place.write("out/mine.json", &good).edit("out/mine.json", old, new);
        let ran = place.run(&verify);
        assert_eq!(ran.code, 4, "{what}: {}", ran.all());
        said.push_str(&format!("$ {what}\n{}\n", ran.err.trim_end()));
    }
    place.write("out/mine.json", &good).edit("pets.csv", "Sun,cat", "Sun,dog");
    let ran = place.run(&verify);
    assert_eq!(ran.code, 4, "{}", ran.all());
    said.push_str(&ran.err);
    insta::assert_snapshot!("what_a_result_is_refused_for", said);
}

#[test]
fn a_hierarchy_is_walked_and_counted_again() {
    let place = Place::new();
    // A board holds what three units hold, so its role does nothing but inherit.
    let holders = |from: u32, to: u32, units: std::ops::Range<u32>| {
        (from..to)
            .flat_map(move |identity| units.clone().map(move |unit| (identity, unit)))
            .flat_map(|(identity, unit)| (0..10).map(move |number| format!("p{identity:02},u{unit}-{number}\n")))
            .collect::<String>()
    };
    let units = (0..3).map(|unit| holders(unit * 4, unit * 4 + 4, unit..unit + 1)).collect::<String>();
    place.write("board.csv", format!("user,permission\n{units}{}", holders(12, 16, 0..3)));
    let mine = ["mine", "board.csv", "--using", "hierarchy { search at most 20000 nodes }", "--out", "out"];
    let mined = place.run(&mine);
    assert_eq!(mined.code, 0);
    let verify = ["verify", "out/mine.json", "--data", "board.csv"];
    insta::assert_snapshot!("hierarchy", format!("{}\n{}", mined.out, place.run(&verify).all()));

    let good = place.read("out/mine.json");
    let mut said = String::new();
    let edits = [
        ("an edge is gone", "\"inherits\":[\"", "\"inherits\":[],\"old\":[\""),
        ("a role it does not have", "\"inherits\":[\"", "\"inherits\":[\"r-0\",\""),
        ("a member fewer", "\"p12\",", ""),
        ("other costs", "\"wsc\":", "\"wsc\":1"),
    ];
    for (what, old, new) in edits {
        place.write("out/mine.json", &good).edit("out/mine.json", old, new);
        let ran = place.run(&verify);
        assert_eq!(ran.code, 4, "{what}: {}", ran.all());
        said.push_str(&format!("$ {what}\n{}\n", ran.err.trim_end()));
    }
    insta::assert_snapshot!("what_a_hierarchy_is_refused_for", said);
}

#[test]
fn what_cannot_be_verified_at_all() {
    let place = Place::with_shop();
    place
        .write("pets.csv", PETS)
        .write("x.json", "{}")
        .write("y.json", "{\"schema\": \"adit.lint/1\"}")
        .write("z.json", "");
    assert_eq!(place.run(&["mine", "pets.csv", "--using", "cover", "--out", "out"]).code, 0);
    let mut said = String::new();
    for (arguments, code) in [
        (["verify", "missing.json"].as_slice(), 3),
        (&["verify", "out"], 3),
        (&["verify", "pets.csv"], 3),
        (&["verify", "x.json"], 3),
        (&["verify", "y.json"], 3),
        (&["verify", "z.json"], 3),
        (&["verify", "out/mine.json"], 2),
    ] {
        let ran = place.run(arguments);
        assert_eq!(ran.code, code, "{}", ran.all());
        said.push_str(&format!("$ adit {}\n{}\n", arguments.join(" "), ran.err.trim_end()));
    }
    insta::assert_snapshot!(said);
}
