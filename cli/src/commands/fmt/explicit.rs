//! `adit fmt --explicit`: specs with everything written down that holds where they say nothing.

use std::path::PathBuf;

use adit_compiler::explicit::explicit;

use crate::{
    exit::Exit,
    failure::{Failure, Problem},
    files,
    project::{self, Project},
    session::Session,
};

/// Prints all specs of the project, or those of its files that are named. What applies is known of a spec that is right only.
pub(in crate::commands) fn run(paths: &[PathBuf], session: &mut Session) -> Result<Exit, Failure> {
    let (project, asked) = project_of(paths)?;
    let prepared = project.prepare(None, false)?;
    let texts = explicit(&prepared.specs.resolved, &prepared.spec).map_err(|error| {
        let help = format!("please report it to {}/issues", env!("CARGO_PKG_REPOSITORY"));
        Failure::new(Exit::Internal, Problem::new(error.to_string()).help(help))
    })?;
    let all = prepared.specs.resolved.files.iter().zip(prepared.specs.names()).zip(texts);
    let shown: Vec<_> = all
        .filter(|((file, _), _)| asked.is_empty() || asked.contains(&file.path))
        .map(|((_, name), text)| (name, text))
        .collect();
    if let Some(unused) =
        asked.iter().find(|path| !prepared.specs.resolved.files.iter().any(|file| file.path == **path))
    {
        return Err(Failure::usage(
            format!("`{unused}` is no spec of the project: nothing in it applies"),
            "`specs` in `adit.toml` and every `use` say what belongs to it",
        ));
    }
    for (index, (name, text)) in shown.iter().enumerate() {
        if shown.len() > 1 {
            let gap = if index > 0 { "\n" } else { "" };
            session.out.line(&format!("{gap}// {name}"));
        }
        session.out.text(text);
    }
    Ok(Exit::Fine)
}

/// The project that paths are of, and the files of it that they name; all where they name none.
fn project_of(paths: &[PathBuf]) -> Result<(Project, Vec<String>), Failure> {
    if let Some(missing) = paths.iter().find(|path| !path.exists()) {
        return Err(Failure::usage(
            format!("there is no file or folder `{}`", missing.display()),
            "name a project, or an `.adit` file",
        ));
    }
    let root = match paths.first() {
        None => return Ok((Project::open(None)?, Vec::new())),
        Some(path) if path.is_dir() => path.clone(),
        Some(path) => Project::around(files::folder_of(path)).ok_or_else(|| {
            Failure::usage(
                format!("there is no project around `{}`, so nobody knows what applies", path.display()),
                "name a folder with an `adit.toml`, or a spec in one",
            )
        })?,
    };
    let files: Vec<_> = paths.iter().filter(|path| !path.is_dir()).collect();
    if files.len() < paths.len() && paths.len() > 1 {
        return Err(Failure::usage("one project is printed at a time", "name a folder, or files of one project"));
    }
    let named: Option<Vec<String>> = files.iter().map(|path| project::path_within(&root, path)).collect();
    let named = named.ok_or_else(|| {
        Failure::usage("these files are not of one project", "name a folder, or files of one project")
    })?;
    Ok((Project::open(Some(&root))?, named))
}
