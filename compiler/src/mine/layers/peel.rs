//! The first pass: layer after layer is taken off, the most widespread first.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::{Content, Entry, board::Board, evenly, guide::Guidance};
use crate::{
    mine::{MineError, Progress},
    spec::Layers,
};

/// Holders whose rows are counted, at most: enough to tell 90% from less.
const SAMPLE: usize = 1_024;

/// Partners of an entitlement that are tried, at most.
const PARTNERS: usize = 8;

/// Columns whose holders are looked up together, in parallel: what is explained then is explained for good.
const AHEAD: usize = 256;

/// Finds what roles grant, without exact members.
pub(super) fn peel(
    board: &mut Board<'_>,
    settings: &Layers,
    guidance: Option<&Guidance>,
    progress: &dyn Progress,
) -> Result<Vec<Content>, MineError> {
    let matrix = board.matrix;
    let mut columns: Vec<u32> = (0..).take(matrix.width()).collect();
    columns.sort_by_key(|&column| (Reverse(matrix.column(column as usize).len()), column));
    let mut peeler = Peeler {
        board,
        settings,
        counts: vec![0; matrix.width()],
        touched: Vec::new(),
        held: vec![0; matrix.height()],
        places: vec![0; matrix.width()],
    };
    let mut found = Vec::new();
    progress.stage("peeling layers", columns.len() as u64);
    let (usual, others) =
        columns.split_at(columns.partition_point(|&column| 2 * matrix.column(column as usize).len() > matrix.height()));
    peeler.peel(usual, &mut found, progress)?;
    // What hardly anybody lacks is everyone's; what is left of those who are known to be alike may be theirs.
    for group in
        guidance.filter(|_| !others.is_empty()).iter().flat_map(|guidance| guidance.groups(settings.min_members))
    {
        found.extend(peeler.next_of_group(&group));
    }
    peeler.peel(others, &mut found, progress)?;
    Ok(found)
}

struct Peeler<'b, 'a> {
    board: &'b mut Board<'a>,
    settings: &'b Layers,
    /// Room for counting columns: nothing but zeros between uses.
    counts: Vec<u32>,
    touched: Vec<u32>,
    /// Room for counting what rows hold: nothing but zeros between uses.
    held: Vec<u32>,
    /// Room for the places of columns in a list, from 1: nothing but zeros between uses.
    places: Vec<u32>,
}

/// Columns that go together, and about how many assignments less there are to keep up with them as a role.
struct Candidate {
    columns: Vec<u32>,
    gain: u64,
}

impl Peeler<'_, '_> {
    /// Finds the roles that start from these columns.
    fn peel(&mut self, columns: &[u32], found: &mut Vec<Content>, progress: &dyn Progress) -> Result<(), MineError> {
        for some in columns.chunks(AHEAD) {
            let board = &*self.board;
            let holders: Vec<Vec<u32>> = some.par_iter().map(|&column| board.open_holders(column)).collect();
            for (&column, mut holders) in some.iter().zip(holders) {
                if progress.cancelled() {
                    return Err(MineError::Cancelled);
                }
                while let Some(content) = self.next_of(column, &mut holders) {
                    found.push(content);
                }
                progress.advance(1);
            }
        }
        Ok(())
    }

    /// The best role that starts from this column, explained; none where no role is worth it. Of its holders some may be explained meanwhile.
    fn next_of(&mut self, column: u32, holders: &mut Vec<u32>) -> Option<Content> {
        holders.retain(|&row| self.board.is_open(row, column));
        if holders.len() < self.settings.min_members as usize {
            return None;
        }
        let candidates = self.candidates(column, holders);
        let (columns, members) = candidates.into_iter().find_map(|candidate| self.settle(candidate.columns))?;
        // Each member has two more explained at least, so this ends. The column itself may have settled out of it.
        self.board.explain(&members, &columns);
        Some(columns)
    }

