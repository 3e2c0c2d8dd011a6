//! `adit config`: what `adit.toml` says, and what it may say.

use std::path::PathBuf;

use crate::{
    exit::Exit,
    failure::Failure,
    files,
    project::{self, Project, config},
    session::Session,
};

/// Print a project's configuration with every default, or the schema of `adit.toml`
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The project's folder [default: the project around the current folder]
    #[arg(value_name = "PROJECT", conflicts_with = "schema")]
    project: Option<PathBuf>,

    /// Print the JSON Schema of `adit.toml`, for editors
    #[arg(long)]
    schema: bool,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    if arguments.schema {
        let mut text = serde_json::to_string_pretty(&config::schema()).unwrap_or_default();
        text.push('\n');
        session.out.text(&text);
        return Ok(Exit::Fine);
    }
    let project = Project::open(arguments.project.as_deref())?;
    let file = project.path(project::FILE);
    let text = files::read_text(&file, "the configuration", Exit::Usage, "make it a readable UTF-8 file")?;
    session.out.text(&config::explicit(&text).unwrap_or_default());
    Ok(Exit::Fine)
}
