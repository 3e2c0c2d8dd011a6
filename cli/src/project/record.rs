//! What earlier builds of a project left behind, for the linter to hold today against.

use std::{fs, io, path::Path};

use adit_compiler::{
    derivation::Derivation,
    provision::{self, ProvisioningDocument},
};
use adit_rules::Record;
use serde::Deserialize;

use super::{Lock, Project};
use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
};

impl Project {
    /// The last derivation and what was last provisioned, as far as they are there. The lock is no part of it: a build refuses other data
    /// before it lints, and `adit lint` adds it.
    pub(crate) fn record(&self) -> Result<Record, Failure> {
        let out = self.path(&self.config.project.out);
        let derivation = read(&out.join("derivation.json"))?.map(|bytes| Derivation::parse(&bytes));
        let path = out.join("provisioning.json");
        let provisioning = match read(&path)? {
            Some(bytes) => provisioned(&path, &bytes)?,
            None => None,
        };
        Ok(Record { locked: None, derivation, provisioning })
    }

    /// The same with the data that the project is locked on.
    pub(crate) fn locked_record(&self) -> Result<Record, Failure> {
        let locked = Lock::read(&self.root)?.map(Lock::into_digest);
        Ok(Record { locked, ..self.record()? })
    }
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::data(
            format!("cannot read `{}`, which the last build wrote: {}", path.display(), io_words(&error)),
            "make it readable, or delete it",
        )),
    }
}

/// What was provisioned; none where another version wrote it in another shape.
fn provisioned(path: &Path, bytes: &[u8]) -> Result<Option<ProvisioningDocument>, Failure> {
    #[derive(Deserialize)]
    struct Probe {
        schema: String,
    }
    let damaged = |error: serde_json::Error| {
        let message = format!("`{}` is not what a build writes: {error}", path.display());
        Failure::new(
            Exit::Data,
            Problem::new(message).help("take it back from version control, or delete it and build again"),
        )
    };
    let probe: Probe = serde_json::from_slice(bytes).map_err(damaged)?;
    if probe.schema != provision::SCHEMA {
        return Ok(None);
    }
    serde_json::from_slice(bytes).map(Some).map_err(damaged)
}
