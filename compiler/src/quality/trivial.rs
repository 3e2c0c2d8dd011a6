//! The groups that the two policies that take no thought make.

use std::{cmp::Reverse, hash::BuildHasher as _};

use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use crate::matrix::AccessMatrix;

/// The mean silhouette of these rows where everyone with the same entitlements is a group, in ten-thousandths: who is not alone is at no
/// distance from the others and at some from everyone else, which is 1, and who is alone counts 0. 0 where there is one group only.
pub(super) fn shared_rows(matrix: &AccessMatrix, sample: &[u32]) -> i64 {
    let rows = sorted(matrix.height(), |row| matrix.row(row));
    let like = |row: usize| {
        let (hash, own, _) = line(row, matrix.row(row));
        let beside = |before: bool| {
            rows.partition_point(|&(other, row, _)| {
                (other, row) < (hash, own) || (!before && (other, row) == (hash, own))
            })
        };
        beside(false) - beside(true)
    };
    let holders = (0..matrix.height()).filter(|&row| !matrix.row(row).is_empty()).count();
    let Some(&first) = sample.first() else { return 0 };
    if like(first as usize) == holders {
        return 0;
    }
    let shared = sample.par_iter().filter(|&&row| like(row as usize) > 1).count();
    (shared * 10_000).checked_div(sample.len()).and_then(|mean| i64::try_from(mean).ok()).unwrap_or(0)
}

/// The primary role of each row where there is a role for each distinct column: its first column. Of what the row holds, all columns with the
/// same holders count together, each by how many rows lack it; of equals the first. None where it holds nothing.
pub(super) fn by_column(matrix: &AccessMatrix) -> Vec<Option<u32>> {
    let mut role_of = vec![(0, 0); matrix.width()];
    let columns = sorted(matrix.width(), |column| matrix.column(column));
    for same in columns.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
        let first = same.iter().map(|&(.., column)| column).min().unwrap_or_default();
        let lacking = same.first().map_or(0, |(_, holders, _)| matrix.height() - holders.len());
        for &(.., column) in same {
            if let Some(role) = role_of.get_mut(column as usize) {
                *role = (same.len() * lacking, first);
            }
        }
    }
    let primary = |row: usize| {
        let roles = matrix.row(row).iter().filter_map(|&column| role_of.get(column as usize));
        roles.map(|&(says, first)| (says, Reverse(first))).max().map(|(_, Reverse(first))| first)
    };
    (0..matrix.height()).into_par_iter().map(primary).collect()
}

/// A hash of a line, the line, and its number: sorted by that, lines are compared where they may well be equal only.
type Line<'a> = (u64, &'a [u32], u32);

fn line(number: usize, line: &[u32]) -> Line<'_> {
    (FxBuildHasher.hash_one(line), line, u32::try_from(number).unwrap_or(u32::MAX))
}

fn sorted<'a>(count: usize, of: impl Fn(usize) -> &'a [u32] + Sync) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = (0..count).into_par_iter().map(|number| line(number, of(number))).collect();
    lines.par_sort_unstable();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        matrix::tests::matrix,
        measures::{MeasuredRole, primary_roles},
    };

    #[test]
    fn a_column_policy_gives_everyone_the_role_that_sets_them_apart() {
        // Everyone holds 0; 1 and 2 have the same holders; 3 and 4 have one each.
        let rows = [vec![0, 1, 2], vec![0, 1, 2, 3], vec![0, 4], vec![0], vec![]];
        let matrix = matrix(5, &rows);
        assert_eq!(by_column(&matrix), [Some(1), Some(1), Some(4), Some(0), None]);
        // As the measure of any roles has it.
        let columns: [(&[u32], &[u32]); 4] = [(&[0, 1, 2, 3], &[0]), (&[0, 1], &[1, 2]), (&[1], &[3]), (&[2], &[4])];
        let roles =
            columns.map(|(direct_members, entitlements)| MeasuredRole { direct_members, entitlements, inherits: &[] });
        assert_eq!(primary_roles(&matrix, &roles), [Some(1), Some(1), Some(3), Some(0), None]);
    }
}
