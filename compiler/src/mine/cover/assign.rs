//! Covering a part of the kernel with so many cliques, by search.
//!
//! Every vertex must join one of k cliques. The members of the fooling set cannot share one, so each opens its own; what is
//! compatible with all members of a clique may join it. The vertex with the fewest choices goes next (a vertex with one has no
//! choice, a vertex with none ends the branch), and joins first where it spoils least for others. Where it spoils nothing at all, no
//! other choice need be tried. Cliques without members are all alike, so only the first of them is, and last.

use super::kernel::Part;
use crate::mine::{
    MineError, Progress,
    bits::{self, BitTable},
    board::BitBoard,
};

/// How a search ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The clique of each vertex.
    Found(Vec<u32>),
    /// There is no such cover.
    Impossible,
    /// The limit was reached first.
    Unknown,
}

/// Pairs of a vertex and a clique that the tables of a search may hold (512 MiB each, one bit for a pair); with more, nothing is tried.
const MAX_CHOICES: usize = 1 << 32;

/// Looks for a cover of the part by `cliques` cliques, of which each member of the fooling set opens one; tries at most
/// `nodes` choices and takes what it used off.
pub(super) fn search(
    board: &BitBoard<'_>,
    part: &Part,
    fooling: &[u32],
    cliques: usize,
    nodes: &mut u64,
    progress: &dyn Progress,
) -> Result<Outcome, MineError> {
    if part.edges.len().saturating_mul(cliques) > MAX_CHOICES {
        return Ok(Outcome::Unknown);
    }
    let mut state = State::new(board, part, cliques, fooling.len());
    for (clique, &vertex) in fooling.iter().enumerate() {
        state.open(vertex as usize, clique);
    }
    if !state.settle() {
        return Ok(Outcome::Impossible);
    }
    // Each level: where the trail stood before, the vertex, and the cliques still to try, best last.
    let mut levels: Vec<(usize, usize, usize, Vec<usize>)> = Vec::new();
    loop {
        if progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let Some(vertex) = state.next() else { return Ok(Outcome::Found(state.numbered())) };
        let choices = state.choices(vertex);
        levels.push((state.trail.len(), state.used, vertex, choices));
        // Down the best choice, or back to the last level that has another.
        loop {
            let Some((mark, used, vertex, choices)) = levels.last_mut() else { return Ok(Outcome::Impossible) };
            state.back_to(*mark);
            state.used = *used;
            let Some(clique) = choices.pop() else {
                levels.pop();
                continue;
            };
            if *nodes == 0 {
                return Ok(Outcome::Unknown);
            }
            *nodes -= 1;
            if state.join(*vertex, clique) {
                break;
            }
        }
    }
}

/// A change, to be undone.
enum Change {
    /// The vertex joined its clique.
    Joined { vertex: usize },
    /// The clique grew by a row or a column, or both; before, it took in these rows and columns.
    Grew { clique: usize, row: Option<usize>, column: Option<usize>, rows: Vec<u64>, columns: Vec<u64> },
    /// The vertex lost a choice.
    Lost { vertex: usize, clique: usize },
}

struct State<'a> {
    board: &'a BitBoard<'a>,
    cells: &'a [(usize, usize)],
    /// The vertices of each row, with their columns.
    by_row: Vec<Vec<(usize, u32)>>,
    clique: Vec<Option<usize>>,
    /// The vertices that are in no clique.
    outside: Vec<u64>,
    /// The cliques that each vertex may still join, and how many; and the other way round.
    choices: BitTable,
    counts: Vec<u32>,
    fitting: BitTable,
    /// The rows and columns that are compatible with all members of each clique.
    rows: BitTable,
    columns: BitTable,
    /// The rows and columns that its members have: every vertex in both is as good as a member.
    own_rows: BitTable,
    own_columns: BitTable,
    /// Cliques that have members; the others are all alike, so only the first of them is tried.
    used: usize,
    cliques: usize,
    trail: Vec<Change>,
}

