//! Who has what, frozen: sources of any format become one normalised, content-addressed [`Snapshot`].
//!
//! This crate knows no language. It reads a folder (a [`Folder`], on disk or in memory) whose `snapshot.toml`
//! names the sources and the schema, and keeps every fault it meets as a typed [`Fault`].

mod cycles;
mod digest;
mod fault;
mod folder;
mod manifest;
mod model;
mod normalise;
mod read;
mod table;
mod texts;

#[cfg(test)]
mod tests;

pub use cycles::cycles;
pub use digest::{Digest, SnapshotDigest};
pub use fault::{Fault, FaultKind, Place, Weight};
pub use folder::{DiskFolder, Folder, MemoryFolder};
pub use manifest::{Acceptance, AttributeType, Manifest, ManifestError, Schema, Source};
pub use model::{
    Account, Accounts, Assignments, Attribute, Column, EntitlementId, Entitlements, ExceptionRecord, ExistingRole,
    Grant, Grants, GroupId, Groups, Identities, IdentityId, Member, NO_VALUE, Origin, OrphanAssignment, PathId, Paths,
    Snapshot, TextColumn, Usage, UsageRecord,
};
pub use normalise::{FolderWriter, write_normalised};
pub use read::{Joined, Progress, ReadError, read, read_attributes, read_table};
pub use texts::Texts;
