//! One statement without its block: its words, spaced, lined up with its neighbours, and broken where it is too long.

use super::lines::{Line, STEP, WIDTH, width};
use crate::{
    lex::{Bracket, Kind, Token},
    parse::forms::Context,
};

/// How the head of a statement takes part in the columns of its block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Not at all.
    None,
    /// Its first words, so many, are a column.
    Key(usize),
    /// `NAME = …`: the name is a column.
    Side,
}

/// The columns that a run of statements shares.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Columns {
    /// The widest key, without the gap after it.
    pub(super) key: usize,
    /// Where `because` begins, counted from the end of the key column.
    pub(super) because: Option<usize>,
}

/// The head of a statement.
pub(super) struct Sentence<'a> {
    text: &'a str,
    /// Everything from its first to its last word, line breaks and comments included.
    tokens: &'a [Token],
    pub(super) column: Column,
    /// What the block it opens adds to its last line: ` {`, ` {}` or all of it.
    pub(super) suffix: String,
    /// Whether a line break may go before `because`.
    because_joins: bool,
}

impl<'a> Sentence<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token], context: Context) -> Self {
        let mut sentence = Self {
            text,
            tokens,
            column: Column::None,
            suffix: String::new(),
            because_joins: context != Context::Waiver,
        };
        sentence.column = sentence.column_in(context);
        sentence
    }

    fn column_in(&self, context: Context) -> Column {
        let mut words = self.significant().map(|token| token.text(self.text));
        let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let keyed = |count| if second.is_empty() { Column::None } else { Column::Key(count) };
        match (context, first) {
            (Context::File | Context::Given, _) => Column::None,
            (Context::Duties, _) if second == "=" => Column::Side,
            (Context::Duties, "at" | "never")
            | (Context::Role, "members" | "holding")
            | (Context::Mining, "scope" | "mine" | "cutoff" | "describe") => Column::None,
            (Context::Mining, "from") if second == "every" => Column::None,
            (Context::Scope, _)
            | (Context::Mining, "from")
            | (Context::Mine, "guided" | "never")
            | (Context::Provision, "when") => keyed(2),
            // `subtree raising` is one phrase; `members at least 5` has a value to line up.
            (Context::Settings, _) if self.significant().all(|token| token.kind == Kind::Word) => Column::None,
            _ => keyed(1),
        }
    }

    /// Its words, without a comma that nothing follows.
    fn significant(&self) -> impl Iterator<Item = Token> + Clone + use<'a> {
        let tokens = self.tokens;
        tokens
            .iter()
            .enumerate()
            .filter(|(at, token)| token.is_significant() && !is_idle(tokens, *at))
            .map(|(_, token)| *token)
    }

    fn has_comments(&self) -> bool {
        self.tokens.iter().any(|token| token.kind == Kind::Comment)
    }

    /// How many of its words are the key.
    fn key_length(&self) -> usize {
        match self.column {
            Column::None => 0,
            Column::Key(words) => words,
            Column::Side => 1,
        }
    }

    /// The key, on one line.
    fn key(&self) -> String {
        self.spaced(self.significant().take(self.key_length()))
    }

    /// The rest, before and from `because`.
    fn value(&self) -> (String, String) {
        let rest = self.significant().skip(self.key_length());
        let is_because = |token: &Token| token.is_word(self.text, "because");
        let before = self.spaced(rest.clone().take_while(|token| !is_because(token)));
        let because = self.spaced(rest.skip_while(|token| !is_because(token)));
        (before, because)
    }

    /// The tokens on one line, with blanks where they belong.
    pub(super) fn spaced(&self, tokens: impl Iterator<Item = Token>) -> String {
        let mut spacing = Spacing::default();
        let mut line = String::new();
        for token in tokens {
            if spacing.before(token, self.text) {
                line.push(' ');
            }
            line.push_str(token.text(self.text));
        }
        line
    }

    /// All of it on one line, without columns.
    pub(super) fn flat(&self) -> String {
        self.spaced(self.significant())
    }

    /// The columns for a run of statements of one block at `indent`.
    pub(super) fn columns<'s>(run: impl Iterator<Item = &'s Self> + Clone, indent: usize) -> Columns
    where
        'a: 's,
    {
        let key = run.clone().map(|sentence| width(&sentence.key())).max().unwrap_or_default();
        let values: Vec<_> = run
            .filter(|sentence| sentence.column != Column::None && !sentence.has_comments())
            .map(|sentence| sentence.value())
            .filter(|(before, because)| {
                let shortest = indent + key + 2 + width(before) + 1 + width(because);
                !because.is_empty() && shortest <= WIDTH
            })
            .collect();
        let column = values.iter().map(|(before, _)| width(before)).max().map(|widest| widest + 2);
        let because = column
            .filter(|column| values.iter().all(|(_, because)| indent + key + 2 + column + width(because) <= WIDTH));
        Columns { key, because }
    }

    /// Its lines at `indent`.
    pub(super) fn lines(&self, indent: usize, columns: Columns) -> Vec<Line> {
        let one_line = self.one_line(columns);
        let fits = indent + width(&self.flat()) + width(&self.suffix) <= WIDTH
            || indent + width(&one_line) + width(&self.suffix) <= WIDTH;
        if !self.has_comments() && fits {
            return vec![Line::new(indent, one_line + &self.suffix)];
        }
        if let Some((before, list)) = self.list_of_its_own() {
            return self.exploded(before, list, indent, columns);
        }
        self.filled(indent, columns)
    }

    fn one_line(&self, columns: Columns) -> String {
        if self.column == Column::None {
            return self.flat();
        }
        let (before, because) = self.value();
        let mut line = padded(self.key(), columns.key + 2) + &before;
        if !because.is_empty() {
            let start = match (columns.because, before.is_empty()) {
                (_, true) => 0,
                (None, false) => width(&line) + 1,
                (Some(column), false) => (columns.key + 2 + column).max(width(&line) + 1),
            };
            line = padded(line, start) + &because;
        }
        line.truncate(line.trim_end().len());
        line
    }

    /// Splits `… = [ … ]` after its `[`, if all comments are inside and between elements.
    fn list_of_its_own(&self) -> Option<(&'a [Token], &'a [Token])> {
        let open = self.tokens.iter().position(|token| token.kind == Kind::Open(Bracket::Square))?;
        let (before, list) = self.tokens.split_at_checked(open + 1)?;
        let equals = before.iter().rev().filter(|token| token.is_significant()).nth(1)?;
        let own = equals.kind == Kind::Operator
            && !before.iter().any(|token| token.kind == Kind::Comment)
            && list.last().is_some_and(|token| token.kind == Kind::Close(Bracket::Square))
            && !interrupted(list);
        own.then_some((before, list))
    }

    /// A list with a line for each element.
    fn exploded(&self, before: &'a [Token], list: &[Token], indent: usize, columns: Columns) -> Vec<Line> {
        let head = Self { tokens: before, suffix: String::new(), ..*self };
        let mut lines = vec![Line::new(indent, head.one_line(columns))];
        let elements = list.split_last().map_or(list, |(_, elements)| elements);
        let mut element = Vec::new();
        let mut fresh = false;
        let ended = |element: &mut Vec<Token>, lines: &mut Vec<Line>| {
            if !element.is_empty() {
                lines.push(Line::new(indent + STEP, self.spaced(element.drain(..)) + ","));
            }
        };
        for token in elements {
            match token.kind {
                Kind::Newline => fresh = true,
                Kind::Comma => ended(&mut element, &mut lines),
                Kind::Comment => {
                    let comment = comment_text(*token, self.text);
                    // A comment before the comma belongs behind it.
                    ended(&mut element, &mut lines);
                    match lines.last_mut() {
                        Some(line) if !fresh && line.comment.is_none() => line.comment = Some(comment),
                        _ => lines.push(Line::comment(indent + STEP, comment)),
                    }
                }
                _ => {
                    fresh = false;
                    element.push(*token);
                }
            }
        }
        ended(&mut element, &mut lines);
        lines.push(Line::new(indent, format!("]{}", self.suffix)));
        lines
    }

    /// As much on each line as fits, broken only where the language lets a line go on.
    fn filled(&self, indent: usize, columns: Columns) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = Line::new(indent, "");
        let mut spacing = Spacing::default();
        let key = self.key_length();
        let mut words = 0;
        let mut fresh = false;
        for (at, token) in self.tokens.iter().enumerate() {
            let rest = self.tokens.get(at + 1..).unwrap_or_default();
            match token.kind {
                Kind::Comma if is_idle(self.tokens, at) => continue,
                Kind::Newline => {
                    fresh = true;
                    continue;
                }
                Kind::Comment => {
                    let comment = comment_text(*token, self.text);
                    if fresh || line.text.is_empty() {
                        push(&mut lines, &mut line, indent);
                        lines.push(Line::comment(indent + 2 * STEP, comment));
                    } else {
                        line.comment = Some(comment);
                        push(&mut lines, &mut line, indent);
                    }
                    continue;
                }
                _ => fresh = false,
            }
            let blank = spacing.before(*token, self.text);
            if spacing.breakable_before(*token, self.text, self.because_joins) {
                let needed = usize::from(blank) + self.unbroken(*token, rest, spacing.clone());
                if line.indent + width(&line.text) + needed > WIDTH {
                    push(&mut lines, &mut line, indent);
                }
            }
            if blank && !line.text.is_empty() {
                line.text.push(' ');
            }
            if words == key && key > 0 && lines.is_empty() {
                let start = columns.key + 2;
                line.text = padded(std::mem::take(&mut line.text).trim_end().to_owned(), start);
            }
            line.text.push_str(token.text(self.text));
            words += 1;
        }
        line.text.push_str(&self.suffix);
        push(&mut lines, &mut line, indent);
        lines
    }

    /// How wide `token` is with everything after it up to the next place where a line may be broken.
    fn unbroken(&self, token: Token, rest: &[Token], mut spacing: Spacing) -> usize {
        let mut total = width(token.text(self.text));
        for next in rest.iter().filter(|token| token.kind != Kind::Newline) {
            if next.kind == Kind::Comment {
                break;
            }
            let blank = spacing.before(*next, self.text);
            if spacing.breakable_before(*next, self.text, self.because_joins) {
                break;
            }
            total += usize::from(blank) + width(next.text(self.text));
        }
        total
    }
}

