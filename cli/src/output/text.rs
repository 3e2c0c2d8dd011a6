//! Plain text that is pleasant to read: grouped digits, aligned columns, wrapped lines.

use unicode_width::UnicodeWidthStr as _;

use crate::terminal::{Look, Paint};

/// `185,294`.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A length as a number for people; lengths beyond u64 do not occur.
pub(crate) fn count(length: usize) -> String {
    number(length as u64)
}

/// `1 role`, `14 roles`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// `text` cut to `width` columns, with an ellipsis when something is lost.
pub(crate) fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut clipped = String::new();
    for letter in text.chars() {
        if format!("{clipped}{letter}").width() + 1 > width {
            break;
        }
        clipped.push(letter);
    }
    clipped.push('…');
    clipped
}

/// `text` in lines of at most `look.width` columns; the first begins with `first`, the others with `rest`.
pub(crate) fn wrap(text: &str, first: &str, rest: &str, look: Look) -> String {
    let options = textwrap::Options::new(look.width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::AsciiSpace);
    textwrap::fill(text, options)
}

/// As many of `names` as fit into `width` columns, and how many are left out.
pub(crate) fn some_of<'a>(names: impl ExactSizeIterator<Item = &'a str>, width: usize) -> String {
    let total = names.len();
    let mut text = String::new();
    for (index, name) in names.enumerate() {
        let more = format!(", … {} more", count(total - index));
        if index > 0 && text.width() + name.width() + more.width() > width {
            text.push_str(&more);
            return text;
        }
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(name);
    }
    text
}

/// How a column of a [`Table`] is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// Rows with aligned columns.
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Align>,
    head: Option<Vec<String>>,
    rows: Vec<Vec<String>>,
    indent: usize,
}

impl Table {
    /// A table whose rows begin after `indent` blanks.
    pub(crate) fn new<const N: usize>(indent: usize, columns: [Align; N]) -> Self {
        Self { columns: columns.to_vec(), head: None, rows: Vec::new(), indent }
    }

    /// Adds a heading, set quietly.
    pub(crate) fn head<const N: usize>(mut self, head: [&str; N]) -> Self {
        self.head = Some(head.map(str::to_owned).to_vec());
        self
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The rows, each ended. Only the last column may reach the edge: it is clipped there.
    pub(crate) fn render(&self, look: Look) -> String {
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                let cells = self.head.iter().chain(&self.rows).filter_map(|row| row.get(column));
                cells.map(|cell| cell.width()).max().unwrap_or(0)
            })
            .collect();
        let mut text = String::new();
        if let Some(head) = &self.head {
            text.push_str(&look.paint(Paint::Dim, &self.lay(head, &widths, look)));
            text.push('\n');
        }
        for row in &self.rows {
            text.push_str(&self.lay(row, &widths, look));
            text.push('\n');
        }
        text
    }

    fn lay(&self, row: &[String], widths: &[usize], look: Look) -> String {
        let mut line = " ".repeat(self.indent);
        for (index, ((cell, &width), align)) in row.iter().zip(widths).zip(&self.columns).enumerate() {
            if index > 0 {
                line.push_str("  ");
            }
            let blanks = " ".repeat(width.saturating_sub(cell.width()));
            match align {
                Align::Right => line.extend([blanks.as_str(), cell]),
                Align::Left if index + 1 == row.len() => {
                    let room = look.width.saturating_sub(line.width()).max(20);
                    line.push_str(&clip(cell, room));
                }
                Align::Left => line.extend([cell.as_str(), &blanks]),
            }
        }
        line.trim_end().to_owned()
    }
}

/// What the writer may have meant: the closest of `known`, if it is close.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).clamp(1, 3);
    known
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}