#[expect(clippy::indexing_slicing, reason = "vertices of the part index tables that have one entry for each vertex")]
impl<'a> State<'a> {
    /// Every vertex may join every clique but the first few, which are still to be opened.
    fn new(board: &'a BitBoard<'a>, part: &'a Part, cliques: usize, to_open: usize) -> Self {
        let size = part.edges.len();
        let (height, width) = (board.matrix.rows.len(), board.matrix.columns.len());
        let (mut choices, mut fitting) = (BitTable::new(size, cliques), BitTable::new(cliques, size));
        for clique in to_open..cliques {
            (0..size).for_each(|vertex| bits::insert(choices.row_mut(vertex), clique));
            fitting.row_mut(clique).copy_from_slice(BitTable::full(1, size).row(0));
        }
        Self {
            board,
            cells: &part.cells,
            by_row: part.by_row(height),
            clique: vec![None; size],
            outside: BitTable::full(1, size).row(0).to_vec(),
            choices,
            counts: vec![u32::try_from(cliques - to_open).unwrap_or(u32::MAX); size],
            fitting,
            rows: BitTable::full(cliques, height),
            columns: BitTable::full(cliques, width),
            own_rows: BitTable::new(cliques, height),
            own_columns: BitTable::new(cliques, width),
            used: to_open,
            cliques,
            trail: Vec::new(),
        }
    }

    /// The vertex outside all cliques with the fewest choices.
    fn next(&self) -> Option<usize> {
        bits::ones(&self.outside).min_by_key(|&vertex| self.counts[vertex])
    }

    /// The clique of each vertex, numbered without gaps.
    fn numbered(&self) -> Vec<u32> {
        let mut number = vec![None; self.cliques];
        let mut count = 0;
        let numbers = self.clique.iter().map(|clique| {
            *number[clique.unwrap_or_default()].get_or_insert_with(|| {
                count += 1;
                count - 1
            })
        });
        numbers.collect()
    }

    /// The cliques a vertex may join, best last; one alone where that spoils nothing for others.
    fn choices(&self, vertex: usize) -> Vec<usize> {
        let mut scored: Vec<(bool, u64, usize)> = bits::ones(self.choices.row(vertex))
            .take_while(|&clique| clique <= self.used)
            .map(|clique| (clique == self.used, self.spoils(vertex, clique), clique))
            .collect();
        scored.sort_unstable_by(|one, other| other.cmp(one));
        match scored.last() {
            Some(&(_, 0, clique)) => vec![clique],
            _ => scored.into_iter().map(|(.., clique)| clique).collect(),
        }
    }

    /// What other vertices lose when this one joins: a vertex with few choices loses more.
    fn spoils(&self, vertex: usize, clique: usize) -> u64 {
        let (row, column) = self.cells[vertex];
        let (rows, columns) = (self.board.columns.row(column), self.board.rows.row(row));
        let losers = bits::ones_of_both(self.fitting.row(clique), &self.outside).filter(|&other| {
            let (a, b) = self.cells[other];
            !(bits::contains(rows, a) && bits::contains(columns, b))
        });
        let fewer = u32::try_from(self.cliques.saturating_sub(self.used)).unwrap_or(u32::MAX);
        losers.map(|other| 1 << 32u32.saturating_sub(self.counts[other].saturating_sub(fewer))).sum()
    }

    /// Opens a clique with a vertex: what is compatible with it may join.
    fn open(&mut self, vertex: usize, clique: usize) {
        let (row, column) = self.cells[vertex];
        for &holder in self.board.matrix.column(column) {
            for &(other, near) in &self.by_row[holder as usize] {
                if self.board.holds(row, other) {
                    bits::insert(self.choices.row_mut(near as usize), clique);
                    bits::insert(self.fitting.row_mut(clique), near as usize);
                    self.counts[near as usize] += 1;
                }
            }
        }
        self.grow(vertex, clique);
    }

    /// Puts every vertex that has one choice into that one; false where one has none.
    fn settle(&mut self) -> bool {
        let mut todo = Vec::new();
        for vertex in bits::ones(&self.outside) {
            match self.counts[vertex] {
                0 => return false,
                1 => todo.extend(bits::ones(self.choices.row(vertex)).map(|clique| (vertex, clique))),
                _ => {}
            }
        }
        self.join_all(todo)
    }

