//! `adit freeze`: what a snapshot says, and the digest of it.

use std::path::{Path, PathBuf};

use adit_snapshots::{DiskFolder, Snapshot, write_normalised};

use crate::{
    exit::Exit,
    failure::Failure,
    files::{self, NewFolder},
    output::freeze,
    project::{self, Project, stages},
    session::Session,
};

/// Read a snapshot: print its faults and the SHA-256 of what it says
///
/// The digest is that of the content: no order of rows or columns, delimiter, encoding or path changes it. Exits 3 when the data has
/// faults that would make results wrong and that nobody took responsibility for.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A project, or a folder with a `snapshot.toml` [default: the project around the current folder]
    #[arg(value_name = "PROJECT|SNAPSHOT")]
    folder: Option<PathBuf>,

    /// Write the snapshot in its normal form into this new folder: UTF-8, commas, sorted
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let folder = snapshot_folder(arguments.folder.as_deref())?;
    let meter = session.meter();
    let snapshot = stages::read_snapshot(&folder, &meter)?;
    meter.finish();
    let stops = snapshot.stopping_faults(snapshot.manifest.extracted).count();
    let text = freeze::render(&snapshot, session.look);
    session.out.text(&text);
    if stops > 0 {
        if arguments.out.is_some() {
            session.note("nothing was written: a snapshot with faults that stop has no normal form");
        }
        return Ok(Exit::Data);
    }
    if let Some(out) = &arguments.out {
        write(&snapshot, out)?;
        session.out.line(&format!("wrote {}", out.display()));
    }
    Ok(Exit::Fine)
}

/// The folder itself, or the snapshot of the project it is. The file that makes a folder what it is stands for the folder.
fn snapshot_folder(named: Option<&Path>) -> Result<PathBuf, Failure> {
    let inside =
        named.filter(|path| path.is_file() && (path.ends_with(project::FILE) || path.ends_with("snapshot.toml")));
    match inside.map(files::folder_of).or(named) {
        Some(folder) if folder.join("snapshot.toml").is_file() => Ok(folder.to_owned()),
        Some(folder) if folder.join(project::FILE).is_file() => Ok(Project::open(Some(folder))?.snapshot()),
        Some(folder) if folder.is_dir() => Err(Failure::data(
            format!("`{}` has neither an `adit.toml` nor a `snapshot.toml`", folder.display()),
            "name a project or the folder of a snapshot; one CSV alone is read by `adit mine`",
        )),
        Some(file) if file.is_file() => Err(Failure::data(
            format!("`{}` is a file, not the folder of a snapshot", file.display()),
            "name a project or the folder of a snapshot; one CSV alone is read by `adit mine`",
        )),
        Some(folder) => Err(Failure::data(
            format!("there is no folder `{}`", folder.display()),
            "name a project or the folder of a snapshot",
        )),
        None => Ok(Project::open(None)?.snapshot()),
    }
}

fn write(snapshot: &Snapshot, out: &Path) -> Result<(), Failure> {
    let folder = NewFolder::begin(out)?;
    write_normalised(snapshot, &mut DiskFolder(folder.inside().to_owned()))
        .map_err(|error| Failure::unwritable(out, &error))?;
    folder.commit()
}
