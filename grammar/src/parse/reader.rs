use std::ops::Range;

use pest::{Parser as _, error::Error};

use super::{
    Grammar, MAX_ERRORS, Rule,
    expected::Unexpected,
    forms::{Body, Context, Form},
};
use crate::{
    Diagnostic, FileId, Span, Spanned,
    ast::{Ignored, Text},
    codes,
    lex::{Kind, Token},
    outline::{Block, Damage, Statement},
};

pub(super) type Pair<'t> = pest::iterators::Pair<'t, Rule>;

/// Reads the statements of one file and remembers every mistake.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t [Token],
    file: FileId,
    errors: Vec<Diagnostic>,
    hidden: usize,
    /// How many `not` and parentheses are around the condition being read.
    pub(super) depth: usize,
}

/// What is to be read as one statement: usually all of it.
#[derive(Clone)]
pub(super) struct Piece<'t> {
    /// Its tokens before the block.
    pub(super) head: Range<usize>,
    pub(super) block: Option<&'t Block>,
    pub(super) damage: Damage,
}

impl<'t> From<&'t Statement> for Piece<'t> {
    fn from(statement: &'t Statement) -> Self {
        Self { head: statement.head.clone(), block: statement.block.as_ref(), damage: statement.damage }
    }
}

/// A statement that was read, or at least recognised.
pub(super) struct Sentence<'t> {
    pub(super) form: Form,
    /// What it says; `None` if it could not be read and is only walked through for the mistakes in its block.
    pub(super) head: Option<Pair<'t>>,
    /// The statements in its block.
    pub(super) block: &'t [Statement],
    /// Its first word.
    pub(super) keyword: Span,
    /// From its first word to the end of its block.
    pub(super) span: Span,
}

impl<'t> Reader<'t> {
    pub(super) fn new(file: FileId, text: &'t str, tokens: &'t [Token]) -> Self {
        Self { text, tokens, file, errors: Vec::new(), hidden: 0, depth: 0 }
    }

