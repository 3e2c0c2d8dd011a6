//! Choosing few rectangles of a pool that together leave little out.

use std::collections::BTreeSet;

use super::{
    deviate::{Fewer, shared, weight},
    rebuild::Role,
};
use crate::mine::{
    MineError, Progress,
    bits::{self, BitTable},
    board::Board,
};

/// With more largest rectangles than this, not every choice is tried.
const MAX_LARGEST: usize = 256;

/// All largest rectangles of the matrix, where they are few: what rows share, for every set of rows.
pub(super) fn largest(board: &Board<'_>) -> Option<Vec<Role>> {
    let mut intents: BTreeSet<Vec<u32>> = BTreeSet::new();
    for held in &board.matrix.rows {
        let met: Vec<Vec<u32>> = intents
            .iter()
            .map(|intent| intent.iter().copied().filter(|column| held.binary_search(column).is_ok()).collect())
            .collect();
        intents.extend(met.into_iter().filter(|intent: &Vec<u32>| !intent.is_empty()));
        intents.insert(held.clone());
        if intents.len() > MAX_LARGEST {
            return None;
        }
    }
    let role = |columns: Vec<u32>| Role {
        rows: shared(&columns, board.matrix.rows.len(), |column| board.matrix.column(column)),
        columns,
    };
    Some(intents.into_iter().map(role).collect())
}

/// How much work a choice may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Effort {
    /// Steps, each 64 cells looked at.
    pub(super) steps: u64,
    /// Whether every choice is tried, with as many steps again.
    pub(super) exhaustive: bool,
}

/// As few of the pool as leave out no more than the allowance, and no more than there are in `known`, which is such a choice.
pub(super) fn choose(
    board: &Board<'_>,
    pool: &[Role],
    known: Vec<Role>,
    allowance: u64,
    effort: Effort,
    progress: &dyn Progress,
) -> Result<Fewer, MineError> {
    let cells = Cells::new(board, pool);
    let looks = effort.steps.saturating_mul(64);
    let taken = cells.exchanged(cells.pruned(allowance), allowance, looks, progress)?;
    let mut best = if taken.len() <= known.len() {
        taken.iter().filter_map(|&place| pool.get(place)).cloned().collect()
    } else {
        known
    };
    if !effort.exhaustive {
        return Ok(Fewer { roles: best, proved: false });
    }
    let (cells, mut left) = (cells.as_sets(), effort.steps);
    while !best.is_empty() {
        let mut chosen = Vec::new();
        let open = BitTable::full(1, cells.weights.len());
        match cells.search(open.row(0), allowance, best.len() - 1, &mut chosen, &mut left, progress)? {
            Some(true) => best = chosen.iter().filter_map(|&place| pool.get(place)).cloned().collect(),
            Some(false) => return Ok(Fewer { roles: best, proved: true }),
            None => return Ok(Fewer { roles: best, proved: false }),
        }
    }
    Ok(Fewer { roles: best, proved: true })
}

/// The cells that each rectangle of the pool grants, as edges of the board.
struct Cells {
    weights: Vec<u64>,
    of: Vec<Vec<u32>>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "places of the pool and edges of the board index tables that have one entry for each"
)]
impl Cells {
    fn new(board: &Board<'_>, pool: &[Role]) -> Self {
        let weights = board.edges.iter().map(|&(row, column)| weight(board, row, column)).collect();
        let edges = |role: &Role| {
            let cells = role.rows.iter().flat_map(|&row| role.columns.iter().map(move |&column| (row, column)));
            cells.filter_map(|(row, column)| board.edge(row as usize, column as usize)).collect()
        };
        Self { weights, of: pool.iter().map(edges).collect() }
    }