    /// The role that starts from what most of some people share and nothing explains yet, explained. Who they are says where to look and
    /// nothing more: its members are whoever holds it, whatever their attributes, and it grants what nearly all of those hold.
    fn next_of_group(&mut self, group: &[u32]) -> Option<Content> {
        let rows = evenly(group, SAMPLE);
        let counted = self.count(&rows);
        let mut columns: Vec<u32> = counted
            .into_iter()
            .filter(|&(_, count)| 2 * count as usize > rows.len())
            .map(|(column, _)| column)
            .collect();
        columns.sort_unstable();
        let (columns, members) =
            Some(columns).filter(|columns| columns.len() > 1).and_then(|columns| self.settle(columns))?;
        self.board.explain(&members, &columns);
        Some(columns)
    }

    /// What goes with the column: among all its holders, and among those who hold another column too. The best comes first.
    fn candidates(&mut self, column: u32, holders: &[u32]) -> Vec<Candidate> {
        let rows = evenly(holders, SAMPLE);
        let counted = self.count(&rows);
        let all = self.closure(&counted, rows.len());
        let mut tried: Vec<u32> = all.clone();
        let mut found = Vec::from_iter(candidate(all, holders.len()));
        let mut partners: Vec<(u32, u32)> =
            counted.into_iter().filter(|&(_, count)| count >= 3 && count as usize * 25 >= rows.len()).collect();
        partners.sort_by_key(|&(partner, count)| (Reverse(count), partner));
        let with = Partners::new(&partners, holders, self.board, &mut self.places);
        let mut tries = 0;
        for (partner, _) in partners {
            if tries == PARTNERS {
                break;
            }
            if partner == column || tried.contains(&partner) {
                continue;
            }
            tries += 1;
            let both = with.of(partner, holders, self.board);
            if both.len() < self.settings.min_members as usize {
                continue;
            }
            let rows = evenly(&both, SAMPLE);
            let counted = self.count(&rows);
            let columns = self.closure(&counted, rows.len());
            tried.extend(&columns);
            found.extend(candidate(columns, both.len()));
        }
        found.sort_by_key(|candidate| Reverse(candidate.gain));
        found
    }

    /// From columns that go together in some rows to everyone who has them, and what those share; twice, which is enough to settle.
    fn settle(&mut self, mut columns: Vec<u32>) -> Option<(Vec<u32>, Vec<u32>)> {
        let mut members = Vec::new();
        for _ in 0..2 {
            number(&mut self.places, &columns, true);
            members = self.members(&columns);
            let rows = evenly(&members, SAMPLE);
            // What other roles explain for some of the members still belongs to this one.
            let mut settled = self.shared(&columns, &rows);
            number(&mut self.places, &columns, false);
            if members.len() < self.settings.min_members as usize {
                return None;
            }
            let counted = self.count(&rows);
            settled.extend(self.closure(&counted, rows.len()));
            settled.sort_unstable();
            settled.dedup();
            if settled.len() < 2 {
                return None;
            }
            let same = settled == columns;
            columns = settled;
            if same {
                break;
            }
        }
        Some((columns, members))
    }

    /// The rows that hold nearly all of the columns, which have their places, and would be explained better by a role with them.
    fn members(&mut self, columns: &[u32]) -> Vec<u32> {
        let matrix = self.board.matrix;
        let mut rows = Vec::new();
        for &column in columns {
            for &row in matrix.column(column as usize) {
                if let Some(held) = self.held.get_mut(row as usize) {
                    if *held == 0 {
                        rows.push(row);
                    }
                    *held += 1;
                }
            }
        }
        let (size, entry) = (columns.len() as u32, Entry::of(matrix, columns));
        rows.retain(|&row| {
            let held = self.held.get_mut(row as usize).map(std::mem::take).unwrap_or_default();
            let open = || self.board.open(row).iter().filter(|&&column| place(&self.places, column).is_some()).count();
            entry.fits(size, held) && entry.pays(open() as u32, size - held)
        });
        rows.sort_unstable();
        rows
    }

