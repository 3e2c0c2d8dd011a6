use crate::{Diagnostic, FileId, ast::File};

/// The largest file accepted, in bytes.
pub const MAX_FILE_BYTES: usize = 4 << 20;
/// The deepest nesting of brackets accepted.
pub const MAX_DEPTH: usize = 64;

/// What [`parse`] found: everything that could be read, and every mistake.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The tree of what could be read.
    pub file: File,
    /// The mistakes, in source order.
    pub errors: Vec<Diagnostic>,
}

/// Reads one file.
#[must_use]
pub fn parse(_file: FileId, _text: &str) -> Parsed {
    Parsed { file: File::default(), errors: Vec::new() }
}
