//! The Adit language: text in, syntax tree out, and back again.
//!
//! This crate knows no data and no files: a caller hands it text under a [`FileId`], and gets a
//! [`ast::File`] with a span on everything, every comment, and every mistake of the text at once.
//!
//! ```
//! let parsed = adit_grammar::parse(adit_grammar::FileId(0), "edition 2026\n");
//! assert!(parsed.errors.is_empty());
//! ```

// The parser that pest derives says `::alloc`.
extern crate alloc;

pub mod ast;
pub mod codes;
pub mod diagnostic;
mod format;
mod lex;
mod outline;
mod pairing;
mod parse;
mod print;
mod span;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use format::{FormatError, format};
pub use parse::{
    MAX_DEPTH, MAX_ERRORS, MAX_FILE_BYTES, Parsed, Scanned, parse, parse_cluster_using, parse_cutoff, parse_describe,
};
pub use print::{kind, quoted};
pub use span::{FileId, Span, Spanned};

/// The one edition of the language this compiler understands.
pub const EDITION: u32 = 2026;
