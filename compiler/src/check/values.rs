//! Values and types, in the words of messages.

use adit_grammar::{Diagnostic, Span, ast::LiteralValue};
use adit_snapshots::AttributeType;

use super::codes;

/// A value that is not of the attribute's type.
pub(super) fn wrong_value(attribute: &str, kind: AttributeType, found: &LiteralValue, span: Span) -> Diagnostic {
    let message = format!("expected {}, found {} {}", a(kind), what(found), spelled(found));
    let help = match (kind, found) {
        (AttributeType::Text | AttributeType::List, LiteralValue::Integer(number)) => format!("write `\"{number}\"`"),
        (AttributeType::Text | AttributeType::List, LiteralValue::Date(date)) => {
            format!("write `\"{date}\"`, or give `{attribute}` the type `date` in `snapshot.toml`")
        }
        (AttributeType::Date, LiteralValue::Text(text)) if text.parse::<jiff::civil::Date>().is_ok() => {
            format!("write the date without quotes: `{text}`")
        }
        (AttributeType::Integer, LiteralValue::Text(text)) if text.parse::<i64>().is_ok() => {
            format!("write the number without quotes: `{text}`")
        }
        (AttributeType::Boolean, LiteralValue::Text(text)) if matches!(text.as_str(), "true" | "false") => {
            format!("write `{text}` without quotes")
        }
        _ => format!("write for example `{}`", example(attribute, kind)),
    };
    let label = format!("`{attribute}` is {}", a(kind));
    Diagnostic::error(codes::WRONG_TYPE, message, span, label).help(help)
}

/// A type as the end of "it is …".
pub(super) fn a(kind: AttributeType) -> &'static str {
    match kind {
        AttributeType::Text => "a text",
        AttributeType::List => "a list",
        AttributeType::Date => "a date",
        AttributeType::Boolean => "true or false",
        AttributeType::Integer => "a whole number",
    }
}

/// A test that an attribute of a type could have.
pub(super) fn example(attribute: &str, kind: AttributeType) -> String {
    match kind {
        AttributeType::Text => format!("{attribute} == \"…\""),
        AttributeType::List => format!("{attribute} has \"…\""),
        AttributeType::Date => format!("{attribute} < 2026-01-01"),
        AttributeType::Boolean => attribute.to_owned(),
        AttributeType::Integer => format!("{attribute} >= 1"),
    }
}

/// What kind of value it is.
pub(super) fn what(value: &LiteralValue) -> &'static str {
    match value {
        LiteralValue::Text(_) => "the text",
        LiteralValue::Percent(_) => "the percentage",
        LiteralValue::Integer(_) => "the number",
        LiteralValue::Decimal(_) => "the decimal number",
        LiteralValue::Days(_) => "the duration",
        LiteralValue::Seconds(_) => "the time",
        LiteralValue::Date(_) => "the date",
        LiteralValue::Boolean(_) => "the truth value",
    }
}

/// A value as it is written, in backticks.
pub(super) fn spelled(value: &LiteralValue) -> String {
    format!("`{value}`")
}
