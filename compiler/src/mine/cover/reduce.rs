//! The reduction: removing every assignment that some other assignment makes redundant.
//!
//! Two assignments (u, p) and (a, b) are *compatible* when u holds b and a holds p: one role can grant both. N(e) is what is left of
//! the matrix that is compatible with e, and e itself. Where N(e) ⊆ N(f), any role that grants e can grant f too, so f need
//! not be looked at again: it is removed, and joins e's role at the end (Ene et al., SACMAT 2008, in the bipartite form of
//! the compatibility graph).
//!
//! N(e) is the part of a rectangle that is left: the holders of p by the entitlements of u. With X its rows and Y its columns, f = (a, b) is
//! compatible with all of it exactly when a holds all of Y and b is held by all of X. So one examination of e
//! finds every f at once: A = the rows that hold all of Y, B = the columns that all of X hold, and what is left of A × B goes.

use crate::mine::{
    MineError, Progress,
    bits::{self, BitTable},
    board::{Board, Edge},
};

/// What the reduction leaves.
#[derive(Debug, Default)]
pub(super) struct Reduction {
    /// Edges that nothing makes redundant, ascending.
    pub(super) kept: Vec<Edge>,
    /// Edges that were removed, each with the edge that made it redundant, in order of removal.
    pub(super) removed: Vec<(Edge, Edge)>,
}

/// Reduces to the fixpoint.
pub(super) fn reduce(board: &Board<'_>, progress: &dyn Progress) -> Result<Reduction, MineError> {
    progress.stage("removing redundant assignments", board.edges.len() as u64);
    let mut work = Work::new(board);
    loop {
        let before = work.removed.len();
        for (edge, &(row, column)) in (0..).zip(&board.edges) {
            if edge % 256 == 0 && progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            work.examine(edge, row as usize, column as usize);
        }
        progress.advance((work.removed.len() - before) as u64);
        if work.removed.len() == before {
            break;
        }
    }
    let kept = (0..).zip(&board.edges);
    let kept = kept.filter(|&(_, &(row, column))| work.left(row as usize, column as usize)).map(|(edge, _)| edge);
    Ok(Reduction { kept: kept.collect(), removed: work.removed })
}

/// The state of a reduction.
struct Work<'a> {
    board: &'a Board<'a>,
    /// What is left, both ways round.
    rows: BitTable,
    columns: BitTable,
    removed: Vec<(Edge, Edge)>,
    /// How many removals there had been when an edge was last examined; none if it was not.
    seen: Vec<Option<usize>>,
    /// How many removals there had been, that one included, at the last one that touched N(e) for some e of this row; of this column.
    /// Where N(e) has changed since e was seen, both are newer.
    row_touched: Vec<usize>,
    column_touched: Vec<usize>,
    sets: Sets,
}

/// X, Y, A and B of the edge under examination.
struct Sets {
    x: Vec<u64>,
    y: Vec<u64>,
    a: Vec<u64>,
    b: Vec<u64>,
}

impl<'a> Work<'a> {
    fn new(board: &'a Board<'a>) -> Self {
        let (high, wide) = (vec![0; board.columns.words()], vec![0; board.rows.words()]);
        Self {
            board,
            rows: board.rows.clone(),
            columns: board.columns.clone(),
            removed: Vec::new(),
            seen: vec![None; board.edges.len()],
            row_touched: vec![0; board.matrix.rows.len()],
            column_touched: vec![0; board.matrix.columns.len()],
            sets: Sets { x: high.clone(), y: wide.clone(), a: high, b: wide },
        }
    }

    fn left(&self, row: usize, column: usize) -> bool {
        bits::contains(self.rows.row(row), column)
    }