/// Whether the token at `at` is a comma that no element follows.
fn is_idle(tokens: &[Token], at: usize) -> bool {
    let mut following = tokens.iter().skip(at).filter(|token| token.is_significant());
    following.next().is_some_and(|token| token.kind == Kind::Comma)
        && following.next().is_none_or(|token| matches!(token.kind, Kind::Close(_)))
}

/// Whether a comment stands in the middle of an element of a list.
fn interrupted(list: &[Token]) -> bool {
    let mut inside = false;
    let mut commented = false;
    list.iter().any(|token| {
        match token.kind {
            Kind::Newline => {}
            Kind::Comment => commented = inside,
            Kind::Comma | Kind::Close(_) => (inside, commented) = (false, false),
            _ if commented => return true,
            _ => inside = true,
        }
        false
    })
}

/// The comment as it is kept.
pub(super) fn comment_text(token: Token, text: &str) -> String {
    token.text(text).trim_end().to_owned()
}

/// Ends a line; the next one is a continuation.
fn push(lines: &mut Vec<Line>, line: &mut Line, indent: usize) {
    let ended = std::mem::replace(line, Line::new(indent + 2 * STEP, ""));
    if !ended.text.is_empty() {
        lines.push(ended);
    }
}

fn padded(mut text: String, column: usize) -> String {
    let missing = column.saturating_sub(width(&text));
    text.extend(std::iter::repeat_n(' ', missing));
    text
}

