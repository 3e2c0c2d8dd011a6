//! What every command is given: where to print, how it should look, and how to show progress.

use std::num::NonZeroUsize;

use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
    interrupt,
    progress::Meter,
    terminal::{ColorChoice, ErrorFormat, Look, Out, say},
};

/// One run of the tool.
pub(crate) struct Session {
    /// Standard output.
    pub(crate) out: Out,
    /// What standard output looks like.
    pub(crate) look: Look,
    /// What standard error looks like.
    pub(crate) aside: Look,
}

impl Session {
    pub(crate) fn new(color: ColorChoice, errors: ErrorFormat) -> Self {
        Self { out: Out::new(), look: Look::stdout(color, errors), aside: Look::stderr(color, errors) }
    }

    /// Shows how far a stage is, when someone is watching.
    pub(crate) fn meter(&self) -> Meter {
        Meter::new(self.aside.terminal)
    }

    /// Limits the threads of everything that runs in parallel.
    pub(crate) fn use_threads(&self, threads: Option<NonZeroUsize>) -> Result<(), Failure> {
        let Some(threads) = threads else { return Ok(()) };
        rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global().map_err(|error| {
            Failure::usage(format!("cannot start {threads} threads: {error}"), "ask for fewer with `--threads`")
        })
    }

    /// Says something beside the result: on standard error.
    pub(crate) fn note(&self, text: &str) {
        if self.aside.plain {
            // Backticks are read aloud.
            say(&format!("{}\n", text.replace('`', "")));
        } else {
            say(&format!("{text}\n"));
        }
    }

    /// Prints what went wrong, and what is still buffered; the exit code of the run.
    pub(crate) fn end(mut self, verdict: Result<Exit, Failure>) -> Exit {
        let flushed = self.out.finish();
        let exit = match verdict {
            Ok(exit) => exit,
            Err(Failure::Interrupted) => {
                say(interrupt::SAID);
                Exit::Interrupted
            }
            Err(Failure::Problems { exit, problems }) => {
                for problem in &problems {
                    say(&problem.render(self.aside));
                }
                exit
            }
        };
        match flushed {
            Ok(()) => exit,
            Err(error) => {
                let problem = Problem::new(format!("cannot write to standard output: {}", io_words(&error)))
                    .help("what was printed is incomplete; print to another place");
                say(&problem.render(self.aside));
                Exit::Usage
            }
        }
    }
}
