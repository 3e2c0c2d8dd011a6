//! `adit.lock`: the digest of the data that the project was last built from.

use std::{collections::BTreeSet, fmt::Write as _, io, path::Path};

use adit_snapshots::SnapshotDigest;
use serde::Deserialize;

use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
    files,
};

/// The name of the file.
pub(crate) const FILE: &str = "adit.lock";

/// What the lock says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lock {
    snapshot: SnapshotDigest,
}

/// How data and lock compare.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum LockState {
    /// There is no lock yet.
    Missing,
    /// They are the same.
    Same,
    /// These tables differ, with what happened to each.
    Differs(Vec<(String, &'static str)>),
}

impl Lock {
    /// Reads the lock of a project, if it has one.
    pub(crate) fn read(root: &Path) -> Result<Option<Self>, Failure> {
        let path = root.join(FILE);
        let path = files::plain(&path);
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Failure::usage(
                    format!("cannot read the lock `{}`: {}", path.display(), io_words(&error)),
                    "make it readable, or take it back from version control",
                ));
            }
        };
        toml::from_str(&text).map(Some).map_err(|error| {
            let problem =
                Problem::new("the lock is damaged: expected `[snapshot]` with `whole` and a table of digests")
                    .help("take it back from version control, or write it anew with `adit build --update-lock`");
            let span = error.span().unwrap_or(0..0);
            Failure::new(Exit::Usage, problem.at(&path.display().to_string(), &text, span, ""))
        })
    }

    /// The data it is on.
    pub(crate) fn into_digest(self) -> SnapshotDigest {
        self.snapshot
    }

    /// Compares a lock with the data at hand.
    pub(crate) fn compare(lock: Option<&Self>, data: &SnapshotDigest) -> LockState {
        let Some(lock) = lock else { return LockState::Missing };
        let (old, new) = (&lock.snapshot.tables, &data.tables);
        let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
        let mut differing: Vec<_> = names
            .into_iter()
            .filter_map(|name| match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) if old == new => None,
                (Some(_), Some(_)) => Some((name.clone(), "has other content")),
                (None, _) => Some((name.clone(), "is new")),
                (_, None) => Some((name.clone(), "is gone")),
            })
            .collect();
        if differing.is_empty() && lock.snapshot.whole != data.whole {
            differing.push(("snapshot".to_owned(), "has another digest as a whole"));
        }
        if differing.is_empty() { LockState::Same } else { LockState::Differs(differing) }
    }

    /// The text of a lock on this data.
    pub(crate) fn text(data: &SnapshotDigest) -> String {
        let mut text = String::from(
            "# Written by adit: the data this project was last built from. Keep it in version control.\n\
             # `adit build` refuses other data; `adit build --update-lock` accepts it.\n\n[snapshot]\n",
        );
        let _ = writeln!(text, "whole = \"{}\"\n\n[snapshot.tables]", data.whole);
        for (name, digest) in &data.tables {
            let _ = writeln!(text, "{} = \"{digest}\"", key(name));
        }
        text
    }
}

/// A TOML key, bare where it can be.
fn key(name: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !name.is_empty() && name.bytes().all(bare) { name.to_owned() } else { toml::Value::from(name).to_string() }
}

#[cfg(test)]
mod tests {
    use adit_snapshots::Digest;

    use super::*;

    fn digest(tables: &[(&str, &str)]) -> SnapshotDigest {
        let tables: std::collections::BTreeMap<_, _> =
            tables.iter().map(|(name, content)| ((*name).to_owned(), Digest::of(content.as_bytes()))).collect();
        SnapshotDigest { whole: Digest::of(format!("{tables:?}").as_bytes()), tables }
    }

    #[test]
    fn a_lock_survives_being_written() {
        let data = digest(&[("assignments", "a"), ("group-members", "g")]);
        let lock: Lock = toml::from_str(&Lock::text(&data)).unwrap();
        assert_eq!(Lock::compare(Some(&lock), &data), LockState::Same);
    }

    #[test]
    fn names_the_tables_that_differ() {
        let old = digest(&[("assignments", "a"), ("usage", "u"), ("identities", "i")]);
        let lock: Lock = toml::from_str(&Lock::text(&old)).unwrap();
        let new = digest(&[("assignments", "b"), ("roles", "r"), ("identities", "i")]);
        let expected = [("assignments", "has other content"), ("roles", "is new"), ("usage", "is gone")]
            .map(|(name, what)| (name.to_owned(), what));
        assert_eq!(Lock::compare(Some(&lock), &new), LockState::Differs(expected.to_vec()));
        assert_eq!(Lock::compare(None, &new), LockState::Missing);
    }
}