/// Which tokens have a blank between them.
#[derive(Debug, Clone, Default)]
struct Spacing {
    last: Option<Kind>,
    /// The last token is `and` or `or`.
    joins: bool,
    /// The previous state, for [`Spacing::breakable_before`].
    before: Option<(Kind, bool)>,
    /// `(` and `[` not closed yet; whether they have blanks inside.
    open: Vec<bool>,
}

impl Spacing {
    /// Whether a blank goes before `token`, which is the next one.
    fn before(&mut self, token: Token, text: &str) -> bool {
        let blank = match (self.last, token.kind) {
            (None, _) | (Some(Kind::Dot), _) | (_, Kind::Dot | Kind::Comma) => false,
            (Some(Kind::Open(_)), _) => self.open.last().copied().unwrap_or_default(),
            (_, Kind::Close(_)) => self.open.last().copied().unwrap_or_default(),
            _ => true,
        };
        match token.kind {
            Kind::Open(kind) => {
                // `name = [ … ]` has air, `in […]` has none.
                self.open.push(kind == Bracket::Square && self.last == Some(Kind::Operator));
            }
            Kind::Close(_) => {
                self.open.pop();
            }
            _ => {}
        }
        self.before = self.last.map(|last| (last, self.joins));
        self.last = Some(token.kind);
        self.joins = token.is_word(text, "and") || token.is_word(text, "or");
        blank
    }

    /// Whether a line may be broken before `token`, which [`Spacing::before`] was just asked about.
    fn breakable_before(&self, token: Token, text: &str, because_joins: bool) -> bool {
        match self.before {
            None => false,
            Some((Kind::Comma, _) | (_, true)) => true,
            Some(_) => because_joins && token.is_word(text, "because"),
        }
    }
}
