//! The two policies that take no thought.

use std::hash::BuildHasher as _;

use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::{Baseline, Baselines};
use crate::matrix::AccessMatrix;

/// What one role for each distinct row, and one for each distinct column, would cost.
#[must_use]
pub fn baselines(matrix: &AccessMatrix) -> Baselines {
    let (rows, columns) = rayon::join(
        || distinct(matrix.height(), |row| matrix.row(row)),
        || distinct(matrix.width(), |column| matrix.column(column)),
    );
    Baselines { one_role_per_distinct_row: rows, one_role_per_distinct_column: columns }
}

/// A role for each distinct line has the line on one side, and every line equal to it on the other.
fn distinct<'a>(count: usize, line: impl Fn(usize) -> &'a [u32] + Sync) -> Baseline {
    // Sorted by a hash first, lines are compared where they may well be equal only.
    let mut lines: Vec<(u64, &[u32])> = (0..count)
        .into_par_iter()
        .map(&line)
        .filter(|line| !line.is_empty())
        .map(|line| (FxBuildHasher.hash_one(line), line))
        .collect();
    lines.par_sort_unstable();
    let distinct = lines.chunk_by(|one, other| one == other).filter_map(|same| same.first());
    let (roles, length) = distinct.fold((0, 0), |(roles, length), (_, line)| (roles + 1, length + line.len() as u64));
    Baseline { roles, wsc: roles + lines.len() as u64 + length }
}
