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

/// As few of the pool as leave out no more than the allowance, and no more than there are in `known`, which is such a choice. With `steps`, every choice
/// is tried, as far as they go.
pub(super) fn choose(
    board: &Board<'_>,
    pool: &[Role],
    known: Vec<Role>,
    allowance: u64,
    steps: Option<u64>,
    progress: &dyn Progress,
) -> Result<Fewer, MineError> {
    let cells = Cells::new(board, pool);
    let taken = cells.exchanged(cells.pruned(allowance), allowance, progress)?;
    let mut best = if taken.len() <= known.len() {
        taken.iter().filter_map(|&place| pool.get(place)).cloned().collect()
    } else {
        known
    };
    let Some(mut left) = steps else { return Ok(Fewer { roles: best, proved: false }) };
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

/// The cells that each rectangle of the pool grants, as bits over the edges of the board.
struct Cells {
    weights: Vec<u64>,
    of: Vec<Vec<u64>>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "places of the pool and edges of the board index tables that have one entry for each"
)]
impl Cells {
    fn new(board: &Board<'_>, pool: &[Role]) -> Self {
        let weights: Vec<u64> = board.edges.iter().map(|&(row, column)| weight(board, row, column)).collect();
        let of = pool
            .iter()
            .map(|role| {
                let mut cells = vec![0; weights.len().div_ceil(64)];
                for &row in &role.rows {
                    for &column in &role.columns {
                        if let Some(edge) = board.edge(row as usize, column as usize) {
                            bits::insert(&mut cells, edge as usize);
                        }
                    }
                }
                cells
            })
            .collect();
        Self { weights, of }
    }

    fn weigh(&self, cells: impl Iterator<Item = usize>) -> u64 {
        cells.map(|cell| self.weights[cell]).sum()
    }

    /// All of the pool, less those that are missed least, as long as the allowance goes.
    fn pruned(&self, mut allowance: u64) -> Vec<usize> {
        let mut taken: Vec<usize> = (0..self.of.len()).collect();
        let mut times = vec![0_u32; self.weights.len()];
        for &place in &taken {
            bits::ones(&self.of[place]).for_each(|cell| times[cell] += 1);
        }
        // What is missed only grows, so what was missed before bounds what is missed now.
        let missed =
            |place: usize, times: &[u32]| self.weigh(bits::ones(&self.of[place]).filter(|&cell| times[cell] == 1));
        let mut queue: BTreeSet<(u64, usize)> = taken.iter().map(|&place| (missed(place, &times), place)).collect();
        while let Some((before, place)) = queue.pop_first() {
            let now = missed(place, &times);
            if now > before {
                queue.insert((now, place));
                continue;
            }
            let Some(left) = allowance.checked_sub(now) else { break };
            allowance = left;
            bits::ones(&self.of[place]).for_each(|cell| times[cell] -= 1);
            taken.retain(|&other| other != place);
        }
        taken
    }

    /// Exchanges one for another that grants more in all, and leaves out what that makes needless, until nothing is won.
    fn exchanged(
        &self,
        mut taken: Vec<usize>,
        allowance: u64,
        progress: &dyn Progress,
    ) -> Result<Vec<usize>, MineError> {
        let mut times = vec![0_u32; self.weights.len()];
        for &place in &taken {
            bits::ones(&self.of[place]).for_each(|cell| times[cell] += 1);
        }
        let mut place = 0;
        let mut since = 0;
        while since < taken.len() {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            place %= taken.len();
            let old = taken[place];
            bits::ones(&self.of[old]).for_each(|cell| times[cell] -= 1);
            let missing = self.weigh((0..times.len()).filter(|&cell| times[cell] == 0));
            if missing <= allowance {
                taken.remove(place);
                since = 0;
                continue;
            }
            let gain = |new: usize| self.weigh(bits::ones(&self.of[new]).filter(|&cell| times[cell] == 0));
            let kept = gain(old);
            let best = (0..self.of.len()).map(|new| (gain(new), std::cmp::Reverse(new))).max();
            let new = best.filter(|&(gain, _)| gain > kept).map_or(old, |(_, std::cmp::Reverse(new))| new);
            bits::ones(&self.of[new]).for_each(|cell| times[cell] += 1);
            since = if new == old { since + 1 } else { 0 };
            taken[place] = new;
            place += 1;
        }
        Ok(taken)
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
