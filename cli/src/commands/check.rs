//! `adit check`: everything that can be known of specs without data.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use adit_compiler::check::check;
use adit_grammar::Severity;
use adit_snapshots::Schema;
use jiff::civil::Date;

use crate::{
    commands::fmt,
    exit::Exit,
    failure::Failure,
    files,
    output::check::{self as formats, CheckFormat, CheckedSpecs},
    project::{self, Project, Specs, stages},
    report::Paths,
    session::Session,
    terminal::Paint,
    text::counted,
    values,
};

/// Check specs without any data: names, types, contradictions
///
/// A project is checked as a whole. A single `.adit` file is checked within its project, and only what is wrong in it is shown;
/// where there is no project around it, attributes, applications and kinds of entitlement are taken as they are written.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Projects (folders with an `adit.toml`) and `.adit` files [default: the project around the current folder]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The day that the expiry of waivers counts from [default: the day of the snapshot]
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    as_of: Option<Date>,

    /// Mend what is safe first: lay out the specs, as `adit fmt` does
    #[arg(long)]
    fix: bool,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: CheckFormat,

    /// What paths in formats for tools are relative to [default: the repository around the specs, or their folder]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

/// Codes that say something is not in the schema: without a schema they say nothing.
const SCHEMA_CODES: [&str; 3] = ["E1101", "E1102", "E1103"];

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    if arguments.fix {
        fmt::fix(&arguments.paths.iter().map(|path| laid_out(path)).collect::<Vec<_>>(), session)?;
    }
    let mut checked = Vec::new();
    for target in targets(&arguments.paths)? {
        let root = arguments.root.as_deref();
        match target {
            Target::Project(project) => checked.push(whole(&project, root, arguments.as_of)?),
            Target::Files(project, files) => checked.extend(within(&project, root, &files, arguments.as_of)?),
            Target::Alone(file) => checked.push(alone(&file, root, arguments.as_of)),
        }
    }
    let count = |severity| {
        checked.iter().flat_map(|part| &part.diagnostics).filter(|found| found.severity == severity).count() as u64
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match formats::render(&checked, arguments.format) {
        Some(text) => session.out.text(&text),
        None => human(&checked, errors, warnings, session),
    }
    // The process ends here. Giving back every tree, leaf by leaf, would take a tenth of the time.
    std::mem::forget(checked);
    Ok(if errors > 0 { Exit::Usage } else { Exit::Fine })
}

/// The project's folder where its `adit.toml` is named.
fn laid_out(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if path.file_name().is_some_and(|name| name == project::FILE) => Path::new(".").join(folder),
        _ => path.to_owned(),
    }
}

/// What a path on the command line asks for.
enum Target {
    /// Everything of a project.
    Project(Project),
    /// Some files of a project, and what they use.
    Files(Project, Vec<String>),
    /// A file outside of any project.
    Alone(PathBuf),
}

/// Projects as they are named, files by the project they are in.
fn targets(paths: &[PathBuf]) -> Result<Vec<Target>, Failure> {
    if paths.is_empty() {
        return Ok(vec![Target::Project(Project::open(None)?)]);
    }
    let (mut targets, mut of_projects): (Vec<Target>, BTreeMap<PathBuf, Vec<String>>) = (Vec::new(), BTreeMap::new());
    for path in paths {
        if path.is_dir() || path.file_name().is_some_and(|name| name == project::FILE) {
            targets.push(Target::Project(Project::open(Some(path))?));
            continue;
        }
        if !path.exists() {
            return Err(Failure::usage(
                format!("there is no file or folder `{}`", path.display()),
                "name a project, or an `.adit` file",
            ));
        }
        let around = Project::around(files::folder_of(path));
        let inside = around.and_then(|root| Some((project::path_within(&root, path)?, root)));
        match inside {
            Some((name, root)) => of_projects.entry(root).or_default().push(name),
            None => targets.push(Target::Alone(path.clone())),
        }
    }
    for (root, names) in of_projects {
        targets.push(Target::Files(Project::open(Some(&root))?, names));
    }
    Ok(targets)
}

fn whole(project: &Project, root: Option<&Path>, as_of: Option<Date>) -> Result<CheckedSpecs, Failure> {
    let manifest = project.manifest()?;
    let (specs, checked) = project.check(&manifest.schema, Some(as_of.unwrap_or(manifest.extracted)));
    let paths = Paths::new(&project.root, root);
    Ok(CheckedSpecs { shown: specs.len(), specs, paths, diagnostics: checked.diagnostics, schema: true })
}

/// Files that belong to the project are checked with all of it, and what is found elsewhere is left out; others on their own.
fn within(
    project: &Project,
    root: Option<&Path>,
    files: &[String],
    as_of: Option<Date>,
) -> Result<Vec<CheckedSpecs>, Failure> {
    let manifest = project.manifest()?;
    let as_of = as_of.unwrap_or(manifest.extracted);
    let paths = Paths::new(&project.root, root);
    let (specs, checked) = project.check(&manifest.schema, Some(as_of));
    let is_asked_for = |path: &str| files.iter().any(|file| file == path);
    let (inside, outside): (Vec<_>, Vec<_>) =
        files.iter().partition(|file| specs.resolved.files.iter().any(|known| known.path == **file));
    let mut parts = Vec::new();
    if !inside.is_empty() {
        let mut diagnostics = checked.diagnostics;
        diagnostics.retain(|found| {
            found.labels.is_empty()
                || specs.resolved.file(found.span().file).is_some_and(|file| is_asked_for(&file.path))
        });
        parts.push(CheckedSpecs { shown: inside.len(), specs, paths: paths.clone(), diagnostics, schema: true });
    }
    if !outside.is_empty() {
        let roots: Vec<String> = outside.into_iter().cloned().collect();
        let specs = Specs::read(&project.root, &roots);
        let checked = check(&specs.resolved, &manifest.schema, &project.check_settings(Some(as_of)));
        parts.push(CheckedSpecs { shown: specs.len(), specs, paths, diagnostics: checked.diagnostics, schema: true });
    }
    Ok(parts)
}

fn alone(file: &Path, root: Option<&Path>, as_of: Option<Date>) -> CheckedSpecs {
    let folder = files::folder_of(file);
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let specs = Specs::read(folder, &[name]);
    let mut diagnostics = check(&specs.resolved, &Schema::default(), &stages::check_settings(as_of)).diagnostics;
    diagnostics.retain(|found| !SCHEMA_CODES.contains(&found.code));
    CheckedSpecs { shown: specs.len(), specs, paths: Paths::new(folder, root), diagnostics, schema: false }
}

fn human(checked: &[CheckedSpecs], errors: u64, warnings: u64, session: &mut Session) {
    for part in checked {
        for diagnostic in &part.diagnostics {
            let text = part.specs.problem(diagnostic).render(session.look);
            session.out.text(&text);
        }
    }
    let files: usize = checked.iter().map(|part| part.shown).sum();
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push(session.look.paint(Paint::Red, &counted(errors, "error", "errors")));
    }
    if warnings > 0 {
        parts.push(session.look.paint(Paint::Yellow, &counted(warnings, "warning", "warnings")));
    }
    if parts.is_empty() {
        parts.push(session.look.paint(Paint::Green, "nothing wrong"));
    }
    let place = if files == 0 { String::new() } else { format!(" in {}", counted(files as u64, "file", "files")) };
    session.out.line(&format!("{}{place}", parts.join(" and ")));
    if checked.iter().any(|part| !part.schema) {
        session.note(
            "note: there is no project around it, so attributes, applications and kinds of entitlement were not looked up",
        );
    }
}
