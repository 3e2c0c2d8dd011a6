//! Temporary files and folders that exist right now, so that an exit by force leaves none behind.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

static PENDING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Remembers one.
pub(crate) fn add(path: &Path) {
    all().insert(path.to_owned());
}

/// Forgets one: it is in its place, or gone.
pub(crate) fn settled(path: &Path) {
    all().remove(path);
}

/// Removes them when the process is about to end by force.
pub(crate) fn remove_all() {
    for path in all().iter() {
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}

fn all() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}
