//! The law of the catalogue: whatever the registry holds fires somewhere, and is silent where everything is in order.
//!
//! A new rule comes under it by being registered: it needs a fixture, or an example, that makes it speak, and `examples/birch`, an
//! enterprise in order, must give it nothing to say.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use adit_rules::{Linted, Rule, RuleCode};

use crate::{fixture, pipeline, render};

/// The example with nothing to report.
const CLEAN: &str = "birch";

#[test]
fn every_rule_fires_somewhere() {
    let by_example: BTreeSet<RuleCode> = examples().iter().flat_map(|name| speak(&example(name))).collect();
    let by_fixture = |rule: &Rule| {
        let fires = fixture::of(rule).into_iter().find(|fixture| fixture.name == "fires");
        fires.is_some_and(|fixture| speak(&fixture.files).contains(&rule.code))
    };
    let silent: Vec<_> = adit_rules::all()
        .filter(|rule| !by_example.contains(rule.code) && !by_fixture(rule))
        .map(|rule| format!("{} {}", rule.code, rule.name))
        .collect();
    assert!(silent.is_empty(), "neither an example nor a fixture makes these speak: {silent:?}");
}

#[test]
fn every_rule_is_silent_where_everything_is_in_order() {
    pipeline::with_lint(&example(CLEAN), |compilation, linted| {
        let said: String = adit_rules::all().map(|rule| render::of_rule(rule, compilation, linted)).collect();
        assert!(said.is_empty(), "examples/{CLEAN} is in order: what speaks of it is a false positive\n{said}");
        // Nothing is silent because somebody silenced it, or because there is nothing to look at.
        assert!(linted.waived.is_empty() && compilation.spec.waivers.is_empty());
        assert!(
            compilation.populations.len() > 3 && compilation.roles.len() > 10 && !compilation.spec.duties.is_empty()
        );
        assert!(!compilation.snapshot.exceptions.is_empty() && !compilation.snapshot.groups.ids.is_empty());
    });
}

/// The rules that speak of a project.
fn speak(files: &BTreeMap<String, String>) -> Vec<RuleCode> {
    let mut codes = Vec::new();
    pipeline::with_lint(files, |_, linted: &Linted| {
        codes = linted.findings.iter().map(|finding| finding.rule.code).collect();
    });
    codes
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

fn examples() -> Vec<String> {
    let folders = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    folders.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

/// An example as a fixture: its files without what a build writes, on the day of its snapshot.
fn example(name: &str) -> BTreeMap<String, String> {
    let root = folder().join(name);
    let (mut files, mut todo) = (BTreeMap::new(), vec![root.clone()]);
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
            if entry.path().is_dir() {
                todo.extend((entry.file_name() != "out").then(|| entry.path()));
            } else {
                let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(path, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let manifest: toml::Table = files["snapshot/snapshot.toml"].parse().unwrap();
    files.insert("as-of".to_owned(), manifest["extracted"].to_string());
    files
}