    /// Removes everything that this edge makes redundant, if anything changed for it since it was last examined.
    fn examine(&mut self, edge: Edge, row: usize, column: usize) {
        while self.left(row, column) && self.is_stale(edge, row, column) {
            if let Some(seen) = self.seen.get_mut(edge as usize) {
                *seen = Some(self.removed.len());
            }
            self.find(row, column);
            let found = self.redundant(edge);
            for &(other, a, b) in &found {
                self.remove(other, a, b, edge);
            }
        }
    }

    fn is_stale(&self, edge: Edge, row: usize, column: usize) -> bool {
        let Some(seen) = self.seen.get(edge as usize).copied().flatten() else { return true };
        self.row_touched.get(row).is_some_and(|&at| at > seen)
            && self.column_touched.get(column).is_some_and(|&at| at > seen)
    }

    /// Fills in A and B for the edge in this cell, by whichever side takes fewer words to look at.
    fn find(&mut self, row: usize, column: usize) {
        let by_rows = self.board.matrix.column(column).len() * self.board.rows.words();
        let by_columns = self.board.matrix.row(row).len() * self.board.columns.words();
        let Sets { x, y, a, b } = &mut self.sets;
        let (holders, held) = (self.board.columns.row(column), self.board.rows.row(row));
        if by_rows <= by_columns {
            gather(self.board.matrix.column(column), &self.rows, &self.board.rows, held, y, b);
            shared_by(y, &self.board.columns, holders, a);
        } else {
            gather(self.board.matrix.row(row), &self.columns, &self.board.columns, holders, x, a);
            shared_by(x, &self.board.rows, held, b);
        }
    }

    /// What is left of A × B, without the edge itself.
    fn redundant(&self, edge: Edge) -> Vec<(Edge, usize, usize)> {
        let mut found = Vec::new();
        for a in bits::ones(&self.sets.a) {
            for b in self.board.matrix.row(a).iter().map(|&b| b as usize) {
                if bits::contains(&self.sets.b, b) && self.left(a, b) {
                    found.extend(self.board.edge(a, b).filter(|&other| other != edge).map(|other| (other, a, b)));
                }
            }
        }
        found
    }

    fn remove(&mut self, edge: Edge, row: usize, column: usize, because: Edge) {
        bits::remove(self.rows.row_mut(row), column);
        bits::remove(self.columns.row_mut(column), row);
        self.removed.push((edge, because));
        let now = self.removed.len();
        for &column in self.board.matrix.row(row) {
            if let Some(touched) = self.column_touched.get_mut(column as usize) {
                *touched = now;
            }
        }
        for &row in self.board.matrix.column(column) {
            if let Some(touched) = self.row_touched.get_mut(row as usize) {
                *touched = now;
            }
        }
    }
}

/// Over the `lines` whose rest in `left` meets `within`: what those rests have in `within` together, and what of `within` all
/// of the lines have in full.
fn gather(lines: &[u32], left: &BitTable, full: &BitTable, within: &[u64], together: &mut [u64], shared: &mut [u64]) {
    together.fill(0);
    shared.copy_from_slice(within);
    let mut may_shrink = true;
    for &line in lines {
        let mut met = 0;
        for ((together, rest), within) in together.iter_mut().zip(left.row(line as usize)).zip(within) {
            let both = rest & within;
            met |= both;
            *together |= both;
        }
        if met != 0 && may_shrink {
            bits::intersect(shared, full.row(line as usize));
            may_shrink = is_more_than_one(shared);
        }
    }
}

/// What of `within` all of these lines have.
fn shared_by(lines: &[u64], full: &BitTable, within: &[u64], shared: &mut [u64]) {
    shared.copy_from_slice(within);
    for line in bits::ones(lines) {
        bits::intersect(shared, full.row(line));
        if !is_more_than_one(shared) {
            break;
        }
    }
}

/// Whether a set can still shrink: A and B never lose the edge itself.
fn is_more_than_one(set: &[u64]) -> bool {
    let mut words = set.iter().filter(|&&word| word != 0);
    words.next().is_some_and(|word| !word.is_power_of_two()) || words.next().is_some()
}
