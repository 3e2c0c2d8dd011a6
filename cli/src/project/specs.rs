//! The specs of a project as read from disk, and where in them a span is.

use std::{fs, path::Path, sync::Arc};

use adit_compiler::resolve::{self, SpecSource, resolve};
use adit_grammar::{Diagnostic, FileId, MAX_FILE_BYTES, Span};

use crate::{
    failure::{Problem, io_words},
    files,
};

/// Every file of a spec, parsed.
#[derive(Debug)]
pub(crate) struct Specs {
    /// The files and what is wrong with their syntax.
    pub(crate) resolved: resolve::Project,
    /// One per file: what people call it, and its text.
    shown: Vec<(String, Arc<str>)>,
}

/// A place in a spec, for people and machines: lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct SpecPlace {
    /// The file, as it was named on the command line or found.
    pub(crate) file: String,
    /// The file's path within its project.
    #[serde(skip)]
    pub(crate) path: String,
    /// First line.
    pub(crate) line: usize,
    /// First column.
    pub(crate) column: usize,
    /// Last line.
    pub(crate) end_line: usize,
    /// One past the last column.
    pub(crate) end_column: usize,
}

/// Files below a folder.
struct Disk<'a>(&'a Path);

impl SpecSource for Disk<'_> {
    fn text(&self, path: &str) -> Result<String, String> {
        let path = self.0.join(path);
        let size = fs::metadata(&path).map_err(|error| io_words(&error))?.len();
        if size > MAX_FILE_BYTES as u64 {
            return Err(format!("it has {size} bytes, and a spec has at most {MAX_FILE_BYTES}"));
        }
        fs::read_to_string(&path).map_err(|error| io_words(&error))
    }
}

impl Specs {
    /// Reads `roots` (relative to `folder`) and everything they use.
    pub(crate) fn read(folder: &Path, roots: &[String]) -> Self {
        let resolved = resolve(&Disk(folder), roots);
        let shown = resolved.files.iter().map(|file| (shown(folder, &file.path), Arc::from(file.text.as_str())));
        Self { shown: shown.collect(), resolved }
    }

    /// How many files there are.
    pub(crate) fn len(&self) -> usize {
        self.shown.len()
    }

    /// What people call the files.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().map(|(name, _)| name.as_str())
    }

    /// A diagnostic with the text of the files that it speaks of.
    pub(crate) fn problem(&self, diagnostic: &Diagnostic) -> Problem {
        Problem::diagnostic(diagnostic, |file| self.file(file))
    }

    /// Where a span is; nothing if it is in no file.
    pub(crate) fn place(&self, span: Span) -> Option<SpecPlace> {
        let (name, text) = self.file(span.file)?;
        let range = span.range();
        let (line, column) = position(text, range.start);
        let (end_line, end_column) = position(text, range.end.max(range.start));
        let path = self.resolved.file(span.file).map(|file| file.path.clone()).unwrap_or_default();
        Some(SpecPlace { file: name.to_owned(), path, line, column, end_line, end_column })
    }

    fn file(&self, id: FileId) -> Option<(&str, &Arc<str>)> {
        self.shown.get(id.0 as usize).map(|(name, text)| (name.as_str(), text))
    }
}

/// The path of a file as someone in the current folder would write it.
fn shown(folder: &Path, path: &str) -> String {
    files::plain(&folder.join(path)).display().to_string()
}

/// Line and column of a byte, from 1.
fn position(text: &str, byte: usize) -> (usize, usize) {
    let before = text.get(..byte.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_one_in_characters() {
        assert_eq!(position("", 0), (1, 1));
        assert_eq!(position("äb\nc", 2), (1, 2));
        assert_eq!(position("äb\nc", 4), (2, 1));
        assert_eq!(position("äb\nc", 99), (2, 2));
    }
}
