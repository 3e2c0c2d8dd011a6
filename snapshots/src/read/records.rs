//! The records of a block (RFC 4180, leniently): no allocation per record, quotes undone only where there are any.

use std::borrow::Cow;

use super::dialect::Dialect;

/// Goes through the records of a text.
pub(crate) struct Records<'a> {
    text: &'a str,
    dialect: Dialect,
    at: usize,
    /// Line ends before `at`.
    lines: u64,
    /// The line the current record starts on, counted from 0 within the text.
    line: u64,
    fields: Vec<Span>,
    /// Fields that are not in the text as they are.
    undone: String,
    /// A quote was opened in the current record and never closed.
    unclosed: bool,
}

/// Where a field is.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    /// In `undone` rather than in the text.
    undone: bool,
}

impl<'a> Records<'a> {
    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Self {
        Self { text, dialect, at: 0, lines: 0, line: 0, fields: Vec::new(), undone: String::new(), unclosed: false }
    }

    /// Goes to the next record that says anything; `false` at the end.
    pub(crate) fn advance(&mut self) -> bool {
        while self.at < self.text.len() {
            self.parse();
            if self.fields.iter().any(|span| span.start < span.end) {
                return true;
            }
        }
        self.fields.clear();
        false
    }

    /// How many fields the record has.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field of the record.
    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let span = self.fields.get(index)?;
        let text = if span.undone { self.undone.as_str() } else { self.text };
        text.get(span.start..span.end)
    }

    /// A field of the record that outlives it: borrowed from the text where it stands there as it is.
    #[inline]
    pub(crate) fn take(&self, index: usize) -> Option<Cow<'a, str>> {
        let span = self.fields.get(index)?;
        if span.undone {
            return self.undone.get(span.start..span.end).map(|text| Cow::Owned(text.to_owned()));
        }
        self.text.get(span.start..span.end).map(Cow::Borrowed)
    }

    /// The line the record starts on, counted from 0 within the text.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Lines gone through; after the last record, those of the whole text.
    pub(crate) fn lines(&self) -> u64 {
        self.lines
    }

    /// The size of the whole text.
    pub(crate) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Whether the record opens a quote that nothing closes.
    pub(crate) fn unclosed(&self) -> bool {
        self.unclosed
    }

    fn parse(&mut self) {
        self.fields.clear();
        self.undone.clear();
        self.line = self.lines;
        self.unclosed = false;
        let bytes = self.text.as_bytes();
        let Dialect { delimiter, terminator } = self.dialect;
        let mut start = self.at;
        loop {
            if bytes.get(start) == Some(&b'"') {
                start = match self.quoted_field(start) {
                    Some(next) => next,
                    None => return,
                };
                continue;
            }
            let rest = bytes.get(start..).unwrap_or(&[]);
            let length = rest.iter().position(|&byte| byte == delimiter || byte == terminator).unwrap_or(rest.len());
            let end = start + length;
            if bytes.get(end) == Some(&delimiter) {
                self.fields.push(Span { start, end, undone: false });
                start = end + 1;
                continue;
            }
            let shown = if terminator == b'\n' && rest.get(..length).is_some_and(|field| field.ends_with(b"\r")) {
                end - 1
            } else {
                end
            };
            self.fields.push(Span { start, end: shown, undone: false });
            self.end_record(end);
            return;
        }
    }

    /// Reads a field that begins with a quote; where the next one starts, or `None` when it was the record's last.
    fn quoted_field(&mut self, open: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        if let Some(next) = self.simple_field(open) {
            return next;
        }
        let start = self.undone.len();
        let mut at = open + 1;
        loop {
            let rest = self.text.get(at..).unwrap_or("");
            let Some(length) = rest.bytes().position(|byte| byte == b'"') else {
                self.undone.push_str(rest);
                self.unclosed = true;
                at = bytes.len();
                break;
            };
            self.undone.push_str(rest.get(..length).unwrap_or(""));
            at += length + 1;
            if bytes.get(at) != Some(&b'"') {
                break;
            }
            self.undone.push('"');
            at += 1;
        }
        // What follows the closing quote belongs to the field: `"a"b` is `ab`.
        let rest = bytes.get(at..).unwrap_or(&[]);
        let Dialect { delimiter, terminator } = self.dialect;
        let length = rest.iter().position(|&byte| byte == delimiter || byte == terminator).unwrap_or(rest.len());
        let end = at + length;
        let tail = self.text.get(at..end).unwrap_or("");
        let more = bytes.get(end) == Some(&delimiter);
        let tail = if more || terminator != b'\n' { tail } else { tail.strip_suffix('\r').unwrap_or(tail) };
        self.undone.push_str(tail);
        self.fields.push(Span { start, end: self.undone.len(), undone: true });
        let inside = bytes.get(open..at).unwrap_or(&[]);
        self.lines += inside.iter().filter(|&&byte| byte == terminator).count() as u64;
        if more {
            return Some(end + 1);
        }
        self.end_record(end);
        None
    }

    /// Reads a field in quotes that holds no quote: all there is to undo is to leave the quotes out. Where the next field
    /// starts, if any does; `None` when it is not so simple.
    fn simple_field(&mut self, open: usize) -> Option<Option<usize>> {
        let Dialect { delimiter, terminator } = self.dialect;
        let inside = self.text.as_bytes().get(open + 1..)?;
        let length = inside.iter().position(|&byte| byte == b'"')?;
        let close = open + 1 + length;
        let mut after = close + 1;
        let mut next = inside.get(length + 1).copied();
        if next == Some(b'\r') && terminator == b'\n' && inside.get(length + 2) == Some(&b'\n') {
            after += 1;
            next = Some(b'\n');
        }
        if next != Some(delimiter) && next != Some(terminator) && next.is_some() {
            return None;
        }
        let quoted = inside.get(..length)?;
        self.lines += quoted.iter().filter(|&&byte| byte == terminator).count() as u64;
        self.fields.push(Span { start: open + 1, end: close, undone: false });
        if next == Some(delimiter) {
            return Some(Some(after + 1));
        }
        self.end_record(after);
        Some(None)
    }

    fn end_record(&mut self, end: usize) {
        if end < self.text.len() {
            self.lines += 1;
        }
        self.at = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn records(text: &str, delimiter: u8) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text, Dialect { delimiter, terminator: b'\n' });
        let mut found = Vec::new();
        while records.advance() {
            let fields = (0..records.len()).map(|index| records.get(index).unwrap().to_owned()).collect();
            found.push((records.line(), fields));
        }
        found
    }

    fn fields(text: &str) -> Vec<Vec<String>> {
        records(text, b',').into_iter().map(|(_, fields)| fields).collect()
    }

    #[test]
    fn quotes_hold_delimiters_line_feeds_and_quotes() {
        assert_eq!(fields("a,\"b,\"\"c\"\"\nd\",e\r\n"), [["a", "b,\"c\"\nd", "e"]]);
    }

    #[test]
    fn a_quote_inside_a_field_is_a_character() {
        assert_eq!(fields("5\" pipe,\"a\"b\n"), [["5\" pipe", "ab"]]);
    }

    #[test]
    fn rows_that_say_nothing_are_passed_over_and_counted() {
        assert_eq!(
            records("a;b\n\n;;\r\n\"x\ny\";c\nd;e\n\n\n", b';')
                .iter()
                .map(|(line, fields)| (*line, fields[0].as_str()))
                .collect::<Vec<_>>(),
            [(0, "a"), (3, "x\ny"), (5, "d")]
        );
    }

    #[test]
    fn an_unclosed_quote_takes_the_rest() {
        let mut records = Records::new("a,\"b\nc,d\n", Dialect { delimiter: b',', terminator: b'\n' });
        assert!(records.advance());
        assert_eq!((records.get(1), records.unclosed()), (Some("b\nc,d\n"), true));
        assert!(!records.advance());
    }

    proptest! {
        #[test]
        // The csv crate ends records at a lone carriage return too, so there is none here.
        fn reads_what_the_csv_crate_reads(text in "([a,\"\n;é ]|\r\n){0,40}") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> = reader
                .records()
                .map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
                .filter(|record| record.iter().any(|field| !field.is_empty()))
                .collect();
            prop_assert_eq!(fields(&text), expected);
        }
    }
}
