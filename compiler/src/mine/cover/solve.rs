//! Solving a part of the kernel: a largest fooling set from below, a search for as few cliques from above.

use super::{
    assign::{self, Outcome},
    board::{Board, Edge},
    fooling,
    kernel::Part,
};
use crate::mine::{MineError, Progress};

/// Beyond this many pairs of compatible assignments in one part (128 MiB), the fooling set is not searched for, only taken as it comes.
const MAX_PAIRS: usize = 1 << 25;

/// Steps of the search for a fooling set: at first, and where that set leaves a gap.
const FOOLING_STEPS: [u64; 2] = [128, 4096];

/// A part and what became of it.
#[derive(Debug)]
pub(super) struct Solved {
    /// Cliques that cover the part; each edge is in one.
    pub(super) cliques: Vec<Vec<Edge>>,
    /// A fooling set of the part, ascending.
    pub(super) fooling: Vec<Edge>,
    /// How few cliques can do at least.
    pub(super) bound: usize,
    /// Choices tried.
    pub(super) nodes: u64,
}

impl Solved {
    /// The edges that prove the bound: the fooling set where it reaches it, else the whole part.
    pub(super) fn evidence(&self) -> Vec<Edge> {
        if self.fooling.len() == self.bound { self.fooling.clone() } else { self.cliques.concat() }
    }
}

/// Covers the part by as few cliques as `max_nodes` choices can find.
pub(super) fn solve(
    board: &Board<'_>,
    part: &Part,
    max_nodes: u64,
    progress: &dyn Progress,
) -> Result<Solved, MineError> {
    if let [edge] = part.edges.as_slice() {
        return Ok(Solved { cliques: vec![vec![*edge]], fooling: vec![*edge], bound: 1, nodes: 0 });
    }
    let mut solver =
        Solver { board, part, fooling: Vec::new(), bound: 0, failed: 0, best: None, left: max_nodes, progress };
    match part.neighbours(board, MAX_PAIRS) {
        Some(neighbours) => {
            for steps in FOOLING_STEPS {
                if solver.best.is_none() {
                    solver.take(fooling::search(&neighbours, steps, progress)?)?;
                }
            }
        }
        None => solver.take(fooling::first_fit(board, part))?,
    }
    solver.find_any()?;
    solver.narrow()?;
    Ok(solver.solved(max_nodes))
}

struct Solver<'a> {
    board: &'a Board<'a>,
    part: &'a Part,
    fooling: Vec<u32>,
    /// Fewer cliques than this are impossible.
    bound: usize,
    /// The most cliques that a search has not been able to do with.
    failed: usize,
    /// How many cliques, and the clique of each vertex.
    best: Option<(usize, Vec<u32>)>,
    /// Choices left.
    left: u64,
    progress: &'a dyn Progress,
}

impl Solver<'_> {
    /// Tries to do with as many cliques as a larger fooling set has members.
    fn take(&mut self, fooling: Vec<u32>) -> Result<(), MineError> {
        if fooling.len() > self.fooling.len() {
            self.fooling = fooling;
            self.bound = self.bound.max(self.fooling.len());
            self.attempt(self.bound, self.left / 4)?;
        }
        Ok(())
    }

    /// Looks for a cover of so many cliques with so many choices.
    fn attempt(&mut self, cliques: usize, nodes: u64) -> Result<(), MineError> {
        let mut left = nodes;
        let outcome = assign::search(self.board, self.part, &self.fooling, cliques, &mut left, self.progress)?;
        self.left = self.left.saturating_sub(nodes - left);
        match outcome {
            Outcome::Found(clique_of) => {
                let count = clique_of.iter().max().map_or(0, |&last| last as usize + 1);
                self.best = Some((count, clique_of));
            }
            Outcome::Impossible => {
                self.bound = self.bound.max(cliques + 1);
                self.failed = self.failed.max(cliques);
            }
            Outcome::Unknown => self.failed = self.failed.max(cliques),
        }
        Ok(())
    }

    /// Finds some cover: with few cliques more than the bound first, then with ever more. This much is done whatever the limit,
    /// and ends, because with as many cliques as vertices a search never has to go back.
    fn find_any(&mut self) -> Result<(), MineError> {
        let size = self.part.edges.len();
        let mut more = 1;
        while self.best.is_none() {
            let cliques = (self.failed + more).clamp(self.bound, size);
            self.attempt(cliques, (self.left / 8).max(size as u64))?;
            more *= 2;
        }
        Ok(())
    }

    /// Closes the gap between the bound and the best as far as the limit allows: halving it first, then from below.
    fn narrow(&mut self) -> Result<(), MineError> {
        while let Some(count) = self.gap() {
            let from = self.failed.max(self.bound - 1);
            if from + 1 >= count {
                break;
            }
            self.attempt(from.midpoint(count).max(from + 1), self.left.div_ceil(2))?;
        }
        while self.gap().is_some() {
            let bound = self.bound;
            self.attempt(bound, self.left)?;
            if self.bound == bound {
                break;
            }
        }
        Ok(())
    }

    /// The size of the best cover, while that is more than the bound and choices are left.
    fn gap(&self) -> Option<usize> {
        let count = self.best.as_ref()?.0;
        (count > self.bound && self.left > 0).then_some(count)
    }

    fn solved(self, max_nodes: u64) -> Solved {
        let (count, clique_of) = self.best.unwrap_or_default();
        let mut cliques = vec![Vec::new(); count];
        for (&edge, clique) in self.part.edges.iter().zip(clique_of) {
            if let Some(clique) = cliques.get_mut(clique as usize) {
                clique.push(edge);
            }
        }
        let fooling = self.fooling.iter().filter_map(|&vertex| self.part.edges.get(vertex as usize).copied()).collect();
        Solved { cliques, fooling, bound: self.bound, nodes: max_nodes - self.left }
    }
}
