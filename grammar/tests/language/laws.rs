//! What holds for every text and every tree.

use adit_grammar::{MAX_ERRORS, ast::Item, format};
use proptest::{collection::vec, prelude::*};

use crate::{
    render::{mistakes, parsed},
    trees::{condition, file},
};

/// Pieces of the language in any order.
fn soup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "edition 2026\n",
        "use ",
        "pack ",
        "identities ",
        "separate ",
        "from ",
        "everything ",
        "set ",
        "mining ",
        "role ",
        "duties ",
        "waiver ",
        "provision ",
        "expect ",
        "scope ",
        "mine ",
        "cutoff ",
        "describe by ",
        "include ",
        "exclude ",
        "entitlements ",
        "assignments ",
        "where ",
        "and ",
        "or ",
        "not ",
        "in ",
        "is ",
        "missing ",
        "like ",
        "has ",
        "unused ",
        "for ",
        "members ",
        "of ",
        "holding ",
        "application ",
        "because ",
        "minable ",
        "guided ",
        "never ",
        "by ",
        "cluster ",
        "using ",
        "at ",
        "most ",
        "least ",
        "per ",
        "identity ",
        "waived ",
        "approval ",
        "when ",
        "lost ",
        "remove ",
        "after ",
        "given ",
        "then ",
        "no ",
        "some ",
        "grants ",
        "name ",
        "a-b ",
        "sap.tcode ",
        "\"F110\" ",
        "\"",
        "\\",
        "80% ",
        "82.555% ",
        "90d ",
        "3mo ",
        "7 ",
        "-2 ",
        "0.8 ",
        "2026-09-30 ",
        "2026-02-30 ",
        "true ",
        "= ",
        "== ",
        "<> ",
        "&& ",
        "{ ",
        "} ",
        "[ ",
        "] ",
        "( ",
        ") ",
        ", ",
        "; ",
        "\n",
        "\n\n",
        "\r\n",
        "// note\n",
        "//",
        "#",
        "\0",
        "\u{feff}",
        "é",
        "\u{a0}",
        "'",
    ];
    vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

/// Nothing is a panic; mistakes are in order and their places are in the text.
pub(crate) fn survives(text: &str) {
    let result = parsed(text);
    assert!(result.errors.len() <= MAX_ERRORS + 1);
    assert!(result.errors.iter().is_sorted_by_key(|error| error.span()));
    let labels = result.errors.iter().flat_map(|error| &error.labels).map(|label| label.span);
    for span in labels.chain(result.file.items.iter().map(Item::span)) {
        assert!(text.get(span.range()).is_some(), "{span:?} is no part of {text:?}");
    }
    let used = result
        .file
        .items
        .iter()
        .filter_map(|item| if let Item::Use(item) = item { Some(&item.path.node) } else { None });
    let scanned = adit_grammar::Scanned::new(text.to_owned());
    assert!(scanned.uses().iter().eq(used), "{text:?}");
    let (again, kept) = scanned.parse(adit_grammar::FileId(0));
    assert_eq!((again.file, again.errors, kept.as_str()), (result.file.clone(), result.errors.clone(), text));
    match format(text) {
        Ok(formatted) => {
            assert!(result.errors.is_empty());
            assert_eq!(format(&formatted).unwrap(), formatted);
        }
        Err(adit_grammar::FormatError::Syntax(errors)) => assert_eq!(errors, result.errors),
        Err(adit_grammar::FormatError::MeaningChanged) => panic!("the formatter changes the meaning of {text:?}"),
    }
}

/// Puts a comment at the end of each line, on a line of its own before it, or a blank line, as `choices` say.
fn commented(text: &str, choices: &[u8]) -> String {
    let mut result = String::new();
    for (number, (line, choice)) in text.lines().zip(choices.iter().cycle()).enumerate() {
        if choice & 1 != 0 {
            result += &format!("  // before {number}\n");
        }
        if choice & 2 != 0 {
            result += "\n\n";
        }
        // Lists may have comments inside.
        let broken = if choice & 8 != 0 && !line.contains('"') {
            line.replace(", ", ", // inside\n\n  // too\n")
        } else {
            line.to_owned()
        };
        result += &broken;
        result += if choice & 4 != 0 { "\t//behind  \n" } else { "\n" };
    }
    result
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in "\\PC{0,80}|(?s).{0,40}") {
        survives(&text);
        survives(&format!("edition 2026\n{text}"));
    }

    #[test]
    fn any_soup_of_tokens_is_survived(text in soup()) {
        survives(&text);
        survives(&format!("edition 2026\n{text}"));
    }

    #[test]
    fn any_damaged_spec_is_survived(spec in file().prop_map(|file| file.to_string()), at in any::<prop::sample::Index>(), piece in soup()) {
        let mut text = spec;
        let places: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
        text.insert_str(*at.get(&places), &piece);
        survives(&text);
    }

    #[test]
    fn trees_print_and_read_the_same(file in file()) {
        let text = file.to_string();
        prop_assert_eq!(mistakes(&text), "", "{}", text);
        prop_assert_eq!(parsed(&text).file, file, "{}", text);
    }

    #[test]
    fn conditions_print_and_read_the_same(condition in condition()) {
        let text = format!("edition 2026\nidentities {{ a where {condition} }}");
        prop_assert_eq!(mistakes(&text), "", "{}", text);
        let file = parsed(&text).file;
        let Some(Item::Identities(identities)) = file.items.first() else { panic!("one block") };
        prop_assert_eq!(&identities.classes[0].condition, &condition);
    }

    #[test]
    fn formatting_keeps_the_tree_and_all_comments(
        text in (file(), vec(0_u8..16, 1..20)).prop_map(|(file, choices)| commented(&file.to_string(), &choices)),
    ) {
        prop_assert_eq!(mistakes(&text), "", "{}", text);
        let formatted = format(&text).unwrap();
        let (before, after) = (parsed(&text), parsed(&formatted));
        prop_assert_eq!(&before.file, &after.file);
        prop_assert_eq!(&before.file.comments, &after.file.comments);
        prop_assert_eq!(format(&formatted).unwrap(), formatted.clone(), "{}", formatted);
        prop_assert!(!formatted.contains("\n\n\n") && !formatted.lines().any(|line| line.ends_with(' ')), "{}", formatted);
    }
}
