use pest::Parser as _;

use super::{
    Grammar, MAX_ERRORS, Rule,
    expected::unexpected,
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
}

/// A statement that was read, or at least recognised.
pub(super) struct Sentence<'t> {
    pub(super) form: Form,
    /// What it says; `None` if it could not be read and is only walked through for the mistakes in its block.
    pub(super) head: Option<Pair<'t>>,
    /// The statements in its block.
    pub(super) block: &'t [Statement],
    /// From its first word to the end of its block.
    pub(super) span: Span,
}

impl<'t> Reader<'t> {
    pub(super) fn new(file: FileId, text: &'t str, tokens: &'t [Token]) -> Self {
        Self { text, tokens, file, errors: Vec::new(), hidden: 0 }
    }

    /// Reads each statement and hands it to `build`.
    pub(super) fn each(
        &mut self,
        statements: &'t [Statement],
        context: Context,
        mut build: impl FnMut(&mut Self, Sentence<'t>),
    ) {
        let mut said: Vec<(Rule, Span)> = Vec::new();
        for statement in statements {
            let Some(sentence) = self.sentence(statement, context) else { continue };
            if sentence.form.once {
                let keyword = self.keyword(statement);
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

    /// The statement's form, head and block, as far as they can be read.
    fn sentence(&mut self, statement: &'t Statement, context: Context) -> Option<Sentence<'t>> {
        let Some(first) = self.tokens.get(statement.head.start).filter(|_| !statement.head.is_empty()) else {
            let open = statement.block.as_ref().map(|block| self.token_span(block.open)).unwrap_or_default();
            let message = format!("a block in {} belongs to no statement", context.phrase());
            self.error(Diagnostic::error(codes::BLOCK, message, open, "say before it what it is"));
            return None;
        };
        let named = self
            .tokens
            .get(statement.head.start + 1..statement.head.end)
            .and_then(|rest| rest.iter().find(|token| token.is_significant()))
            .is_some_and(|token| token.kind == Kind::Operator && token.text(self.text) == "=");
        let word = first.text(self.text);
        let form = context.form(word, named).filter(|_| first.kind == Kind::Word || context.forms().is_empty());
        let Some(form) = form else {
            if statement.damage == Damage::None || first.kind == Kind::Word {
                let error = self.unknown_statement(*first, context);
                self.error(error);
            }
            return None;
        };
        let head = self.head(statement, form);
        let block = self.body(statement, form);
        let start = self.span(first.range());
        let end = statement.block.as_ref().and_then(|block| self.end_of(block)).or_else(|| self.last_of(statement));
        let span = end.map_or(start, |end| start.to(end));
        Some(Sentence { form, head, block, span })
    }

    fn head(&mut self, statement: &Statement, form: Form) -> Option<Pair<'t>> {
        if statement.damage != Damage::Brackets {
            let source = self.source(statement.head.start, statement.head.end);
            match Grammar::parse(form.rule, source) {
                Ok(mut pairs) => return pairs.next(),
                Err(error) if statement.damage == Damage::None => {
                    let error = unexpected(self, statement, form, source, &error);
                    self.error(error);
                }
                Err(_) => {}
            }
        }
        if form.body == Body::None {
            return None;
        }
        // What has a block is worth keeping for the sake of it: read the keyword, and the name if there is one.
        [2, 1].into_iter().find_map(|words| {
            let end = (statement.head.start + words).min(statement.head.end);
            Grammar::parse(form.rule, self.source(statement.head.start, end)).ok()?.next()
        })
    }

    fn body(&mut self, statement: &'t Statement, form: Form) -> &'t [Statement] {
        let keyword = self.keyword(statement);
        match (&statement.block, form.body) {
            (Some(block), Body::None) => {
                let open = self.token_span(block.open);
                let what = if form.word.is_empty() { "this statement".to_owned() } else { format!("`{}`", form.word) };
                let error = Diagnostic::error(codes::BLOCK, format!("{what} takes no block"), open, "this block")
                    .help(format!("for example: `{}`", form.example));
                self.error(error);
                &[]
            }
            (None, Body::Block(_)) => {
                if statement.damage != Damage::Brackets {
                    let message = format!("`{}` needs a block `{{ … }}`", form.word);
                    let place = self.last_of(statement).map_or(keyword, |end| keyword.to(end));
                    let error = Diagnostic::error(codes::BLOCK, message, place, "no `{` after this")
                        .help(format!("for example: `{}`", form.example));
                    self.error(error);
                }
                &[]
            }
            (Some(block), Body::Block(_) | Body::Maybe(_)) => &block.statements,
            (None, Body::None | Body::Maybe(_)) => &[],
        }
    }

    fn source(&self, start: usize, end: usize) -> &'t str {
        let start = self.tokens.get(start).map_or(0, |token| token.range().start);
        let end = end.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(start, |token| token.range().end);
        self.text.get(start..end).unwrap_or_default()
    }

    /// The first word of a statement.
    pub(super) fn keyword(&self, statement: &Statement) -> Span {
        self.token_span(statement.head.start)
    }

    fn last_of(&self, statement: &Statement) -> Option<Span> {
        statement.head.end.checked_sub(1).map(|last| self.token_span(last))
    }

    fn end_of(&self, block: &Block) -> Option<Span> {
        match block.close {
            Some(close) => Some(self.token_span(close)),
            None => match block.statements.last() {
                Some(last) => last.block.as_ref().and_then(|block| self.end_of(block)).or_else(|| self.last_of(last)),
                None => Some(self.token_span(block.open)),
            },
        }
    }

    /// Where the token is.
    pub(super) fn token_span(&self, at: usize) -> Span {
        self.tokens.get(at).map_or_else(|| self.span(self.text.len()..self.text.len()), |token| self.span(token.range()))
    }

    /// Where these bytes of the file are.
    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
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
        if self.errors.len() < MAX_ERRORS {
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
