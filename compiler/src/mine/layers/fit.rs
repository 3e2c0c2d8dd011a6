//! What roles grant, given who holds them: what nearly all of their members share, and no wider role explains.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::{Content, assign::Assigned, evenly};
use crate::{
    matrix::AccessMatrix,
    runs::Runs,
    spec::{Layers, Percent},
};

/// Members of a role that are looked at, at most: enough to tell what they share.
const SAMPLE: usize = 1_024;

/// What the members of each role share, as far as no wider role of theirs explains it: one with more members, so that what all of a department
/// have comes from there, and not from each of its jobs. `members` is who holds each role.
pub(super) fn contents(matrix: &AccessMatrix, known: &Assigned, members: &Runs, settings: &Layers) -> Vec<Content> {
    let widths = widths(members);
    let (widest, held) = widest(matrix, known, &widths);
    let granted =
        known.roles.iter().zip(members.iter()).map(|(role, members)| (role.len() * members.len()) as u64).sum::<u64>();
    let missed = (granted - held, granted);
    let content = |counts: &mut Counts, role: usize| {
        let (members, width) = (members.run(role), widths.get(role).copied().unwrap_or_default());
        if members.len() < settings.min_members as usize {
            return Vec::new();
        }
        let looked_at = evenly(members, SAMPLE);
        for &member in &looked_at {
            let widest = widest.run(member as usize);
            for (&column, &widest) in matrix.row(member as usize).iter().zip(widest) {
                counts.add(column, widest > width);
            }
        }
        let all = looked_at.len() as u64;
        let mut columns = Content::new();
        counts.drain(|column, count| {
            if count.belongs(all, settings) || count.is_held_twice(all, missed) {
                columns.push(column);
            }
        });
        columns.sort_unstable();
        columns
    };
    (0..known.roles.len())
        .into_par_iter()
        .map_init(|| Counts { of: vec![Count::default(); matrix.width()], touched: Vec::new() }, content)
        .collect()
}

/// How wide each role is: its place among all by members, from 1.
fn widths(members: &Runs) -> Vec<u32> {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|&role| (members.run(role).len(), role));
    let mut widths = vec![0; order.len()];
    for (width, role) in (1..).zip(order) {
        if let Some(slot) = widths.get_mut(role) {
            *slot = width;
        }
    }
    widths
}

/// For each assignment, row by row, how wide the widest of the row's roles is that grants it; 0 where none does. And how many pairs of a
/// row and a column its roles grant that are held, each role by itself.
fn widest(matrix: &AccessMatrix, known: &Assigned, widths: &[u32]) -> (Runs, u64) {
    let held_of_granted = AtomicU64::new(0);
    // For each column that a row holds its place in the row, from 1.
    let room = || vec![0_u32; matrix.width()];
    let widest = Runs::gathered(matrix.height(), room, |places: &mut Vec<u32>, row, widest| {
        let columns = matrix.row(row);
        let start = widest.len();
        widest.resize(start + columns.len(), 0);
        let of_row = widest.get_mut(start..).unwrap_or_default();
        put(places, (1..).zip(columns));
        let mut pairs = 0;
        for &role in known.held.run(row) {
            let width = widths.get(role as usize).copied().unwrap_or_default();
            for &column in known.roles.get(role as usize).into_iter().flatten() {
                let place = places.get(column as usize).map_or(0, |&place| place as usize);
                if let Some(widest) = place.checked_sub(1).and_then(|place| of_row.get_mut(place)) {
                    *widest = (*widest).max(width);
                    pairs += 1;
                }
            }
        }
        put(places, columns.iter().map(|column| (0, column)));
        held_of_granted.fetch_add(pairs, Relaxed);
    });
    (widest, held_of_granted.into_inner())
}

fn put<'a>(places: &mut [u32], columns: impl Iterator<Item = (u32, &'a u32)>) {
    for (place, &column) in columns {
        if let Some(slot) = places.get_mut(column as usize) {
            *slot = place;
        }
    }
}

/// Which assignments, row by row, some role of the row grants.
pub(super) fn explained(matrix: &AccessMatrix, known: &Assigned) -> Vec<bool> {
    let (widest, _) = widest(matrix, known, &vec![1; known.roles.len()]);
    widest.values().iter().map(|&widest| widest > 0).collect()
}

/// Room for counting columns: nothing but zeros between uses.
struct Counts {
    of: Vec<Count>,
    touched: Vec<u32>,
}

