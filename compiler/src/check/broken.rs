//! What could not be read of a spec, so that nothing is called missing that may well be there.

use std::collections::BTreeSet;

use adit_grammar::{Severity, Span};

use crate::resolve::Project;

/// The places of syntax errors, and what the files that have them may define.
#[derive(Debug, Default)]
pub(super) struct Broken<'a> {
    /// In source order.
    places: Vec<Span>,
    /// A word and the one after it, in any file with a syntax error: `set payment-release`, `human where`.
    pairs: BTreeSet<(&'a str, &'a str)>,
    /// Whether a whole file is missing.
    unread: bool,
}

impl<'a> Broken<'a> {
    pub(super) fn find(project: &'a Project) -> Self {
        let errors = project.diagnostics.iter().filter(|fault| fault.severity == Severity::Error);
        let (syntax, uses): (Vec<_>, Vec<_>) = errors.partition(|fault| fault.code.starts_with("E0"));
        let places: Vec<Span> = syntax.iter().map(|fault| fault.span()).collect();
        let files: BTreeSet<_> = places.iter().map(|span| span.file).collect();
        let mut pairs = BTreeSet::new();
        for file in files.into_iter().filter_map(|id| project.file(id)) {
            let words = || {
                let parts = file.text.split(|letter: char| letter.is_whitespace() || "{}[](),;\"".contains(letter));
                parts.filter(|word| !word.is_empty())
            };
            pairs.extend(words().zip(words().skip(1)));
        }
        Self { places, pairs, unread: !uses.is_empty() }
    }

    /// Whether everything could be read.
    pub(super) fn nowhere(&self) -> bool {
        self.places.is_empty() && !self.unread
    }

    /// Whether everything within a place could be read.
    pub(super) fn not_within(&self, place: Span) -> bool {
        let first = self.places.partition_point(|span| (span.file, span.start) < (place.file, place.start));
        self.places.get(first).is_none_or(|span| span.file != place.file || span.start >= place.end)
    }

    /// Whether `first second` may be the beginning of a definition that could not be read.
    pub(super) fn may_have(&self, first: &str, second: &str) -> bool {
        self.unread || self.pairs.contains(&(first, second))
    }
}
