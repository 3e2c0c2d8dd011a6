use crate::{exit::Exit, failure::Failure, session::Session};

/// .
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {}

pub(crate) fn run(_arguments: &Arguments, _session: &mut Session) -> Result<Exit, Failure> {
    Ok(Exit::Fine)
}
