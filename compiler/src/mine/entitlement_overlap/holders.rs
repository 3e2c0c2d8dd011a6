//! Identities as the strategy sees them: equal ones once, by size, and who holds each entitlement that counts.

use crate::{matrix::AccessMatrix, mine::collapse, spec::EntitlementOverlap};

/// Identities that hold exactly the same.
#[derive(Debug)]
pub(super) struct Class {
    /// Their rows, ascending.
    pub(super) members: Vec<u32>,
    /// What they hold that counts, as ranks: the entitlement held by the fewest classes is 0. Ascending.
    pub(super) counted: Vec<u32>,
    /// How much each of them holds in all.
    pub(super) total: usize,
    /// How much must be common in a group where nobody holds more.
    pub(super) need: usize,
}

/// A class that holds a rank.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holding {
    pub(super) class: u32,
    /// How many entitlements that count it holds from this rank on, this one too. Who has no rarer one in common with it shares no more.
    pub(super) left: usize,
}

/// All classes, smallest total first (then by first row), and the classes of each rank.
#[derive(Debug)]
pub(super) struct Holders {
    pub(super) classes: Vec<Class>,
    /// The classes that hold each rank, ascending.
    of_rank: Vec<Vec<Holding>>,
}

impl Holders {
    pub(super) fn new(matrix: &AccessMatrix, settings: &EntitlementOverlap, filter: Option<&[u32]>) -> Self {
        let mut rows = collapse::equal_rows(matrix);
        let total = |members: &[u32]| members.first().map_or(0, |&row| matrix.row(row as usize).len());
        rows.sort_by_key(|members| total(members));
        let rank_of = ranks(matrix, &rows, filter);
        let mut of_rank = vec![Vec::new(); matrix.width()];
        let mut classes = Vec::with_capacity(rows.len());
        for (class, members) in (0..).zip(rows) {
            let held = members.first().map_or(&[][..], |&row| matrix.row(row as usize));
            let mut counted: Vec<u32> =
                held.iter().filter_map(|&column| rank_of.get(column as usize).copied().flatten()).collect();
            counted.sort_unstable();
            for (left, &rank) in (1..=counted.len()).rev().zip(&counted) {
                if let Some(holding) = of_rank.get_mut(rank as usize) {
                    holding.push(Holding { class, left });
                }
            }
            classes.push(Class { counted, total: held.len(), need: settings.need(held.len()), members });
        }
        Self { classes, of_rank }
    }

    /// The classes that hold this rank, ascending.
    pub(super) fn holding(&self, rank: u32) -> &[Holding] {
        self.of_rank.get(rank as usize).map_or(&[], Vec::as_slice)
    }

    /// How many ranks there are.
    pub(super) fn ranks(&self) -> usize {
        self.of_rank.len()
    }
}

/// The rank of each column that counts, rarest first, ties by column.
fn ranks(matrix: &AccessMatrix, classes: &[Vec<u32>], filter: Option<&[u32]>) -> Vec<Option<u32>> {
    let mut frequency = vec![0u32; matrix.width()];
    for row in classes.iter().filter_map(|members| members.first()) {
        for &column in matrix.row(*row as usize) {
            if let Some(count) = frequency.get_mut(column as usize) {
                *count += 1;
            }
        }
    }
    let mut columns: Vec<(u32, usize)> = frequency.into_iter().zip(0..).collect();
    if let Some(filter) = filter {
        columns.retain(|&(_, column)| u32::try_from(column).is_ok_and(|column| filter.binary_search(&column).is_ok()));
    }
    columns.sort_unstable();
    let mut rank_of = vec![None; matrix.width()];
    for (rank, (_, column)) in (0..).zip(columns) {
        if let Some(slot) = rank_of.get_mut(column) {
            *slot = Some(rank);
        }
    }
    rank_of
}
