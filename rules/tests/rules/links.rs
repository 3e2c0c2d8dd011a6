//! Links between pages lead somewhere: to a file that is there, and to a heading that is in it.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut pages: Vec<_> = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md"]
        .map(|page| root.join(page))
        .into();
    collect(&root.join("docs"), &mut pages);
    let mut broken = Vec::new();
    for page in &pages {
        let text = std::fs::read_to_string(page).unwrap();
        for target in targets(&text) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let there = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let found = std::fs::read_to_string(&there)
                .or_else(|error| if there.is_dir() { Ok(String::new()) } else { Err(error) });
            // The book is made of `docs` alone.
            let leaves = page.starts_with(root.join("docs"))
                && !there
                    .canonicalize()
                    .is_ok_and(|there| there.starts_with(root.join("docs").canonicalize().unwrap()));
            if leaves || !found.is_ok_and(|text| anchor.is_empty() || anchors(&text).contains(anchor)) {
                broken.push(format!("{} in {}", target, page.strip_prefix(&root).unwrap().display()));
            }
        }
    }
    assert!(broken.is_empty(), "links that lead nowhere:\n{}", broken.join("\n"));
}

/// Files of the source that pages for people who work on it speak of.
#[test]
fn every_file_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut gone = Vec::new();
    let mut found = 0;
    for page in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/how-it-mines.md", "docs/benchmarks.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        let quoted = prose(&text).flat_map(|line| line.split('`').skip(1).step_by(2));
        let is_file = |name: &&str| {
            let rooms =
                ["grammar/", "snapshots/", "compiler/", "rules/", "cli/", "examples/", "docs/", "benches/", "ci/"];
            rooms.iter().any(|room| name.starts_with(room)) && !name.contains(['<', '*', ' '])
        };
        for name in quoted.filter(is_file) {
            found += 1;
            // `docs/rules/RM123.md` stands for any rule.
            if !name.contains("RM123") && !root.join(name).exists() {
                gone.push(format!("`{name}` in {page}"));
            }
        }
    }
    assert!(gone.is_empty(), "files that are not there: {}", gone.join(", "));
    assert!(found > 10, "found only {found}");
}

#[test]
fn anchors_are_those_of_git_hub_and_mdbook() {
    let text =
        "# Formats\n## `adit.lint/1`\n```\n# no heading\n```\n## What it *finds*, and why?\n## Twice\n## Twice\n";
    let expected = ["formats", "aditlint1", "what-it-finds-and-why", "twice", "twice-1"];
    assert_eq!(anchors(text), expected.map(str::to_owned).into());
    let found: Vec<_> = targets("see [a](b.md#c), `[x](y)` and [d](https://e.example)\n```\n[f](g)\n```\n").collect();
    assert_eq!(found, ["b.md#c"]);
}

fn collect(folder: &Path, pages: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, pages);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
}

/// The lines that are not code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut code = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        code ^= fence;
        !code && !fence
    })
}

/// Where the links of a page lead, those to other sites aside.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    prose(text).flat_map(|line| {
        // Every other piece between backticks is code.
        let pieces = line.split('`').step_by(2).collect::<Vec<_>>();
        let targets: Vec<&str> = pieces
            .iter()
            .flat_map(|piece| piece.split("](").skip(1))
            .filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
            .chain(
                // The text of a link may be code: `[`init`](#init)` is cut before its target.
                line.split("`](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target)),
            )
            .filter(|target| !target.contains("://") && !target.starts_with("mailto:"))
            .collect();
        targets.into_iter().collect::<BTreeSet<_>>()
    })
}

/// What a heading is called in a link: lower case, blanks as `-`, everything else that is no letter or digit left out.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for heading in prose(text).filter(|line| line.starts_with('#')) {
        let name: String = heading
            .trim_start_matches('#')
            .trim()
            .chars()
            .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
            .map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() })
            .collect();
        let numbered = (1..).map(|number| format!("{name}-{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !anchors.contains(name));
        anchors.extend(free);
    }
    anchors
}
