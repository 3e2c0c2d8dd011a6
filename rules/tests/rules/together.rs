//! Findings that are told as one, and waivers that take some of them.

use std::collections::{BTreeMap, BTreeSet};

use adit_compiler::compile::Compilation;
use adit_rules::{CalledRoles, Finding, Linted, Subject, Suppression};

use crate::{fixture, pipeline, render};

/// Rules that tell many findings as one, each with a fixture in which it does.
const RULES: [&str; 3] = ["RM404", "RM406", "RM604"];

fn project(rule: &str) -> BTreeMap<String, String> {
    let fixtures = fixture::of(adit_rules::find(rule).unwrap());
    fixtures.into_iter().find(|fixture| fixture.name == "fires-together").unwrap().files
}

fn with_waivers(mut files: BTreeMap<String, String>, rule: &str, on: &[String]) -> BTreeMap<String, String> {
    let policy = files.get_mut("policy.adit").unwrap();
    for (number, on) in on.iter().enumerate() {
        policy.push_str(&format!(
            "\nwaiver W-{number:03} {{\n  rule {rule}\n  on {on}\n  because \"agreed with internal audit until the systems are merged\"\n  \
             requested \"lead@acme.example\"\n  approved \"ciso@acme.example\" on 2026-03-01\n  expires 2026-12-31\n}}\n"
        ));
    }
    files
}

/// The one finding of a rule that tells several, if it is there.
fn whole<'a>(linted: &'a Linted, rule: &str) -> Option<&'a Finding> {
    linted.findings.iter().find(|finding| finding.rule.code == rule && finding.together.is_some())
}

/// What a waiver would be on to take this alone.
fn alone(compilation: &Compilation<'_>, part: &Finding) -> String {
    match &part.subject {
        Subject::Role(id, _) => format!("role \"{id}\""),
        Subject::Entitlement(id) => format!("entitlement \"{}\"", compilation.snapshot.entitlements.name(*id)),
        other => panic!("{other:?}"),
    }
}

/// What a waiver would be on to take all of it.
fn at_once(whole: &Finding) -> String {
    match &whole.subject {
        Subject::Population(name) => format!("population \"{name}\""),
        Subject::Application(name) => format!("application \"{name}\""),
        other => panic!("{other:?}"),
    }
}

fn standing(compilation: &Compilation<'_>, linted: &Linted) -> BTreeSet<String> {
    linted.findings.iter().map(|finding| finding.fingerprint(compilation.snapshot)).collect()
}

#[test]
fn a_waiver_on_one_settles_its_part_and_adds_nothing() {
    for rule in RULES {
        let (mut on, mut before, mut left) = (Vec::new(), BTreeSet::new(), Vec::new());
        pipeline::with_lint(&project(rule), |compilation, linted| {
            let whole = whole(linted, rule).unwrap();
            on = whole.parts().iter().map(|part| alone(compilation, part)).collect();
            left = whole.parts().iter().map(|part| part.fingerprint(compilation.snapshot)).collect();
            before = standing(compilation, linted);
        });
        assert!(on.len() > 2, "{rule}: {on:?}");
        // One after the other, to the last: then there is nothing left to tell.
        for taken in 1..=on.len() {
            let (now, rest) = on.split_at(taken);
            pipeline::with_lint(&with_waivers(project(rule), rule, now), |compilation, linted| {
                assert!(standing(compilation, linted).is_subset(&before), "{rule} with {now:?}");
                let gone: BTreeSet<_> =
                    linted.waived.iter().map(|taken| taken.finding.fingerprint(compilation.snapshot)).collect();
                assert_eq!(gone, left[..taken].iter().cloned().collect(), "{rule} with {now:?}");
                let still = whole(linted, rule).map_or(0, |whole| whole.parts().len());
                assert_eq!(still, rest.len(), "{rule} with {now:?}");
                if let Some(whole) = whole(linted, rule).filter(|whole| !whole.against.is_empty()) {
                    assert_eq!(
                        whole.speaks_against(&CalledRoles::of(compilation)).len(),
                        rest.len(),
                        "{rule}: a waived role is free"
                    );
                }
            });
        }
    }
}

#[test]
fn a_waiver_on_all_takes_the_one_finding() {
    for rule in RULES {
        let mut on = Vec::new();
        pipeline::with_lint(&project(rule), |_, linted| on.push(at_once(whole(linted, rule).unwrap())));
        pipeline::with_lint(&with_waivers(project(rule), rule, &on), |_, linted| {
            assert!(whole(linted, rule).is_none());
            let taken: Vec<_> = linted.waived.iter().filter(|taken| taken.finding.together.is_some()).collect();
            assert_eq!(taken.iter().map(|taken| taken.by).collect::<Vec<_>>(), [Suppression::Waiver(0)], "{rule}");
            assert_eq!(linted.waivers.waivers[0].took, linted.waivers.waivers[0].matched, "{rule}");
        });
    }
}

#[test]
fn what_is_left_of_one_finding_reads_well() {
    let mut on = Vec::new();
    pipeline::with_lint(&project("RM404"), |compilation, linted| {
        on.extend(whole(linted, "RM404").unwrap().parts().iter().skip(1).map(|part| alone(compilation, part)));
    });
    pipeline::with_lint(&with_waivers(project("RM404"), "RM404", &on), |compilation, linted| {
        insta::assert_snapshot!(render::of_rule(adit_rules::find("RM404").unwrap(), compilation, linted));
    });
}