impl Counts {
    fn add(&mut self, column: u32, explained: bool) {
        let Some(count) = self.of.get_mut(column as usize) else { return };
        if *count == Count::default() {
            self.touched.push(column);
        }
        if explained {
            count.explained += 1;
        } else {
            count.held += 1;
        }
    }

    /// Hands over every count, in no order.
    fn drain(&mut self, mut take: impl FnMut(u32, Count)) {
        for column in self.touched.drain(..) {
            take(column, self.of.get_mut(column as usize).map(std::mem::take).unwrap_or_default());
        }
    }
}

/// How many members of a role hold a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    /// Those who have it by a wider role of theirs.
    explained: u32,
    /// Those who hold it, and no wider role of theirs says why.
    held: u32,
}

impl Count {
    /// Of those whom no wider role gives it, nearly all hold it; and they are at least a quarter of the members.
    fn belongs(self, members: u64, settings: &Layers) -> bool {
        let left = members - u64::from(self.explained);
        u64::from(self.held) * 4 >= members && nearly(u64::from(self.held), left, settings.support)
    }

    /// Whether so many have it that one role alone would not do: whatever a role grants, a few members lack; what two roles grant,
    /// hardly any does. `missed` of so many grants are lacking in all. Told apart where five would be expected to lack it, and
    /// hardly any does.
    fn is_held_twice(self, members: u64, (missed, granted): (u64, u64)) -> bool {
        let lacking = members - u64::from(self.explained) - u64::from(self.held);
        let expected = members.saturating_mul(missed);
        expected >= 5 * granted && lacking * 10 * granted <= expected
    }
}

/// Whether so many of so many may be as large a share as asked for: two standard deviations less may be chance.
fn nearly(held: u64, of: u64, share: Percent) -> bool {
    let share = u128::from(share.0);
    let short = (u128::from(of) * share).saturating_sub(u128::from(held) * 10_000);
    short * short <= 4 * u128::from(of) * share * (10_000 - share)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matrix::tests::matrix;

    /// The paper way: for each member and each of its columns, every other role of the member is asked.
    fn slow(rows: &[Vec<u32>], roles: &[Content], held: &[Vec<u32>], settings: &Layers) -> Vec<Content> {
        let members = |role: usize| held.iter().filter(|held| held.contains(&(role as u32))).count();
        let grants = |role: u32, column: &u32| roles[role as usize].contains(column);
        let pairs = || rows.iter().zip(held).flat_map(|(row, held)| held.iter().map(move |&role| (row, role as usize)));
        let granted = pairs().map(|(_, role)| roles[role].len() as u64).sum();
        let missed =
            pairs().map(|(row, role)| roles[role].iter().filter(|&column| !row.contains(column)).count() as u64).sum();
        let wider = |role: usize, other: u32| (members(other as usize), other) > (members(role), role as u32);
        let count = |role: usize, column: u32| {
            let mut count = Count::default();
            for (_, held) in
                rows.iter().zip(held).filter(|(row, held)| row.contains(&column) && held.contains(&(role as u32)))
            {
                if held.iter().any(|&other| wider(role, other) && grants(other, &column)) {
                    count.explained += 1;
                } else {
                    count.held += 1;
                }
            }
            count
        };
        let belongs = |role: usize, column: u32| {
            let (of, count) = (members(role) as u64, count(role, column));
            count != Count::default() && (count.belongs(of, settings) || count.is_held_twice(of, (missed, granted)))
        };
        (0..roles.len())
            .map(|role| (0..12).filter(|&column| members(role) >= 2 && belongs(role, column)).collect())
            .collect()
    }

    fn lists(below: u32, lists: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<Vec<u32>>> {
        let list = prop::collection::btree_set(0..below, 0..8);
        prop::collection::vec(list.prop_map(|list| list.into_iter().collect()), lists)
    }

    proptest! {
        #[test]
        fn what_members_share_is_what_asking_all_their_roles_gives(
            rows in lists(12, 20),
            roles in lists(12, 5),
            held in lists(5, 20),
        ) {
            let settings = Layers { min_members: 2, ..Layers::default() };
            let of_rows: Runs = held.iter().collect();
            let members = of_rows.transposed(5);
            let known = Assigned { roles, held: of_rows };
            let fast = contents(&matrix(12, &rows), &known, &members, &settings);
            prop_assert_eq!(fast, slow(&rows, &known.roles, &held, &settings));
        }
    }
}
