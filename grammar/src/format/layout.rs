//! The lines of a whole file: its statements and blocks, and the comments between them.

use super::{
    lines::{Line, STEP, WIDTH, width, written},
    sentence::{Column, Columns, Sentence, comment_text},
};
use crate::{
    lex::{Kind, Token, lex},
    outline::{Block, Statement, outline},
    parse::{
        byte_order_mark,
        forms::{Body, Context},
    },
};

/// The canonical layout of a text without mistakes.
pub(super) fn layout(text: &str) -> String {
    let tokens = lex(text, byte_order_mark(text));
    let (statements, _) = outline(text, &tokens);
    let layouter = Layouter { text, tokens: &tokens };
    let mut lines = Vec::new();
    layouter.statements(&statements, 0..tokens.len(), Context::File, 0, &mut lines);
    written(&lines)
}

struct Layouter<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

/// A statement on its way to becoming lines.
struct Draft<'a> {
    statement: &'a Statement,
    sentence: Sentence<'a>,
    /// The context of its block.
    inside: Option<Context>,
    /// Its block has lines of its own.
    open: bool,
}

/// What stands between two statements.
#[derive(Default)]
struct Gap {
    /// A comment on the line of what is before.
    trailing: Option<String>,
    /// Comments with lines of their own, each with whether a blank line goes before it.
    comments: Vec<(bool, String)>,
    /// Whether a blank line goes before what follows.
    blank: bool,
}

impl Gap {
    fn has_blank(&self) -> bool {
        self.blank || self.comments.iter().any(|(blank, _)| *blank)
    }
}

impl<'a> Layouter<'a> {
    /// Lays out the statements of one block, whose inside is `range`.
    fn statements(
        &self,
        statements: &'a [Statement],
        range: std::ops::Range<usize>,
        context: Context,
        indent: usize,
        lines: &mut Vec<Line>,
    ) {
        let drafts: Vec<_> = statements.iter().map(|statement| self.draft(statement, context, indent)).collect();
        let mut at = range.start;
        let mut gaps = Vec::with_capacity(drafts.len());
        for draft in &drafts {
            gaps.push(self.gap(at..draft.statement.head.start));
            at = self.end(draft.statement);
        }
        let last = self.gap(at..range.end);
        let columns = Self::columns(&drafts, &gaps, context, indent);

        let mut before: Option<&Draft<'_>> = None;
        for ((draft, gap), columns) in drafts.iter().zip(gaps).zip(columns) {
            let apart = context == Context::File
                && before
                    .is_some_and(|before| before.open || draft.open || before.sentence.flat().starts_with("edition "));
            self.gap_lines(&gap, indent, before.is_some(), apart && !gap.has_blank(), lines);
            let first = lines.len();
            self.statement(draft, indent, columns, lines);
            let blank = before.is_some() || !gap.comments.is_empty();
            let apart = apart && !gap.has_blank() && gap.comments.is_empty();
            if let Some(line) = lines.get_mut(first) {
                line.blank = (gap.blank && blank) || apart;
            }
            before = Some(draft);
        }
        self.gap_lines(&last, indent, before.is_some(), false, lines);
    }

    /// The comments of a gap; `apart` puts a blank line before the first.
    fn gap_lines(&self, gap: &Gap, indent: usize, blanks: bool, apart: bool, lines: &mut Vec<Line>) {
        if let Some(comment) = &gap.trailing {
            match lines.last_mut() {
                Some(line) if line.comment.is_none() => line.comment = Some(comment.clone()),
                _ => lines.push(Line::comment(indent, comment.clone())),
            }
        }
        for (index, (blank, comment)) in gap.comments.iter().enumerate() {
            let mut line = Line::comment(indent, comment.clone());
            line.blank = if index == 0 { (*blank && blanks) || apart } else { *blank };
            lines.push(line);
        }
    }

