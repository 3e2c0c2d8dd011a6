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
//!
//! Most of the time A is u and B is p. That shows after few of X and few of Y, whatever their order, so they are not gathered first: rows and
//! columns are taken as they are found, those first that are in X or Y for sure, until nothing but e is left.

use rustc_hash::FxHashMap;

use crate::mine::{
    MineError, Progress,
    board::{Board, Edge},
};

/// Entries of lists to look at, at most: minutes. What the reduction has not come to by then stays in the kernel, which is sound.
const MAX_LOOKS: u64 = 1 << 36;

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
            work.examine(edge, row, column);
        }
        progress.advance((work.removed.len() - before) as u64);
        if work.removed.len() == before || work.looks >= MAX_LOOKS {
            break;
        }
    }
    let kept = (0..).zip(&work.left).filter_map(|(edge, &left)| left.then_some(edge));
    Ok(Reduction { kept: kept.collect(), removed: work.removed })
}

/// The state of a reduction.
struct Work<'a> {
    board: &'a Board<'a>,
    /// Which edges are left.
    left: Vec<bool>,
    /// The rows of each column with their edges, ascending; those that are gone are swept out when half of them are.
    columns: Vec<Vec<(u32, Edge)>>,
    gone: Vec<usize>,
    removed: Vec<(Edge, Edge)>,
    /// How many removals there had been when an edge was last examined, and one more; 0 if it was not.
    seen: Vec<u32>,
    /// How many removals there had been, that one included, at the last one in each column; and at the last one that touched N(e) for
    /// some e of this column. N(e) has changed since e was seen only if the latter is newer, and the former for some column of its row.
    last: Vec<u32>,
    touched: Vec<u32>,
    /// B of the edge under examination; room that is used again.
    shared: Vec<u32>,
    like: Like,
    /// How much was left of each row when no other was found to hold all of it; 0 where one was.
    unlike: Vec<u32>,
    /// For two columns, the first row of which something is left in the one and that has the other: none before it has.
    none_before: FxHashMap<(u32, u32), u32>,
    looks: u64,
}

/// The other rows, ascending, that hold all that is left of a row, as long as so much of it is left.
#[derive(Debug, Default)]
struct Like {
    row: u32,
    left: usize,
    rows: Vec<u32>,
    /// What the row holds and is not left of it, the rarest first.
    others: Vec<u32>,
}

#[expect(clippy::indexing_slicing, reason = "rows, columns and edges index tables that have one entry for each")]
impl<'a> Work<'a> {
    fn new(board: &'a Board<'a>) -> Self {
        let (size, width) = (board.edges.len(), board.matrix.columns.len());
        let mut columns: Vec<Vec<(u32, Edge)>> =
            board.matrix.columns.iter().map(|column| Vec::with_capacity(column.len())).collect();
        for (edge, &(row, column)) in (0..).zip(&board.edges) {
            columns[column as usize].push((row, edge));
        }
        Self {
            board,
            left: vec![true; size],
            columns,
            gone: vec![0; width],
            removed: Vec::new(),
            seen: vec![0; size],
            last: vec![0; width],
            touched: vec![0; width],
            shared: Vec::new(),
            like: Like::default(),
            unlike: vec![0; board.matrix.rows.len()],
            none_before: FxHashMap::default(),
            looks: 0,
        }
    }

    /// Removes everything that this edge makes redundant, if anything changed for it since it was last examined.
    fn examine(&mut self, edge: Edge, row: u32, column: u32) {
        while self.left[edge as usize] && self.is_stale(edge, row, column) && self.looks < MAX_LOOKS {
            self.seen[edge as usize] = self.now() + 1;
            let mut shared = std::mem::take(&mut self.shared);
            self.find_shared(row, column, &mut shared);
            for other in self.redundant(edge, row, column, &shared) {
                self.remove(other, edge);
            }
            self.shared = shared;
        }
    }

