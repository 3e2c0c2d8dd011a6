//! A project: a folder with `adit.toml`, specs, a snapshot, approvals and a lock.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use crate::{
    exit::Exit,
    failure::{Failure, io_words},
    files,
};

pub(crate) mod config;
pub(crate) mod lock;
mod record;
pub(crate) mod secret;
mod specs;
pub(crate) mod stages;

pub(crate) use config::{Config, WaiverLimits};
pub(crate) use lock::{Lock, LockState};
pub(crate) use specs::{SpecPlace, Specs};
pub(crate) use stages::Prepared;

/// The name of the file that makes a folder a project.
pub(crate) const FILE: &str = "adit.toml";

/// A project that was found and whose `adit.toml` is right.
#[derive(Debug)]
pub(crate) struct Project {
    /// Its folder.
    pub(crate) root: PathBuf,
    /// What `adit.toml` says.
    pub(crate) config: Config,
}

impl Project {
    /// Opens the project in a folder (or whose `adit.toml` is named); without one, the nearest around the current folder.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let root = match path {
            None => Self::around(Path::new(".")).ok_or_else(|| {
                Failure::usage(
                    format!("there is no `{FILE}` in this folder, nor in any above it"),
                    "name a project, or make one with `adit init DIR`",
                )
            })?,
            Some(path) if path.file_name().is_some_and(|name| name == FILE) => files::folder_of(path).to_owned(),
            Some(path) => path.to_owned(),
        };
        if !root.exists() {
            return Err(Failure::usage(
                format!("there is no folder `{}`", root.display()),
                "name a folder with an `adit.toml`, or make one with `adit init DIR`",
            ));
        }
        if root.is_file() {
            let help = match Self::around(files::folder_of(&root)) {
                Some(around) => format!("name the project that it is in, `{}`", around.display()),
                None => format!(
                    "name a folder with an `{FILE}`; one CSV alone is read by `adit mine FILE`, `adit outliers --data FILE` and, of \
                     roles, `adit consolidate --roles FILE`"
                ),
            };
            return Err(Failure::usage(format!("`{}` is a file, not a project", root.display()), help));
        }
        let file = root.join(FILE);
        let file = files::plain(&file);
        if !file.is_file() {
            return Err(Failure::usage(
                format!("`{}` is not a project: it has no `{FILE}`", root.display()),
                "name a folder with an `adit.toml`, or make one with `adit init DIR`",
            ));
        }
        let text = files::read_text(file, "the configuration", Exit::Usage, "make it a readable UTF-8 file")?;
        let config = Config::parse(&file.display().to_string(), &text)?;
        Ok(Self { root, config })
    }

    /// The nearest folder with an `adit.toml`, from `start` upwards.
    pub(crate) fn around(start: &Path) -> Option<PathBuf> {
        let is_project = |folder: &Path| folder.join(FILE).is_file();
        let absolute = fs::canonicalize(start).ok()?;
        let depth = absolute.ancestors().position(is_project)?;
        // As someone here would write it: up by name as far as the path has names, then by `..`.
        let mut folder = start.to_owned();
        for _ in 0..depth {
            match folder.components().next_back() {
                Some(Component::Normal(_)) => folder = folder.parent().map(Path::to_owned)?,
                Some(Component::CurDir) | None => folder = PathBuf::from(".."),
                _ => folder.push(".."),
            }
        }
        if folder.as_os_str().is_empty() {
            folder = PathBuf::from(".");
        }
        // A link on the way leads somewhere else by name: then only the whole path will do.
        let same = fs::canonicalize(&folder).ok().as_deref() == absolute.ancestors().nth(depth);
        if same { Some(folder) } else { absolute.ancestors().nth(depth).map(Path::to_owned) }
    }

    /// A path within the project.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        files::plain(&self.root.join(relative)).to_owned()
    }

    /// The snapshot's folder.
    pub(crate) fn snapshot(&self) -> PathBuf {
        self.path(&self.config.project.snapshot)
    }
}

/// The path of a file within a project, `/` between names.
pub(crate) fn path_within(root: &Path, file: &Path) -> Option<String> {
    let (root, file) = (root.canonicalize().ok()?, file.canonicalize().ok()?);
    let names: Vec<_> =
        file.strip_prefix(root).ok()?.components().map(|name| name.as_os_str().to_str()).collect::<Option<_>>()?;
    Some(names.join("/"))
}

/// The `.adit` files that paths stand for: files themselves, and everything in folders; the project when there is no path.
pub(crate) fn spec_files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let around;
    let paths = if paths.is_empty() {
        around = [Project::open(None)?.root];
        &around
    } else {
        paths
    };
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = found.len();
            collect(path, &mut found).map_err(|error| {
                Failure::usage(
                    format!("cannot read the folder `{}`: {}", path.display(), io_words(&error)),
                    "name a readable folder",
                )
            })?;
            if found.len() == before {
                return Err(Failure::usage(
                    format!("there is no `.adit` file in `{}`", path.display()),
                    "name a spec, or a folder that has one",
                ));
            }
        } else {
            found.push(path.clone());
        }
    }
    for path in &mut found {
        *path = files::plain(path).to_owned();
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// Every `.adit` file below a folder. Hidden folders are not entered, nor are links: they may lead in circles.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && !entry.file_name().as_encoded_bytes().starts_with(b".") {
            collect(&path, found)?;
        } else if !kind.is_dir() && path.extension().is_some_and(|extension| extension == "adit") {
            found.push(path);
        }
    }
    Ok(())
}
