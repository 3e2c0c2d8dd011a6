//! Runs every rule on its fixtures: `fires*` must make it speak, `silent*` must not.

use std::{fmt::Write as _, panic::AssertUnwindSafe};

use adit_rules::{Check, Rule};

use crate::{fixture, fixture::Fixture, pipeline, render};

/// `RULE=RM101` (or a name) runs one rule only.
#[test]
fn every_rule_says_what_its_fixtures_expect() {
    let only = std::env::var("RULE").ok();
    let only = only.as_deref().map(|text| adit_rules::find(text).unwrap_or_else(|| panic!("no rule `{text}`")).code);
    let mut failed = String::new();
    for rule in adit_rules::all().filter(|rule| only.is_none_or(|only| only == rule.code)) {
        for fixture in fixture::of(rule) {
            let ran = std::panic::catch_unwind(AssertUnwindSafe(|| run(rule, &fixture)));
            if let Err(panic) = ran {
                let why = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
                let _ = writeln!(failed, "{} {} {}: {}", rule.code, rule.name, fixture.name, why.unwrap_or("panicked"));
            }
        }
    }
    assert!(failed.is_empty(), "\n{failed}");
}

fn run(rule: &'static Rule, fixture: &Fixture) {
    assert!(!fixture.about.is_empty(), "the fixture does not say what it shows");
    pipeline::with_lint(&fixture.files, |compilation, linted| {
        let fingerprints: Vec<_> = linted
            .findings
            .iter()
            .chain(linted.waived.iter().map(|suppressed| &suppressed.finding))
            .map(|finding| finding.fingerprint(compilation.snapshot))
            .collect();
        let mut distinct = fingerprints.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(fingerprints.len(), distinct.len(), "two findings have the same fingerprint");

        let text = render::of_rule(rule, compilation, linted);
        if fixture.name.starts_with("silent") {
            assert!(text.is_empty(), "speaks where it should be silent:\n{text}");
            return;
        }
        assert!(fixture.name.starts_with("fires"), "a fixture's name begins with `fires` or `silent`");
        assert!(!text.is_empty(), "is silent where it should speak{}", all(compilation, linted));
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&fixture.folder);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_description(&fixture.about);
        settings.bind(|| insta::assert_snapshot!(fixture.name.as_str(), text));
    });
}

/// What the other rules say instead, for whoever writes a fixture.
fn all(compilation: &adit_compiler::compile::Compilation<'_>, linted: &adit_rules::Linted) -> String {
    let mut text = String::from("; what others say:\n");
    for rule in adit_rules::all() {
        text.push_str(&render::of_rule(rule, compilation, linted));
    }
    text
}

#[test]
fn every_rule_has_a_fixture_that_fires_and_one_that_is_silent() {
    for rule in adit_rules::all() {
        let fixtures = fixture::of(rule);
        for kind in ["fires", "silent"] {
            assert!(
                fixtures.iter().any(|fixture| fixture.name == kind),
                "{} has no {}/{kind}.project",
                rule.code,
                fixture::folder(rule).display()
            );
        }
        let waivers = matches!(rule.check, Check::Waivers(_));
        assert!(!waivers || !rule.waivable, "{} is about waivers, so it cannot be waived", rule.code);
    }
}
