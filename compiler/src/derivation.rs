//! The derivation: the reproducible record of what was made from what, and how. `docs/derivation.md` describes it field by field.
//!
//! It names no identity: identities are ordinals, their rank among all identity ids of the snapshot whose digest it holds. It knows
//! nothing of approvals, which come after it.

mod difference;
mod document;
mod record;

use adit_snapshots::Digest;

pub use difference::{Difference, Stage};
pub use document::*;

use crate::{canonical, compile::Compilation};

/// The schema of the document.
pub const SCHEMA: &str = "adit.derivation/1";

/// The edition of the language that this version compiles.
pub const EDITION: u32 = 2026;

/// Why a derivation cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DerivationError {
    /// It is not JSON, or not of this shape.
    #[error("not a derivation: {message}")]
    Malformed {
        /// What was expected and what was found, with line and column.
        message: String,
    },
    /// It is a document of another kind or version.
    #[error("expected a document with schema `{SCHEMA}`, found `{found}`")]
    Schema {
        /// Its schema.
        found: String,
    },
    /// Its own digest is not the digest of what it says.
    #[error("the derivation was changed after it was written: it carries {stated}, but its content has {actual}")]
    Altered {
        /// What it carries.
        stated: Digest,
        /// What it should.
        actual: Digest,
    },
}

/// The record of a compilation.
#[must_use]
pub fn derive(compilation: &Compilation<'_>) -> Derivation {
    record::record(compilation).sealed()
}

impl Derivation {
    /// The same with the digests of its stages and its own, as what it says has them.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.stages =
            Stage::ALL.into_iter().map(|stage| StageDigest { stage, digest: self.stage_digest(stage) }).collect();
        self.digest = Some(self.content_digest());
        self
    }

    /// The canonical text. The same derivation is the same bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }

    /// Reads a derivation, and holds it against its own digest.
    ///
    /// # Errors
    /// See [`DerivationError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DerivationError> {
        #[derive(serde::Deserialize)]
        struct Probe {
            schema: String,
        }
        let malformed = |error: serde_json::Error| DerivationError::Malformed { message: error.to_string() };
        let probe: Probe = serde_json::from_slice(bytes).map_err(malformed)?;
        if probe.schema != SCHEMA {
            return Err(DerivationError::Schema { found: probe.schema });
        }
        let derivation: Self = serde_json::from_slice(bytes).map_err(malformed)?;
        let (stated, actual) = (derivation.digest.unwrap_or_default(), derivation.content_digest());
        if stated == actual { Ok(derivation) } else { Err(DerivationError::Altered { stated, actual }) }
    }

    /// The first stage, and in it the first object, in which a recorded derivation and a fresh one differ.
    #[must_use]
    pub fn first_difference(recorded: &Self, fresh: &Self) -> Option<Difference> {
        difference::first(recorded, fresh)
    }

    /// The digest of everything but the digest itself.
    fn content_digest(&self) -> Digest {
        #[derive(serde::Serialize)]
        struct Content<'a> {
            schema: &'a str,
            tool: &'a Tool,
            edition: u32,
            as_of: jiff::civil::Date,
            stages: &'a [StageDigest],
            spec: &'a SpecRecord,
            snapshot: &'a SnapshotRecord,
            classes: &'a [ClassRecord],
            populations: &'a [PopulationRecord],
            roles: &'a [RoleRecord],
            expectations: &'a [ExpectationRecord],
        }
        let Self {
            schema,
            tool,
            edition,
            as_of,
            stages,
            spec,
            snapshot,
            classes,
            populations,
            roles,
            expectations,
            digest: _,
        } = self;
        canonical::digest(&Content {
            schema,
            tool,
            edition: *edition,
            as_of: *as_of,
            stages,
            spec,
            snapshot,
            classes,
            populations,
            roles,
            expectations,
        })
    }
}

#[cfg(test)]
mod tests;
