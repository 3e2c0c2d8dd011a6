//! The arrows of ARCHITECTURE.md: within each crate the modules at the top know each other in one direction only.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The circles that ARCHITECTURE.md speaks of.
const MEANT: [(&str, &[&str]); 2] = [
    ("compiler", &["approval", "compile", "expectations"]),
    (
        "rules",
        &[
            "drift",
            "duties",
            "exceptions",
            "hygiene",
            "lifecycle",
            "rule",
            "scope",
            "specification",
            "structure",
            "waivers",
        ],
    ),
];

/// Which modules each knows.
type Arrows = BTreeMap<String, BTreeSet<String>>;

#[test]
fn modules_know_each_other_in_one_direction() {
    for room in ["grammar", "snapshots", "compiler", "rules", "cli"] {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(room).join("src");
        let arrows = arrows(&source);
        assert!(arrows.values().map(BTreeSet::len).sum::<usize>() > 4, "{room}: found only {arrows:?}");
        let meant: BTreeSet<&str> =
            MEANT.iter().filter(|(of, _)| *of == room).flat_map(|(_, circle)| circle.iter().copied()).collect();
        let circle: BTreeSet<&str> =
            arrows.keys().filter(|name| reached(&arrows, name).contains(name.as_str())).map(String::as_str).collect();
        assert_eq!(circle, meant, "{room}: modules that lead back to themselves: {arrows:#?}");
    }
}

#[test]
fn what_is_used_is_found_however_it_is_written() {
    let text = "use crate::{\n    exit::Exit,\n    output::{build::{self, Lock}, lint},\n};\nuse crate::files;\n\
                // use crate::comment;\nfn f() { crate::glob::matches(\"crate::\") }";
    let found: Vec<String> = used(text).into_iter().collect();
    assert_eq!(found, ["exit", "files", "glob", "output"]);
}

/// The arrows between the modules at the top of a crate; what stands in tests counts for nothing.
fn arrows(source: &Path) -> Arrows {
    let mut files = Vec::new();
    collect(source, &mut files);
    let mut arrows = Arrows::new();
    for file in files {
        let way = file.strip_prefix(source).unwrap().with_extension("");
        let names: Vec<_> = way.iter().map(|name| name.to_str().unwrap()).collect();
        let module = *names.first().unwrap();
        if !["main", "lib", "testing"].contains(&module) && !names.contains(&"tests") {
            let text = fs::read_to_string(&file).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            arrows.entry(module.to_owned()).or_default().extend(used(text));
        }
    }
    let modules: BTreeSet<String> = arrows.keys().cloned().collect();
    for (module, known) in &mut arrows {
        known.retain(|name| modules.contains(name) && name != module);
    }
    arrows
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The first name after each `crate::`; of a list, those at its outermost level.
fn used(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect();
    let name = |text: &str| text.chars().take_while(|&letter| letter.is_alphanumeric() || letter == '_').collect();
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            found.insert(name(rest));
            continue;
        };
        let mut depth = 0;
        let mut outermost = String::new();
        for letter in list.chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                _ if depth == 0 => outermost.push(letter),
                _ => {}
            }
        }
        found.extend(outermost.split(',').map(|part| name(part.trim())));
    }
    found.remove("");
    found
}

/// All that can be reached from a module, itself only in a circle.
fn reached<'a>(arrows: &'a Arrows, from: &str) -> BTreeSet<&'a str> {
    let known = |name: &str| arrows.get(name).into_iter().flatten().map(String::as_str);
    let (mut found, mut todo): (BTreeSet<&str>, Vec<&str>) = (BTreeSet::new(), known(from).collect());
    while let Some(next) = todo.pop() {
        if found.insert(next) {
            todo.extend(known(next));
        }
    }
    found
}
