//! The role mining problem, exactly.

use super::{Clustering, MineError, Progress, Strategy};
use crate::matrix::AccessMatrix;

/// `cover { exact }`.
#[derive(Debug, Clone, Copy)]
pub struct Cover {
    /// Limit of the kernel search.
    pub max_nodes: u64,
}

impl Strategy for Cover {
    fn mine(&self, _matrix: &AccessMatrix, _progress: &dyn Progress) -> Result<Clustering, MineError> {
        Ok(Clustering::default())
    }
}
