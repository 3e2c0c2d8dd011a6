//! Problems as miette draws or tells them: message, source, labels, help.

use miette::{GraphicalReportHandler, GraphicalTheme, NarratableReportHandler, ThemeCharacters, ThemeStyles};

use super::Problem;
use crate::terminal::Look;

impl Problem {
    /// The problem as people read it, ending in a blank line.
    pub(crate) fn render(&self, look: Look) -> String {
        if look.plain { told(self) } else { drawn(self, look) }
    }
}

/// As sentences in reading order.
fn told(problem: &Problem) -> String {
    let handler = NarratableReportHandler::new().with_context_lines(1);
    let mut text = String::new();
    match handler.render_report(&mut text, problem) {
        // Backticks are read aloud, and snippets have none.
        Ok(()) => format!("{}\n\n", text.replace('`', "").trim_end()),
        Err(_) => format!("error: {problem}\n\n"),
    }
}

/// With the text it is about, and marks in it.
fn drawn(problem: &Problem, look: Look) -> String {
    let mut styles = if look.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
    if look.color {
        styles.link = styles.help;
    }
    let theme = GraphicalTheme { characters: ThemeCharacters::unicode(), styles };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(look.width)
        .with_links(false)
        .with_context_lines(1)
        .with_break_words(false)
        .with_word_separator(textwrap::WordSeparator::AsciiSpace)
        .without_syntax_highlighting();
    let mut text = String::new();
    match handler.render_report(&mut text, problem) {
        Ok(()) => {
            // miette begins a report that has no code with an empty line, and pads lines: neither says anything. What it heads `Advice:`
            // is the place of a label in another file.
            let lines = text.trim_start_matches('\n').lines().map(str::trim_end);
            let lines: Vec<_> = lines.map(|line| if line == "Advice:" { "see also:" } else { line }).collect();
            format!("{}\n\n", lines.join("\n").trim_end())
        }
        Err(_) => format!("error: {problem}\n\n"),
    }
}
