//! `adit fmt`: the one layout of a spec.

pub(super) mod explicit;

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use adit_grammar::{FormatError, MAX_FILE_BYTES};

use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
    files::{self, Batch},
    project,
    session::Session,
};

/// Format specs in place
///
/// There is one layout and nothing to configure. A file is replaced only after its new text was parsed again and means the same;
/// every comment is kept, in order. Either all files are formatted or, when one has a mistake, none is.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Files and folders (all `.adit` files in them); `-` formats standard input to standard output [default: the project]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Change nothing; list the files that are not formatted, and exit 1 if there is one
    #[arg(long)]
    check: bool,

    /// Change nothing; print the specs of a project, or some of its files, with every default written down that applies
    #[arg(long, conflicts_with = "check")]
    explicit: bool,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    if arguments.explicit {
        return explicit::run(&arguments.paths, session);
    }
    if arguments.paths.iter().any(|path| path == Path::new("-")) {
        if arguments.paths.len() > 1 {
            return Err(Failure::usage(
                "`-` cannot be formatted together with files",
                "format them one after the other",
            ));
        }
        return standard_input(arguments.check, session);
    }
    let changed = unformatted(&arguments.paths)?;
    if arguments.check {
        for (path, _) in &changed {
            session.out.line(&path.display().to_string());
        }
        return Ok(if changed.is_empty() { Exit::Fine } else { Exit::Findings });
    }
    write(&changed)?;
    for (path, _) in &changed {
        session.out.line(&format!("formatted {}", path.display()));
    }
    Ok(Exit::Fine)
}

/// Lays out all specs that paths stand for before they are looked at, and says so beside the result. Where one has a mistake none is
/// changed, and whoever looks at them tells the mistake.
pub(crate) fn fix(paths: &[PathBuf], session: &Session) -> Result<(), Failure> {
    match unformatted(paths) {
        Ok(changed) => {
            write(&changed)?;
            for (path, _) in &changed {
                session.note(&format!("formatted {}", path.display()));
            }
        }
        Err(Failure::Interrupted) => return Err(Failure::Interrupted),
        Err(Failure::Problems { .. }) => session.note("note: nothing was formatted: not every spec can be read"),
    }
    Ok(())
}

/// The files that are not formatted, with their new text.
fn unformatted(paths: &[PathBuf]) -> Result<Vec<(PathBuf, String)>, Failure> {
    let (mut problems, mut changed) = (Vec::new(), Vec::new());
    for path in project::spec_files(paths)? {
        let text = files::read_text(&path, "the spec", Exit::Usage, "name a readable `.adit` file")?;
        match format(&path.display().to_string(), &text) {
            Ok(formatted) if formatted == text => {}
            Ok(formatted) => changed.push((path, formatted)),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(changed) } else { Err(Failure::Problems { exit: Exit::Usage, problems }) }
}

/// All of them, or none.
fn write(changed: &[(PathBuf, String)]) -> Result<(), Failure> {
    let mut batch = Batch::new();
    for (path, formatted) in changed {
        batch.write(path, |out| out.write_all(formatted.as_bytes()))?;
    }
    batch.commit()
}

fn standard_input(check: bool, session: &mut Session) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(|error| {
        Failure::usage(format!("cannot read standard input: {}", io_words(&error)), "pipe a spec into it")
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage("standard input is not UTF-8 text", "specs are written in UTF-8"))?;
    let formatted =
        format("standard input", &text).map_err(|problems| Failure::Problems { exit: Exit::Usage, problems })?;
    if check {
        if formatted != text {
            session.out.line("standard input");
            return Ok(Exit::Findings);
        }
    } else {
        session.out.text(&formatted);
    }
    Ok(Exit::Fine)
}

/// The text laid out, or what is wrong with it.
fn format(name: &str, text: &str) -> Result<String, Vec<Problem>> {
    adit_grammar::format(text).map_err(|error| match error {
        FormatError::Syntax(diagnostics) => {
            let shared = Arc::from(text);
            diagnostics.iter().map(|diagnostic| Problem::diagnostic(diagnostic, |_| Some((name, &shared)))).collect()
        }
        FormatError::MeaningChanged => {
            vec![
                Problem::new(format!("`{name}`: {error}"))
                    .help(format!("please report it to {}/issues", env!("CARGO_PKG_REPOSITORY"))),
            ]
        }
    })
}
