//! Reading a snapshot folder.

mod accounts;
mod assemble;
mod assignments;
mod attributes;
mod beside;
mod blocks;
mod columns;
mod context;
mod cycles;
mod decode;
mod derived;
mod dialect;
mod duplicates;
mod entitlements;
mod exceptions;
mod expand;
mod faults;
mod groups;
mod header;
mod holders;
mod identities;
mod intern;
mod keyed;
mod matrix;
mod named;
mod paths;
mod plain;
mod records;
mod roles;
mod rows;
mod scan;
mod usage;
mod values;
mod ways;

use std::io::Read as _;

pub use self::beside::Joined;
use self::{context::Context, scan::Input};
use crate::{Folder, Manifest, ManifestError, Snapshot};

/// Where the reader tells how far it is, and asks whether to go on.
pub trait Progress: Sync {
    /// So many more bytes were read, of a total the caller can find out from the folder.
    fn read(&self, _bytes: u64) {}
    /// Whether the reader should stop as soon as it can.
    fn cancelled(&self) -> bool {
        false
    }
}

impl Progress for () {}

/// Why no snapshot could be read at all. Faults of the data are not errors: they are in the snapshot.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// `snapshot.toml` is not there or cannot be read.
    #[error("cannot read `snapshot.toml`: {0}")]
    NoManifest(std::io::Error),
    /// `snapshot.toml` is wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A file broke off or cannot be read.
    #[error("cannot read `{file}`: {error}")]
    File {
        /// Which.
        file: String,
        /// Why.
        error: std::io::Error,
    },
    /// A plain CSV has nothing in it, not even a header.
    #[error("`{file}` is empty")]
    Empty {
        /// Which.
        file: String,
    },
    /// A plain CSV has no columns that name an identity and an entitlement.
    #[error("{0}")]
    Columns(String),
    /// [`Progress::cancelled`] said so.
    #[error("interrupted")]
    Cancelled,
}

/// Reads, joins, expands and digests the snapshot in `folder`.
///
/// # Errors
/// See [`ReadError`]; everything else that is wrong becomes a fault of the snapshot.
pub fn read(folder: &dyn Folder, progress: &dyn Progress) -> Result<Snapshot, ReadError> {
    let mut text = String::new();
    let mut file = folder.open("snapshot.toml").map_err(ReadError::NoManifest)?;
    file.read_to_string(&mut text).map_err(ReadError::NoManifest)?;
    let manifest = Manifest::parse(&text)?;
    assemble::assemble(Input { folder, progress }, &manifest)
}

/// Reads one CSV of identities and entitlements, with no manifest: what `adit mine FILE.csv` takes.
///
/// `columns` names the two columns; without it the header decides (user, identity or account; permission, entitlement,
/// role or group). The snapshot is not digested yet: [`Snapshot::compute_digest`], for who needs it, can be done beside other work.
///
/// # Errors
/// See [`ReadError`].
pub fn read_table(
    folder: &dyn Folder,
    file: &str,
    columns: Option<(&str, &str)>,
    progress: &dyn Progress,
) -> Result<Snapshot, ReadError> {
    plain::read(Input { folder, progress }, file, columns)
}

/// Reads one CSV of identities and what is known of them, every other column being an attribute of text: what goes with a table of
/// [`read_table`] by [`Snapshot::joined`].
///
/// The column of identities is `column` where the file has one of that name; otherwise the header decides.
///
/// # Errors
/// See [`ReadError`].
pub fn read_attributes(
    folder: &dyn Folder,
    file: &str,
    column: Option<&str>,
    progress: &dyn Progress,
) -> Result<Snapshot, ReadError> {
    beside::read(Input { folder, progress }, file, column)
}
