//! Who holds which roles, given what each role grants: everyone takes what explains most of what they hold, one role after the other.

use super::{Content, Entry};
use crate::{matrix::AccessMatrix, runs::Runs};

/// The roles of each row, in the order they were taken.
pub(super) fn assign(matrix: &AccessMatrix, roles: &[Content]) -> Runs {
    assign_by(matrix, roles, &|_, _| false)
}

/// The same, where of roles that explain as much a row takes one that it `prefers`, unless that grants more beyond.
pub(super) fn assign_by(matrix: &AccessMatrix, roles: &[Content], prefers: &(dyn Fn(u32, u32) -> bool + Sync)) -> Runs {
    let offer = Offer::new(matrix, roles);
    let room = || Room {
        open: vec![false; matrix.width()],
        open_of: vec![0; roles.len()],
        seen: Vec::new(),
        fitting: Vec::new(),
    };
    Runs::gathered(matrix.height(), room, |room, row, taken| {
        let prefers = |role: u32| prefers(row as u32, role);
        room.take_roles(matrix.row(row), &offer, &prefers, taken);
    })
}

/// What roles there are to take.
struct Offer<'r> {
    roles: &'r [Content],
    entries: Vec<Entry>,
    /// The roles that grant each column.
    with: Runs,
}

impl<'r> Offer<'r> {
    fn new(matrix: &AccessMatrix, roles: &'r [Content]) -> Self {
        let entries = roles.iter().map(|columns| Entry::of(matrix, columns)).collect();
        Self { roles, entries, with: roles.iter().collect::<Runs>().transposed(matrix.width()) }
    }

    /// The role as one that a row may take which holds so many of its columns; none where it may not.
    fn fitting(&self, role: u32, held: u32) -> Option<Fitting> {
        let entry = *self.entries.get(role as usize)?;
        let size = self.roles.get(role as usize)?.len() as u32;
        entry.fits(size, held).then_some(Fitting { role, entry, beyond: size.saturating_sub(held) })
    }
}

/// A role that a row may be a member of.
struct Fitting {
    role: u32,
    entry: Entry,
    /// How many of its columns the row lacks.
    beyond: u32,
}

/// Tables that a thread uses again and again: nothing but zeros and no between uses.
struct Room {
    /// Whether the row holds a column that none of the roles it took grants.
    open: Vec<bool>,
    /// For each role how many of its columns are open.
    open_of: Vec<u32>,
    seen: Vec<u32>,
    fitting: Vec<Fitting>,
}

impl Room {
    fn take_roles(&mut self, row: &[u32], offer: &Offer<'_>, prefers: &dyn Fn(u32) -> bool, taken: &mut Vec<u32>) {
        for &column in row {
            self.mark(column, true);
            for &role in offer.with.run(column as usize) {
                if let Some(count) = self.open_of.get_mut(role as usize) {
                    if *count == 0 {
                        self.seen.push(role);
                    }
                    *count += 1;
                }
            }
        }
        self.fitting.extend(self.seen.iter().filter_map(|&role| offer.fitting(role, count(&self.open_of, role))));
        self.fitting.sort_unstable_by_key(|fitting| fitting.role);
        while let Some(role) = self.best(prefers) {
            for &column in offer.roles.get(role as usize).into_iter().flatten() {
                if self.mark(column, false) {
                    for &other in offer.with.run(column as usize) {
                        if let Some(count) = self.open_of.get_mut(other as usize) {
                            *count -= 1;
                        }
                    }
                }
            }
            taken.push(role);
        }
        for role in self.seen.drain(..) {
            if let Some(count) = self.open_of.get_mut(role as usize) {
                *count = 0;
            }
        }
        for &column in row {
            self.mark(column, false);
        }
    }

    /// The role that explains most, less what it would grant beyond what is held; of equals the first, or the first that is preferred and
    /// grants no more beyond. None where none is worth it: what is not worth it now will not be later, so it is dropped, and so
    /// is one that was taken.
    fn best(&mut self, prefers: &dyn Fn(u32) -> bool) -> Option<u32> {
        let open_of = &self.open_of;
        self.fitting.retain(|fitting| fitting.entry.pays(count(open_of, fitting.role), fitting.beyond));
        let gain = |fitting: &Fitting| count(open_of, fitting.role) - fitting.beyond;
        let better = |known, of| {
            let is_as_good = gain(of) == gain(known) && of.beyond <= known.beyond;
            let is_better = gain(of) > gain(known) || is_as_good && prefers(of.role) && !prefers(known.role);
            if is_better { of } else { known }
        };
        self.fitting.iter().reduce(better).map(|best| best.role)
    }

    /// Marks a column; whether it was open.
    fn mark(&mut self, column: u32, open: bool) -> bool {
        self.open.get_mut(column as usize).is_some_and(|mark| std::mem::replace(mark, open))
    }
}

fn count(counts: &[u32], role: u32) -> u32 {
    counts.get(role as usize).copied().unwrap_or_default()
}
