//! What every rule must have, whatever it finds.

use std::collections::BTreeSet;

use adit_rules::Family;

const HEADINGS: [&str; 7] = [
    "What it finds",
    "Why it matters",
    "Example",
    "What to do",
    "When to waive it",
    "What it cannot see",
    "References",
];

#[test]
fn codes_are_unique_ascending_and_of_their_family() {
    let codes: Vec<_> = adit_rules::all().map(|rule| rule.code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
    for rule in adit_rules::all() {
        let number = rule.code.strip_prefix(rule.family.prefix()).unwrap_or_default();
        assert!(number.len() == 2 && number.parse::<u32>().is_ok(), "{} is in {:?}", rule.code, rule.family);
    }
    assert!(Family::ALL.iter().all(|family| adit_rules::all().any(|rule| rule.family == *family)));
}

#[test]
fn names_are_kebab_case_and_every_word_for_a_rule_means_one_rule() {
    let mut words = BTreeSet::new();
    for rule in adit_rules::all() {
        let kebab = !rule.name.is_empty()
            && rule.name.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()));
        assert!(kebab, "`{}` is not kebab-case", rule.name);
        for word in [&rule.code, &rule.name].into_iter().chain(rule.aliases) {
            assert!(words.insert(word.to_ascii_lowercase()), "`{word}` means two rules");
            assert_eq!(adit_rules::find(&word.to_ascii_uppercase()).map(|found| found.code), Some(rule.code));
        }
    }
}

#[test]
fn pages_have_a_title_and_every_heading_in_order() {
    for rule in adit_rules::all() {
        let title = rule.title();
        assert!(title.ends_with('.') && !title.contains('#'), "{}: the title is `{title}`", rule.code);
        let page = rule.page();
        let mut headings = Vec::new();
        let mut fenced = false;
        for line in page.lines() {
            fenced ^= line.starts_with("```");
            headings.extend(line.strip_prefix("## ").filter(|_| !fenced));
        }
        assert_eq!(headings, HEADINGS, "{}", rule.code);
        for section in page.split("\n## ") {
            let body = section.split_once('\n').map_or("", |(_, body)| body);
            assert!(!body.trim().is_empty(), "{}: nothing under `{}`", rule.code, section.trim());
        }
        let example = page.split("\n## ").find(|section| section.starts_with("Example")).unwrap();
        assert_eq!(example.matches("```").count() % 2, 0, "{}: a fence of the example stays open", rule.code);
    }
}

#[test]
fn references_are_known_standards_and_each_is_explained() {
    let known = [
        "NIST CSF 2.0 ",
        "NIST SP 800-53 r5 ",
        "NIST SP 800-207 tenet ",
        "NIST AI RMF ",
        "ISO/IEC 27001:2022 A.",
        "OWASP NHI",
        "PCI DSS 4.0.1 ",
        "COBIT 2019 ",
        "ANSI INCITS 359",
        "Oracle Identity Analytics",
        "RSA Identity",
    ];
    for rule in adit_rules::all() {
        assert!(!rule.references.is_empty(), "{} has no reference", rule.code);
        let page = rule.page();
        let (_, section) = page.split_once("## References\n").unwrap();
        let listed: Vec<_> = section.lines().filter_map(|line| line.strip_prefix("- ")).collect();
        let names: Vec<_> = listed.iter().map(|line| line.split_once(": ").map_or(*line, |(name, _)| name)).collect();
        assert_eq!(names, rule.references, "{}: what is listed and what is declared differ", rule.code);
        for reference in rule.references {
            assert!(known.iter().any(|prefix| reference.starts_with(prefix)), "{}: `{reference}`", rule.code);
            let nhi = reference.strip_prefix("OWASP ").filter(|id| id.starts_with("NHI"));
            assert!(nhi.is_none_or(|id| id.ends_with(":2025")), "{}: `{reference}` lacks its year", rule.code);
        }
    }
}

#[test]
fn nearest_helps_with_slips_only() {
    assert_eq!(adit_rules::rule::nearest("duplicate-identiy"), Some("duplicate-identity"));
    assert_eq!(adit_rules::rule::nearest("no such thing at all"), None);
}
