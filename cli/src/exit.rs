//! Exit codes: the whole list, and what each means.

use std::process::ExitCode;

/// How a run ended. The numbers are documented in `docs/exit-codes.md` and do not change within a major version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked for was done, and nothing fails.
    Fine = 0,
    /// There are findings that fail, or files that are not formatted.
    Findings = 1,
    /// The spec, the configuration or the command line is wrong, or a place to write to is.
    Usage = 2,
    /// Input data is missing, unusable, or not the data of the lock.
    Data = 3,
    /// A derivation or a result was not reproduced, or its proof does not hold.
    NotReproducible = 4,
    /// An approved role was demanded, and there is none to emit.
    NothingToEmit = 5,
    /// A bug.
    Internal = 70,
    /// Ctrl-C, or a request to terminate.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
