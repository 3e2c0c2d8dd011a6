//! Who holds which roles, given what each role grants: everyone takes what explains most of what they hold, one role after the other.

use std::cmp::Ordering;

use super::{Content, Entry, in_turn};
use crate::{matrix::AccessMatrix, runs::Runs};

/// Roles in their order, and the roles of each row, as they were taken.
pub(super) struct Assigned {
    pub(super) roles: Vec<Content>,
    pub(super) held: Runs,
}

impl Assigned {
    /// These roles, which are in order.
    pub(super) fn new(matrix: &AccessMatrix, roles: Vec<Content>) -> Self {
        let held = assign(matrix, &roles);
        Self { roles, held }
    }

    /// What [`new`](Self::new) gives for other roles, by less work where most are the same: whoever had no role that is gone, and would take none
    /// that is new even if nothing else explained what they hold, chooses as before, since a role that is not taken changes no choice.
    pub(super) fn again(&self, matrix: &AccessMatrix, roles: Vec<Content>) -> Self {
        let Change { places, new } = Change::between(&self.roles, &roles);
        if new.len() * 2 > roles.len() {
            return Self::new(matrix, roles);
        }
        let (is_more, offer, new) = (!new.is_empty(), Offer::new(matrix, &roles), Offer::new(matrix, &new));
        let held = Runs::gathered(
            matrix.height(),
            || Room::new(matrix, &roles),
            |room, row, taken| {
                let columns = matrix.row(row);
                let before = taken.len();
                taken.extend(self.held.run(row).iter().filter_map(|&role| *places.get(role as usize)?));
                let keeps_all = taken.len() - before == self.held.run(row).len();
                if !keeps_all || is_more && room.may_take_any(columns, &new) {
                    taken.truncate(before);
                    room.take_roles(columns, &offer, &|_| false, taken);
                }
            },
        );
        Self { roles, held }
    }

    /// The place of each role among others, which are in order too; none where it is not among them.
    pub(super) fn places_in(&self, others: &[Content]) -> Vec<Option<u32>> {
        Change::between(&self.roles, others).places
    }
}

/// What becomes of some roles, both lists being in order.
struct Change {
    /// The place of each among those there are now; none where it is gone.
    places: Vec<Option<u32>>,
    /// Those that were not there.
    new: Vec<Content>,
}

impl Change {
    fn between(before: &[Content], now: &[Content]) -> Self {
        let (mut places, mut new) = (Vec::with_capacity(before.len()), Vec::new());
        let mut now = (0..).zip(now).peekable();
        for old in before {
            while let Some((_, added)) = now.next_if(|(_, role)| in_turn(role, old) == Ordering::Less) {
                new.push(added.clone());
            }
            places.push(now.next_if(|(_, role)| *role == old).map(|(place, _)| place));
        }
        new.extend(now.map(|(_, role)| role.clone()));
        Self { places, new }
    }
}

/// The roles of each row, in the order they were taken.
pub(super) fn assign(matrix: &AccessMatrix, roles: &[Content]) -> Runs {
    assign_by(matrix, roles, &|_, _| false)
}

/// The same, where of roles that explain as much a row takes one that it `prefers`, unless that grants more beyond.
pub(super) fn assign_by(matrix: &AccessMatrix, roles: &[Content], prefers: &(dyn Fn(u32, u32) -> bool + Sync)) -> Runs {
    let offer = Offer::new(matrix, roles);
    Runs::gathered(
        matrix.height(),
        || Room::new(matrix, roles),
        |room, row, taken| {
            let prefers = |role: u32| prefers(row as u32, role);
            room.take_roles(matrix.row(row), &offer, &prefers, taken);
        },
    )
}
/// How many keys of a role whoever may have it holds, at least; all that it takes, where that is fewer.
const KEYS: usize = 2;

/// What roles there are to take.
struct Offer {
    contents: Runs,
    entries: Vec<Entry>,
    /// For each column the roles that have it among their keys: the columns with the fewest holders, as many as it takes that whoever
    /// holds enough of all columns holds as many of these as `hits` says.
    keys: Runs,
    hits: Vec<u32>,
}

impl Offer {
    fn new(matrix: &AccessMatrix, roles: &[Content]) -> Self {
        let entries: Vec<Entry> = roles.iter().map(|columns| Entry::of(matrix, columns)).collect();
        let (mut keys, mut hits) = (Runs::default(), Vec::with_capacity(roles.len()));
        for (columns, entry) in roles.iter().zip(&entries) {
            let least = entry.least(columns.len() as u32) as usize;
            let hit = least.min(KEYS);
            let mut rarest = columns.clone();
            rarest.sort_by_key(|&column| matrix.column(column as usize).len());
            keys.push(rarest.into_iter().take((columns.len() + hit).saturating_sub(least)));
            hits.push(hit as u32);
        }
        Self { contents: roles.iter().collect(), entries, keys: keys.transposed(matrix.width()), hits }
    }
}

