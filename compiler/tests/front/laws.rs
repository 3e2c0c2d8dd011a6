//! What holds of any spec.

use adit_compiler::{
    check::{CheckSettings, check},
    spec::Spec,
};
use proptest::prelude::*;

use crate::{
    project::{checked, project, schema, settings},
    tour,
};

/// Top-level items that go together, in any order.
const ITEMS: &[&str] = &[
    r#"identities { human where kind == "employee"; service where kind == "service-account" }"#,
    "separate human from service",
    r#"set pay = [ sap.tcode "F110", sap.tcode "F-53" ]"#,
    r#"duties d1 "One" { a = pay; b = [ sap.tcode "XK01" ]; at most 1 of a, b per identity }"#,
    r#"duties d2 "Two" { b = [ sap.tcode "XK02" ]; a = [ sap.tcode "FB60" ]; at most 1 of a, b per identity; never waived }"#,
    r#"use pack "aws-escalation" for aws.action"#,
    r#"mining m { scope { include identities human; exclude identities where remote because "not in the office" }
       mine { minable sap.tcode; cluster using cover { exact } } }"#,
    r#"mining n { mine { minable aws.action, tableau.group; cluster using entitlement-overlap } cutoff { members at least 3 } }"#,
    r#"role staff "Everyone" { grants tableau.group "all", pay; inherits basic; where status == "active" }"#,
    r#"role basic "Basics" { grants tableau.group "basic" }"#,
    r#"waiver W-1 { rule over-grant; on identity "u1"; because "the auditor asked for it"; requested "a@x"; approved "b@x" on 2026-01-01
       expires 2026-12-31 }"#,
    r#"provision m { approval 1 of "b@x", "a@x"; emit json }"#,
    r#"provision staff { approval 2 of "b@x", "a@x" }"#,
    r#"expect "one" { given identity { title "Clerk" }; then no role grants sap.tcode "F110" }"#,
    r#"expect "two" { given identity { tags "x", tags "y" }; then some role grants sap.tcode "FB60" }"#,
];

/// A spec without the places of things.
fn plain(mut spec: Spec) -> String {
    spec.files.clear();
    // The only list that keeps the order of the source across items.
    spec.expectations.sort_by(|a, b| a.title.cmp(&b.title));
    let text = format!("{spec:?}");
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("Span {") {
        plain.push_str(&rest[..at]);
        let end = rest[at..].find("end: ").unwrap() + at;
        rest = &rest[end + rest[end..].find('}').unwrap() + 1..];
    }
    plain + rest
}

fn spec_of(items: &[&str]) -> Spec {
    let text = format!("edition 2026\n{}\n", items.join("\n"));
    let (project, checked) = checked(&[("policy.adit", &text)]);
    let said = crate::project::render_all(&project, &checked.diagnostics);
    checked.spec.unwrap_or_else(|| panic!("{said}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_items_changes_nothing(items in Just(ITEMS.to_vec()).prop_shuffle()) {
        prop_assert_eq!(plain(spec_of(&items)), plain(spec_of(ITEMS)));
    }

    #[test]
    fn nor_in_which_file_they_are(cut in 0..ITEMS.len()) {
        let first = format!("edition 2026\nuse \"z.adit\"\n{}", ITEMS[..cut].join("\n"));
        let second = format!("edition 2026\n{}", ITEMS[cut..].join("\n"));
        let (_, checked) = checked(&[("a.adit", &first), ("z.adit", &second)]);
        prop_assert_eq!(plain(checked.spec.unwrap()), plain(spec_of(ITEMS)));
    }

    /// Words, values and brackets of the tour in any order, or the tour with pieces missing: no panic, and no spec without
    /// a reason.
    #[test]
    fn nothing_panics(words in prop::collection::vec(0..400_usize, 0..80)) {
        let tour = tour::runnable();
        let known: Vec<&str> = tour.split_inclusive([' ', '\n']).filter(|word| !word.trim().is_empty()).collect();
        let text: String = words.iter().map(|&at| known[at % known.len()]).collect();
        settle(&format!("edition 2026\n{text}"));
    }

    #[test]
    fn nothing_panics_on_what_is_left(holes in prop::collection::vec((0..4_000_usize, 0..60_usize), 1..4)) {
        let mut text: Vec<char> = tour::runnable().chars().collect();
        for (start, length) in holes {
            let start = start.min(text.len());
            text.drain(start..(start + length).min(text.len()));
        }
        settle(&text.into_iter().collect::<String>());
    }

    #[test]
    fn nothing_panics_on_noise(text in "\\PC{0,200}") {
        settle(&text);
        settle(&format!("edition 2026\n{text}"));
    }
}

/// There is a spec exactly when there is no error, and everything said points into the text.
fn settle(text: &str) {
    let project = project(&[("policy.adit", text)]);
    for settings in [settings(), CheckSettings::default()] {
        let checked = check(&project, &schema(), &settings);
        let failed = checked.diagnostics.iter().any(|fault| fault.severity == adit_grammar::Severity::Error);
        assert_eq!(checked.spec.is_none(), failed, "{text}\n{:?}", checked.diagnostics);
        assert!(checked.diagnostics.is_sorted_by_key(adit_grammar::Diagnostic::span));
        for label in checked.diagnostics.iter().flat_map(|fault| &fault.labels) {
            assert!(text.get(label.span.range()).is_some(), "{label:?}");
        }
    }
}
