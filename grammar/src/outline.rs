//! The outline of a file: which statements it has, and which blocks belong to them.
//!
//! Found without reading a single statement, so that a mistake inside one cannot hide the next. A line break or a `;` ends a
//! statement, except inside `( )` and `[ ]`, after `,`, `and` and `or`, and before `and`, `or`, `{` and (where it is no
//! statement of its own) `because`.

use std::ops::Range;

use crate::{
    MAX_DEPTH,
    lex::{Bracket, Kind, Token},
    pairing::Pairing,
};

/// One statement: some words and perhaps a block.
#[derive(Debug, Default)]
pub(crate) struct Statement {
    /// Its tokens before the block, from the first word to the last. Empty for a block that belongs to nothing.
    pub(crate) head: Range<usize>,
    /// `{ … }`
    pub(crate) block: Option<Block>,
    /// A token or bracket of the head is wrong and a [`Fault`] says so.
    pub(crate) damage: Damage,
}

/// Whether the head of a statement can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum Damage {
    #[default]
    None,
    /// It may be read, but what is wrong with it has been said.
    Reported,
    /// Its brackets do not match or are nested too deep: it cannot be read.
    Brackets,
}

/// `{ … }`.
#[derive(Debug)]
pub(crate) struct Block {
    /// The token `{`.
    pub(crate) open: usize,
    /// What is inside.
    pub(crate) statements: Vec<Statement>,
    /// The token `}`, where there is one.
    pub(crate) close: Option<usize>,
}

/// What is wrong with a file before any statement is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A character that means nothing outside of texts and comments.
    BadCharacter(usize),
    /// A text whose line ends before its closing quote.
    UnclosedText(usize),
    /// An opening bracket without its partner, and the token before which it should have been closed.
    Unclosed(usize, Option<usize>),
    /// A closing bracket without its partner.
    Stray(usize),
    /// A bracket nested too deep.
    TooDeep(usize),
}

/// The statements of a file and what is wrong with its tokens.
pub(crate) fn outline(text: &str, tokens: &[Token]) -> (Vec<Statement>, Vec<Fault>) {
    let pairing = Pairing::of(text, tokens);
    let mut outliner = Outliner {
        text,
        tokens,
        pairing: &pairing,
        faults: Vec::new(),
        frames: Vec::new(),
        statements: Vec::new(),
        current: None,
        buried: 0,
        following: 0,
    };
    for (at, token) in tokens.iter().enumerate() {
        outliner.token(at, *token);
    }
    outliner.finish()
}

/// A block still open, and what stood before it.
struct Frame {
    before: Vec<Statement>,
    owner: Statement,
    open: usize,
    /// Whether `because` begins a statement in here.
    because_begins: bool,
}

/// A statement still being read.
struct Current {
    head: Range<usize>,
    damage: Damage,
    /// How many `(` and `[` are open.
    depth: usize,
}

struct Outliner<'a> {
    text: &'a str,
    tokens: &'a [Token],
    pairing: &'a Pairing,
    faults: Vec<Fault>,
    frames: Vec<Frame>,
    statements: Vec<Statement>,
    current: Option<Current>,
    /// How many blocks are open that are nested too deep; what is inside them is not looked at, so that no tree is deeper
    /// than a stack can bear.
    buried: usize,
    /// The next significant token, looked up once per gap.
    following: usize,
}

