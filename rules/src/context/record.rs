//! What earlier builds left behind, for rules that hold today against it.

use adit_compiler::{
    derivation::{Derivation, DerivationError},
    provision::ProvisioningDocument,
};
use adit_snapshots::SnapshotDigest;

/// What earlier builds of a project left behind. Whatever is not there is not compared with.
#[derive(Debug, Default)]
pub struct Record {
    /// The data that the project is locked on: `adit.lock`.
    pub locked: Option<SnapshotDigest>,
    /// The last derivation, or why it cannot be believed: `out/derivation.json`.
    pub derivation: Option<Result<Derivation, DerivationError>>,
    /// What was last provisioned: `out/provisioning.json`.
    pub provisioning: Option<ProvisioningDocument>,
}
