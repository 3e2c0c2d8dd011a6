//! Doing with one clique less, by local search.
//!
//! The vertices of one clique are set free, and then one at a time put into whichever of the others throws out fewest of its members; what was thrown
//! out may not return there for a while. Done when nobody is left outside (partial colouring with a reactive tabu list: Blöchliger, Zufferey,
//! Computers & Operations Research 2008; cliques here are the colours there). The numbers are drawn from a fixed seed, so the outcome depends on
//! the graph only.

use super::kernel::Neighbours;
use crate::mine::{MineError, Progress, chance::Chance};

/// A vertex that is in no clique.
const OUTSIDE: u32 = u32::MAX;

/// Looks for a cover by one clique less than this one has; takes what it used off `steps`.
pub(super) fn one_less(
    neighbours: &Neighbours,
    clique_of: &[u32],
    cliques: usize,
    steps: &mut u64,
    progress: &dyn Progress,
) -> Result<Option<Vec<u32>>, MineError> {
    let Some(mut state) = State::new(neighbours, clique_of, cliques) else { return Ok(None) };
    for round in 0u64.. {
        if state.outside.is_empty() {
            return Ok(Some(state.clique_of));
        }
        if round % 64 == 0 && progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let cost = state.step(round);
        *steps = steps.saturating_sub(1 + cost / 64);
        if *steps == 0 {
            break;
        }
    }
    Ok(None)
}

struct State<'a> {
    neighbours: &'a Neighbours,
    clique_of: Vec<u32>,
    /// How many members each clique has.
    sizes: Vec<u32>,
    /// How many members of each clique are adjacent to each vertex: by vertex, then by clique.
    adjacent: Vec<u32>,
    /// The round until which a vertex may not join a clique; same layout.
    barred: Vec<u64>,
    members: Vec<Vec<u32>>,
    /// The vertices in no clique.
    outside: Vec<u32>,
    cliques: usize,
    chance: Chance,
}

/// More entries (512 MiB in the two tables) are too many.
const MAX_ENTRIES: usize = 1 << 25;

#[expect(
    clippy::indexing_slicing,
    reason = "vertices of the part index tables that have one entry, or one run of entries, for each vertex"
)]
impl<'a> State<'a> {
    /// The cover without its smallest clique.
    fn new(neighbours: &'a Neighbours, clique_of: &[u32], cliques: usize) -> Option<Self> {
        let size = neighbours.len();
        if cliques < 2 || size.saturating_mul(cliques) > MAX_ENTRIES {
            return None;
        }
        let mut sizes = vec![0u32; cliques];
        for &clique in clique_of {
            sizes[clique as usize] += 1;
        }
        let smallest = (0..cliques).min_by_key(|&clique| sizes[clique])?;
        let last = cliques - 1;
        let mut state = Self {
            neighbours,
            clique_of: vec![OUTSIDE; size],
            sizes: vec![0; last],
            adjacent: vec![0; size * last],
            barred: vec![0; size * last],
            members: vec![Vec::new(); last],
            outside: Vec::new(),
            cliques: last,
            chance: Chance::new(),
        };
        for (vertex, &clique) in (0..).zip(clique_of) {
            match clique as usize {
                clique if clique == smallest => state.outside.push(vertex),
                clique if clique == last => state.put(vertex, smallest),
                clique => state.put(vertex, clique),
            }
        }
        Some(state)
    }

    fn put(&mut self, vertex: u32, clique: usize) {
        self.clique_of[vertex as usize] = u32::try_from(clique).unwrap_or(OUTSIDE);
        self.sizes[clique] += 1;
        self.members[clique].push(vertex);
        for &near in &self.neighbours[vertex as usize] {
            self.adjacent[near as usize * self.cliques + clique] += 1;
        }
    }

    fn take_out(&mut self, vertex: u32, clique: usize) {
        self.clique_of[vertex as usize] = OUTSIDE;
        self.sizes[clique] -= 1;
        self.members[clique].retain(|&member| member != vertex);
        for &near in &self.neighbours[vertex as usize] {
            self.adjacent[near as usize * self.cliques + clique] -= 1;
        }
        self.outside.push(vertex);
    }

    /// The best allowed move, or a random one where none is; gives what it cost.
    fn step(&mut self, round: u64) -> u64 {
        let mut best: Option<(u32, usize, usize)> = None;
        let mut equals = 0;
        for (place, &vertex) in self.outside.iter().enumerate() {
            let from = vertex as usize * self.cliques;
            for clique in 0..self.cliques {
                let thrown_out = self.sizes[clique] - self.adjacent[from + clique];
                let better = best.is_none_or(|(least, ..)| thrown_out < least);
                if !better && best.is_some_and(|(least, ..)| thrown_out > least) {
                    continue;
                }
                if self.barred[from + clique] > round && thrown_out > 0 {
                    continue;
                }
                equals = if better { 1 } else { equals + 1 };
                if better || self.chance.below(equals) == 0 {
                    best = Some((thrown_out, place, clique));
                }
            }
        }
        let mut cost = (self.outside.len() * self.cliques) as u64;
        let (_, place, clique) =
            best.unwrap_or_else(|| (0, self.chance.below(self.outside.len()), self.chance.below(self.cliques)));
        let vertex = self.outside.swap_remove(place);
        let near = &self.neighbours[vertex as usize];
        let out: Vec<u32> =
            self.members[clique].iter().copied().filter(|member| near.binary_search(member).is_err()).collect();
        cost += near.len() as u64;
        self.put(vertex, clique);
        for other in out {
            self.take_out(other, clique);
            cost += self.neighbours[other as usize].len() as u64;
            let tenure = self.chance.below(10) + self.outside.len() * 6 / 10;
            self.barred[other as usize * self.cliques + clique] = round + 1 + tenure as u64;
        }
        cost
    }
}
