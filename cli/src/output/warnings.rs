//! What is doubtful about a spec or a report, beside the result: on standard error.

use crate::{
    privacy::Key,
    project::{Prepared, secret},
    session::Session,
    text::wrap,
};

/// Prints the warnings of the checker.
pub(crate) fn print(prepared: &Prepared, session: &Session) {
    for warning in &prepared.warnings {
        session.note(prepared.specs.problem(warning).render(session.aside).trim_end());
        session.note("");
    }
}

/// Says so where pseudonyms are weak: before they are pasted somewhere.
pub(crate) fn pseudonyms(prepared: &Prepared, session: &Session) {
    if prepared.privacy.hide().is_some_and(|hide| hide.kind == Key::ProjectName) {
        let note = format!(
            "this project has no secret, so whoever has a list of people can find out who is behind a pseudonym by trying; \
             `adit init --secret PROJECT` makes one, or set {}",
            secret::VARIABLE
        );
        session.note(&wrap(&note, "note: ", "  ", session.aside));
    }
}
