//! The shape of the document, in the order in which it is written. Shares are in basis points: `8000` is 80 %.

mod population;
mod role;

use std::collections::BTreeMap;

use adit_snapshots::Digest;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Stage;
use crate::spec::SpecFile;

pub use self::{population::*, role::*};

/// The whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derivation {
    /// [`super::SCHEMA`].
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The edition of the language.
    pub edition: u32,
    /// The day that waivers and approvals were held against.
    pub as_of: Date,
    /// The digest of each stage, in the order of the stages: where two differ first is where to look.
    pub stages: Vec<StageDigest>,
    /// The spec.
    pub spec: SpecRecord,
    /// The data.
    pub snapshot: SnapshotRecord,
    /// How many identities are of each class, in the order of the spec.
    pub classes: Vec<ClassRecord>,
    /// What was mined, by mining block, then by class.
    pub populations: Vec<PopulationRecord>,
    /// Every candidate role: mined ones by mining block and size, then declared ones.
    pub roles: Vec<RoleRecord>,
    /// Every expectation and whether it holds, in the order of the spec.
    pub expectations: Vec<ExpectationRecord>,
    /// The digest of everything above, as canonical JSON without this field.
    pub digest: Option<Digest>,
}

/// What made a derivation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// `adit`
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This one.
    #[must_use]
    pub fn this() -> Self {
        Self { name: "adit".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The digest of one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageDigest {
    /// Which.
    pub stage: Stage,
    /// Of what the stage made of its input.
    pub digest: Digest,
}

/// The spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecRecord {
    /// Its files, ascending by path.
    pub files: Vec<SpecFile>,
}

/// The data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotRecord {
    /// The day it stands for.
    pub extracted: Date,
    /// The digest of its logical content.
    pub digest: Digest,
    /// The same by table.
    pub tables: BTreeMap<String, Digest>,
}

/// A class of identities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRecord {
    /// Its name.
    pub name: String,
    /// How many identities are of it.
    pub identities: u64,
}

/// A claim of the spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectationRecord {
    /// In words.
    pub title: String,
    /// Why it does not hold; none when it does.
    pub failed: Option<String>,
}
