//! Input that means no good.

use adit_grammar::{MAX_DEPTH, MAX_ERRORS, MAX_FILE_BYTES, format};

use crate::render::parsed;

/// The codes of all mistakes of `text`.
fn codes(text: &str) -> Vec<&'static str> {
    parsed(text).errors.iter().map(|error| error.code).collect()
}

fn spec(condition: &str) -> String {
    format!("edition 2026\nidentities {{ a where {condition} }}\n")
}

/// A file of `size` bytes, filled with `part`.
fn filled(part: &str, size: usize) -> String {
    let head = "edition 2026\nidentities { a where ";
    format!("{head}{}", part.repeat((size - head.len()) / part.len()))
}

#[test]
fn files_at_the_limit_are_read_and_larger_ones_are_not() {
    let text = format!("edition 2026\n{}", " ".repeat(MAX_FILE_BYTES - 13));
    assert_eq!(codes(&text), [""; 0]);
    assert_eq!(codes(&(text + " ")), ["E0008"]);
}

#[test]
fn nesting_at_the_limit_is_read_and_deeper_is_not() {
    // The block itself is one level.
    for (depth, expected) in [(MAX_DEPTH - 1, &[][..]), (MAX_DEPTH, &["E0007"]), (10 * MAX_DEPTH, &["E0007"])] {
        assert_eq!(codes(&spec(&format!("{}b{}", "(".repeat(depth), ")".repeat(depth)))), expected);
    }
    for (depth, expected) in [(MAX_DEPTH, &[][..]), (MAX_DEPTH + 1, &["E0007"])] {
        assert_eq!(codes(&spec(&format!("{}b", "not ".repeat(depth)))), expected);
    }
    let blocks = format!("edition 2026\n{}{}", "mining a { ".repeat(MAX_DEPTH + 9), "}".repeat(MAX_DEPTH + 9));
    assert!(codes(&blocks).contains(&"E0007"));
}

/// `not` and parentheses count together, so that no tree is deeper than a stack can bear.
#[test]
fn the_deepest_tree_can_be_printed_and_compared() {
    let deepest = |depth: usize| spec(&format!("{}b{}", "not (".repeat(depth), ")".repeat(depth)));
    assert_eq!(codes(&deepest(MAX_DEPTH / 2 + 1)), ["E0007"]);
    let file = parsed(&deepest(MAX_DEPTH / 2)).file;
    assert_eq!(file.items.len(), 1);
    assert_eq!(parsed(&file.to_string()).file, file.clone());
}

#[test]
fn four_mebibytes_of_anything_are_read() {
    for part in ["(", "not "] {
        let errors = parsed(&filled(part, MAX_FILE_BYTES)).errors;
        assert!((1..=MAX_ERRORS + 1).contains(&errors.len()), "{part:?}: {} mistakes", errors.len());
    }
}

#[test]
fn a_lot_of_anything_is_read() {
    for part in [
        "[",
        ")",
        "}",
        "a {",
        "({[",
        "a and ",
        "a or ",
        "\\",
        "\0",
        "//",
        "\n",
        "\r\n",
        ";",
        "a\n",
        "a = [",
        "a,\n",
        "{\n",
        "}\n",
        "\u{feff}",
        "é",
        "@{ ",
        "@;",
        "1-",
        "1.",
        "-",
        "b == \"\\q\" and ",
        "mining x {\n",
        "because ",
        "\n because \"x\"",
        "(a)\n",
        "(]",
        "[)",
        "edition 2026\n",
        "mining x { title \"a\" ",
        "x\n\n//\n",
        "a {\n    b {\n",
        "use \"x\",\n",
    ] {
        let text = filled(part, 1 << 15);
        let errors = parsed(&text).errors;
        assert!((1..=MAX_ERRORS + 1).contains(&errors.len()), "{part:?}: {} mistakes", errors.len());
        assert!(format(&text).is_err(), "{part:?}");
    }
}

#[test]
fn long_statements_are_fine() {
    let chain = spec(&format!("{}a", "a and ".repeat(5_000)));
    assert_eq!(codes(&chain), [""; 0]);
    let formatted = format(&chain).unwrap();
    assert_eq!(format(&formatted).unwrap(), formatted);
    let list = format!("edition 2026\nset s = [ {} ]", "a.b \"c\", ".repeat(5_000));
    assert_eq!(codes(&list), [""; 0]);
    assert_eq!(format(&list).unwrap().lines().count(), 5_004);
}

#[test]
fn many_mistakes_are_counted_not_shown() {
    let errors = parsed(&format!("edition 2026\n{}", "bad\n".repeat(1000))).errors;
    assert_eq!(errors.len(), MAX_ERRORS + 1);
    assert_eq!(
        errors.last().map(|error| (error.code, error.message.as_str())),
        Some(("E0020", "900 more mistakes are not shown"))
    );
}

#[test]
fn line_breaks_and_byte_order_marks_of_all_kinds_are_read() {
    let unix = include_str!("tour.adit");
    let file = parsed(unix).file;
    for text in [unix.replace('\n', "\r\n"), unix.replace('\n', "\r"), format!("\u{feff}{unix}")] {
        let other = parsed(&text);
        assert_eq!(other.errors, []);
        assert_eq!(other.file, file);
        assert_eq!(other.file.comments, file.comments);
        assert_eq!(format(&text).unwrap(), format(unix).unwrap());
    }
}

#[test]
fn huge_numbers_do_not_overflow() {
    let digits = "9".repeat(400);
    for number in
        [digits.clone(), format!("{digits}d"), format!("{digits}w"), format!("{digits}s"), format!("-{digits}")]
    {
        assert_eq!(codes(&spec(&format!("b == {number}"))), ["E0014"], "{number}");
    }
    assert_eq!(codes(&spec("b == 700000000w")), ["E0014"]);
    // A percentage that is out of range is the compiler's to refuse.
    assert_eq!(codes(&spec(&format!("b == {digits}%"))), [""; 0]);
}
