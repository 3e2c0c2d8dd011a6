//! How well attributes foretell the roles of a population.

use adit_snapshots::Snapshot;

use super::CompileError;
use crate::{
    describe,
    learn::{self, Learnability},
    matrix::AccessMatrix,
    measures::MeasuredRole,
    spec::Mining,
};

/// Learns a tree, where the mining block says what roles are described by. Roles are places in `roles`.
pub(super) fn learn(
    snapshot: &Snapshot,
    mining: &Mining,
    matrix: &AccessMatrix,
    roles: &[MeasuredRole<'_>],
) -> Result<Option<Learnability<usize>>, CompileError> {
    let Some(settings) = &mining.describe else { return Ok(None) };
    let columns = describe::columns(snapshot, mining, settings)?;
    let named: Vec<_> = settings.by.iter().map(String::as_str).zip(columns).collect();
    Ok(learn::of_roles(&named, matrix, roles, settings))
}
