//! The pre-scan: text to tokens, just enough to find statements, brackets and comments.
//!
//! Never fails: what no token fits becomes [`Kind::Bad`], one character at a time. Its idea of words, texts and numbers
//! is that of `adit.pest`, which reads them again for what they say.

use std::ops::Range;

use pest::unicode::{XID_CONTINUE, XID_START};

/// A stretch of text that belongs together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    start: u32,
    end: u32,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Number,
    Text,
    /// A text that its line ends before its closing quote.
    UnclosedText,
    /// `// …` up to the end of its line.
    Comment,
    Newline,
    Comma,
    Semicolon,
    Dot,
    /// `=`, `==`, `!=`, `<`, …
    Operator,
    Open(Bracket),
    Close(Bracket),
    /// A character, or a run of symbols, that means nothing here.
    Bad,
}

/// The three pairs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bracket {
    Round,
    Square,
    Curly,
}

impl Token {
    /// The bytes of the text it covers.
    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Its text.
    pub(crate) fn text(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }

    /// Whether it is part of a statement: no line break, no comment.
    pub(crate) fn is_significant(self) -> bool {
        !matches!(self.kind, Kind::Newline | Kind::Comment)
    }

    /// Whether it is exactly this word.
    pub(crate) fn is_word(self, text: &str, word: &str) -> bool {
        self.kind == Kind::Word && self.text(text) == word
    }
}

/// All tokens of `text`, from byte `start` on. The text must be smaller than 4 GiB.
pub(crate) fn lex(text: &str, start: usize) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut at = start;
    while let Some((kind, length)) = next(text.get(at..).unwrap_or_default()) {
        let end = at + length;
        if let Some(kind) = kind {
            tokens.push(Token { kind, start: clamp(at), end: clamp(end) });
        }
        at = end;
    }
    tokens
}

fn clamp(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// The first token of `rest` and its length in bytes; no kind for blanks; `None` at the end.
fn next(rest: &str) -> Option<(Option<Kind>, usize)> {
    let first = rest.chars().next()?;
    Some(match first {
        ' ' | '\t' => (None, run(rest, |c| matches!(c, ' ' | '\t'))),
        '\n' => (Some(Kind::Newline), 1),
        '\r' => (Some(Kind::Newline), if rest.starts_with("\r\n") { 2 } else { 1 }),
        '"' => text_token(rest),
        '/' if rest.starts_with("//") => (Some(Kind::Comment), rest.find(['\n', '\r']).unwrap_or(rest.len())),
        ',' => (Some(Kind::Comma), 1),
        ';' => (Some(Kind::Semicolon), 1),
        '.' => (Some(Kind::Dot), 1),
        '(' => (Some(Kind::Open(Bracket::Round)), 1),
        ')' => (Some(Kind::Close(Bracket::Round)), 1),
        '[' => (Some(Kind::Open(Bracket::Square)), 1),
        ']' => (Some(Kind::Close(Bracket::Square)), 1),
        '{' => (Some(Kind::Open(Bracket::Curly)), 1),
        '}' => (Some(Kind::Close(Bracket::Curly)), 1),
        '=' | '!' | '<' | '>' | '&' | '|' => {
            let length = run(rest, |c| matches!(c, '=' | '!' | '<' | '>' | '&' | '|'));
            let operator =
                matches!(rest.get(..length), Some("=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "<>" | "=<" | "=>"));
            (Some(if operator { Kind::Operator } else { Kind::Bad }), length)
        }
        '0'..='9' => (Some(Kind::Number), number_length(rest)),
        '-' if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => (Some(Kind::Number), number_length(rest)),
        c if begins_word(c) => (Some(Kind::Word), joined_length(rest, &['-'])),
        c => (Some(Kind::Bad), c.len_utf8()),
    })
}

fn run(rest: &str, matches: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !matches(c)).unwrap_or(rest.len())
}

/// Whether a word may begin with `c`.
pub(crate) fn begins_word(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || (!c.is_ascii() && XID_START(c))
}

/// Whether a word may go on with `c`.
pub(crate) fn continues_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || (!c.is_ascii() && XID_CONTINUE(c))
}

/// The length of word characters, joined by single `joints` that have a word character right after them.
fn joined_length(rest: &str, joints: &[char]) -> usize {
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let joined = joints.contains(&c) && chars.peek().is_some_and(|(_, next)| continues_word(*next));
        if !joined && !continues_word(c) {
            return at;
        }
    }
    rest.len()
}

fn number_length(rest: &str) -> usize {
    let sign = usize::from(rest.starts_with('-'));
    let length = sign + joined_length(rest.get(sign..).unwrap_or_default(), &['-', '.']);
    length + usize::from(rest.get(length..).is_some_and(|rest| rest.starts_with('%')))
}

fn text_token(rest: &str) -> (Option<Kind>, usize) {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'\n' | b'\r' => return (Some(Kind::UnclosedText), unclosed_length(rest, at)),
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return (Some(Kind::Text), at + 1),
            _ => {}
        }
    }
    (Some(Kind::UnclosedText), unclosed_length(rest, rest.len()))
}

/// Where a text ends that is closed nowhere on its line: before the brackets at the end of the line, unless they were
/// opened inside.
fn unclosed_length(rest: &str, line: usize) -> usize {
    let text = rest.get(..line).unwrap_or_default();
    let inside = text.trim_end_matches([' ', '\t', ')', ']', '}', ';']);
    if inside.contains(['(', '[', '{']) { line } else { inside.len().max(1) }
}
