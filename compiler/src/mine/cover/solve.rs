//! Solving a part of the kernel: a largest fooling set from below, a search for as few cliques from above.

use std::collections::BTreeMap;

use super::{
    assign::{self, Outcome},
    fooling, greedy, improve,
    kernel::{Neighbours, Part},
};
use crate::mine::{
    MineError, Progress,
    board::{BitBoard, Board, Edge},
};

/// Rows by columns of a part that the search may hold as bits (512 MiB for each of three tables); of a larger one only its lines are roles.
const MAX_CELLS: usize = 1 << 32;

/// Beyond this many pairs of compatible assignments in one part (128 MiB), the fooling set is not searched for, only taken as it comes.
const MAX_PAIRS: usize = 1 << 25;

/// A part of more assignments is not worth a certificate of its own: nobody could check it in reasonable time. Only its fooling set is
/// claimed.
const MAX_CERTIFIED: usize = 10_000;

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
    /// Steps taken.
    pub(super) steps: u64,
}

impl Solved {
    /// The edges that prove the bound: the fooling set where it reaches it, else the whole part.
    pub(super) fn evidence(&self) -> Vec<Edge> {
        if self.fooling.len() == self.bound { self.fooling.clone() } else { self.cliques.concat() }
    }
}

/// Covers the part by as few cliques as so many steps can find. A step is about a microsecond; a choice in a part of n assignments is
/// 1 + n / 16 of them.
pub(super) fn solve(
    board: &Board<'_>,
    part: &Part,
    max_steps: u64,
    progress: &dyn Progress,
) -> Result<Solved, MineError> {
    if let [edge] = part.edges.as_slice() {
        return Ok(Solved { cliques: vec![vec![*edge]], fooling: vec![*edge], bound: 1, steps: 0 });
    }
    let whole = part;
    let (matrix, part) = whole.alone(board);
    if matrix.rows.len().saturating_mul(matrix.columns.len()) > MAX_CELLS {
        return Ok(unsearched(board, whole));
    }
    let bits = BitBoard::new(&matrix);
    let neighbours = part.neighbours(&bits, MAX_PAIRS);
    let mut solver = Solver {
        board: &bits,
        part: &part,
        neighbours: neighbours.as_ref(),
        fooling: Vec::new(),
        bound: 0,
        best: by_line(&part),
        left: max_steps,
        price: 1 + part.edges.len() as u64 / 64,
        progress,
    };
    match &neighbours {
        Some(neighbours) => {
            for steps in FOOLING_STEPS {
                if solver.bound < solver.best.0 {
                    solver.take(fooling::search(neighbours, steps, progress)?)?;
                }
            }
        }
        None => solver.take(fooling::first_fit(board.matrix, whole))?,
    }
    solver.prove(solver.left / 8)?;
    solver.improve()?;
    if part.edges.len() <= MAX_CERTIFIED {
        solver.prove(solver.left)?;
    } else {
        solver.bound = solver.fooling.len();
    }
    let Solver { best, fooling, bound, left, .. } = solver;
    Ok(solved(&part, best, &fooling, bound, max_steps - left))
}

/// What can be said of a part that is too large to search.
pub(super) fn unsearched(board: &Board<'_>, part: &Part) -> Solved {
    let fooling = fooling::first_fit(board.matrix, part);
    let bound = fooling.len();
    solved(part, by_line(part), &fooling, bound, 0)
}

/// The cover that is always there: a clique for each row, or for each column, whichever makes fewer.
fn by_line(part: &Part) -> (usize, Vec<u32>) {
    let lines = |line: fn(&(usize, usize)) -> usize| {
        let mut numbers = BTreeMap::new();
        let clique_of: Vec<u32> = part
            .cells
            .iter()
            .map(|cell| {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                *numbers.entry(line(cell)).or_insert(next)
            })
            .collect();
        (numbers.len(), clique_of)
    };
    let (rows, columns) = (lines(|cell| cell.0), lines(|cell| cell.1));
    if rows.0 < columns.0 { rows } else { columns }
}

