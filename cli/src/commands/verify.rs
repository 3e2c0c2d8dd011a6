//! `adit verify`: makes a result again, and checks its proofs with code that shares nothing with the miner.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::mine::Data;
use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
    session::Session,
    terminal::Paint,
};

mod checks;
mod derivation;
mod mined;

/// Verify a derivation or a mined result: make it again, and check its proofs independently
///
/// A derivation is made again from the project it lies in and compared byte for byte; a result of `adit mine` from the CSV it was
/// mined from. On a difference the first stage and object that differ are named, and the exit code is 4.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A `derivation.json` of `adit build`, or a `mine.json` of `adit mine`
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The project of the derivation [default: the project around the file, or around the current folder]
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,

    #[command(flatten)]
    data: Data,
}

/// What was looked at, and what came of it: printed as it goes.
struct Protocol<'a> {
    session: &'a mut Session,
}

impl Protocol<'_> {
    /// Something holds.
    fn holds(&mut self, what: &str, how: &str) {
        let mark = self.session.look.paint(Paint::Green, "holds");
        self.session.out.line(&format!("{mark}  {what}: {how}"));
    }

    /// Something could not be decided; it is no failure.
    fn open(&mut self, what: &str, why: &str) {
        let mark = self.session.look.paint(Paint::Yellow, "open ");
        self.session.out.line(&format!("{mark}  {what}: {why}"));
    }
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let bytes = read(&arguments.file)?;
    let schema = schema(&arguments.file, &bytes)?;
    let mut protocol = Protocol { session };
    match schema.as_str() {
        adit_compiler::derivation::SCHEMA => {
            if arguments.data.tables().is_some() {
                return Err(Failure::usage(
                    "a derivation is made again from its project, not from a CSV",
                    "leave out `--data`; name the project with `--project DIR`",
                ));
            }
            derivation::verify(&arguments.file, &bytes, arguments.project.as_deref(), &mut protocol)?;
        }
        crate::output::mine::json::SCHEMA => {
            let Some(tables) = arguments.data.tables() else {
                return Err(Failure::usage(
                    format!(
                        "`{}` is a result of `adit mine`, and it does not say from which file",
                        arguments.file.display()
                    ),
                    "name the CSV it was mined from: `--data FILE.csv`",
                ));
            };
            mined::verify(&arguments.file, &bytes, tables, &mut protocol)?;
        }
        other => {
            return Err(Failure::data(
                format!("`{}` has the schema `{other}`, which cannot be verified", arguments.file.display()),
                "expected a `derivation.json` of `adit build` or a `mine.json` of `adit mine`",
            ));
        }
    }
    let verified = session.look.paint(Paint::Bold, "verified");
    session.out.line(&verified);
    Ok(Exit::Fine)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    if file.is_dir() {
        return Err(Failure::data(
            format!("cannot read `{}`: it is a directory, not a file", file.display()),
            "name the `derivation.json` in it",
        ));
    }
    std::fs::read(file).map_err(|error| {
        Failure::data(
            format!("cannot read `{}`: {}", file.display(), io_words(&error)),
            "name a `derivation.json` of `adit build` or a `mine.json` of `adit mine`",
        )
    })
}

fn schema(file: &Path, bytes: &[u8]) -> Result<String, Failure> {
    #[derive(Deserialize)]
    struct Probe {
        schema: String,
    }
    serde_json::from_slice(bytes).map(|probe: Probe| probe.schema).map_err(|error| {
        let why = if bytes.is_empty() { "it is empty".to_owned() } else { error.to_string() };
        Failure::data(
            format!("`{}` is no result of adit: {why}", file.display()),
            "expected a JSON document with a `schema`: a `derivation.json` or a `mine.json`",
        )
    })
}

/// It was not made again, or a proof does not hold.
fn differs(message: impl Into<String>, help: impl Into<String>) -> Failure {
    Failure::new(Exit::NotReproducible, Problem::new(message).help(help))
}
