//! `adit`: policy as code for role mining.
//!
//! The only room of the house that prints, exits, or reads a clock, the environment or a terminal. One file per command
//! in `commands/`, one file per output format in `output/`.

mod arguments;
mod baseline;
mod commands;
mod crash;
mod exit;
mod failure;
mod faults;
mod files;
mod interrupt;
mod output;
mod pending;
mod persona;
mod privacy;
mod progress;
mod project;
mod report;
mod revision;
mod session;
mod terminal;
mod text;
mod values;

use std::{ffi::OsString, process::ExitCode};

use arguments::{Arguments, Command};
use clap::CommandFactory as _;
use exit::Exit;
use failure::Failure;
use session::Session;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    match crash::guard(|| run(&words)) {
        Ok(exit) => exit.into(),
        Err(report) => {
            terminal::say(&report);
            Exit::Internal.into()
        }
    }
}

fn run(words: &[OsString]) -> Exit {
    let arguments = match Arguments::read(words) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are errors to clap, but not to anyone else; a reader who has gone is none to us.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Fine };
        }
    };
    interrupt::watch();
    let mut session = Session::new(arguments.color, arguments.error_format);
    let verdict = session.use_threads(arguments.threads).and_then(|()| dispatch(arguments.command, &mut session));
    session.end(verdict)
}

fn dispatch(command: Command, session: &mut Session) -> Result<Exit, Failure> {
    match command {
        Command::Init(arguments) => commands::init::run(&arguments, session),
        Command::Check(arguments) => commands::check::run(&arguments, session),
        Command::Fmt(arguments) => commands::fmt::run(&arguments, session),
        Command::Freeze(arguments) => commands::freeze::run(&arguments, session),
        Command::Preview(arguments) => commands::preview::run(&arguments, session),
        Command::Mine(arguments) => commands::mine::run(&arguments, session),
        Command::Consolidate(arguments) => commands::consolidate::run(&arguments, session),
        Command::Outliers(arguments) => commands::outliers::run(&arguments, session),
        Command::Sweep(arguments) => commands::sweep::run(&arguments, session),
        Command::Lint(arguments) => commands::lint::run(&arguments, session),
        Command::Explain(arguments) => commands::explain::run(&arguments, session),
        Command::Build(arguments) => commands::build::run(&arguments, session),
        Command::Approve(arguments) => commands::approve::run(&arguments, session),
        Command::Verify(arguments) => commands::verify::run(&arguments, session),
        Command::Config(arguments) => commands::config::run(&arguments, session),
        Command::Completions(arguments) => commands::completions::run(&arguments, Arguments::command(), session),
        Command::Man(arguments) => commands::man::run(&arguments, Arguments::command(), session),
    }
}