impl Outliner<'_> {
    fn token(&mut self, at: usize, token: Token) {
        for _ in 0..self.pairing.closed_before(at) {
            self.close(None);
        }
        match token.kind {
            Kind::Comment => {}
            Kind::Newline if self.continues(at) => {}
            Kind::Newline => self.end_statement(),
            Kind::Semicolon if self.current.as_ref().is_none_or(|current| current.depth == 0) => self.end_statement(),
            Kind::Open(Bracket::Curly) => self.open(at),
            Kind::Close(Bracket::Curly) => {
                if self.pairing.is_stray(at) {
                    self.end_statement();
                    self.faults.push(Fault::Stray(at));
                } else {
                    self.close(Some(at));
                }
            }
            kind if self.buried == 0 => self.extend(at, kind),
            _ => {}
        }
    }

    /// Adds a token to the statement being read, or begins one with it.
    fn extend(&mut self, at: usize, kind: Kind) {
        let level = self.frames.len();
        let current = self.current.get_or_insert(Current { head: at..at, damage: Damage::None, depth: 0 });
        current.head.end = at + 1;
        let fault = match kind {
            Kind::Open(_) if self.pairing.is_unclosed(at) => Some(Fault::Unclosed(at, None)),
            Kind::Open(_) => {
                current.depth += 1;
                (level + current.depth > MAX_DEPTH).then_some(Fault::TooDeep(at))
            }
            Kind::Close(_) if self.pairing.is_stray(at) => Some(Fault::Stray(at)),
            Kind::Close(_) => {
                current.depth = current.depth.saturating_sub(1);
                None
            }
            Kind::Bad => Some(Fault::BadCharacter(at)),
            Kind::UnclosedText => Some(Fault::UnclosedText(at)),
            _ => None,
        };
        if let Some(fault) = fault {
            let damage = match fault {
                Fault::BadCharacter(_) | Fault::UnclosedText(_) => Damage::Reported,
                Fault::Unclosed(..) | Fault::Stray(_) | Fault::TooDeep(_) => Damage::Brackets,
            };
            // One word about the brackets of a statement is enough.
            if current.damage == Damage::None {
                self.faults.push(fault);
            }
            current.damage = current.damage.max(damage);
        }
    }

    fn open(&mut self, at: usize) {
        if self.buried > 0 || self.frames.len() == MAX_DEPTH {
            if self.buried == 0 {
                self.end_statement();
                self.faults.push(Fault::TooDeep(at));
            }
            self.buried += 1;
            return;
        }
        if self.pairing.is_unclosed(at) {
            self.faults.push(Fault::Unclosed(at, self.pairing.ends_before(at)));
        }
        let owner = match self.current.take() {
            Some(current) => Statement { head: current.head, block: None, damage: current.damage },
            None => Statement { head: at..at, block: None, damage: Damage::None },
        };
        let because_begins = self.tokens.get(owner.head.start).is_some_and(|token| token.is_word(self.text, "waiver"));
        let before = std::mem::take(&mut self.statements);
        self.frames.push(Frame { before, owner, open: at, because_begins });
    }

    /// Closes the innermost block; `}` is missing where `close` is `None`.
    fn close(&mut self, close: Option<usize>) {
        if self.buried > 0 {
            self.buried -= 1;
            return;
        }
        self.end_statement();
        let Some(frame) = self.frames.pop() else { return };
        let statements = std::mem::replace(&mut self.statements, frame.before);
        self.statements.push(Statement { block: Some(Block { open: frame.open, statements, close }), ..frame.owner });
    }

    fn end_statement(&mut self) {
        if let Some(current) = self.current.take() {
            self.statements.push(Statement { head: current.head, block: None, damage: current.damage });
        }
    }

    /// Whether the statement goes on after the line break at `at`.
    fn continues(&mut self, at: usize) -> bool {
        let Some(current) = &self.current else { return false };
        if current.depth > 0 {
            return true;
        }
        let joins = |token: &Token| matches!(token.text(self.text), "and" | "or") && token.kind == Kind::Word;
        let last = self.tokens.get(current.head.end - 1);
        if last.is_some_and(|token| token.kind == Kind::Comma || joins(token)) {
            return true;
        }
        if self.following <= at {
            self.following = self
                .tokens
                .iter()
                .enumerate()
                .skip(at)
                .find(|(_, token)| token.is_significant())
                .map_or(self.tokens.len(), |(next, _)| next);
        }
        let because_begins = self.frames.last().is_some_and(|frame| frame.because_begins);
        self.pairing.closed_before(self.following) == 0
            && self.tokens.get(self.following).is_some_and(|token| {
                joins(token)
                    || token.kind == Kind::Open(Bracket::Curly)
                    || (!because_begins && token.is_word(self.text, "because"))
            })
    }

    fn finish(mut self) -> (Vec<Statement>, Vec<Fault>) {
        self.buried = 0;
        while !self.frames.is_empty() {
            self.close(None);
        }
        self.end_statement();
        (self.statements, self.faults)
    }
}
