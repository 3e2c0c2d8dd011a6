//! Every `adit …` that the docs, the hooks and the templates for CI show is a command line that the tool takes.

use std::{ffi::OsString, fs, path::PathBuf};

use serde_yaml_ng::Value;

use super::*;

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The words of a line of shell: quotes are taken off, variables stand for some word, `${x:+…}` for what it would be replaced by.
fn words(line: &str) -> Vec<String> {
    let line = line
        .split(" #")
        .next()
        .unwrap_or("")
        .split(" > ")
        .next()
        .unwrap_or("")
        .replace("${ADIT_AGAINST:+", "")
        .replace("${ADIT_BASELINE:+", "");
    let mut words = Vec::new();
    for (index, piece) in line.split(['"', '\'']).enumerate() {
        if index % 2 == 0 {
            words.extend(
                piece
                    .split_whitespace()
                    .map(|word| word.trim_end_matches('}').to_owned())
                    .filter(|word| !word.is_empty()),
            );
        } else {
            words.push(piece.to_owned());
        }
    }
    words
        .iter()
        .map(|word| if word == "$ADIT_PERSONA" { "author".to_owned() } else { word.replace("$ADIT_PROJECT", ".") })
        .collect()
}

/// The command lines in a script: its lines joined where they end in `\`, from `adit` to `&&`, `||`, `|` or `;`.
fn command_lines(script: &str) -> Vec<String> {
    let joined = script.replace("\\\n", " ");
    let commands = joined.lines().flat_map(|line| line.split("&&")).flat_map(|part| part.split(['|', ';']));
    commands
        .map(|part| part.trim().trim_start_matches("$ ").to_owned())
        .filter(|part| part.starts_with("adit "))
        .collect()
}

fn parses(line: &str, place: &str) {
    let words: Vec<OsString> = words(line).into_iter().map(Into::into).collect();
    if let Err(error) = Arguments::read(&words) {
        assert!(!error.use_stderr(), "{place} has `{line}`, which is no command line: {error}");
    }
}

/// Every text below a key of that name, or in the list it leads to.
fn texts<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Mapping(map) => {
            for (name, value) in map {
                match value {
                    Value::String(text) if name.as_str() == Some(key) => found.push(text),
                    Value::Sequence(lines) if name.as_str() == Some(key) => {
                        found.extend(lines.iter().filter_map(Value::as_str))
                    }
                    _ => texts(value, key, found),
                }
            }
        }
        Value::Sequence(values) => values.iter().for_each(|value| texts(value, key, found)),
        _ => {}
    }
}

fn yaml(name: &str) -> Value {
    serde_yaml_ng::from_str(&read(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn hooks_and_templates_run_what_there_is() {
    for (name, key, least) in [
        (".pre-commit-hooks.yaml", "entry", 3),
        ("action.yml", "run", 3),
        ("ci/gitlab/adit.gitlab-ci.yml", "script", 3),
    ] {
        let document = yaml(name);
        let mut scripts = Vec::new();
        texts(&document, key, &mut scripts);
        let lines: Vec<_> = scripts.iter().flat_map(|script| command_lines(script)).collect();
        assert!(lines.len() >= least, "{name}: {lines:?}");
        lines.iter().for_each(|line| parses(line, name));
    }
}

#[test]
fn hooks_have_what_pre_commit_asks_for() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    for hook in hooks.as_sequence().unwrap() {
        for key in ["id", "name", "entry", "language", "files"] {
            assert!(hook[key].is_string(), "{hook:?} has no `{key}`");
        }
    }
    let action = yaml("action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        assert_eq!(step["shell"], "bash", "{step:?}");
        // A value from outside reaches a script as a variable, never as text of the script.
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step:?}");
    }
    for value in action["inputs"].as_mapping().unwrap().keys() {
        assert!(read("action.yml").contains(&format!("inputs.{}", value.as_str().unwrap())), "{value:?} is not used");
    }
}

#[test]
fn docs_show_what_there_is() {
    let mut pages: Vec<PathBuf> = vec![root().join("README.md")];
    pages.extend(fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()));
    let mut shown = 0;
    for page in pages.iter().filter(|page| page.extension().is_some_and(|extension| extension == "md")) {
        let text = fs::read_to_string(page).unwrap();
        for block in text.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            for line in block.lines().filter(|line| line.starts_with("$ adit ")) {
                command_lines(line).iter().for_each(|line| parses(line, &page.display().to_string()));
                shown += 1;
            }
        }
    }
    assert!(shown > 10, "{shown}");
}

#[test]
fn every_option_is_on_the_page_of_commands() {
    let page = read("docs/commands.md");
    let mut sections = page.split("\n## ");
    // What many commands take is said once, before the first of them.
    let head = sections.next().unwrap();
    let sections: Vec<&str> = sections.collect();
    for command in Arguments::command().get_subcommands() {
        let name = command.get_name();
        let titled = |section: &&&str| section.lines().next().unwrap().split(' ').any(|word| word == name);
        let section = sections.iter().find(titled).unwrap_or_else(|| panic!("no section for `{name}`"));
        for option in command.get_arguments().filter_map(|argument| argument.get_long()) {
            let option = format!("--{option}");
            assert!(head.contains(&option) || section.contains(&option), "`adit {name} {option}` is not on the page");
        }
    }
}