/// What became of a part, in terms of the whole board.
fn solved(part: &Part, (count, clique_of): (usize, Vec<u32>), fooling: &[u32], bound: usize, steps: u64) -> Solved {
    let mut cliques = vec![Vec::new(); count];
    for (&edge, clique) in part.edges.iter().zip(clique_of) {
        if let Some(clique) = cliques.get_mut(clique as usize) {
            clique.push(edge);
        }
    }
    let fooling = fooling.iter().filter_map(|&vertex| part.edges.get(vertex as usize).copied()).collect();
    Solved { cliques, fooling, bound, steps }
}

struct Solver<'a> {
    board: &'a BitBoard<'a>,
    part: &'a Part,
    neighbours: Option<&'a Neighbours>,
    fooling: Vec<u32>,
    /// Fewer cliques than this are impossible.
    bound: usize,
    /// How many cliques, and the clique of each vertex.
    best: (usize, Vec<u32>),
    /// Steps left.
    left: u64,
    /// The steps that a choice counts for.
    price: u64,
    progress: &'a dyn Progress,
}

impl Solver<'_> {
    /// Whether there is a gap, and steps left to close it.
    fn gap(&self) -> bool {
        self.bound < self.best.0 && self.left > 0
    }

    /// Tries to do with as many cliques as a larger fooling set has members.
    fn take(&mut self, fooling: Vec<u32>) -> Result<(), MineError> {
        if fooling.len() > self.fooling.len() {
            self.fooling = fooling;
            self.bound = self.bound.max(self.fooling.len());
            if self.gap() {
                self.attempt(self.bound, self.left / 8)?;
            }
        }
        Ok(())
    }

    /// Looks for a cover of so many cliques, fewer than the best has.
    fn attempt(&mut self, cliques: usize, steps: u64) -> Result<Outcome, MineError> {
        let mut nodes = (steps / self.price).max(1);
        let before = nodes;
        let outcome = assign::search(self.board, self.part, &self.fooling, cliques, &mut nodes, self.progress)?;
        // Setting the search up takes a while too.
        let setup = (self.part.edges.len() * cliques) as u64 / 512;
        self.left = self.left.saturating_sub(setup + (before - nodes) * self.price);
        match &outcome {
            Outcome::Found(clique_of) => {
                let count = clique_of.iter().max().map_or(0, |&last| last as usize + 1);
                self.best = (count, clique_of.clone());
            }
            Outcome::Impossible => self.bound = self.bound.max(cliques + 1),
            Outcome::Unknown => {}
        }
        Ok(outcome)
    }

    /// Does with ever fewer cliques, as long as half the steps allow.
    fn improve(&mut self) -> Result<(), MineError> {
        if self.gap() {
            let found = greedy::tiles(self.board, self.part, self.best.0, self.left.saturating_mul(64), self.progress)?;
            self.best = found.unwrap_or_else(|| std::mem::take(&mut self.best));
        }
        let mut slack = 1;
        while self.gap() && self.bound + slack < self.best.0 {
            if matches!(self.attempt(self.bound + slack, self.left / 32)?, Outcome::Found(_)) {
                break;
            }
            slack *= 2;
        }
        let Some(neighbours) = self.neighbours else { return Ok(()) };
        let reserve = self.left / 2;
        while self.gap() {
            let mut steps = self.left.saturating_sub(reserve);
            let before = steps;
            let (count, clique_of) = &self.best;
            let found = improve::one_less(neighbours, clique_of, *count, &mut steps, self.progress)?;
            self.left -= before - steps;
            match found {
                Some(clique_of) => self.best = (count - 1, clique_of),
                None => break,
            }
        }
        Ok(())
    }

    /// Raises the bound until a cover reaches it, as far as so many steps allow.
    fn prove(&mut self, steps: u64) -> Result<(), MineError> {
        let reserve = self.left.saturating_sub(steps);
        while self.gap() && self.left > reserve {
            if matches!(self.attempt(self.bound, self.left - reserve)?, Outcome::Unknown) {
                break;
            }
        }
        Ok(())
    }
}
