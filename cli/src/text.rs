//! Plain text that is pleasant to read: grouped digits, aligned columns, wrapped lines.

use std::borrow::Cow;

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

/// `12 identities hold 10 entitlements through 48 assignments`.
pub(crate) fn who_holds(identities: u64, entitlements: u64, assignments: u64) -> String {
    format!(
        "{} {} {} through {}",
        counted(identities, "identity", "identities"),
        if identities == 1 { "holds" } else { "hold" },
        counted(entitlements, "entitlement", "entitlements"),
        counted(assignments, "assignment", "assignments"),
    )
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
        let name = visible(name);
        let more = format!(", … {} more", count(total - index));
        // What has to fit behind the name too: that there are more, unless it is the last.
        let rest = if index + 1 == total { 0 } else { more.width() };
        if index > 0 && text.width() + 2 + name.width() + rest > width {
            text.push_str(&more);
            return text;
        }
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(&name);
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

/// The columns that words are left, however narrow the line.
const LEAST_ROOM: usize = 15;

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
        self.rows.push(cells.into_iter().map(|cell| visible(&cell).into_owned()).collect());
    }

    /// The rows, each ended. The last column is clipped at the edge; where the others leave no room, words are wrapped, the longest first.
    pub(crate) fn render(&self, look: Look) -> String {
        let widths = self.fitted(look);
        let mut text = String::new();
        if let Some(head) = &self.head {
            text.push_str(&look.paint(Paint::Dim, &self.lay(head, &widths, look)));
            text.push('\n');
        }
        for row in &self.rows {
            for line in self.wrapped(row, &widths) {
                text.push_str(&self.lay(&line, &widths, look));
                text.push('\n');
            }
        }
        text
    }

    /// How wide each column is. What is too much for the line is taken from words that are not the last.
    fn fitted(&self, look: Look) -> Vec<usize> {
        let last = self.columns.len().saturating_sub(1);
        let widest = |column: usize| {
            let cells = self.head.iter().chain(&self.rows).filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..self.columns.len()).map(widest).collect();
        let taken = widths.iter().enumerate().map(|(column, &width)| match self.columns.get(column) {
            Some(Align::Left) if column == last => width.min(LEAST_ROOM),
            _ => width,
        });
        let mut over = (self.indent + 2 * last + taken.sum::<usize>()).saturating_sub(look.width);
        let mut words: Vec<usize> =
            (0..last).filter(|&column| self.columns.get(column) == Some(&Align::Left)).collect();
        words.sort_by_key(|&column| std::cmp::Reverse(widths.get(column).copied()));
        for column in words {
            if let Some(width) = widths.get_mut(column) {
                let less = width.saturating_sub(LEAST_ROOM).min(over);
                *width -= less;
                over -= less;
            }
        }
        widths
    }

    /// The lines of a row: one, unless words are too long for their column.
    fn wrapped(&self, row: &[String], widths: &[usize]) -> Vec<Vec<String>> {
        let last = self.columns.len().saturating_sub(1);
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(column, (cell, &width))| match cell.width() <= width || column == last {
                true => vec![cell.clone()],
                false => textwrap::wrap(cell, textwrap::Options::new(width).subsequent_indent("  "))
                    .into_iter()
                    .map(Cow::into_owned)
                    .collect(),
            })
            .collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
        let part = |line: usize| cells.iter().map(|cell| cell.get(line).cloned().unwrap_or_default()).collect();
        (0..lines).map(part).collect()
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
                    let room = look.width.saturating_sub(line.width()).max(LEAST_ROOM);
                    line.push_str(&clip(cell, room));
                }
                Align::Left => line.extend([cell.as_str(), &blanks]),
            }
        }
        line.trim_end().to_owned()
    }
}

/// A name as it may be shown: what could move the cursor, change colours or reorder the line becomes visible.
pub(crate) fn visible(name: &str) -> Cow<'_, str> {
    escaped(name, acts)
}

/// Whether a character does something to the text around it (UAX #9 has the ones that reorder).
fn acts(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text of several lines as it may be shown.
pub(crate) fn visible_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| acts(letter) && letter != '\n')
}

fn escaped(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let show = |letter: char| if hidden(letter) { letter.escape_default().collect() } else { letter.to_string() };
    Cow::Owned(text.chars().map(show).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_make_room_for_numbers_on_a_narrow_line() {
        let mut table = Table::new(2, [Align::Left, Align::Right, Align::Left]).head(["", "roles", "who"]);
        table.row(
            ["one role per distinct set of entitlements", "14", "title == \"Accounts payable clerk\""]
                .map(str::to_owned),
        );
        table.row(["these roles", "9", "everyone"].map(str::to_owned));
        let at = |width| table.render(Look { width, ..Look::file() });
        let expected = [
            "                                      roles  who\n",
            "  one role per distinct set of           14  title == \"Acco…\n",
            "    entitlements\n",
            "  these roles                             9  everyone\n",
        ];
        assert_eq!(at(60), expected.concat());
        for width in 30..120 {
            assert!(at(width).lines().all(|line| line.width() <= width.max(45)), "{}", at(width));
        }
    }

    #[test]
    fn numbers_are_grouped() {
        let texts = [0, 7, 999, 1_000, 185_294, 1_000_000].map(number);
        assert_eq!(texts, ["0", "7", "999", "1,000", "185,294", "1,000,000"]);
    }

    #[test]
    fn one_identity_holds_and_others_hold() {
        assert_eq!(who_holds(1, 1, 1), "1 identity holds 1 entitlement through 1 assignment");
        assert_eq!(who_holds(2_000, 0, 1), "2,000 identities hold 0 entitlements through 1 assignment");
    }

    #[test]
    fn names_cannot_move_the_cursor() {
        assert_eq!(visible("rose"), "rose");
        assert_eq!(visible("ro\x1b[31mse\n"), "ro\\u{1b}[31mse\\n");
        assert_eq!(visible("pay\u{202e}nur"), "pay\\u{202e}nur");
        assert_eq!(visible_lines("a\nb\x07"), "a\nb\\u{7}");
    }

    #[test]
    fn long_lists_are_cut_between_names() {
        let names = ["dog", "cat", "horse", "cow"];
        assert_eq!(some_of(names.iter().copied(), 80), "dog, cat, horse, cow");
        assert_eq!(some_of(names.iter().copied(), 18), "dog, cat, … 2 more");
        assert_eq!(some_of(names.iter().copied(), 17), "dog, … 3 more");
        assert_eq!(some_of(names.iter().copied(), 1), "dog, … 3 more");
        assert_eq!(some_of([].into_iter(), 1), "");
    }

    #[test]
    fn wide_letters_count_as_wide() {
        assert_eq!(clip("経理部の人", 7), "経理部…");
        assert_eq!(clip("short", 7), "short");
        let mut table = Table::new(0, [Align::Left, Align::Right]);
        table.row(["経理".to_owned(), "1".to_owned()]);
        table.row(["dogs".to_owned(), "20".to_owned()]);
        assert_eq!(table.render(Look::file()), "経理   1\ndogs  20\n");
    }
}
