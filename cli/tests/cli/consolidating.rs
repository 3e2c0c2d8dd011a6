//! `adit consolidate`.

use serde_json::Value;

use crate::support::Place;

const ROLES: &str = "role,permission
reader,a
reader,b
viewer,a
viewer,b
editor,a
editor,b
editor,c
admin,a
admin,b
admin,c
admin,d
admin,e
other,x
";

#[test]
fn roles_that_are_nearly_the_same_are_listed() {
    let place = Place::new();
    place.write("roles.csv", ROLES);
    insta::assert_snapshot!(place.run(&["consolidate", "--roles", "roles.csv"]).all());
}

#[test]
fn for_machines_both_containments_are_told() {
    let place = Place::new();
    place.write("roles.csv", ROLES);
    let ran = place.run(&["consolidate", "--roles", "roles.csv", "--at-least", "100%", "--format", "json"]);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let side = &document["by_entitlements"];
    assert_eq!((side["duplicates"].as_u64(), side["contained"].as_u64()), (Some(1), Some(2)), "{}", ran.out);
    let last = side["list"].as_array().unwrap().last().unwrap();
    assert_eq!((last["one"]["contained"].as_u64(), last["other"]["contained"].as_u64()), (Some(10_000), Some(4_000)));
    assert_eq!(document["by_members"]["pairs"], 0);
}

#[test]
fn candidates_of_a_project_are_compared() {
    let place = Place::with_shop();
    insta::assert_snapshot!(place.run(&["consolidate", "shop", "--at-least", "10%"]).all());
}

#[test]
fn wrong_input_says_what_was_expected() {
    let place = Place::new();
    place.write("roles.csv", ROLES).write("empty.csv", "").write("others.csv", "name,right\nx,y\n");
    for (arguments, code) in [
        (&["consolidate", "--roles", "roles.csv", "--at-least", "80"][..], 2),
        (&["consolidate", "--roles", "roles.csv", "--at-least", "101%"], 2),
        (&["consolidate", "--roles", "empty.csv"], 3),
        (&["consolidate", "--roles", "others.csv"], 3),
        (&["consolidate", "--roles", "missing.csv"], 3),
        (&["consolidate", "."], 2),
    ] {
        let ran = place.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{arguments:?}: {}", ran.all());
        assert!(
            ran.err.contains("expected") || ran.err.contains("cannot read") || ran.err.contains("no `adit.toml`"),
            "{}",
            ran.err
        );
    }
    assert_eq!(place.run(&["consolidate", "--roles", "others.csv", "--columns", "name,right"]).code, 0);
}
