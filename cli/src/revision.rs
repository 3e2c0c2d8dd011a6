//! The files of a git revision, in a temporary folder. The repository, its index and its working tree stay as they are.
//!
//! `git` itself does it: what a revision means, filters and line ends are then what they are everywhere else.

use std::{
    io::{self, Write as _},
    path::{Component, Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::failure::{Failure, io_words};

/// A revision of the repository around a folder.
#[derive(Debug)]
pub(crate) struct Revision {
    /// The top of the repository.
    top: PathBuf,
    /// The commit, in full.
    pub(crate) commit: String,
    /// Holds the index of the revision and, in `tree`, the files that were asked for.
    place: TempDir,
}

impl Revision {
    /// Finds the revision that people call `name`.
    pub(crate) fn find(around: &Path, name: &str) -> Result<Self, Failure> {
        let top = git(around, None, &["rev-parse", "--show-toplevel"], &[])?.map_err(|_| {
            Failure::usage(
                format!("`--against` needs a git repository, and `{}` is in none", around.display()),
                "run it in a clone of the repository; where there is none, hold findings against a `--baseline`",
            )
        })?;
        let top = PathBuf::from(text(&top));
        let wanted = format!("{name}^{{commit}}");
        let found = git(&top, None, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted], &[])?;
        let commit = found.map_err(|_| {
            Failure::usage(
                format!("there is no revision `{name}` in the repository `{}`", top.display()),
                "name a branch, a tag or a commit; a shallow clone has to fetch it first, for instance with `git fetch --depth 1 origin main`",
            )
        })?;
        let place = tempfile::Builder::new().prefix("adit-").tempdir().map_err(|error| {
            Failure::usage(
                format!("cannot make a temporary folder: {}", io_words(&error)),
                "make room, or set TMPDIR to a folder that can be written to",
            )
        })?;
        let revision = Self { top, commit: text(&commit), place };
        revision.run(&["read-tree", &revision.commit], &[])?;
        Ok(revision)
    }

    /// Puts the files below a folder of the working tree into the temporary place, as they were; where that folder is there, or
    /// would be if the revision had it. `None` when it is not in the repository.
    pub(crate) fn check_out(&self, folder: &Path) -> Result<Option<PathBuf>, Failure> {
        let Some(way) = self.way(folder) else { return Ok(None) };
        let mut pattern = String::from(":(top,literal)");
        pattern.push_str(&way.iter().map(|name| name.to_string_lossy()).collect::<Vec<_>>().join("/"));
        let files = self.run(&["ls-files", "-z", "--", &pattern], &[])?;
        let tree = self.place.path().join("tree");
        let prefix = format!("--prefix={}/", tree.display());
        self.run(&["checkout-index", "--force", "-z", "--stdin", &prefix], &files)?;
        Ok(Some(tree.join(way)))
    }

    /// The folder of the working tree that stands for one in the temporary place.
    pub(crate) fn here(&self, there: &Path) -> Option<PathBuf> {
        Some(self.top.join(plain(there).strip_prefix(self.place.path().join("tree")).ok()?))
    }

    /// Words without the temporary place: what is in it is said to be in the revision.
    pub(crate) fn named(&self, words: &str, name: &str) -> String {
        let tree = self.place.path().join("tree");
        words.replace(&format!("{}/", tree.display()), &format!("{name}:"))
    }

    /// The way from the top of the repository to a folder.
    fn way(&self, folder: &Path) -> Option<PathBuf> {
        let folder = folder.canonicalize().unwrap_or_else(|_| plain(folder));
        folder.strip_prefix(self.top.canonicalize().ok()?).ok().map(Path::to_owned)
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, Failure> {
        git(&self.top, Some(&self.place.path().join("index")), arguments, input)?.map_err(|said| {
            Failure::usage(
                format!("`git {}` failed: {}", arguments.first().unwrap_or(&""), said.trim()),
                "see that `git fsck` finds nothing wrong with the repository, and that the disk is not full",
            )
        })
    }
}

/// Runs git in a folder; what it printed, or what it said when it failed.
///
/// A hook sets GIT_DIR and the like for its own repository: what counts here is the folder.
fn git(
    folder: &Path,
    index: Option<&Path>,
    arguments: &[&str],
    input: &[u8],
) -> Result<Result<Vec<u8>, String>, Failure> {
    let failed = |error: &io::Error| {
        let (message, help) = match error.kind() {
            io::ErrorKind::NotFound => {
                ("`--against` needs the program `git`, and there is none".to_owned(), "install git")
            }
            _ => (format!("cannot run `git`: {}", io_words(error)), "see that `git --version` works"),
        };
        Failure::usage(message, help)
    };
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments).env("LC_ALL", "C");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(name);
    }
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().map_err(|error| failed(&error))?;
    // One that fails early does not read to the end: what it says then is what counts.
    let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input));
    let output = child.wait_with_output().map_err(|error| failed(&error))?;
    Ok(if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("it did not say why").to_owned())
    })
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end_matches(['\n', '\r']).to_owned()
}

/// A path without `.`, and without the names that a `..` takes back.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}
