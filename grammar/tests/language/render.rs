//! Mistakes as people read them, in plain text.

use adit_grammar::{FileId, Parsed, Span, parse};

/// Parses `text`, which is given an `edition` line unless it has one.
pub(crate) fn parsed(text: &str) -> Parsed {
    parse(FileId(0), text)
}

/// All mistakes of `text`.
pub(crate) fn mistakes(text: &str) -> String {
    let mut report = String::new();
    for error in parsed(text).errors {
        if !report.is_empty() {
            report.push('\n');
        }
        report += &format!("{}: {error}\n", error.code);
        for label in &error.labels {
            report += &format!("  {} `{}`: {}\n", position(text, label.span), shown(text, label.span), label.text);
        }
        if let Some(help) = &error.help {
            report += &format!("  help: {help}\n");
        }
    }
    report
}

/// The mistakes of one item below an `edition` line.
pub(crate) fn item_mistakes(item: &str) -> String {
    mistakes(&format!("edition 2026\n{item}"))
}

fn position(text: &str, span: Span) -> String {
    let before = &text[..span.range().start];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    format!("{line}:{column}")
}

fn shown(text: &str, span: Span) -> String {
    text[span.range()].escape_debug().to_string().replace("\\\"", "\"").chars().take(50).collect()
}
