//! `adit man`: manual pages, one per command.

use std::path::PathBuf;

use clap::Command;

use crate::{exit::Exit, failure::Failure, files::Batch, session::Session};

/// Write manual pages into a folder: adit(1) and one for each command
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder; it is made where it is missing
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// `program` is the whole command line.
pub(crate) fn run(arguments: &Arguments, mut program: Command, session: &mut Session) -> Result<Exit, Failure> {
    program.build();
    let mut pages = vec![("adit.1".to_owned(), program.clone())];
    pages.extend(program.get_subcommands().map(|command| (format!("adit-{}.1", command.get_name()), command.clone())));
    let mut batch = Batch::new();
    for (file, command) in &pages {
        batch.write(&arguments.folder.join(file), |out| clap_mangen::Man::new(command.clone()).render(out))?;
    }
    batch.commit()?;
    for (file, _) in &pages {
        session.out.line(&arguments.folder.join(file).display().to_string());
    }
    Ok(Exit::Fine)
}