    fn draft(&self, statement: &'a Statement, context: Context, indent: usize) -> Draft<'a> {
        let tokens = self.tokens.get(statement.head.clone()).unwrap_or_default();
        let mut sentence = Sentence::new(self.text, tokens, context);
        let named = sentence.column == Column::Side;
        let first = tokens.first().map(|token| token.text(self.text)).unwrap_or_default();
        let inside = context.form(first, named).and_then(|form| match form.body {
            Body::None => None,
            Body::Block(inside) | Body::Maybe(inside) => Some(inside),
        });
        let mut open = false;
        if let Some((block, inside)) = statement.block.as_ref().zip(inside) {
            let beside = self.beside(statement, block, inside);
            let fits = |beside: &String| indent + width(&sentence.flat()) + width(beside) <= WIDTH;
            open = beside.as_ref().is_none_or(|beside| !fits(beside));
            sentence.suffix = beside.filter(fits).unwrap_or_else(|| " {".to_owned());
        }
        Draft { statement, sentence, inside, open }
    }

    /// The block on the line of its statement, if that is where it stands and it is short.
    fn beside(&self, statement: &Statement, block: &Block, inside: Context) -> Option<String> {
        let tokens = self.tokens.get(statement.head.end..block.close.map_or(block.open + 1, |close| close + 1))?;
        if tokens.iter().any(|token| token.kind == Kind::Comment) {
            return None;
        }
        if block.statements.is_empty() {
            return Some(" {}".to_owned());
        }
        let inner = self.tokens.get(block.open..block.close?)?;
        let beside = matches!(inside, Context::Settings | Context::Given)
            && !inner.iter().any(|token| token.kind == Kind::Newline)
            && block.statements.iter().all(|statement| statement.block.is_none());
        beside.then(|| {
            let sentences = block.statements.iter().map(|statement| {
                Sentence::new(self.text, self.tokens.get(statement.head.clone()).unwrap_or_default(), inside).flat()
            });
            format!(" {{ {} }}", sentences.collect::<Vec<_>>().join("; "))
        })
    }

    /// The columns of each statement: those of the neighbours it shares a run with.
    fn columns(drafts: &[Draft<'_>], gaps: &[Gap], context: Context, indent: usize) -> Vec<Columns> {
        let mut columns = Vec::with_capacity(drafts.len());
        let shared = |before: &(&Draft<'_>, &Gap), after: &(&Draft<'_>, &Gap)| {
            let kind = |draft: &Draft<'_>| std::mem::discriminant(&draft.sentence.column);
            let alike = kind(before.0) == kind(after.0) || context == Context::Settings;
            alike && !after.1.has_blank()
        };
        let pairs: Vec<_> = drafts.iter().zip(gaps).collect();
        for run in pairs.chunk_by(shared) {
            let of_run = Sentence::columns(run.iter().map(|(draft, _)| &draft.sentence), indent);
            columns.extend(run.iter().map(|_| of_run));
        }
        columns
    }

    fn statement(&self, draft: &Draft<'a>, indent: usize, columns: Columns, lines: &mut Vec<Line>) {
        lines.extend(draft.sentence.lines(indent, columns));
        let (Some(block), Some(inside), true) = (&draft.statement.block, draft.inside, draft.open) else { return };
        // Comments between the words and `{` go behind it.
        let between = self.gap(draft.statement.head.end..block.open);
        self.gap_lines(&between, indent + STEP, false, false, lines);
        let close = block.close.unwrap_or(self.tokens.len());
        self.statements(&block.statements, block.open + 1..close, inside, indent + STEP, lines);
        lines.push(Line::new(indent, "}"));
    }

    /// One past the last token of the statement.
    fn end(&self, statement: &Statement) -> usize {
        match &statement.block {
            Some(block) => block.close.map_or(self.tokens.len(), |close| close + 1),
            None => statement.head.end,
        }
    }

    fn gap(&self, range: std::ops::Range<usize>) -> Gap {
        let mut gap = Gap::default();
        let mut breaks = 0;
        for token in self.tokens.get(range).unwrap_or_default() {
            match token.kind {
                Kind::Newline => breaks += 1,
                Kind::Comment => {
                    let comment = comment_text(*token, self.text);
                    // At the top of a file nothing is before.
                    if breaks == 0 {
                        gap.trailing = Some(comment);
                    } else {
                        gap.comments.push((breaks > 1, comment));
                    }
                    breaks = 0;
                }
                _ => {}
            }
        }
        gap.blank = breaks > 1;
        gap
    }
}
