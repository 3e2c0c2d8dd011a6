//! Fixtures: a whole project in one text, as in Go's txtar. Text before the first `-- path --` says what it shows.

use std::{collections::BTreeMap, path::PathBuf};

use adit_rules::Rule;

/// A fixture of a rule.
pub(crate) struct Fixture {
    /// `fires`, `silent`, `fires-by-name`, …
    pub(crate) name: String,
    /// The folder it is in, where its snapshot is written too.
    pub(crate) folder: PathBuf,
    /// What it shows, in words.
    pub(crate) about: String,
    /// Its files, by path.
    pub(crate) files: BTreeMap<String, String>,
}

/// The folder of a rule's fixtures: `src/hygiene/duplicate_identity`.
pub(crate) fn folder(rule: &Rule) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "src", rule.family.folder(), &rule.name.replace('-', "_")].iter().collect()
}

/// The fixtures of a rule, by name.
pub(crate) fn of(rule: &Rule) -> Vec<Fixture> {
    let folder = folder(rule);
    let Ok(entries) = std::fs::read_dir(&folder) else { return Vec::new() };
    let mut fixtures: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "project"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let (about, files) = parse(&std::fs::read_to_string(&path).unwrap());
            Fixture { name, folder: folder.clone(), about, files }
        })
        .collect();
    fixtures.sort_by(|a, b| a.name.cmp(&b.name));
    fixtures
}

/// Splits a text at its `-- path --` lines. Blank lines at the end of a file are not part of it.
pub(crate) fn parse(text: &str) -> (String, BTreeMap<String, String>) {
    let mut about = String::new();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut current: Option<String> = None;
    for line in text.lines() {
        if let Some(path) = line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            let twice = files.insert(path.to_owned(), String::new());
            assert!(twice.is_none(), "`{path}` is in the fixture twice");
            current = Some(path.to_owned());
            continue;
        }
        let into = current.as_ref().map_or(&mut about, |path| files.get_mut(path).unwrap());
        into.push_str(line);
        into.push('\n');
    }
    for file in files.values_mut() {
        file.truncate(file.trim_end().len());
        file.push('\n');
    }
    (about.trim().to_owned(), files)
}

#[test]
fn splits_at_headings() {
    let (about, files) = parse("two files\n-- a.adit --\nedition 2026\n\n-- b/c.csv --\nx,y\n1,2\n");
    assert_eq!(about, "two files");
    assert_eq!(files["a.adit"], "edition 2026\n");
    assert_eq!(files["b/c.csv"], "x,y\n1,2\n");
}
