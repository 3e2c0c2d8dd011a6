mod access;
mod conditions;
mod duties;
mod expected;
mod faults;
mod fields;
mod files;
pub(crate) mod forms;
mod literals;
mod mining;
mod provisions;
mod reader;
mod roles;
mod texts;
mod waivers;

use crate::{
    Diagnostic, FileId, Span, Spanned,
    ast::{ClusterUsing, Describe, File, Setting},
    codes,
    lex::{Kind, Token, lex},
    outline::{Fault, Statement, outline},
    parse::reader::Reader,
};

/// The largest file accepted, in bytes.
pub const MAX_FILE_BYTES: usize = 4 << 20;
/// The deepest nesting accepted, of brackets in a file and of `not` and parentheses in a condition.
pub const MAX_DEPTH: usize = 64;
/// The most mistakes shown of one file.
pub const MAX_ERRORS: usize = 100;

/// What [`parse`] found: everything that could be read, and every mistake.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The tree of what could be read.
    pub file: File,
    /// The mistakes, in source order; at most [`MAX_ERRORS`] and one that counts the rest.
    pub errors: Vec<Diagnostic>,
}

/// Reads the one statement `cluster using …` outside of any file.
///
/// # Errors
/// Every mistake of the text, in source order; never empty.
pub fn parse_cluster_using(file: FileId, text: &str) -> Result<ClusterUsing, Vec<Diagnostic>> {
    one_statement(file, text, "cluster using …", |reader, statements| reader.cluster_using(statements))
}

/// Reads the one statement `cutoff { … }` outside of any file, and gives its settings.
///
/// # Errors
/// Every mistake of the text, in source order; never empty.
pub fn parse_cutoff(file: FileId, text: &str) -> Result<Vec<Setting>, Vec<Diagnostic>> {
    one_statement(file, text, "cutoff { … }", |reader, statements| reader.cutoff(statements))
}

/// Reads the one statement `describe by … { … }` outside of any file.
///
/// # Errors
/// Every mistake of the text, in source order; never empty.
pub fn parse_describe(file: FileId, text: &str) -> Result<Describe, Vec<Diagnostic>> {
    one_statement(file, text, "describe by … { … }", |reader, statements| reader.describe(statements))
}

fn one_statement<T>(
    file: FileId,
    text: &str,
    expected: &str,
    read: impl for<'t> Fn(&mut Reader<'t>, &'t [Statement]) -> Option<T>,
) -> Result<T, Vec<Diagnostic>> {
    let Outlined { tokens, statements, faults } = Outlined::new(text);
    let mut reader = Reader::new(file, text, &tokens);
    reader.faults(&faults);
    let read = read(&mut reader, &statements).filter(|_| statements.len() == 1);
    let errors = reader.into_errors();
    match (read, errors.is_empty()) {
        (Some(read), true) => Ok(read),
        (None, true) => Err(vec![
            Diagnostic::error(
                codes::UNEXPECTED,
                format!("expected `{expected}` and nothing else"),
                Span::new(file, 0, text.len()),
                "more or less than that",
            )
            .help("write one statement, as it stands in a spec"),
        ]),
        (_, false) => Err(errors),
    }
}

#[derive(pest_derive::Parser)]
#[grammar = "adit.pest"]
struct Grammar;

/// Reads one file.
///
/// Never fails and never panics: a mistake spoils the statement it is in, and everything else is read. Takes time and
/// space linear in the length of `text`, which may begin with a byte order mark and have any kind of line breaks.
#[must_use]
pub fn parse(file: FileId, text: &str) -> Parsed {
    Outlined::new(text).parse(file, text)
}

/// A file of which only the outline is known: what it uses can be told, and [`Scanned::parse`] reads the rest.
#[derive(Debug)]
pub struct Scanned {
    text: String,
    outlined: Outlined,
}

impl Scanned {
    /// Finds the statements of `text`.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self { outlined: Outlined::new(&text), text }
    }

    /// The paths it uses: those of every `use` that [`parse`] reads, in order, without reading anything else.
    #[must_use]
    pub fn uses(&self) -> Vec<String> {
        let Outlined { tokens, statements, .. } = &self.outlined;
        let is_use = |statement: &&Statement| {
            tokens.get(statement.head.start).is_some_and(|token| token.is_word(&self.text, "use"))
        };
        let mut reader = Reader::new(FileId::default(), &self.text, tokens);
        reader.uses(statements.iter().filter(is_use))
    }

    /// What [`parse`] makes of its text, and the text.
    #[must_use]
    pub fn parse(self, file: FileId) -> (Parsed, String) {
        (self.outlined.parse(file, &self.text), self.text)
    }
}

/// The tokens and statements of a text; those of one too large are not looked at.
#[derive(Debug)]
struct Outlined {
    tokens: Vec<Token>,
    statements: Vec<Statement>,
    faults: Vec<Fault>,
}

impl Outlined {
    fn new(text: &str) -> Self {
        let text = if text.len() > MAX_FILE_BYTES { "" } else { text };
        let tokens = lex(text, byte_order_mark(text));
        let (statements, faults) = outline(text, &tokens);
        Self { tokens, statements, faults }
    }

    /// Reads every statement; `text` is the one it was made of.
    fn parse(&self, file: FileId, text: &str) -> Parsed {
        if text.len() > MAX_FILE_BYTES {
            let message = format!("the file has {} bytes, more than the {MAX_FILE_BYTES} that are read", text.len());
            let error = Diagnostic::error(codes::TOO_LARGE, message, Span::new(file, 0, 0), "")
                .help("split it, and `use` the parts");
            return Parsed { file: File::default(), errors: vec![error] };
        }
        let mut reader = Reader::new(file, text, &self.tokens);
        reader.faults(&self.faults);
        let mut tree = File::default();
        reader.file(&self.statements, &mut tree);
        tree.comments = self
            .tokens
            .iter()
            .filter(|token| token.kind == Kind::Comment)
            .map(|token| {
                let comment = token.text(text).strip_prefix("//").unwrap_or_default();
                Spanned::new(comment.trim_end().to_owned(), reader.span(token.range()))
            })
            .collect();
        Parsed { file: tree, errors: reader.into_errors() }
    }
}

/// The length of the byte order mark `text` begins with.
pub(crate) fn byte_order_mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}