    /// Puts a vertex into a clique, and every vertex that then has one choice into that one; false where a vertex has none left.
    fn join(&mut self, vertex: usize, clique: usize) -> bool {
        self.join_all(vec![(vertex, clique)])
    }

    fn join_all(&mut self, mut todo: Vec<(usize, usize)>) -> bool {
        while let Some((vertex, clique)) = todo.pop() {
            if self.clique[vertex].is_some() {
                continue;
            }
            if !bits::contains(self.choices.row(vertex), clique) {
                return false;
            }
            self.used = self.used.max(clique + 1);
            self.grow(vertex, clique);
            if !self.narrow(clique, &mut todo) {
                return false;
            }
        }
        true
    }

    /// Gives a clique the row and the column of a vertex, and takes in every vertex that this covers.
    fn grow(&mut self, vertex: usize, clique: usize) {
        let (row, column) = self.cells[vertex];
        let new_row = !bits::contains(self.own_rows.row(clique), row);
        let new_column = !bits::contains(self.own_columns.row(clique), column);
        self.trail.push(Change::Grew {
            clique,
            row: new_row.then_some(row),
            column: new_column.then_some(column),
            rows: self.rows.row(clique).to_vec(),
            columns: self.columns.row(clique).to_vec(),
        });
        bits::insert(self.own_rows.row_mut(clique), row);
        bits::insert(self.own_columns.row_mut(clique), column);
        bits::intersect(self.rows.row_mut(clique), self.board.columns.row(column));
        bits::intersect(self.columns.row_mut(clique), self.board.rows.row(row));
        let rows: Vec<usize> = if new_column { bits::ones(self.own_rows.row(clique)).collect() } else { vec![row] };
        for a in rows {
            for &(b, other) in &self.by_row[a] {
                let other = other as usize;
                let covered = bits::contains(self.own_columns.row(clique), b) && self.clique[other].is_none();
                if covered && (a == row || b == column) {
                    self.clique[other] = Some(clique);
                    bits::remove(&mut self.outside, other);
                    self.trail.push(Change::Joined { vertex: other });
                }
            }
        }
    }

    /// Takes the clique from the choices of every vertex that no longer fits it, and notes vertices that have one choice left; false where
    /// one has none.
    fn narrow(&mut self, clique: usize, todo: &mut Vec<(usize, usize)>) -> bool {
        let (rows, columns) = (self.rows.row(clique), self.columns.row(clique));
        let lost: Vec<usize> = bits::ones_of_both(self.fitting.row(clique), &self.outside)
            .filter(|&other| {
                let (a, b) = self.cells[other];
                !(bits::contains(rows, a) && bits::contains(columns, b))
            })
            .collect();
        for other in lost {
            bits::remove(self.choices.row_mut(other), clique);
            bits::remove(self.fitting.row_mut(clique), other);
            self.counts[other] -= 1;
            self.trail.push(Change::Lost { vertex: other, clique });
            match self.counts[other] {
                0 => return false,
                1 => todo.extend(bits::ones(self.choices.row(other)).map(|clique| (other, clique))),
                _ => {}
            }
        }
        true
    }

    fn back_to(&mut self, mark: usize) {
        while self.trail.len() > mark {
            match self.trail.pop() {
                Some(Change::Joined { vertex }) => {
                    self.clique[vertex] = None;
                    bits::insert(&mut self.outside, vertex);
                }
                Some(Change::Grew { clique, row, column, rows, columns }) => {
                    row.into_iter().for_each(|row| bits::remove(self.own_rows.row_mut(clique), row));
                    column.into_iter().for_each(|column| bits::remove(self.own_columns.row_mut(clique), column));
                    self.rows.row_mut(clique).copy_from_slice(&rows);
                    self.columns.row_mut(clique).copy_from_slice(&columns);
                }
                Some(Change::Lost { vertex, clique }) => {
                    bits::insert(self.choices.row_mut(vertex), clique);
                    bits::insert(self.fitting.row_mut(clique), vertex);
                    self.counts[vertex] += 1;
                }
                None => break,
            }
        }
    }
}