    /// Those of the columns, which have their places, that nearly all of the rows hold, explained or not; ascending.
    fn shared(&self, columns: &[u32], rows: &[u32]) -> Vec<u32> {
        let mut counts = vec![0; columns.len()];
        for &column in rows.iter().flat_map(|&row| self.board.matrix.row(row as usize)) {
            if let Some(count) = place(&self.places, column).and_then(|place| counts.get_mut(place)) {
                *count += 1;
            }
        }
        let many = |&(_, held): &(&u32, usize)| enough(held, rows.len(), self.settings);
        columns.iter().zip(counts).filter(many).map(|(&column, _)| column).collect()
    }

    /// How many of these rows hold each column that nothing explains yet.
    fn count(&mut self, rows: &[u32]) -> Vec<(u32, u32)> {
        for &column in rows.iter().flat_map(|&row| self.board.open(row)) {
            if let Some(count) = self.counts.get_mut(column as usize) {
                if *count == 0 {
                    self.touched.push(column);
                }
                *count += 1;
            }
        }
        let counts = &mut self.counts;
        let taken = |column| (column, counts.get_mut(column as usize).map(std::mem::take).unwrap_or_default());
        self.touched.drain(..).map(taken).collect()
    }

    /// The columns that nearly all of so many rows hold, ascending.
    fn closure(&self, counted: &[(u32, u32)], rows: usize) -> Vec<u32> {
        let mut columns: Vec<u32> = counted
            .iter()
            .filter(|&&(_, count)| enough(count as usize, rows, self.settings))
            .map(|&(column, _)| column)
            .collect();
        columns.sort_unstable();
        columns
    }
}

/// Who of some rows holds which partners that nothing explains yet.
struct Partners {
    /// The first of the partners.
    first: Vec<u32>,
    /// For each row a bit for each of them.
    bits: Vec<u64>,
}

impl Partners {
    fn new(partners: &[(u32, u32)], rows: &[u32], board: &Board<'_>, places: &mut [u32]) -> Self {
        let first: Vec<u32> = partners.iter().take(u64::BITS as usize).map(|&(partner, _)| partner).collect();
        number(places, &first, true);
        let bit = |&column: &u32| place(places, column).map_or(0, |place| 1 << place);
        let bits = rows.iter().map(|&row| board.open(row).iter().map(bit).sum()).collect();
        number(places, &first, false);
        Self { first, bits }
    }

    /// Those of the same rows that hold a partner.
    fn of(&self, partner: u32, rows: &[u32], board: &Board<'_>) -> Vec<u32> {
        match self.first.iter().position(|&first| first == partner) {
            Some(place) => {
                rows.iter().zip(&self.bits).filter(|(_, bits)| **bits >> place & 1 == 1).map(|(&row, _)| row).collect()
            }
            None => rows.iter().copied().filter(|&row| board.is_open(row, partner)).collect(),
        }
    }
}

/// Gives columns their places in a list, from 1, or takes them back.
fn number(places: &mut [u32], columns: &[u32], given: bool) {
    for (place, &column) in (1..).zip(columns) {
        if let Some(slot) = places.get_mut(column as usize) {
            *slot = if given { place } else { 0 };
        }
    }
}

/// The place of a column, from 0, where it has one.
fn place(places: &[u32], column: u32) -> Option<usize> {
    places.get(column as usize)?.checked_sub(1).map(|place| place as usize)
}

/// Whether so many of so many are nearly all: one fewer than the support asks for may be chance.
fn enough(held: usize, of: usize, settings: &Layers) -> bool {
    settings.support.met_by(held as u64 + 1, of as u64) && 2 * held > of
}

/// A role of two columns or more saves its members all but one assignment each.
fn candidate(columns: Vec<u32>, holders: usize) -> Option<Candidate> {
    let each = columns.len().checked_sub(1).filter(|&each| each > 0)? as u64;
    Some(Candidate { columns, gain: each * holders as u64 })
}
