//! Where something is: as people here would write it, and as a path that is the same on every machine.

use std::path::{Component, Path, PathBuf};

use crate::project::SpecPlace;

/// A place in a file. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The file, relative to the root, with `/` between names.
    pub(crate) file: String,
    /// The file as someone in the current folder would write it.
    pub(crate) shown: String,
    /// First line.
    pub(crate) line: u64,
    /// First column.
    pub(crate) column: u64,
    /// Last line.
    pub(crate) end_line: u64,
    /// One past the last column.
    pub(crate) end_column: u64,
}

/// How the files of one folder of specs are called in reports.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    /// The folder, as someone here would write it.
    folder: PathBuf,
    /// The way from the root to the folder.
    way: PathBuf,
}

impl Paths {
    /// Paths relative to the root that was asked for; without one, to the repository around the folder, or else to the folder.
    pub(crate) fn new(folder: &Path, root: Option<&Path>) -> Self {
        let there = absolute(folder);
        let root = match root {
            Some(root) => absolute(root),
            None => there.ancestors().find(|above| above.join(".git").exists()).unwrap_or(&there).to_owned(),
        };
        Self { folder: folder.to_owned(), way: way(&root, &there) }
    }

    /// The first line of a file, by its path in the folder.
    pub(crate) fn file(&self, path: impl AsRef<Path>) -> Place {
        self.line(path, 1)
    }

    /// A line of a file, by its path in the folder.
    pub(crate) fn line(&self, path: impl AsRef<Path>, line: u64) -> Place {
        let path = path.as_ref();
        let shown = plain(&self.folder.join(path)).display().to_string();
        let file = slashed(&plain(&self.way.join(path)));
        Place { file, shown, line, column: 1, end_line: line, end_column: 1 }
    }

    /// A place in a spec of the folder.
    pub(crate) fn spec(&self, place: &SpecPlace) -> Place {
        Place {
            column: place.column as u64,
            end_line: place.end_line as u64,
            end_column: place.end_column as u64,
            ..self.line(&place.path, place.line as u64)
        }
    }
}

/// The way from one absolute folder to another.
fn way(from: &Path, to: &Path) -> PathBuf {
    let (mut from, mut to) = (from.components().peekable(), to.components().peekable());
    while from.peek().is_some() && from.peek() == to.peek() {
        from.next();
        to.next();
    }
    from.map(|_| Component::ParentDir).chain(to).collect()
}

/// A folder from the root of the file system, links followed. A folder that is not there is taken by name.
fn absolute(folder: &Path) -> PathBuf {
    folder.canonicalize().or_else(|_| std::path::absolute(folder)).unwrap_or_else(|_| folder.to_owned())
}

/// A path without `.`, and without the names that a `..` takes back.
fn plain(path: &Path) -> PathBuf {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.into_iter().collect()
}

fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_from_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let project = folder.path().join("estate/acme");
        std::fs::create_dir_all(project.join("policy")).unwrap();
        std::fs::create_dir_all(folder.path().join("estate/.git")).unwrap();
        let file = |root: Option<&Path>| Paths::new(&project, root).file("policy/./acme.adit").file;
        assert_eq!(file(None), "acme/policy/acme.adit");
        assert_eq!(file(Some(&project)), "policy/acme.adit");
        assert_eq!(file(Some(&project.join("policy"))), "../policy/acme.adit");
        assert_eq!(file(Some(&folder.path().join("estate/other"))), "../acme/policy/acme.adit");
        assert_eq!(Paths::new(&project, None).file("../data/x.csv").file, "data/x.csv");
        std::fs::remove_dir(folder.path().join("estate/.git")).unwrap();
        assert_eq!(file(None), "policy/acme.adit");
    }
}
