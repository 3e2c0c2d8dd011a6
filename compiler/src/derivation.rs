//! The derivation: the reproducible record of what was made from what, and how. `docs/derivation.md` describes it field by field.
//!
//! It names no identity: identities are ordinals, their rank among all identity ids of the snapshot whose digest it holds. It knows
//! nothing of approvals, which come after it.

mod difference;
mod document;
mod record;

use adit_snapshots::Digest;
use rayon::prelude::*;

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
    written(compilation).0
}

/// The record of a compilation, and its canonical text, as [`Derivation::to_bytes`] has it. The text is what the digest is of, and may be long:
/// whoever wants both should not have it written twice.
#[must_use]
pub fn written(compilation: &Compilation<'_>) -> (Derivation, Vec<u8>) {
    record::record(compilation).seal()
}

impl Derivation {
    /// The same with the digests of its stages and its own, as what it says has them.
    #[must_use]
    pub fn sealed(self) -> Self {
        self.seal().0
    }

    /// The same, and its text.
    fn seal(mut self) -> (Self, Vec<u8>) {
        let of_stage = |stage: Stage| StageDigest { stage, digest: self.stage_digest(stage) };
        self.stages = Stage::ALL.into_par_iter().map(of_stage).collect();
        let content = self.content();
        let digest = Digest::of(&content);
        self.digest = Some(digest);
        (self, canonical::with_text(content, "digest", &digest))
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
        let derivation: Self = match serde_json::from_slice(bytes) {
            Ok(derivation) => derivation,
            // One of another kind is said to be that, whatever its shape.
            Err(error) => match serde_json::from_slice(bytes) {
                Ok(Probe { schema }) if schema != SCHEMA => return Err(DerivationError::Schema { found: schema }),
                _ => return Err(DerivationError::Malformed { message: error.to_string() }),
            },
        };
        if derivation.schema != SCHEMA {
            return Err(DerivationError::Schema { found: derivation.schema });
        }
        let (stated, actual) = (derivation.digest.unwrap_or_default(), Digest::of(&derivation.content()));
        if stated == actual { Ok(derivation) } else { Err(DerivationError::Altered { stated, actual }) }
    }

    /// The first stage, and in it the first object, in which a recorded derivation and a fresh one differ.
    #[must_use]
    pub fn first_difference(recorded: &Self, fresh: &Self) -> Option<Difference> {
        difference::first(recorded, fresh)
    }

    /// The canonical text of everything but the digest.
    fn content(&self) -> Vec<u8> {
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
        canonical::to_bytes(&Content {
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
