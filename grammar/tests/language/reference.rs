//! The reference page keeps what it says.

use std::path::Path;

use adit_grammar::{MAX_DEPTH, MAX_ERRORS, MAX_FILE_BYTES, codes::CODES, format};

use crate::render::mistakes;

const PAGE: &str = include_str!("../../../docs/language.md");

/// The examples of a page.
fn blocks(page: &str) -> impl Iterator<Item = &str> {
    page.split("```adit\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block)
}

/// The specs on the page, each with an `edition` line.
pub(crate) fn examples() -> Vec<String> {
    blocks(PAGE)
        .map(|block| if block.starts_with("edition") { block.to_owned() } else { format!("edition 2026\n\n{block}") })
        .collect()
}

#[test]
fn its_examples_are_right_and_formatted() {
    assert!(examples().len() > 10);
    for example in examples() {
        assert_eq!(mistakes(&example), "", "{example}");
        assert_eq!(format(&example).unwrap(), example);
    }
}

/// What stands in backquotes in a row about a condition or a strategy is read as it stands.
#[test]
fn its_conditions_and_settings_are_right() {
    let mut read = 0;
    let section = |title: &str| PAGE.split(title).nth(1).and_then(|rest| rest.split("\n##").next()).unwrap_or_default();
    let quoted = |line: &str| line.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    for line in section("## Conditions\n").lines().filter(|line| line.starts_with("| `") && !line.contains('…')) {
        let condition = &quoted(line)[0];
        assert_eq!(mistakes(&format!("edition 2026\nidentities {{ a where {condition} }}")), "");
        read += 1;
    }
    for line in section("### Strategies\n").lines().filter(|line| line.starts_with("| `") && line.contains('·')) {
        let words = quoted(line);
        let settings = words[1..].join("; ");
        let strategy = &words[0];
        assert_eq!(
            mistakes(&format!("edition 2026\nmining a {{ mine {{ cluster using {strategy} {{ {settings} }} }} }}")),
            ""
        );
        read += 1;
    }
    assert!(read > 15, "{read}");
}

#[test]
fn its_codes_and_limits_are_those_of_the_parser() {
    for code in CODES {
        assert!(PAGE.contains(&format!("| {} | {} |\n", code.code, code.title)), "{} is not on the page", code.code);
    }
    assert_eq!(PAGE.matches("\n| E0").count(), CODES.len());
    assert_eq!((MAX_FILE_BYTES, MAX_DEPTH, MAX_ERRORS), (4_194_304, 64, 100));
    for limit in ["4 MiB (4,194,304 bytes)", "64 levels of brackets", "| 100 per file"] {
        assert!(PAGE.contains(limit), "{limit}");
    }
}

/// What the other pages show is read too: a whole file, or what stands in the blocks that statements belong in. Three dots leave lines out.
#[test]
fn examples_of_other_pages_are_read() {
    let docs = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs"));
    let mut read = 0;
    for folder in [docs.to_owned(), docs.join("rules"), docs.join("packs")] {
        let mut pages: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        // This page is looked at above; the examples of the other are wrong on purpose, and tests of their own.
        pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
        pages.retain(|page| !page.ends_with("language.md") && !page.ends_with("spec-errors.md"));
        for page in pages {
            let text = std::fs::read_to_string(&page).unwrap();
            for example in blocks(&text) {
                let example: String =
                    example.lines().filter(|line| line.trim() != "…").map(|line| format!("{line}\n")).collect();
                let wrapped = [
                    example.clone(),
                    format!("mining m {{\n{example}}}"),
                    format!("mining m {{ scope {{\n{example}}} }}"),
                    format!("mining m {{ mine {{\n{example}}} }}"),
                ];
                let wrong = wrapped.map(|text| mistakes(&format!("edition 2026\n{text}")));
                assert!(wrong.iter().any(String::is_empty), "{}: {}\n{example}", page.display(), wrong[0]);
                read += 1;
            }
        }
    }
    assert!(read > 30, "{read}");
}
