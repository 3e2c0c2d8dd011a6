//! Where the files of a snapshot are: a folder on disk, or a map in memory for tests and tools.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Cursor, Read},
    path::PathBuf,
};

/// A set of named files.
pub trait Folder: Sync {
    /// Opens a file by its path relative to the folder, `/` between names.
    ///
    /// # Errors
    /// When it is not there or cannot be read.
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>>;

    /// Its size in bytes, where known, for progress.
    fn size(&self, path: &str) -> Option<u64>;
}

/// A folder on disk.
#[derive(Debug, Clone)]
pub struct DiskFolder(pub PathBuf);

/// Files in memory, by path.
#[derive(Debug, Clone, Default)]
pub struct MemoryFolder(pub BTreeMap<String, Vec<u8>>);

impl Folder for DiskFolder {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(File::open(self.0.join(path))?))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.join(path).metadata().ok().map(|metadata| metadata.len())
    }
}

impl Folder for MemoryFolder {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let bytes = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(Cursor::new(bytes.as_slice())))
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.get(path).map(|bytes| bytes.len() as u64)
    }
}