/// A role that a row may be a member of.
struct Fitting {
    role: u32,
    entry: Entry,
    /// How many of its columns the row lacks.
    beyond: u32,
    /// How many of its columns the row holds that none of the roles it took grants.
    open: u32,
    /// Which columns of the row it grants: the place of its first word among those of all.
    grants: usize,
}

/// Tables that a thread uses again and again: nothing but zeros and no between uses.
struct Room {
    /// For each column that the row holds its place in the row, from 1.
    places: Vec<u32>,
    /// For each role how many of its keys the row holds.
    hits: Vec<u32>,
    seen: Vec<u32>,
    fitting: Vec<Fitting>,
    /// Which columns of the row each role grants that fits, as bits: so many words for each.
    grants: Vec<u64>,
    /// Which columns of the row none of the roles it took grants.
    open: Vec<u64>,
}

impl Room {
    fn new(matrix: &AccessMatrix, roles: &[Content]) -> Self {
        Self {
            places: vec![0; matrix.width()],
            hits: vec![0; roles.len()],
            seen: Vec::new(),
            fitting: Vec::new(),
            grants: Vec::new(),
            open: Vec::new(),
        }
    }

    /// Whether a row would take any of these roles, of which there are no more than there is room for, if nothing explained what it holds.
    fn may_take_any(&mut self, row: &[u32], offer: &Offer) -> bool {
        self.fit(row, offer);
        self.fitting.drain(..).any(|fitting| fitting.entry.pays(fitting.open, fitting.beyond))
    }

    fn take_roles(&mut self, row: &[u32], offer: &Offer, prefers: &dyn Fn(u32) -> bool, taken: &mut Vec<u32>) {
        self.fit(row, offer);
        self.open.clear();
        self.open.resize(words(row), u64::MAX);
        while let Some((role, grants)) = self.best(prefers) {
            taken.push(role);
            let grants = self.grants.get(grants..).unwrap_or(&[]);
            for (open, grants) in self.open.iter_mut().zip(grants) {
                *open &= !grants;
            }
            for fitting in &mut self.fitting {
                let grants = self.grants.get(fitting.grants..).unwrap_or(&[]);
                fitting.open = self.open.iter().zip(grants).map(|(open, grants)| (open & grants).count_ones()).sum();
            }
        }
    }

    /// Finds the roles that fit the row, in their order.
    fn fit(&mut self, row: &[u32], offer: &Offer) {
        for (place, &column) in (1..).zip(row) {
            if let Some(slot) = self.places.get_mut(column as usize) {
                *slot = place;
            }
            for &role in offer.keys.run(column as usize) {
                if let Some(hits) = self.hits.get_mut(role as usize) {
                    if *hits == 0 {
                        self.seen.push(role);
                    }
                    *hits += 1;
                }
            }
        }
        self.grants.clear();
        for role in self.seen.drain(..) {
            if self.hits.get_mut(role as usize).map(std::mem::take) >= offer.hits.get(role as usize).copied() {
                let (columns, grants) = (offer.contents.run(role as usize), self.grants.len());
                self.grants.resize(grants + words(row), 0);
                let mut held = 0;
                for &column in columns {
                    let place = self.places.get(column as usize).and_then(|place| place.checked_sub(1));
                    let Some(place) = place.map(|place| place as usize) else { continue };
                    if let Some(word) = self.grants.get_mut(grants + place / 64) {
                        *word |= 1 << (place % 64);
                        held += 1;
                    }
                }
                let (size, entry) = (columns.len() as u32, offer.entries.get(role as usize));
                let entry = entry.copied().filter(|entry| entry.fits(size, held));
                self.fitting.extend(entry.map(|entry| Fitting {
                    role,
                    entry,
                    beyond: size - held,
                    open: held,
                    grants,
                }));
            }
        }
        self.fitting.sort_unstable_by_key(|fitting| fitting.role);
        for &column in row {
            if let Some(slot) = self.places.get_mut(column as usize) {
                *slot = 0;
            }
        }
    }

    /// The role that explains most, less what it would grant beyond what is held; of equals the first, or the first that is preferred and
    /// grants no more beyond. None where none is worth it: what is not worth it now will not be later, so it is dropped, and so
    /// is one that was taken. With it comes where its bits are.
    fn best(&mut self, prefers: &dyn Fn(u32) -> bool) -> Option<(u32, usize)> {
        self.fitting.retain(|fitting| fitting.entry.pays(fitting.open, fitting.beyond));
        let gain = |fitting: &Fitting| fitting.open - fitting.beyond;
        let better = |known, of| {
            let is_as_good = gain(of) == gain(known) && of.beyond <= known.beyond;
            let is_better = gain(of) > gain(known) || is_as_good && prefers(of.role) && !prefers(known.role);
            if is_better { of } else { known }
        };
        self.fitting.iter().reduce(better).map(|best| (best.role, best.grants))
    }
}

/// How many words have a bit for each column of a row.
fn words(row: &[u32]) -> usize {
    row.len().div_ceil(u64::BITS as usize)
}
