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

/// How many members of each role hold what, and whether a wider role of theirs explains it: one with more members, so that what all of a
/// department have comes from there, and not from each of its jobs.
pub(super) struct Counted {
    widths: Vec<u32>,
    /// For each role the columns that it may grant.
    of_role: Vec<Vec<(u32, Count)>>,
    /// How many pairs of a member and a column are granted but not held, and how many are granted; each role by itself.
    missed: (u64, u64),
}

impl Counted {
    /// `members` is who holds each role. What was counted `before`, for other roles, stands where nothing changed for any member.
    pub(super) fn new(
        matrix: &AccessMatrix,
        known: &Assigned,
        members: &Runs,
        settings: &Layers,
        before: Option<(&Assigned, &Self)>,
    ) -> Self {
        let widths = widths(members);
        let (widest, held) = widest(matrix, known, &widths);
        let grants =
            known.roles.iter().zip(members.iter()).map(|(role, members)| role.len() as u64 * members.len() as u64);
        let granted = grants.sum::<u64>();
        let same = before.map(|(old, counted)| unchanged((old, &counted.widths), (known, &widths))).unwrap_or_default();
        let count = |counts: &mut Counts, role: usize| {
            let place = same.get(role).copied().flatten();
            if let Some(same) = before.zip(place).and_then(|((_, before), place)| before.of_role.get(place as usize)) {
                return same.clone();
            }
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
            let mut may_grant = Vec::new();
            counts.drain(|column, count| {
                if count.belongs(all, settings) || count.is_hardly_lacking(all) {
                    may_grant.push((column, count));
                }
            });
            may_grant.sort_unstable_by_key(|&(column, _)| column);
            may_grant
        };
        let of_role = (0..known.roles.len())
            .into_par_iter()
            .map_init(|| Counts { of: vec![Count::default(); matrix.width()], touched: Vec::new() }, count)
            .collect();
        Self { widths, of_role, missed: (granted - held, granted) }
    }

    /// What the members of each role share, as far as no wider role of theirs explains it.
    pub(super) fn contents(&self, members: &Runs, settings: &Layers) -> Vec<Content> {
        let content = |(members, counts): (&[u32], &Vec<(u32, Count)>)| {
            let all = members.len().min(SAMPLE) as u64;
            let grants = |count: Count| count.belongs(all, settings) || count.is_held_twice(all, self.missed);
            counts.iter().filter(|(_, count)| grants(*count)).map(|&(column, _)| column).collect()
        };
        members.iter().zip(&self.of_role).map(content).collect()
    }
}

/// For each role its place before, where no member of it came or went, and none has other roles, or roles of which others are the wider.
fn unchanged((old, old_widths): (&Assigned, &[u32]), (new, new_widths): (&Assigned, &[u32])) -> Vec<Option<u32>> {
    let places = old.places_in(&new.roles);
    let place = |role: &u32| places.get(*role as usize).copied().flatten();
    let widths = |role: &u32| {
        let width = |widths: &[u32], role: u32| widths.get(role as usize).copied();
        place(role).map(|place| (width(old_widths, *role), width(new_widths, place)))
    };
    let concerned = Runs::gathered(new.held.len(), Vec::new, |of_row: &mut Vec<_>, row, concerned| {
        let (before, now) = (old.held.run(row), new.held.run(row));
        of_row.clear();
        of_row.extend(before.iter().filter_map(widths));
        of_row.sort_unstable();
        let is_same =
            before.iter().map(place).eq(now.iter().copied().map(Some)) && of_row.is_sorted_by_key(|&(_, now)| now);
        if !is_same {
            concerned.extend(before.iter().filter_map(place).chain(now.iter().copied()));
        }
    });
    let mut same = vec![None; new.roles.len()];
    for (role, &place) in (0..).zip(&places) {
        if let Some(slot) = place.and_then(|place| same.get_mut(place as usize)) {
            *slot = Some(role);
        }
    }
    for &role in concerned.values() {
        if let Some(slot) = same.get_mut(role as usize) {
            *slot = None;
        }
    }
    same
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

    /// Whether hardly any lack it: [`is_held_twice`](Self::is_held_twice), however much is missed.
    fn is_hardly_lacking(self, members: u64) -> bool {
        self.lacking(members) * 10 <= members
    }

    fn lacking(self, members: u64) -> u64 {
        members - u64::from(self.explained) - u64::from(self.held)
    }

    /// Whether so many have it that one role alone would not do: whatever a role grants, a few members lack; what two roles grant,
    /// hardly any does. `missed` of so many grants are lacking in all. Told apart where five would be expected to lack it, and
    /// hardly any does.
    fn is_held_twice(self, members: u64, (missed, granted): (u64, u64)) -> bool {
        let expected = members.saturating_mul(missed);
        expected >= 5 * granted && self.lacking(members) * 10 * granted <= expected
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

    use super::{super::in_order, *};
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
            let matrix = matrix(12, &rows);
            let settings = Layers { min_members: 2, ..Layers::default() };
            let of_rows: Runs = held.iter().collect();
            let members = of_rows.transposed(5);
            let known = Assigned { roles, held: of_rows };
            let fast = Counted::new(&matrix, &known, &members, &settings, None).contents(&members, &settings);
            prop_assert_eq!(fast, slow(&rows, &known.roles, &held, &settings));
        }

        #[test]
        fn counting_again_is_counting_anew(
            rows in lists(12, 20),
            roles in prop::collection::vec((prop::collection::btree_set(0..12_u32, 2..5), 1..8_u8), 1..8),
        ) {
            let matrix = matrix(12, &rows);
            let settings = Layers { min_members: 2, ..Layers::default() };
            // Most are in both.
            let some = |which: u8| {
                let some = roles.iter().filter(|(_, when)| *when != which);
                Assigned::new(&matrix, in_order(some.map(|(role, _)| role.iter().copied().collect()).collect()))
            };
            let (before, now) = (some(1), some(2));
            let counted = |known: &Assigned, before: Option<(&Assigned, &Counted)>| {
                Counted::new(&matrix, known, &known.held.transposed(known.roles.len()), &settings, before)
            };
            let old = counted(&before, None);
            prop_assert_eq!(counted(&now, Some((&before, &old))).of_role, counted(&now, None).of_role);
        }
    }
}
