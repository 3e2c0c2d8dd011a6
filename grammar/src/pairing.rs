//! Which bracket belongs to which, in files where some are missing.
//!
//! A balanced file is taken at its word. In any other, indentation and the words that begin items say where a forgotten
//! bracket most likely belongs: the rest of the file is then read as it was meant.

use crate::lex::{Bracket, Kind, Token};

/// What is wrong with the brackets of a file; empty for a balanced one. Everything is in source order.
#[derive(Debug, Default)]
pub(crate) struct Pairing {
    /// Opening brackets without a partner, each with the token before which its block ends if that is known.
    unclosed: Vec<(usize, Option<usize>)>,
    /// Closing brackets without a partner.
    stray: Vec<usize>,
    /// Tokens before which so many blocks end.
    endings: Vec<(usize, usize)>,
}

impl Pairing {
    /// Pairs the brackets of `tokens`.
    pub(crate) fn of(text: &str, tokens: &[Token]) -> Self {
        let strict = Pairer::new(text, tokens, None).run();
        let curly = |at: &usize| {
            tokens
                .get(*at)
                .is_some_and(|token| matches!(token.kind, Kind::Open(Bracket::Curly) | Kind::Close(Bracket::Curly)))
        };
        let missing = strict.unclosed.iter().any(|(at, _)| curly(at));
        let surplus = strict.stray.iter().any(curly);
        if missing || surplus { Pairer::new(text, tokens, Some(Guess { surplus })).run() } else { strict }
    }

    /// Whether the opening bracket at `at` has no partner.
    pub(crate) fn is_unclosed(&self, at: usize) -> bool {
        self.unclosed.binary_search_by_key(&at, |(open, _)| *open).is_ok()
    }

    /// The token before which the unclosed block opened at `at` ends.
    pub(crate) fn ends_before(&self, at: usize) -> Option<usize> {
        let index = self.unclosed.binary_search_by_key(&at, |(open, _)| *open).ok()?;
        self.unclosed.get(index)?.1
    }

    /// Whether the closing bracket at `at` has no partner.
    pub(crate) fn is_stray(&self, at: usize) -> bool {
        self.stray.binary_search(&at).is_ok()
    }

    /// How many blocks end before the token `at` although nothing closes them.
    pub(crate) fn closed_before(&self, at: usize) -> usize {
        self.endings
            .binary_search_by_key(&at, |(token, _)| *token)
            .ok()
            .and_then(|i| self.endings.get(i))
            .map_or(0, |e| e.1)
    }
}

/// How to guess where a forgotten brace belongs.
#[derive(Clone, Copy)]
struct Guess {
    /// There are closing braces too many.
    surplus: bool,
}

/// A bracket not closed yet.
#[derive(Clone, Copy)]
struct Open {
    kind: Bracket,
    at: usize,
    /// The indentation of its line.
    indent: usize,
    /// The lines below it are indented more.
    indented: bool,
}

struct Pairer<'a> {
    text: &'a str,
    tokens: &'a [Token],
    guess: Option<Guess>,
    /// Blocks and the brackets inside them, innermost last.
    open: Vec<Open>,
    /// How many `{` are among them.
    blocks: usize,
    result: Pairing,
}

/// How far out a brace looks for a partner with its indentation. Keeps the work linear.
const REACH: usize = 16;

impl<'a> Pairer<'a> {
    fn new(text: &'a str, tokens: &'a [Token], guess: Option<Guess>) -> Self {
        Self { text, tokens, guess, open: Vec::new(), blocks: 0, result: Pairing::default() }
    }

