//! Who holds which roles, given what each role grants: everyone takes what explains most of what they hold, one role after the other.

use rayon::prelude::*;

use super::{Content, Entry};
use crate::matrix::AccessMatrix;

/// The roles of each row, in the order they were taken.
pub(super) fn assign(matrix: &AccessMatrix, roles: &[Content]) -> Vec<Vec<u32>> {
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
            || Room { held: vec![0; roles.len()], seen: Vec::new() },
            |room, row| room.roles_of(matrix.row(row), roles, &entries, &with),
        )
        .collect()
}

struct Room {
    /// For each role how many of its columns the row holds: nothing but zeros between uses.
    held: Vec<u32>,
    seen: Vec<u32>,
}

impl Room {
    fn roles_of(&mut self, row: &[u32], roles: &[Content], entries: &[Entry], with: &[Vec<u32>]) -> Vec<u32> {
        for &column in row {
            for &role in with.get(column as usize).into_iter().flatten() {
                if let Some(held) = self.held.get_mut(role as usize) {
                    if *held == 0 {
                        self.seen.push(role);
                    }
                    *held += 1;
                }
            }
        }
        let mut fitting: Vec<u32> = Vec::new();
        for role in self.seen.drain(..) {
            let held = self.held.get_mut(role as usize).map(std::mem::take).unwrap_or_default();
            let size = roles.get(role as usize).map_or(0, |columns| columns.len() as u32);
            if entries.get(role as usize).is_some_and(|entry| entry.fits(size, held)) {
                fitting.push(role);
            }
        }
        fitting.sort_unstable();
        let mut open: Vec<u32> = row.to_vec();
        let mut taken = Vec::new();
        while let Some((role, columns)) = best(&fitting, roles, entries, row, &open) {
            open.retain(|column| columns.binary_search(column).is_err());
            fitting.retain(|&other| other != role);
            taken.push(role);
        }
        taken
    }
}

/// The role that explains most, less what it would grant beyond what is held; the first of equals. None where none is worth it.
fn best<'r>(
    fitting: &[u32],
    roles: &'r [Content],
    entries: &[Entry],
    row: &[u32],
    open: &[u32],
) -> Option<(u32, &'r Content)> {
    let mut best: Option<(i64, u32, &Content)> = None;
    for &role in fitting {
        let Some((columns, entry)) = roles.get(role as usize).zip(entries.get(role as usize)) else { continue };
        let explains = common(columns, open) as u32;
        let beyond = (columns.len() - common(columns, row)) as u32;
        let gain = i64::from(explains) - i64::from(beyond);
        if entry.pays(explains, beyond) && best.is_none_or(|(most, ..)| gain > most) {
            best = Some((gain, role, columns));
        }
    }
    best.map(|(_, role, columns)| (role, columns))
}

/// How many elements two ascending lists share; quick where one is short.
fn common(short: &[u32], long: &[u32]) -> usize {
    short.iter().filter(|value| long.binary_search(value).is_ok()).count()
}
