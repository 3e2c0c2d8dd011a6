//! The little Markdown that rule pages use, for a terminal: headings, paragraphs, lists, code, emphasis of code spans.

use crate::{
    terminal::{Look, Paint},
    text::wrap,
};

/// A page: paragraphs wrapped, headings set apart, code as it stands.
pub(crate) fn render(page: &str, look: Look) -> String {
    let mut text = String::new();
    let mut paragraph = String::new();
    let mut in_code = false;
    for line in page.lines() {
        let bare = line.trim_end();
        if bare.trim_start().starts_with("```") {
            flush(&mut paragraph, &mut text, look);
            in_code = !in_code;
        } else if in_code {
            if !bare.is_empty() {
                text.push_str(&look.paint(Paint::Cyan, &format!("    {bare}")));
            }
            text.push('\n');
        } else if let Some(heading) = bare.strip_prefix('#') {
            flush(&mut paragraph, &mut text, look);
            text.push_str(&look.paint(Paint::Bold, heading.trim_start_matches('#').trim()));
            text.push('\n');
        } else if bare.is_empty() {
            flush(&mut paragraph, &mut text, look);
            blank(&mut text);
        } else {
            if item(bare) || bare.starts_with('|') {
                flush(&mut paragraph, &mut text, look);
            }
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(bare.trim());
        }
    }
    flush(&mut paragraph, &mut text, look);
    format!("{}\n", text.trim_end())
}

fn item(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("- ") || line.starts_with("* ") || numbered(line).is_some()
}

fn numbered(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    (digits > 0 && line.get(digits..)?.starts_with(". ")).then_some(digits + 2)
}

fn flush(paragraph: &mut String, text: &mut String, look: Look) {
    let words = std::mem::take(paragraph);
    if words.is_empty() {
        return;
    }
    let lines = if words.starts_with('|') {
        words
    } else if let Some(rest) = words.strip_prefix("- ").or_else(|| words.strip_prefix("* ")) {
        wrap(rest, "  • ", "    ", look)
    } else if let Some(mark) = numbered(&words) {
        let (number, rest) = words.split_at(mark);
        wrap(rest, &format!("  {number}"), &" ".repeat(2 + mark), look)
    } else {
        wrap(&words, "", "", look)
    };
    text.push_str(&code_spans(&lines, look));
    text.push('\n');
}

fn blank(text: &mut String) {
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
}

/// Sets `code` apart where there is colour, and leaves the backticks where there is none.
fn code_spans(text: &str, look: Look) -> String {
    if !look.color || text.matches('`').count() % 2 == 1 {
        return text.to_owned();
    }
    let painted = text
        .split('`')
        .enumerate()
        .map(|(index, part)| if index % 2 == 1 { look.paint(Paint::Cyan, part) } else { part.to_owned() });
    painted.collect()
}
