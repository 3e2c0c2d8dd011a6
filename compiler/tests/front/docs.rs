//! `docs/spec-errors.md`: every code has a section, and its example says what the page shows.
//!
//! After a change of words run with `ADIT_BLESS=1`, and read what changed.

use std::collections::BTreeSet;

use crate::project::{checked, render_all};
use adit_compiler::codes::CODES;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/spec-errors.md");

/// A section of the page: its code, its files, and where what the compiler says of them begins and ends.
#[derive(Default)]
struct Section {
    code: String,
    title: String,
    prose: String,
    files: Vec<(String, String)>,
    said: std::ops::Range<usize>,
}

fn sections(page: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut block: Option<(String, usize)> = None;
    let mut at = 0;
    for line in page.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if let Some((language, from)) = &block {
            if line.trim_end() == "```" {
                let section = sections.last_mut().expect("code before the first section");
                if language == "text" {
                    section.said = *from..start;
                } else if let Some(file) = language.strip_prefix("adit") {
                    let path = file.trim().strip_prefix("title=").unwrap_or("policy.adit").trim_matches('"');
                    section.files.push((path.to_owned(), page[*from..start].to_owned()));
                }
                block = None;
            }
        } else if let Some(code) = line.strip_prefix("## ") {
            sections.push(Section { code: code.trim().to_owned(), ..Section::default() });
        } else if let Some(language) = line.strip_prefix("```") {
            if !sections.is_empty() {
                block = Some((language.trim().to_owned(), at));
            }
        } else if let Some(section) = sections.last_mut() {
            if section.title.is_empty() && !line.trim().is_empty() {
                section.title = line.trim().trim_matches('*').trim_end_matches('.').to_owned();
            } else {
                section.prose.push_str(line);
            }
        }
    }
    sections
}

#[test]
fn every_code_has_a_section_whose_example_is_true() {
    let mut page = std::fs::read_to_string(PAGE).unwrap();
    let bless = std::env::var_os("ADIT_BLESS").is_some();
    let mut wrong = Vec::new();
    for section in sections(&page).into_iter().rev() {
        if section.code == "E2105" {
            // Two hundred classes say nothing to a reader; see `more_classes_than_can_be_told_apart`.
            continue;
        }
        let files: Vec<(&str, &str)> =
            section.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        assert!(section.said.start > 0, "{} shows nothing", section.code);
        let (project, checked) = checked(&files);
        let mut codes: BTreeSet<&str> = checked.diagnostics.iter().map(|fault| fault.code).collect();
        let said = render_all(&project, &checked.diagnostics);
        // Others may come along where the page says so.
        let own = codes.remove(section.code.as_str());
        if !own || codes.iter().any(|code| !section.prose.contains(code)) {
            wrong.push(format!("{} says {codes:?}:\n{said}", section.code));
        } else if bless {
            page.replace_range(section.said, &said);
        } else if page[section.said.clone()] != said {
            wrong.push(format!("{} shows\n{}\nand should show\n{said}", section.code, &page[section.said]));
        }
    }
    wrong.reverse();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    if bless {
        std::fs::write(PAGE, page).unwrap();
    }
}

#[test]
fn sections_and_codes_are_the_same() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let sections = sections(&page);
    let documented: Vec<_> = sections.iter().map(|section| (section.code.clone(), section.title.clone())).collect();
    let capital = |title: &str| title[..1].to_uppercase() + &title[1..];
    let known: Vec<_> = CODES.iter().map(|code| (code.code.to_owned(), capital(code.title))).collect();
    assert_eq!(documented, known);
    let table: Vec<&str> = page.lines().filter(|line| line.starts_with("| [")).collect();
    let rows: Vec<String> = CODES
        .iter()
        .map(|code| format!("| [{}](#{}) | {} |", code.code, code.code.to_lowercase(), code.title))
        .collect();
    assert_eq!(table, rows);
}
