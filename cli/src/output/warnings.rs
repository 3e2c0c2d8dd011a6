//! What is doubtful about a spec, beside the result: on standard error.

use super::problems;
use crate::{project::Prepared, session::Session};

/// Prints the warnings of the checker.
pub(crate) fn print(prepared: &Prepared, session: &Session) {
    for warning in &prepared.warnings {
        session.note(problems::render(&prepared.specs.problem(warning), session.aside).trim_end());
        session.note("");
    }
}
