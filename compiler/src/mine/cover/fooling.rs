//! Fooling sets: assignments of which no two are compatible. Each needs a role of its own, so their number bounds the roles from below.
//!
//! A largest one is a maximum independent set of the compatibility graph. This is iterated local search (Andrade, Resende, Werneck,
//! Journal of Heuristics 2012): a member gives way to two others wherever that is possible, then a random vertex is forced in and
//! the set repaired. The numbers are drawn from a fixed seed, so the outcome depends on the graph only.

use super::kernel::{Neighbours, Part};
use crate::mine::{MineError, Progress, chance::Chance, collapse::Collapsed};

/// A large fooling set, ascending; `steps` limits the search.
pub(super) fn search(neighbours: &Neighbours, steps: u64, progress: &dyn Progress) -> Result<Vec<u32>, MineError> {
    let mut chance = Chance::new();
    let mut set = Independent::greedy(neighbours);
    set.improve(set.members());
    let (mut best, mut last) = (set.members(), set.count);
    set.log.clear();
    for step in 0..steps {
        if step % 1024 == 0 && progress.cancelled() {
            return Err(MineError::Cancelled);
        }
        let Some(outsider) = set.outsider(&mut chance) else { break };
        let disturbed = set.force(outsider);
        set.improve(disturbed);
        if set.count > best.len() {
            best = set.members();
        }
        // A smaller set is kept with a chance that falls with how much smaller it is.
        let (lost, behind) = (last.saturating_sub(set.count), best.len() - set.count);
        if lost > 0 && chance.below(1 + lost * behind) > 0 {
            set.roll_back();
        }
        set.log.clear();
        last = set.count;
    }
    Ok(best)
}

/// Some fooling set of a part too large to search: vertices that few can be compatible with first, as long as they fit; ascending.
pub(super) fn first_fit(matrix: &Collapsed, part: &Part) -> Vec<u32> {
    let mut order: Vec<(u64, u32, usize, usize)> = (0..)
        .zip(&part.cells)
        .map(|(vertex, &(row, column))| {
            let near = matrix.column(column).len() as u64 * matrix.row(row).len() as u64;
            (near, vertex, row, column)
        })
        .collect();
    order.sort_unstable();
    // Two of one column fit into one role, so each column has the row of one member at most.
    let mut row_of: Vec<Option<u32>> = vec![None; matrix.columns.len()];
    let mut vertices = Vec::new();
    for (_, vertex, row, column) in order {
        let held = matrix.row(row).iter();
        let mut members = held.filter_map(|&held| row_of.get(held as usize).copied().flatten());
        let (Ok(row), Ok(wide)) = (u32::try_from(row), u32::try_from(column)) else { continue };
        if members.all(|member| !matrix.holds(member, wide))
            && let Some(slot) = row_of.get_mut(column)
        {
            *slot = Some(row);
            vertices.push(vertex);
        }
    }
    vertices.sort_unstable();
    vertices
}

/// An independent set, and what was done to it since the log was last cleared.
struct Independent<'a> {
    neighbours: &'a Neighbours,
    inside: Vec<bool>,
    /// How many neighbours of each vertex are inside.
    tight: Vec<u32>,
    count: usize,
    /// Vertices that came in (true) or went out.
    log: Vec<(u32, bool)>,
    /// Scratch: the vertex whose neighbourhood a vertex was last marked for.
    mark: Vec<u32>,
    marks: u32,
}

#[expect(clippy::indexing_slicing, reason = "vertices of the part index tables that have one entry for each vertex")]
impl<'a> Independent<'a> {
    /// Takes in vertices by ascending number of neighbours, as long as they fit.
    fn greedy(neighbours: &'a Neighbours) -> Self {
        let size = neighbours.len();
        let mut set = Self {
            neighbours,
            inside: vec![false; size],
            tight: vec![0; size],
            count: 0,
            log: Vec::new(),
            mark: vec![0; size],
            marks: 0,
        };
        let mut order: Vec<u32> = (0..).take(size).collect();
        order.sort_by_key(|&vertex| neighbours[vertex as usize].len());
        for vertex in order {
            if set.is_free(vertex) {
                set.put(vertex, true);
            }
        }
        set
    }

