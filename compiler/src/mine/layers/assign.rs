//! Who holds which roles, given what each role grants: everyone takes what explains most of what they hold, one role after the other.

use rayon::prelude::*;

use super::{Content, Entry};
use crate::matrix::AccessMatrix;

/// The roles of each row, in the order they were taken.
pub(super) fn assign(matrix: &AccessMatrix, roles: &[Content]) -> Vec<Vec<u32>> {
    assign_by(matrix, roles, &|_, _| false)
}

/// The same, where of roles that explain as much a row takes one that it `prefers`, unless that grants more beyond.
pub(super) fn assign_by(
    matrix: &AccessMatrix,
    roles: &[Content],
    prefers: &(dyn Fn(u32, u32) -> bool + Sync),
) -> Vec<Vec<u32>> {
    let entries: Vec<Entry> = roles.iter().map(|columns| Entry::of(matrix, columns)).collect();
    let mut with: Vec<Vec<u32>> = vec![Vec::new(); matrix.width()];
    for (role, columns) in (0..).zip(roles) {
        for &column in columns {
            if let Some(with) = with.get_mut(column as usize) {
                with.push(role);
            }
        }
    }
    (0..matrix.height())
        .into_par_iter()
        .with_min_len(64)
        .map_init(
            || Room { held: vec![0; roles.len()], seen: Vec::new(), marks: vec![Mark::Lacked; matrix.width()] },
            |room, row| {
                let prefers = |role: u32| u32::try_from(row).is_ok_and(|row| prefers(row, role));
                room.roles_of(matrix.row(row), roles, &entries, &with, &prefers)
            },
        )
        .collect()
}

/// Tables that a thread uses again and again: they are as at the start between uses.
struct Room {
    /// For each role how many of its columns the row holds.
    held: Vec<u32>,
    seen: Vec<u32>,
    /// What the row has to do with each column.
    marks: Vec<Mark>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Lacked,
    /// Held, and granted by no role yet.
    Open,
    Explained,
}

/// A role that a row may be a member of.
struct Fitting<'r> {
    role: u32,
    columns: &'r Content,
    entry: Entry,
    /// How many of its columns the row lacks.
    beyond: u32,
}

impl Room {
    fn roles_of(
        &mut self,
        row: &[u32],
        roles: &[Content],
        entries: &[Entry],
        with: &[Vec<u32>],
        prefers: &dyn Fn(u32) -> bool,
    ) -> Vec<u32> {
        for &column in row {
            self.mark(column, Mark::Open);
            for &role in with.get(column as usize).into_iter().flatten() {
                if let Some(held) = self.held.get_mut(role as usize) {
                    if *held == 0 {
                        self.seen.push(role);
                    }
                    *held += 1;
                }
            }
        }
        let mut fitting: Vec<Fitting<'_>> = Vec::new();
        for role in self.seen.drain(..) {
            let held = self.held.get_mut(role as usize).map(std::mem::take).unwrap_or_default();
            let Some((columns, &entry)) = roles.get(role as usize).zip(entries.get(role as usize)) else { continue };
            let size = columns.len() as u32;
            if entry.fits(size, held) {
                fitting.push(Fitting { role, columns, entry, beyond: size.saturating_sub(held) });
            }
        }
        fitting.sort_unstable_by_key(|fitting| fitting.role);
        let mut taken = Vec::new();
        while let Some(place) = self.best(&fitting, prefers) {
            let Fitting { role, columns, .. } = fitting.remove(place);
            for &column in columns {
                if self.is_open(column) {
                    self.mark(column, Mark::Explained);
                }
            }
            taken.push(role);
        }
        row.iter().for_each(|&column| self.mark(column, Mark::Lacked));
        taken
    }

    /// The place of the role that explains most, less what it would grant beyond what is held; of equals the first, or the first that is
    /// preferred and grants no more beyond. None where none is worth it.
    fn best(&self, fitting: &[Fitting<'_>], prefers: &dyn Fn(u32) -> bool) -> Option<usize> {
        let mut best: Option<(i64, usize, &Fitting<'_>)> = None;
        for (place, of) in fitting.iter().enumerate() {
            let explains = of.columns.iter().filter(|&&column| self.is_open(column)).count() as u32;
            let gain = i64::from(explains) - i64::from(of.beyond);
            let is_better = |(most, _, known): (i64, usize, &Fitting<'_>)| {
                let is_as_good = gain == most && of.beyond <= known.beyond;
                gain > most || is_as_good && prefers(of.role) && !prefers(known.role)
            };
            if of.entry.pays(explains, of.beyond) && best.is_none_or(is_better) {
                best = Some((gain, place, of));
            }
        }
        best.map(|(_, place, _)| place)
    }

    fn is_open(&self, column: u32) -> bool {
        self.marks.get(column as usize) == Some(&Mark::Open)
    }

    fn mark(&mut self, column: u32, as_what: Mark) {
        if let Some(mark) = self.marks.get_mut(column as usize) {
            *mark = as_what;
        }
    }
}
