//! Reading text files with good errors, and writing files so that none is ever half there.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
    interrupt, pending,
};

/// The folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A path as everyone here writes it: `./policy.adit` is `policy.adit`.
pub(crate) fn plain(path: &Path) -> &Path {
    path.strip_prefix("./").unwrap_or(path)
}

/// Reads a text file; `what` says what it is for people, `exit` what it means that it cannot be read.
pub(crate) fn read_text(path: &Path, what: &str, exit: Exit, help: &str) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| {
        let message = format!("cannot read {what} `{}`: {}", path.display(), io_words(&error));
        Failure::new(exit, Problem::new(message).help(help))
    })
}

/// Files that appear together: all are written beside their targets first, then renamed into place.
///
/// Dropped without [`Batch::commit`], it leaves nothing behind.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    files: Vec<(NamedTempFile, PathBuf)>,
    made: Vec<PathBuf>,
}

impl Batch {
    /// An empty batch.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Writes the content of `path` beside it.
    pub(crate) fn write(
        &mut self,
        path: &Path,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        self.write_as(path, content, copy_permissions)
    }

    /// The same, for a file that only its owner may read.
    pub(crate) fn write_private(
        &mut self,
        path: &Path,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        // A temporary file is private as it is made.
        self.write_as(path, content, |_, _| Ok(()))
    }

    fn write_as(
        &mut self,
        path: &Path,
        content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
        permissions: impl FnOnce(&Path, &fs::File) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let fail = |error: &io::Error| Failure::unwritable(path, error);
        let folder = folder_of(path);
        self.make(folder).map_err(|error| Failure::unwritable(folder, &error))?;
        if path.is_dir() {
            return Err(fail(&io::ErrorKind::IsADirectory.into()));
        }
        let file = tempfile::Builder::new()
            .prefix(".adit-")
            .suffix(".tmp")
            .tempfile_in(folder)
            .map_err(|error| fail(&error))?;
        pending::add(file.path());
        let mut buffered = BufWriter::with_capacity(1 << 16, file);
        let written = content(&mut buffered).and_then(|()| buffered.flush());
        let (file, _) = buffered.into_parts();
        let done = written.and_then(|()| permissions(path, file.as_file())).and_then(|()| file.as_file().sync_all());
        self.files.push((file, path.to_owned()));
        done.map_err(|error| fail(&error))
    }

    /// Renames every file into place.
    pub(crate) fn commit(mut self) -> Result<(), Failure> {
        interrupt::check()?;
        let _committing = interrupt::committing();
        for (file, path) in std::mem::take(&mut self.files) {
            let temporary = file.path().to_owned();
            let result = file.persist(&path);
            pending::settled(&temporary);
            result.map_err(|error| Failure::unwritable(&path, &error.error))?;
        }
        self.made.clear();
        Ok(())
    }

    /// Makes a folder and those above it, remembering which were not there.
    fn make(&mut self, folder: &Path) -> io::Result<()> {
        let missing: Vec<_> = folder
            .ancestors()
            .take_while(|ancestor| !ancestor.as_os_str().is_empty() && !ancestor.exists())
            .map(Path::to_owned)
            .collect();
        fs::create_dir_all(folder)?;
        self.made.extend(missing);
        Ok(())
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        for (file, _) in self.files.drain(..) {
            pending::settled(file.path());
            let _ = file.close();
        }
        // Deepest first; a folder in which someone else put a file meanwhile stays.
        self.made.sort_by_key(|folder| std::cmp::Reverse(folder.components().count()));
        for folder in &self.made {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A folder that appears as a whole: filled beside its place, then renamed into it.
#[derive(Debug)]
pub(crate) struct NewFolder {
    filled: tempfile::TempDir,
    path: PathBuf,
}

impl NewFolder {
    /// Begins the folder `path`, which must not exist or be empty.
    pub(crate) fn begin(path: &Path) -> Result<Self, Failure> {
        let taken = match fs::read_dir(path) {
            Ok(mut entries) => entries.next().is_some(),
            Err(_) => path.exists(),
        };
        if taken {
            return Err(Failure::usage(
                format!("`{}` is there already, and it is not an empty folder", path.display()),
                "name a folder that does not exist; nothing was changed",
            ));
        }
        let beside = folder_of(path);
        fs::create_dir_all(beside).map_err(|error| Failure::unwritable(beside, &error))?;
        let filled = tempfile::Builder::new()
            .prefix(".adit-")
            .tempdir_in(beside)
            .map_err(|error| Failure::unwritable(path, &error))?;
        pending::add(filled.path());
        Ok(Self { filled, path: path.to_owned() })
    }

    /// Where to put its files until it is complete.
    pub(crate) fn inside(&self) -> &Path {
        self.filled.path()
    }

    /// Puts it in its place.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        interrupt::check()?;
        let _committing = interrupt::committing();
        open_to_all(self.inside()).map_err(|error| Failure::unwritable(&self.path, &error))?;
        fs::rename(self.inside(), &self.path).map_err(|error| Failure::unwritable(&self.path, &error))
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        pending::settled(self.filled.path());
    }
}

/// A temporary folder is private; one that people made is not.
#[cfg(unix)]
fn open_to_all(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn open_to_all(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Writes one file.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let mut batch = Batch::new();
    batch.write(path, |out| out.write_all(content))?;
    batch.commit()
}

/// A replaced file keeps its permissions; a new one gets what others would give it, not a temporary file's privacy.
#[cfg(unix)]
fn copy_permissions(old: &Path, new: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let permissions = fs::metadata(old).map_or_else(|_| fs::Permissions::from_mode(0o644), |meta| meta.permissions());
    new.set_permissions(permissions)
}

#[cfg(not(unix))]
fn copy_permissions(_old: &Path, _new: &fs::File) -> io::Result<()> {
    Ok(())
}