    /// Reads each statement and hands it to `build`.
    pub(super) fn each(
        &mut self,
        statements: impl IntoIterator<Item = &'t Statement>,
        context: Context,
        mut build: impl FnMut(&mut Self, Sentence<'t>),
    ) {
        let mut said: Vec<(Rule, Span)> = Vec::new();
        let mut statements = statements.into_iter().map(Piece::from);
        let mut carried = None;
        while let Some(piece) = carried.take().or_else(|| statements.next()) {
            let (read, rest) = self.sentence(piece, context);
            carried = rest;
            let Some(sentence) = read else { continue };
            if sentence.form.once {
                let keyword = sentence.keyword;
                match said.iter().find(|(rule, _)| *rule == sentence.form.rule) {
                    Some((_, first)) => {
                        let message = format!("`{}` is said twice", sentence.form.word);
                        let error = Diagnostic::error(codes::TWICE, message, keyword, "said again here")
                            .label(*first, "first said here")
                            .help(format!("{} says it once; keep the one that is meant", context.phrase()));
                        self.error(error);
                        continue;
                    }
                    None => said.push((sentence.form.rule, keyword)),
                }
            }
            build(self, sentence);
        }
    }

    /// The statement's form, head and block, as far as they can be read, and what of it belongs to a statement of its own.
    fn sentence(&mut self, mut piece: Piece<'t>, context: Context) -> (Option<Sentence<'t>>, Option<Piece<'t>>) {
        let Some(first) = self.tokens.get(piece.head.start).filter(|_| !piece.head.is_empty()).copied() else {
            let open = piece.block.map(|block| self.token_span(block.open)).unwrap_or_default();
            let message = format!("a block in {} belongs to no statement", context.phrase());
            self.error(Diagnostic::error(codes::BLOCK, message, open, "say before it what it is"));
            return (None, None);
        };
        let known = self.form(&piece, first, context);
        if known.is_none() && (piece.damage == Damage::None || first.kind == Kind::Word) {
            self.error_with(|reader| reader.unknown_statement(first, context));
        }
        // The block of a misspelt statement is still looked into.
        let Some(form) = known.or_else(|| piece.block.and_then(|_| context.meant(first.text(self.text)))) else {
            return (None, None);
        };
        let mut rest = None;
        let mut wrong = known.is_none() || piece.damage != Damage::None;
        let mut head = match self.parse(&piece, form) {
            Ok(head) => head,
            Err(_) if known.is_none() => None,
            Err(error) => {
                let error = Unexpected::new(self, &piece, &error);
                rest = self.split_after_comma(&mut piece, error.token, context);
                if !std::mem::replace(&mut wrong, true) {
                    self.error_with(|reader| match rest {
                        Some(_) => error.carried_on(reader, &piece),
                        None => error.diagnostic(reader, form),
                    });
                }
                rest.as_ref().and_then(|_| self.parse(&piece, form).ok().flatten())
            }
        };
        if head.is_none() && form.body != Body::None {
            head = self.beginning(&piece, form);
        }
        let block = self.body(&piece, form, wrong);
        let keyword = self.span(first.range());
        let end = piece.block.and_then(|block| self.end_of(block)).or_else(|| self.last_of(&piece.head));
        let span = end.map_or(keyword, |end| keyword.to(end));
        (Some(Sentence { form, head, block, keyword, span }), rest)
    }

    fn form(&self, piece: &Piece<'t>, first: Token, context: Context) -> Option<Form> {
        let mut others = self.tokens.get(piece.head.start + 1..piece.head.end).unwrap_or_default().iter();
        let second = others.find(|token| token.is_significant());
        let named = second.is_some_and(|token| matches!(token.text(self.text), "=" | "=="));
        let known = first.kind == Kind::Word || context.forms().is_empty();
        context.form(first.text(self.text), named).filter(|_| known)
    }

    /// Reads the head as its form says; `None` where its brackets forbid it.
    fn parse(&self, piece: &Piece<'t>, form: Form) -> Result<Option<Pair<'t>>, Box<Error<Rule>>> {
        if piece.damage == Damage::Brackets {
            return Ok(None);
        }
        Ok(Grammar::parse(form.rule, self.source(&piece.head)).map_err(Box::new)?.next())
    }

    /// What has a block is worth keeping for its sake: the keyword, and the name if there is one.
    fn beginning(&self, piece: &Piece<'t>, form: Form) -> Option<Pair<'t>> {
        let head = &piece.head;
        let upto = |words: usize| head.start..(head.start + words).min(head.end);
        [2, 1].into_iter().find_map(|words| Grammar::parse(form.rule, self.source(&upto(words))).ok()?.next())
    }

    /// A comma at the end of a line by mistake makes one statement of two. Where the mistake is on a line that begins like
    /// another statement, that line is split off.
    fn split_after_comma(&self, piece: &mut Piece<'t>, mistake: usize, context: Context) -> Option<Piece<'t>> {
        let tokens = self.tokens.get(piece.head.start..mistake)?;
        let line = piece.head.start + tokens.iter().rposition(|token| token.kind == Kind::Newline)? + 1;
        let comma = self.tokens.get(..line)?.iter().rposition(|token| token.is_significant())?;
        let first = self.tokens.get(line)?;
        let splits = self.tokens.get(comma)?.kind == Kind::Comma
            && context.forms().iter().any(|form| form.word == first.text(self.text));
        splits.then(|| {
            let rest = Piece { head: line..piece.head.end, ..piece.clone() };
            piece.head.end = comma;
            piece.block = None;
            rest
        })
    }

    /// The statements of the block; `wrong` says that the head is, and explains a block too many or too few.
    fn body(&mut self, piece: &Piece<'t>, form: Form, wrong: bool) -> &'t [Statement] {
        let help = format!("for example: `{}`", form.example);
        match (piece.block, form.body) {
            (Some(block), Body::Block(_) | Body::Maybe(_)) => return &block.statements,
            (None, Body::None | Body::Maybe(_)) => {}
            _ if wrong => {}
            (Some(block), Body::None) => {
                let what = if form.word.is_empty() { "this statement".to_owned() } else { format!("`{}`", form.word) };
                let open = self.token_span(block.open);
                self.error(
                    Diagnostic::error(codes::BLOCK, format!("{what} takes no block"), open, "this block").help(help),
                );
            }
            (None, Body::Block(_)) => {
                let message = format!("`{}` needs a block `{{ … }}`", form.word);
                let place = self.last_of(&piece.head).unwrap_or_default();
                self.error(Diagnostic::error(codes::BLOCK, message, place, "no `{` after this").help(help));
            }
        }
        &[]
    }

    fn source(&self, tokens: &Range<usize>) -> &'t str {
        let mut tokens = self.tokens.get(tokens.clone()).unwrap_or_default().iter().map(|token| token.range());
        let Some(first) = tokens.next() else { return "" };
        let end = tokens.next_back().map_or(first.end, |last| last.end);
        self.text.get(first.start..end).unwrap_or_default()
    }

    pub(super) fn last_of(&self, tokens: &Range<usize>) -> Option<Span> {
        tokens.end.checked_sub(1).map(|last| self.token_span(last))
    }

    fn end_of(&self, block: &Block) -> Option<Span> {
        match block.close {
            Some(close) => Some(self.token_span(close)),
            None => match block.statements.last() {
                Some(last) => {
                    last.block.as_ref().and_then(|block| self.end_of(block)).or_else(|| self.last_of(&last.head))
                }
                None => Some(self.token_span(block.open)),
            },
        }
    }

    /// Where the token is.
    pub(super) fn token_span(&self, at: usize) -> Span {
        self.tokens
            .get(at)
            .map_or_else(|| self.span(self.text.len()..self.text.len()), |token| self.span(token.range()))
    }

    /// Where these bytes of the file are.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// Where a part of the file's text is.
    pub(super) fn place(&self, part: &str) -> Span {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.span(start..start + part.len())
    }

    /// Where a pair is, without the blanks after it.
    pub(super) fn place_of(&self, pair: &Pair<'t>) -> Span {
        self.place(pair.as_str().trim_end())
    }

    /// Where a pair is, without the blanks and comments after it.
    pub(super) fn extent_of(&self, pair: &Pair<'t>) -> Span {
        let whole = self.place_of(pair);
        let upto = self.tokens.partition_point(|token| token.range().start < whole.range().end);
        let within = self.tokens.get(..upto).unwrap_or_default();
        let last = within.iter().rev().find(|token| token.is_significant());
        last.map_or(whole, |last| Span { end: self.span(last.range()).end, ..whole })
    }

    /// The name as it stands.
    pub(super) fn name(&self, pair: &Pair<'t>) -> Text {
        Spanned::new(pair.as_str().to_owned(), self.place_of(pair))
    }

    /// The names below `pair`, one level down.
    pub(super) fn names(&self, pair: Pair<'t>) -> Vec<Text> {
        pair.into_inner()
            .filter(|part| matches!(part.as_rule(), Rule::name | Rule::class))
            .map(|part| self.name(&part))
            .collect()
    }

    /// The texts below `pair`, one level down.
    pub(super) fn texts(&mut self, pair: Pair<'t>) -> Vec<Text> {
        pair.into_inner().filter(|part| part.as_rule() == Rule::text).map(|part| self.text(&part)).collect()
    }

    pub(super) fn error(&mut self, error: Diagnostic) {
        self.error_with(|_| error);
    }

    /// An error that is only worded if it is shown.
    pub(super) fn error_with(&mut self, error: impl FnOnce(&Self) -> Diagnostic) {
        if self.errors.len() < MAX_ERRORS {
            let error = error(self);
            self.errors.push(error);
        } else {
            self.hidden += 1;
        }
    }

    /// All mistakes, in source order.
    pub(super) fn into_errors(mut self) -> Vec<Diagnostic> {
        self.errors.sort_by_key(Diagnostic::span);
        if self.hidden > 0 {
            let last = self.errors.last().map(Diagnostic::span).unwrap_or_default();
            let message = format!("{} more mistakes are not shown", self.hidden);
            self.errors.push(Diagnostic::error(codes::TOO_MANY, message, last, "").help("mend these first"));
        }
        self.errors
    }
}

impl<'t> Sentence<'t> {
    /// What its head is made of.
    pub(super) fn parts(&self) -> impl Iterator<Item = Pair<'t>> + use<'t> {
        self.head.clone().into_iter().flat_map(Pair::into_inner)
    }

    /// The first part that `rule` has read.
    pub(super) fn part(&self, rule: Rule) -> Option<Pair<'t>> {
        self.parts().find(|part| part.as_rule() == rule)
    }

    /// Its place, for the tree.
    pub(super) fn place(&self) -> Ignored<Span> {
        Ignored(self.span)
    }
}
