//! Standard output and error: whether they are terminals, how wide, in colour or not.

use std::io::{self, BufWriter, IsTerminal, Write};

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb
    Auto,
    /// Even into a pipe
    Always,
    /// Never
    Never,
}

/// How findings and errors are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum ErrorFormat {
    /// Drawn: snippets, trees, marks
    #[default]
    Fancy,
    /// Told: sentences in reading order, for screen readers
    Plain,
}

/// What text looks like on one stream.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Whether escape codes are understood.
    pub(crate) color: bool,
    /// Columns to fill.
    pub(crate) width: usize,
    /// Whether someone is watching.
    pub(crate) terminal: bool,
    /// Whether findings and errors are told in sentences rather than drawn.
    pub(crate) plain: bool,
}

/// Text that is not on a terminal is always as wide as this, so that it does not depend on where it was made.
const PIPE_WIDTH: usize = 100;

/// A way to set words apart. Quiet: weight and one colour per meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paint {
    /// Headings.
    Bold,
    /// What may be skipped.
    Dim,
    /// What fails.
    Red,
    /// What deserves a look.
    Yellow,
    /// What is well.
    Green,
    /// Names to type.
    Cyan,
}

impl Look {
    /// The look of standard output.
    pub(crate) fn stdout(choice: ColorChoice, errors: ErrorFormat) -> Self {
        Self::of(choice, errors, io::stdout().is_terminal(), || terminal_size::terminal_size_of(io::stdout()))
    }

    /// The look of standard error.
    pub(crate) fn stderr(choice: ColorChoice, errors: ErrorFormat) -> Self {
        Self::of(choice, errors, io::stderr().is_terminal(), || terminal_size::terminal_size_of(io::stderr()))
    }

    /// The look of text in a file.
    pub(crate) fn file() -> Self {
        Self { color: false, width: PIPE_WIDTH, terminal: false, plain: false }
    }

    fn of(
        choice: ColorChoice,
        errors: ErrorFormat,
        terminal: bool,
        size: impl FnOnce() -> Option<(terminal_size::Width, terminal_size::Height)>,
    ) -> Self {
        let color = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
                terminal && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        let width = if terminal { size().map_or(PIPE_WIDTH, |(width, _)| usize::from(width.0)) } else { PIPE_WIDTH };
        Self { color, width: width.clamp(60, 120), terminal, plain: errors == ErrorFormat::Plain }
    }

    /// `text`, set apart.
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        if !self.color || text.is_empty() {
            return text.to_owned();
        }
        let code = match paint {
            Paint::Bold => "1",
            Paint::Dim => "2",
            Paint::Red => "31",
            Paint::Yellow => "33",
            Paint::Green => "32",
            Paint::Cyan => "36",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Standard output. When its reader has gone, what is left is dropped in silence: the verdict still counts.
pub(crate) struct Out {
    stream: BufWriter<io::StdoutLock<'static>>,
    closed: bool,
    error: Option<io::Error>,
}

impl Out {
    /// Takes standard output for the rest of the process.
    pub(crate) fn new() -> Self {
        Self { stream: BufWriter::with_capacity(1 << 16, io::stdout().lock()), closed: false, error: None }
    }

    /// Writes text.
    pub(crate) fn text(&mut self, text: &str) {
        let _ = self.write_all(text.as_bytes());
    }

    /// Writes text and ends the line.
    pub(crate) fn line(&mut self, text: &str) {
        self.text(text);
        self.text("\n");
    }

    /// Writes what is buffered; the first error that is not a reader who has gone.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        let _ = self.flush();
        self.error.take().map_or(Ok(()), Err)
    }

    fn note(&mut self, result: io::Result<()>) {
        if let Err(error) = result {
            self.closed = true;
            if error.kind() != io::ErrorKind::BrokenPipe {
                self.error.get_or_insert(error);
            }
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.closed {
            let result = self.stream.write_all(bytes);
            self.note(result);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.closed {
            let result = self.stream.flush();
            self.note(result);
        }
        Ok(())
    }
}

/// Says something on standard error; nobody listening is no reason to fail.
pub(crate) fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