    fn now(&self) -> u32 {
        u32::try_from(self.removed.len()).unwrap_or(u32::MAX)
    }

    fn is_stale(&self, edge: Edge, row: u32, column: u32) -> bool {
        let Some(seen) = self.seen[edge as usize].checked_sub(1) else { return true };
        let mut held = self.board.matrix.row(row as usize).iter();
        self.touched[column as usize] > seen && held.any(|&other| self.last[other as usize] > seen)
    }

    /// What is left of a column.
    fn left_of(&self, column: u32) -> impl Iterator<Item = u32> + '_ {
        self.columns[column as usize].iter().filter(|&&(_, edge)| self.left[edge as usize]).map(|&(row, _)| row)
    }

    /// What is left of a row.
    fn left_in(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        let edges = self.board.edges_of(row as usize);
        let held = self.board.matrix.row(row as usize).iter();
        held.zip(&self.left[edges]).filter_map(|(&column, &left)| left.then_some(column))
    }

    /// Fills in B: what all rows of X hold of what this row holds.
    fn find_shared(&mut self, row: u32, column: u32, shared: &mut Vec<u32>) {
        let matrix = self.board.matrix;
        let held = matrix.row(row as usize);
        let mut looks = 0;
        shared.clear();
        shared.extend_from_slice(held);
        // Whether B can still shrink: it never loses p.
        let mut narrow = |met: u32| {
            looks += shared.len() as u64;
            keep_common(shared, matrix.row(met as usize));
            shared.len() > 1
        };
        // Who still has something in this column is in X for sure.
        if held.len() > 1 && self.left_of(column).all(&mut narrow) {
            let others = held.iter().filter(|&&other| other != column);
            let holders = matrix.column(column as usize);
            let entries: usize = others.clone().map(|&other| self.columns[other as usize].len()).sum();
            if entries < 8 * holders.len() {
                let rows = others.flat_map(|&other| self.left_of(other));
                let _ = rows.filter(|&met| matrix.holds(met, column)).all(&mut narrow);
                looks += entries as u64;
            } else {
                let meets = |&&met: &&u32| self.left_in(met).any(|other| held.binary_search(&other).is_ok());
                let _ = holders.iter().filter(meets).all(|&met| narrow(met));
                looks += 8 * holders.len() as u64;
            }
        }
        self.looks += looks;
    }

    /// What is left of A × B, without the edge itself.
    fn redundant(&mut self, edge: Edge, row: u32, column: u32, shared: &[u32]) -> Vec<Edge> {
        let mut sharing = self.sharing(row, column);
        if let Err(place) = sharing.binary_search(&row) {
            sharing.insert(place, row);
        }
        let edges = sharing.iter().flat_map(|&a| {
            let held = self.board.matrix.row(a as usize).iter().zip(self.board.edges_of(a as usize));
            held.filter(|(b, _)| shared.binary_search(b).is_ok()).map(|(_, other)| other)
        });
        let found = edges.filter(|&other| self.left[other] && other != edge as usize);
        found.filter_map(|other| Edge::try_from(other).ok()).collect()
    }

    /// The other rows of A, ascending: those that hold all of Y.
    fn sharing(&mut self, row: u32, column: u32) -> Vec<u32> {
        self.find_like(row);
        let like = std::mem::take(&mut self.like);
        let matrix = self.board.matrix;
        let mut sharing: Option<Vec<u32>> = None;
        for &other in &like.others {
            let now = sharing.as_ref().unwrap_or(&like.rows);
            if now.is_empty() {
                break;
            }
            // Of the rest of Y, only what one of them lacks matters.
            let few_hold_it = now.len() <= 8 && now.iter().all(|&a| matrix.holds(a, other));
            if !few_hold_it && self.is_in_y(other, column) {
                let holders = matrix.column(other as usize);
                let (fewer, more) =
                    if now.len() < holders.len() { (now.as_slice(), holders) } else { (holders, now.as_slice()) };
                let mut common = fewer.to_vec();
                keep_common(&mut common, more);
                self.looks += fewer.len() as u64;
                sharing = Some(common);
            }
        }
        let sharing = sharing.unwrap_or_else(|| like.rows.clone());
        self.like = like;
        sharing
    }

    /// Finds the other rows that hold what is left of this one, which is in Y for sure, whichever of its edges is examined.
    fn find_like(&mut self, row: u32) {
        let matrix = self.board.matrix;
        let size = |column: u32| matrix.column(column as usize).len();
        let count = self.left_in(row).count();
        if (self.like.row, self.like.left) == (row, count) {
            return;
        }
        // The rarest first, which fewest hold.
        let mut held: Vec<(usize, u32, bool)> = matrix
            .row(row as usize)
            .iter()
            .zip(&self.left[self.board.edges_of(row as usize)])
            .map(|(&column, &left)| (size(column), column, left))
            .collect();
        held.sort_unstable();
        let mut rows = Vec::new();
        if self.unlike[row as usize] as usize != count {
            let mut left = held.iter().filter(|held| held.2).map(|&(_, column, _)| matrix.column(column as usize));
            rows.extend(left.next().into_iter().flatten().copied().filter(|&other| other != row));
            for holders in left {
                self.looks += rows.len() as u64;
                keep_common(&mut rows, holders);
            }
            if rows.is_empty() {
                self.unlike[row as usize] = u32::try_from(count).unwrap_or_default();
            }
        }
        let others = held.into_iter().filter(|held| !held.2).map(|(_, column, _)| column).collect();
        self.like = Like { row, left: count, rows, others };
    }

    /// Whether anything is left of a column among the holders of another. What was looked at before need not be again, since what is left only
    /// becomes less.
    fn is_in_y(&mut self, other: u32, column: u32) -> bool {
        let from = self.none_before.entry((other, column)).or_default();
        let holders = self.board.matrix.column(column as usize);
        let rows = &self.columns[other as usize];
        let rows = &rows[rows.partition_point(|&(row, _)| row < *from)..];
        let holders = &holders[holders.partition_point(|row| row < from)..];
        let left = &self.left;
        let mut looks = 0;
        let found = if rows.len() <= holders.len() {
            let mut rows = rows.iter().inspect(|_| looks += 1);
            rows.find(|&&(row, edge)| left[edge as usize] && holders.binary_search(&row).is_ok()).map(|&(row, _)| row)
        } else {
            let mut holders = holders.iter().inspect(|_| looks += 1).copied();
            holders.find(|holder| {
                let place = rows.binary_search_by_key(holder, |&(row, _)| row);
                place.is_ok_and(|place| left[rows[place].1 as usize])
            })
        };
        *from = found.unwrap_or(u32::MAX);
        self.looks += looks;
        found.is_some()
    }

    fn remove(&mut self, edge: Edge, because: Edge) {
        self.left[edge as usize] = false;
        self.removed.push((edge, because));
        let now = self.now();
        let (row, column) = self.board.cell(edge);
        self.last[column] = now;
        for &column in self.board.matrix.row(row) {
            self.touched[column as usize] = now;
        }
        self.gone[column] += 1;
        let rows = &mut self.columns[column];
        if 2 * self.gone[column] > rows.len() {
            rows.retain(|&(_, edge)| self.left[edge as usize]);
            self.gone[column] = 0;
        }
    }
}

/// Keeps of a set what another has too; both ascend.
fn keep_common(set: &mut Vec<u32>, other: &[u32]) {
    if 16 * set.len() < other.len() || set.len() <= 4 {
        set.retain(|value| other.binary_search(value).is_ok());
        return;
    }
    let mut rest = other.iter().peekable();
    set.retain(|value| {
        while rest.next_if(|&other| other < value).is_some() {}
        rest.peek() == Some(&value)
    });
}

#[cfg(test)]
mod tests;
