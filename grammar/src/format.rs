mod layout;
mod lines;
mod sentence;

use crate::{Diagnostic, FileId, parse};

/// Why a text was not formatted.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The text has mistakes; nothing was changed.
    #[error("the file has {} syntax errors", .0.len())]
    Syntax(Vec<Diagnostic>),
    /// The formatted text would mean something else: a bug, and nothing was changed.
    #[error("the formatted text would not mean the same; this is a bug in the formatter, nothing was changed")]
    MeaningChanged,
}

/// The canonical layout of `text`.
///
/// One statement per line, two spaces per block, values in columns, at most one blank line, `\n` line breaks and no byte
/// order mark. Keeps every comment, in order and as it stands, and the spelling of every value. Formatting twice changes
/// nothing.
///
/// # Errors
/// When the text has mistakes, or when the result would not re-parse to the same tree and comments.
pub fn format(text: &str) -> Result<String, FormatError> {
    let before = parse(FileId(0), text);
    if !before.errors.is_empty() {
        return Err(FormatError::Syntax(before.errors));
    }
    let formatted = layout::layout(text);
    let after = parse(FileId(0), &formatted);
    let same = after.errors.is_empty() && before.file == after.file && before.file.comments == after.file.comments;
    if same { Ok(formatted) } else { Err(FormatError::MeaningChanged) }
}
