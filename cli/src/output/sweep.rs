//! What becomes of roles as one threshold moves.

use adit_compiler::sweep::{Curve, Range};
use adit_snapshots::Digest;

pub(crate) mod csv;
pub(crate) mod human;
pub(crate) mod json;

/// Everything a report needs.
pub(crate) struct Swept {
    /// The project's name.
    pub(crate) project: String,
    /// The digest of the data.
    pub(crate) data: Digest,
    /// What was asked for.
    pub(crate) range: Range,
    /// The curve of each population, with the name of its mining block.
    pub(crate) curves: Vec<(String, Curve)>,
}