    fn run(mut self) -> Pairing {
        let mut line_start = 0;
        let mut indent = 0;
        let mut fresh = true;
        for (at, token) in self.tokens.iter().enumerate() {
            if token.kind == Kind::Newline {
                line_start = token.range().end;
                fresh = true;
                continue;
            }
            let first = std::mem::take(&mut fresh);
            if first {
                indent = token.range().start - line_start;
            }
            match token.kind {
                Kind::Open(Bracket::Curly) => {
                    self.end_brackets();
                    self.blocks += 1;
                    self.open.push(Open { kind: Bracket::Curly, at, indent, indented: false });
                }
                Kind::Open(kind) => self.open.push(Open { kind, at, indent, indented: false }),
                Kind::Close(Bracket::Curly) => self.close_block(at, first.then_some(indent)),
                Kind::Close(kind) => self.close_bracket(kind, at),
                Kind::Word if first && self.guess.is_some() => self.begin_line(at, indent),
                _ => {}
            }
        }
        self.end_brackets();
        while self.blocks > 0 {
            self.end_block(None);
        }
        self.result.unclosed.sort_unstable();
        self.result
    }

    /// Ends the blocks that a line with this indentation cannot be in.
    fn begin_line(&mut self, at: usize, indent: usize) {
        let item = indent == 0 && self.begins_item(at);
        while let Some(open) = self.open.iter_mut().rev().find(|open| open.kind == Bracket::Curly) {
            open.indented |= indent > open.indent;
            let ended = open.indented && indent <= open.indent;
            if !item && !ended {
                break;
            }
            self.end_block(Some(at));
        }
    }

    /// `(` and `[` never reach beyond the braces around them.
    fn end_brackets(&mut self) {
        while let Some(open) = self.open.pop_if(|open| open.kind != Bracket::Curly) {
            self.result.unclosed.push((open.at, None));
        }
    }

    /// Ends the innermost block before the token `before`, or at the end of the file.
    fn end_block(&mut self, before: Option<usize>) {
        self.end_brackets();
        let Some(open) = self.open.pop() else { return };
        self.blocks -= 1;
        self.result.unclosed.push((open.at, before));
        if let Some(before) = before {
            match self.result.endings.last_mut() {
                Some((at, count)) if *at == before => *count += 1,
                _ => self.result.endings.push((before, 1)),
            }
        }
    }

    fn close_bracket(&mut self, kind: Bracket, at: usize) {
        let inner = self.open.iter().rev().take(REACH).take_while(|open| open.kind != Bracket::Curly);
        match inner.map(|open| open.kind).position(|open| open == kind) {
            Some(depth) => {
                let partner = self.open.len() - depth;
                for open in self.open.drain(partner..) {
                    self.result.unclosed.push((open.at, None));
                }
                self.open.pop();
            }
            None => self.result.stray.push(at),
        }
    }

    /// `}`, first on a line with this indentation or somewhere within a line.
    fn close_block(&mut self, at: usize, indent: Option<usize>) {
        self.end_brackets();
        if let (Some(guess), Some(indent)) = (self.guess, indent) {
            let mut outwards = self.open.iter().rev().filter(|open| open.kind == Bracket::Curly).take(REACH);
            let innermost = outwards.next().map(|open| open.indent);
            if guess.surplus && innermost.is_some_and(|open| open < indent) {
                self.result.stray.push(at);
                return;
            }
            if innermost.is_some_and(|open| open > indent)
                && let Some(depth) = outwards.position(|open| open.indent == indent)
            {
                for _ in 0..=depth {
                    self.end_block(Some(at));
                }
            }
        }
        if self.open.pop().is_some() {
            self.blocks -= 1;
        } else {
            self.result.stray.push(at);
        }
    }

    /// Whether the word at `at` can only be the beginning of an item.
    fn begins_item(&self, at: usize) -> bool {
        let kind = |offset: usize| self.tokens.get(at + offset).map(|token| token.kind);
        let Some(token) = self.tokens.get(at) else { return false };
        match token.text(self.text) {
            "mining" | "role" | "duties" | "waiver" | "provision" | "separate" => kind(1) == Some(Kind::Word),
            "set" => kind(1) == Some(Kind::Word) && kind(2) == Some(Kind::Operator),
            "identities" => kind(1) == Some(Kind::Open(Bracket::Curly)),
            "expect" | "use" => matches!(kind(1), Some(Kind::Text | Kind::UnclosedText)),
            _ => false,
        }
    }
}
