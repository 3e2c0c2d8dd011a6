//! Who takes part where mining everyone once more would cost too much.
//!
//! Every identity draws a number, which depends on it and the seed only; those who drew the smallest take part, as many as hold no more than
//! so many assignments together.

use serde::{Deserialize, Serialize};

use super::SEED;
use crate::{chance::Chance, matrix::AccessMatrix};

/// Identities that were drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sample {
    /// What was drawn from.
    pub seed: u64,
    /// How many take part.
    pub identities: u64,
    /// Of how many who hold anything.
    pub of: u64,
}

/// The rows that hold anything, in the order of what they drew.
pub(super) struct Draw {
    rows: Vec<u32>,
}

impl Draw {
    pub(super) fn new(matrix: &AccessMatrix) -> Self {
        let drawn = |row: u32| {
            let ordinal = matrix.identities.get(row as usize).map_or(0, |identity| u64::from(identity.0));
            (Chance::seeded(SEED ^ (ordinal << 8)).below(usize::MAX), row)
        };
        let everyone = 0..u32::try_from(matrix.height()).unwrap_or(u32::MAX);
        let mut draws: Vec<_> = everyone.filter(|&row| !matrix.row(row as usize).is_empty()).map(drawn).collect();
        draws.sort_unstable();
        Self { rows: draws.into_iter().map(|(_, row)| row).collect() }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The first, as many as hold no more than `most` assignments together.
    pub(super) fn first(&self, matrix: &AccessMatrix, most: usize) -> &[u32] {
        let so_far = self.rows.iter().scan(0, |sum, &row| {
            *sum += matrix.row(row as usize).len();
            Some(*sum)
        });
        let fitting = so_far.take_while(|&sum| sum <= most).count();
        self.rows.get(..fitting).unwrap_or(&[])
    }
}

/// The same rows, ascending.
pub(super) fn ascending(rows: &[u32]) -> Vec<u32> {
    let mut rows = rows.to_vec();
    rows.sort_unstable();
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_take_part_as_fit_and_more_room_only_adds_some() {
        let rows: Vec<Vec<u32>> = (0..50).map(|row| (0..row % 3).collect()).collect();
        let matrix = crate::matrix::tests::matrix(2, &rows);
        let draw = Draw::new(&matrix);
        assert_eq!(draw.len(), 33);
        let held = |rows: &[u32]| rows.iter().map(|&row| matrix.row(row as usize).len()).sum::<usize>();
        let (none, some, all) = (draw.first(&matrix, 0), draw.first(&matrix, 20), draw.first(&matrix, 49));
        assert_eq!((none.len(), all.len()), (0, 33));
        assert!(held(some) <= 20 && held(some) > 18, "as many as fit");
        assert!(all.starts_with(some));
        assert_eq!(ascending(all), (0..50).filter(|row| row % 3 > 0).collect::<Vec<u32>>());
    }
}