    /// The same, as bits.
    fn as_sets(&self) -> Sets<'_> {
        let set = |cells: &Vec<u32>| {
            let mut set = vec![0; self.weights.len().div_ceil(64)];
            cells.iter().for_each(|&cell| bits::insert(&mut set, cell as usize));
            set
        };
        Sets { weights: &self.weights, of: self.of.iter().map(set).collect() }
    }

    /// How many of these rectangles grant each cell.
    fn times(&self, taken: &[usize]) -> Vec<u32> {
        let mut times = vec![0_u32; self.weights.len()];
        for &place in taken {
            self.of[place].iter().for_each(|&cell| times[cell as usize] += 1);
        }
        times
    }

    /// All of the pool, less those that are missed least, as long as the allowance goes.
    fn pruned(&self, mut allowance: u64) -> Vec<usize> {
        let mut taken: Vec<usize> = (0..self.of.len()).collect();
        let mut times = self.times(&taken);
        // What is missed only grows, so what was missed before bounds what is missed now.
        let missed = |place: usize, times: &[u32]| -> u64 {
            let alone = self.of[place].iter().filter(|&&cell| times[cell as usize] == 1);
            alone.map(|&cell| self.weights[cell as usize]).sum()
        };
        let mut queue: BTreeSet<(u64, usize)> = taken.iter().map(|&place| (missed(place, &times), place)).collect();
        while let Some((before, place)) = queue.pop_first() {
            let now = missed(place, &times);
            if now > before {
                queue.insert((now, place));
                continue;
            }
            let Some(left) = allowance.checked_sub(now) else { break };
            allowance = left;
            self.of[place].iter().for_each(|&cell| times[cell as usize] -= 1);
            taken.retain(|&other| other != place);
        }
        taken
    }

    /// Exchanges one for another that grants more in all, and leaves out what that makes needless, until nothing is won or so many cells were
    /// looked at.
    fn exchanged(
        &self,
        mut taken: Vec<usize>,
        allowance: u64,
        mut looks: u64,
        progress: &dyn Progress,
    ) -> Result<Vec<usize>, MineError> {
        let mut granting = vec![Vec::new(); self.weights.len()];
        for (place, cells) in self.of.iter().enumerate() {
            cells.iter().for_each(|&cell| granting[cell as usize].push(place));
        }
        let mut times = self.times(&taken);
        let mut open: BTreeSet<u32> =
            (0..).zip(&times).filter(|&(_, &times)| times == 0).map(|(cell, _)| cell).collect();
        let mut missing: u64 = open.iter().map(|&cell| self.weights[cell as usize]).sum();
        let mut gains = vec![0_u64; self.of.len()];
        let (mut place, mut since) = (0, 0);
        while since < taken.len() && looks > 0 {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            place %= taken.len();
            let old = taken[place];
            for &cell in &self.of[old] {
                times[cell as usize] -= 1;
                if times[cell as usize] == 0 {
                    open.insert(cell);
                    missing += self.weights[cell as usize];
                }
            }
            if missing <= allowance {
                taken.remove(place);
                since = 0;
                continue;
            }
            let met = || open.iter().flat_map(|&cell| granting[cell as usize].iter().map(move |&new| (cell, new)));
            met().for_each(|(cell, new)| gains[new] += self.weights[cell as usize]);
            let best = met().map(|(_, new)| (gains[new], std::cmp::Reverse(new))).max();
            let new = best.filter(|&(gain, _)| gain > gains[old]).map_or(old, |(_, std::cmp::Reverse(new))| new);
            let seen = met().map(|(_, new)| gains[new] = 0).count();
            looks = looks.saturating_sub((seen + self.of[old].len() + self.of[new].len()) as u64);
            for &cell in &self.of[new] {
                if times[cell as usize] == 0 {
                    open.remove(&cell);
                    missing -= self.weights[cell as usize];
                }
                times[cell as usize] += 1;
            }
            since = if new == old { since + 1 } else { 0 };
            taken[place] = new;
            place += 1;
        }
        Ok(taken)
    }
}

/// The cells that each rectangle of the pool grants, as bits.
struct Sets<'a> {
    weights: &'a [u64],
    of: Vec<Vec<u64>>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "places of the pool and edges of the board index tables that have one entry for each"
)]
impl Sets<'_> {
    fn weigh(&self, cells: impl Iterator<Item = usize>) -> u64 {
        cells.map(|cell| self.weights[cell]).sum()
    }

    /// Whether so many can leave out no more than the allowance: the heaviest open cell is granted by one of those that have it, or left out. None when
    /// the steps are used up.
    fn search(
        &self,
        open: &[u64],
        allowance: u64,
        most: usize,
        chosen: &mut Vec<usize>,
        steps: &mut u64,
        progress: &dyn Progress,
    ) -> Result<Option<bool>, MineError> {
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let Some(left) = steps.checked_sub(1 + self.of.len() as u64) else { return Ok(None) };
        *steps = left;
        let missing = self.weigh(bits::ones(open));
        if missing <= allowance {
            return Ok(Some(true));
        }
        let mut gains: Vec<(u64, usize)> =
            (0..self.of.len()).map(|place| (self.weigh(bits::ones_of_both(&self.of[place], open)), place)).collect();
        gains.sort_unstable_by(|one, other| other.cmp(one));
        let reach: u64 = gains.iter().take(most).map(|&(gain, _)| gain).sum();
        if reach + allowance < missing {
            return Ok(Some(false));
        }
        let Some(cell) = bits::ones(open).max_by_key(|&cell| (self.weights[cell], std::cmp::Reverse(cell))) else {
            return Ok(Some(true));
        };
        for &(_, place) in gains.iter().filter(|&&(_, place)| bits::contains(&self.of[place], cell)) {
            let mut rest = open.to_vec();
            bits::subtract(&mut rest, &self.of[place]);
            chosen.push(place);
            match self.search(&rest, allowance, most - 1, chosen, steps, progress)? {
                Some(false) => drop(chosen.pop()),
                found => return Ok(found),
            }
        }
        let Some(allowance) = allowance.checked_sub(self.weights[cell]) else { return Ok(Some(false)) };
        let mut rest = open.to_vec();
        bits::remove(&mut rest, cell);
        self.search(&rest, allowance, most, chosen, steps, progress)
    }
}
