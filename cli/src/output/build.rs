//! What `adit build` did.

use std::path::PathBuf;

use adit_compiler::{
    compile::Compilation,
    derivation::Derivation,
    provision::{ProvisioningDocument, Withheld},
};

use crate::{project::Project, report::Report};

pub(crate) mod human;
pub(crate) mod json;

/// Everything a report on a build needs.
pub(crate) struct BuildReport<'a> {
    /// The project.
    pub(crate) project: &'a Project,
    /// Whether the as-of date was given.
    pub(crate) as_of_given: bool,
    /// What was built.
    pub(crate) compilation: &'a Compilation<'a>,
    /// The findings: all of them, whoever is told.
    pub(crate) lint: &'a Report,
    /// The record.
    pub(crate) derivation: &'a Derivation,
    /// What is emitted.
    pub(crate) provisioning: &'a ProvisioningDocument,
    /// What is not, and why.
    pub(crate) withheld: &'a [Withheld],
    /// What was written.
    pub(crate) files: &'a [PathBuf],
    /// What became of the lock.
    pub(crate) lock: LockNews,
}

/// What became of the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LockNews {
    /// The data is that of the lock.
    Unchanged,
    /// There was none.
    First,
    /// It holds other data now.
    Updated,
}
