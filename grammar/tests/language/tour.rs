//! The tour of the language, as it is written there.

use adit_grammar::{ast::*, format};

use crate::render::{mistakes, parsed};

const TOUR: &str = include_str!("tour.adit");
const KNOBS: &str = include_str!("knobs.adit");

#[test]
fn has_no_mistakes() {
    assert_eq!(mistakes(TOUR), "");
    assert_eq!(mistakes(KNOBS), "");
}

#[test]
fn says_what_it_says() {
    let file = parsed(TOUR).file;
    assert_eq!(file.edition.as_ref().map(|edition| edition.node), Some(2026));
    assert_eq!(file.items.len(), 10);
    assert_eq!(file.comments.len(), 13);
    let Some(Item::Mining(mining)) = file.items.iter().find(|item| matches!(item, Item::Mining(_))) else {
        panic!("the tour has a mining block");
    };
    assert_eq!(mining.name.node, "finance-analysts");
    assert_eq!(mining.review_every.as_ref().map(|days| days.node), Some(90));
    assert_eq!(mining.scope.as_ref().map(|scope| scope.node.len()), Some(5));
    assert_eq!(mining.cutoff.as_ref().map(|cutoff| cutoff.node.len()), Some(5));
    let span = mining.scope.as_ref().map(|scope| scope.span).unwrap_or_default();
    assert!(TOUR[span.range()].starts_with("scope {") && TOUR[span.range()].ends_with('}'));
}

/// Every span of the tree shows what it stands for.
#[test]
fn has_spans_that_fit() {
    let file = parsed(TOUR).file;
    for item in &file.items {
        let shown = &TOUR[item.span().range()];
        assert_eq!(shown, shown.trim());
        let reparsed = parsed(&format!("edition 2026\n{shown}"));
        assert_eq!(reparsed.errors, []);
        assert_eq!(reparsed.file.items, std::slice::from_ref(item));
    }
    for comment in &file.comments {
        assert_eq!(&TOUR[comment.span.range()], format!("//{}", comment.node));
    }
}

#[test]
fn prints_and_reads_the_same() {
    for text in [TOUR, KNOBS] {
        let file = parsed(text).file;
        let printed = file.to_string();
        assert_eq!(mistakes(&printed), "");
        assert_eq!(parsed(&printed).file, file);
    }
}

#[test]
fn formats_to_a_fixpoint() {
    let formatted = format(TOUR).unwrap();
    assert_eq!(format(&formatted).unwrap(), formatted);
    insta::assert_snapshot!("tour", formatted);
    let formatted = format(KNOBS).unwrap();
    assert_eq!(format(&formatted).unwrap(), formatted);
    insta::assert_snapshot!("knobs", formatted);
}

/// The place of a negation ends where its test ends.
#[test]
fn spans_leave_out_comments() {
    let text = "edition 2026\nidentities { a where not b // why\n  and c }";
    let file = parsed(text).file;
    let Some(Item::Identities(identities)) = file.items.first() else { panic!("one block") };
    let Condition::All(parts) = &identities.classes[0].condition else { panic!("a conjunction") };
    let shown: Vec<_> = parts.iter().map(|part| &text[part.span().range()]).collect();
    assert_eq!(shown, ["not b", "c"]);
}
