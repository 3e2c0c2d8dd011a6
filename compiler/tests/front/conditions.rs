//! Which conditions nothing can meet, and which everything does.

use crate::project::said_of;

/// Whether a condition is said to be impossible, to be certain, or neither.
fn verdict(condition: &str) -> &'static str {
    let said = said_of(condition);
    match (said.contains("[E2002]"), said.contains("[E2003]")) {
        (true, false) => "never",
        (false, true) => "always",
        (false, false) if said.is_empty() => "open",
        _ => panic!("{condition}\n{said}"),
    }
}

#[test]
fn never() {
    for condition in [
        r#"title == "a" and title == "b""#,
        r#"title in ["a", "b"] and title not in ["b", "a", "c"]"#,
        r#"title in ["a", "b"] and title in ["c"]"#,
        r#"title == "a" and title like "b*""#,
        r#"title == "ab" and not title like "a?""#,
        r#"title like "a*" and title like "b*""#,
        r#"title like "*-x" and not title like "*x""#,
        r#"title like "x" and title != "x""#,
        r#"title is missing and title == "a""#,
        r#"title is missing and title is not missing"#,
        "id is missing",
        "remote and not remote",
        "remote == true and remote == false",
        "remote == false and remote is missing",
        r#"tags has "a" and not tags has "a""#,
        r#"tags has "a" and tags is missing"#,
        "level < 3 and level > 2",
        "level == 3 and level != 3",
        "level >= 1 and level <= 2 and level not in [1, 2]",
        "level < -9223372036854775807 and level < -9223372036854775808",
        "start_date < 2020-01-01 and start_date >= 2020-01-01",
        "start_date > 2020-01-01 and start_date < 2020-01-02",
        "start_date > 9999-12-31",
        "level > 9223372036854775807",
        "start_date in [2020-01-01, 2021-01-01] and start_date == 2022-01-01",
        "unused for 90d and not unused for 30d",
        "unused for 12w and not unused for 84d",
        r#"members of role "x" and not members of role "x""#,
        r#"holding sap.tcode "F110" and not holding application "sap""#,
        r#"not holding application "sap" and holding sap.tcode "F110""#,
        r#"title == "a" and (title == "b" or (title == "c" and remote))"#,
        r#"(title == "a" or title == "b") and (title == "c" or title == "d")"#,
        r#"not (title != "a" or title == "a")"#,
    ] {
        assert_eq!(verdict(condition), "never", "{condition}");
    }
}

#[test]
fn always() {
    for condition in [
        r#"title == "a" or title != "a""#,
        "remote or not remote",
        "level < 3 or level >= 3 or level is missing",
        "id is not missing",
        r#"id like "*""#,
        r#"tags has "a" or not tags has "a""#,
        "unused for 30d or not unused for 90d",
        r#"title is missing or title is not missing"#,
        r#"not (title == "a" and title == "b")"#,
    ] {
        assert_eq!(verdict(condition), "always", "{condition}");
    }
}

#[test]
fn open() {
    for condition in [
        r#"title == "a""#,
        // No title at all meets neither.
        r#"title == "a" or title like "*""#,
        "level < 3 or level >= 3",
        "remote == true or remote == false",
        r#"title like "a*" and title like "*b""#,
        r#"title like "a*" and not title like "ab*""#,
        r#"tags has "a" and tags has "b" and not tags has "c""#,
        "level > 2 and level < 4",
        "start_date > 2020-01-01 and start_date <= 2020-01-02",
        "unused for 30d and not unused for 90d",
        r#"holding application "sap" and not holding sap.tcode "F110""#,
        r#"members of role "x" and not members of role "y""#,
        // Attributes that need no word in the schema.
        r#"cost_center == "4711" and end_date < 2020-01-01 and workloads has "billing""#,
    ] {
        assert_eq!(verdict(condition), "open", "{condition}");
    }
}

#[test]
fn tangled_conditions_end() {
    // Every title and every location is taken after two of them.
    let taken: Vec<_> = (0..60).map(|n| format!("(title == \"a{n}\" or location == \"b{n}\" or remote)")).collect();
    assert_eq!(verdict(&format!("{} and not remote", taken.join(" and "))), "never");
    // Forty choices that have nothing to do with the contradiction hide it: nothing is said.
    let free: Vec<_> = (0..40).map(|n| format!("(tags has \"x{n}\" or tags has \"y{n}\")")).collect();
    let hidden = r#"(title == "a" or title == "b" or title == "c") and (title == "d" or title == "e" or title == "f")"#;
    assert_eq!(verdict(&format!("{} and {hidden}", free.join(" and "))), "open");
    let many: Vec<_> = (0..2_000).map(|n| format!("\"v{n}\"")).collect();
    let list = many.join(", ");
    assert_eq!(verdict(&format!("title in [{list}] and title not in [{list}]")), "never");
}
