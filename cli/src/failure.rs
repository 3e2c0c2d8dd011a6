//! Why a command stopped: one or more problems with their source, and the exit code they lead to.

use std::{fmt, io, path::Path, sync::Arc};

use adit_grammar::{Diagnostic, Severity};
use miette::{LabeledSpan, NamedSource, SourceCode};

use crate::{exit::Exit, text::visible_lines};

mod render;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Something is wrong, and this is what.
    Problems {
        /// The exit code.
        exit: Exit,
        /// What is wrong; printed in this order.
        problems: Vec<Problem>,
    },
    /// Ctrl-C.
    Interrupted,
}

/// One thing that is wrong, ready to be shown.
#[derive(Debug, Default)]
pub(crate) struct Problem {
    message: String,
    code: Option<String>,
    help: Option<String>,
    severity: miette::Severity,
    text: Option<NamedSource<Arc<str>>>,
    labels: Vec<LabeledSpan>,
    related: Vec<Problem>,
}

impl Failure {
    /// One problem.
    pub(crate) fn new(exit: Exit, problem: Problem) -> Self {
        Self::Problems { exit, problems: vec![problem] }
    }

    /// The command line, the spec or the configuration is wrong.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Exit::Usage, Problem::new(message).help(help))
    }

    /// The data is missing or cannot be used.
    pub(crate) fn data(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Exit::Data, Problem::new(message).help(help))
    }

    /// A file cannot be written.
    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        Self::usage(
            format!("cannot write `{}`: {}", path.display(), io_words(error)),
            "nothing was changed; choose a place that can be written to",
        )
    }
}

impl Problem {
    /// A problem in one sentence.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: visible_lines(&message.into()).into_owned(), ..Self::default() }
    }

    /// Adds what to do.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(visible_lines(&help.into()).into_owned());
        self
    }

    /// What to do, where that is known.
    pub(crate) fn what_to_do(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Adds a stable code.
    pub(crate) fn code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Adds the place: bytes of `text`, which is the file `name`.
    pub(crate) fn at(mut self, name: &str, text: &str, span: std::ops::Range<usize>, label: &str) -> Self {
        let text_of_label = (!label.is_empty()).then(|| label.to_owned());
        self.labels.push(LabeledSpan::new_with_span(text_of_label, within(text, span)));
        self.text = Some(NamedSource::new(name, Arc::from(text)));
        self
    }

    /// What the grammar or the checker says, with the text of the files it speaks of.
    ///
    /// miette shows one file per problem, so labels in other files become snippets of their own.
    pub(crate) fn diagnostic<'a>(
        diagnostic: &Diagnostic,
        file: impl Fn(adit_grammar::FileId) -> Option<(&'a str, &'a Arc<str>)>,
    ) -> Self {
        let home = diagnostic.span().file;
        let place = |id| file(id).map(|(name, text)| NamedSource::new(name, Arc::clone(text)));
        let label = |label: &adit_grammar::Label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            let range = file(label.span.file).map_or(0..0, |(_, text)| within(text, label.span.range()));
            LabeledSpan::new_with_span(text, range)
        };
        let (here, elsewhere): (Vec<_>, Vec<_>) = diagnostic.labels.iter().partition(|label| label.span.file == home);
        Self {
            message: diagnostic.message.clone(),
            code: (!diagnostic.code.is_empty()).then(|| diagnostic.code.to_owned()),
            help: diagnostic.help.clone(),
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            text: place(home),
            labels: here.into_iter().map(label).collect(),
            related: elsewhere
                .into_iter()
                .map(|other| Self {
                    message: if other.text.is_empty() { "see also".to_owned() } else { other.text.clone() },
                    text: place(other.span.file),
                    labels: vec![label(other)],
                    severity: miette::Severity::Advice,
                    ..Self::default()
                })
                .collect(),
        }
    }
}

/// A range that is inside the text, whatever was asked for: miette refuses to show anything else.
fn within(text: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let end = span.end.min(text.len());
    span.start.min(end)..end
}

/// What the operating system said, in the voice of the house.
pub(crate) fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "it is a directory, not a file".to_owned(),
        io::ErrorKind::AlreadyExists => "a file of that name is in the way".to_owned(),
        io::ErrorKind::NotADirectory => "a file is where a folder was expected".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or(&text);
            let mut letters = text.chars();
            letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl miette::Diagnostic for Problem {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.text.as_ref().map(|text| text as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty()).then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = _>>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        (!self.related.is_empty())
            .then(|| Box::new(self.related.iter().map(|p| p as &dyn miette::Diagnostic)) as Box<dyn Iterator<Item = _>>)
    }
}
