//! The two policies that take no thought.

use rustc_hash::FxHashSet;

use super::{Baseline, Baselines};
use crate::matrix::AccessMatrix;

/// What one role for each distinct row, and one for each distinct column, would cost.
#[must_use]
pub fn baselines(matrix: &AccessMatrix) -> Baselines {
    Baselines {
        one_role_per_distinct_row: distinct((0..matrix.height()).map(|row| matrix.row(row))),
        one_role_per_distinct_column: distinct((0..matrix.width()).map(|column| matrix.column(column))),
    }
}

/// A role for each distinct line has the line on one side, and every line equal to it on the other.
fn distinct<'a>(lines: impl Iterator<Item = &'a [u32]>) -> Baseline {
    let mut seen = FxHashSet::default();
    let (mut lines_with_role, mut length) = (0, 0);
    for line in lines.filter(|line| !line.is_empty()) {
        lines_with_role += 1;
        if seen.insert(line) {
            length += line.len() as u64;
        }
    }
    let roles = seen.len() as u64;
    Baseline { roles, wsc: roles + lines_with_role + length }
}
