//! GitHub annotations: workflow commands, one line per mark.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>: data escapes `%` and line ends, properties also `:`
//! and `,`.

use adit_rules::Severity;

use super::Mark;
use crate::text::{counted, visible_lines};

/// Rows of evidence to show: an annotation is a small box beside a line.
const PROOFS: usize = 6;

/// The commands, in the order of the marks: errors first, because GitHub shows ten of each level per step.
pub(crate) fn render(marks: &[Mark<'_>]) -> String {
    marks.iter().map(command).collect()
}

fn command(mark: &Mark<'_>) -> String {
    let command = match mark.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let place = &mark.place;
    let mut properties = vec![("file", place.file.clone()), ("line", place.line.to_string())];
    if place.end_line > place.line {
        properties.push(("endLine", place.end_line.to_string()));
    } else if place.end_column > place.column {
        // Columns are understood within one line only.
        properties.extend([("col", place.column.to_string()), ("endColumn", place.end_column.to_string())]);
    }
    let undecided = if mark.is_undecided() { " (not decidable)" } else { "" };
    properties.push(("title", format!("{}{undecided}", mark.title)));
    let properties: Vec<_> = properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    let mut message = mark.message.clone();
    for proof in mark.proofs.iter().take(PROOFS) {
        message.push_str(&format!("\n- {proof}"));
    }
    if mark.proofs.len() > PROOFS {
        let more = counted((mark.proofs.len() - PROOFS) as u64, "further proof", "further proofs");
        message.push_str(&format!("\n- … and {more}"));
    }
    if let Some(help) = mark.help {
        message.push_str(&format!("\nhelp: {help}"));
    }
    format!("::{command} {}::{}\n", properties.join(","), data(&message))
}

fn data(text: &str) -> String {
    visible_lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_a_command_or_begin_another() {
        assert_eq!(data("100%\n::error::x"), "100%25%0A::error::x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
        assert_eq!(data("a\rb"), "a\\rb");
    }
}