    fn members(&self) -> Vec<u32> {
        (0..).zip(&self.inside).filter_map(|(vertex, &inside)| inside.then_some(vertex)).collect()
    }

    fn is_free(&self, vertex: u32) -> bool {
        !self.inside[vertex as usize] && self.tight[vertex as usize] == 0
    }

    /// A vertex that is not in the set; none when every vertex is.
    fn outsider(&self, chance: &mut Chance) -> Option<u32> {
        let size = self.inside.len();
        let start = chance.below(size);
        let found = (start..size).chain(0..start).find(|&vertex| !self.inside[vertex])?;
        u32::try_from(found).ok()
    }

    fn put(&mut self, vertex: u32, inside: bool) {
        self.inside[vertex as usize] = inside;
        self.log.push((vertex, inside));
        for &near in &self.neighbours[vertex as usize] {
            let tight = &mut self.tight[near as usize];
            *tight = if inside { *tight + 1 } else { tight.saturating_sub(1) };
        }
        self.count = if inside { self.count + 1 } else { self.count.saturating_sub(1) };
    }

    fn roll_back(&mut self) {
        while let Some((vertex, inside)) = self.log.pop() {
            self.put(vertex, !inside);
            self.log.pop();
        }
    }

    /// Puts a vertex in, its neighbours out, and whatever then fits in; gives the members whose neighbourhood changed.
    fn force(&mut self, vertex: u32) -> Vec<u32> {
        let neighbours = self.neighbours;
        let out: Vec<u32> =
            neighbours[vertex as usize].iter().copied().filter(|&near| self.inside[near as usize]).collect();
        for &near in &out {
            self.put(near, false);
        }
        self.put(vertex, true);
        let mut changed = vec![vertex];
        for near in out {
            self.fill_around(near, &mut changed);
        }
        changed
    }

    /// Takes in the neighbours of a vertex that went out, where they fit, and notes whose neighbourhood changed.
    fn fill_around(&mut self, vertex: u32, changed: &mut Vec<u32>) {
        let neighbours = self.neighbours;
        for &near in &neighbours[vertex as usize] {
            if self.is_free(near) {
                self.put(near, true);
                changed.push(near);
            } else if self.tight[near as usize] == 1 {
                changed.extend(neighbours[near as usize].iter().copied().filter(|&one| self.inside[one as usize]));
            }
        }
    }

    /// Swaps members for two others as long as that is possible, starting from these members.
    fn improve(&mut self, mut todo: Vec<u32>) {
        todo.sort_unstable();
        todo.dedup();
        while let Some(member) = todo.pop() {
            if !self.inside[member as usize] {
                continue;
            }
            if let Some((one, other)) = self.two_for(member) {
                self.put(member, false);
                self.put(one, true);
                self.put(other, true);
                todo.extend([one, other]);
                self.fill_around(member, &mut todo);
            }
        }
    }

    /// Two vertices that could stand where the member stands.
    fn two_for(&mut self, member: u32) -> Option<(u32, u32)> {
        let neighbours = self.neighbours;
        let near = &neighbours[member as usize];
        let loose: Vec<u32> = near.iter().copied().filter(|&vertex| self.tight[vertex as usize] == 1).collect();
        for &one in &loose {
            self.marks += 1;
            self.mark[one as usize] = self.marks;
            for &next in &neighbours[one as usize] {
                self.mark[next as usize] = self.marks;
            }
            if let Some(&other) = loose.iter().find(|&&other| self.mark[other as usize] != self.marks) {
                return Some((one, other));
            }
        }
        None
    }
}
