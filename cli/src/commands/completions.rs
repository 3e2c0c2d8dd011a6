//! `adit completions`: what a shell has to know to complete command lines.

use clap::Command;
use clap_complete::Shell;

use crate::{exit::Exit, failure::Failure, session::Session};

/// Print completions for a shell
///
/// For instance `adit completions bash > ~/.local/share/bash-completion/completions/adit`, or `adit completions fish | source`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// `program` is the whole command line.
pub(crate) fn run(arguments: &Arguments, mut program: Command, session: &mut Session) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, "adit", &mut bytes);
    session.out.text(&String::from_utf8_lossy(&bytes));
    Ok(Exit::Fine)
}
