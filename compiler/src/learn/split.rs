//! The best test for a node: the largest gain ratio among tests of at least average gain.

use rayon::prelude::*;

use super::{
    entropy::{BIT, Entropy},
    records::{Kind, Records},
};

/// A test, and so the branches below a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Split {
    /// A branch for each value of an attribute.
    Each {
        /// Which.
        attribute: usize,
    },
    /// Whether an attribute is, or has, a value: yes first, then no.
    Has {
        /// Which.
        attribute: usize,
        /// The value.
        code: u32,
    },
    /// Whether a number is at most a value: yes first, then no.
    AtMost {
        /// Which.
        attribute: usize,
        /// The value.
        code: u32,
    },
}

/// Everything that a choice depends on but the node.
#[derive(Debug)]
pub(super) struct Splitter<'a> {
    pub(super) records: &'a Records,
    pub(super) weights: &'a [u32],
    pub(super) entropy: Entropy,
    pub(super) binary: bool,
    pub(super) min_records: u64,
    /// Records that the whole tree learns from.
    pub(super) everything: u64,
}

/// How many records of each class: ascending by class, none of no record.
pub(super) type Counts = Vec<(u32, u64)>;

/// A test, with what it is worth. In 2⁻²⁰ bits, summed over all records of the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) split: Split,
    pub(super) gain: i64,
    pub(super) information: i64,
}

/// Rows of a node at which attributes are worth looking at in parallel.
const MANY: usize = 1 << 12;

impl Splitter<'_> {
    /// The test of a node whose rows these are; none where no test is worth anything.
    pub(super) fn best(&self, rows: &[u32], counts: &Counts) -> Option<Found> {
        let node = Node::new(counts, &self.entropy);
        let attributes = 0..self.records.attributes().len();
        let found: Vec<Option<Found>> = if rows.len() >= MANY {
            attributes.into_par_iter().map(|attribute| self.of_attribute(attribute, rows, &node)).collect()
        } else {
            attributes.map(|attribute| self.of_attribute(attribute, rows, &node)).collect()
        };
        // As J48 has it: an attribute with a value for every third record would drive up the average, and does not count.
        let counted = |found: &&Found| match found.split {
            Split::Each { attribute } | Split::Has { attribute, .. } => {
                let values = self.records.attributes().get(attribute).map_or(0, |attribute| attribute.values.len());
                values as u64 * 10 < self.everything * 3
            }
            Split::AtMost { .. } => true,
        };
        let average = found.iter().flatten().filter(counted);
        let (sum, of) = average.fold((0_i128, 0_i128), |(sum, of), found| (sum + i128::from(found.gain), of + 1));
        let slack = i128::from(node.total) * (BIT as i128) / 1000;
        let mut best: Option<Found> = None;
        for found in found.into_iter().flatten() {
            let enough = (i128::from(found.gain) + slack) * of >= sum;
            if enough && best.is_none_or(|best| found.beats(best)) {
                best = Some(found);
            }
        }
        best
    }

    fn of_attribute(&self, attribute: usize, rows: &[u32], node: &Node<'_>) -> Option<Found> {
        let kind = self.records.attributes().get(attribute)?.kind;
        // Rows come by class, so cells end up by code, then by class.
        let mut cells = by_code(self.cells(attribute, rows), |cell| cell.code);
        cells.dedup_by(|next, last| {
            let same = (next.code, next.class) == (last.code, last.class);
            last.count += if same { next.count } else { 0 };
            same
        });
        match kind {
            Kind::Number => self.at_most(attribute, &cells, node),
            Kind::Text if !self.binary => self.each(attribute, &cells, node),
            Kind::Text | Kind::List => self.has(attribute, &cells, node),
        }
    }

    fn cells(&self, attribute: usize, rows: &[u32]) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(rows.len());
        for &row in rows {
            let count = u64::from(self.weights.get(row as usize).copied().unwrap_or_default());
            let class = self.records.class(row);
            cells.extend(self.records.codes(attribute, row).iter().map(|&code| Cell { code, class, count }));
        }
        cells
    }

    /// A branch for each value. At least two must have enough records.
    fn each(&self, attribute: usize, cells: &[Cell], node: &Node<'_>) -> Option<Found> {
        let (mut inside, mut parts, mut large) = (0, 0, 0);
        for cells in cells.chunk_by(|one, other| one.code == other.code) {
            let of_value: u64 = cells.iter().map(|cell| cell.count).sum();
            inside += self.entropy.of(of_value) - cells.iter().map(|cell| self.entropy.of(cell.count)).sum::<i64>();
            parts += self.entropy.of(of_value);
            large += u32::from(of_value >= self.min_records);
        }
        (large >= 2).then_some(())?;
        node.found(Split::Each { attribute }, inside, parts, 0)
    }

    /// The value that says most by being there or not.
    fn has(&self, attribute: usize, cells: &[Cell], node: &Node<'_>) -> Option<Found> {
        let mut best: Option<Found> = None;
        for cells in cells.chunk_by(|one, other| one.code == other.code) {
            let Some(code) = cells.first().map(|cell| cell.code) else { continue };
            let with: u64 = cells.iter().map(|cell| cell.count).sum();
            let without = node.total.saturating_sub(with);
            if with < self.min_records || without < self.min_records {
                continue;
            }
            let (mut classes_with, mut classes_without) = (0, node.classes);
            for cell in cells {
                let all = node.count(cell.class);
                classes_with += self.entropy.of(cell.count);
                classes_without += self.entropy.of(all - cell.count) - self.entropy.of(all);
            }
            let parts = self.entropy.of(with) + self.entropy.of(without);
            let found = node.found(Split::Has { attribute, code }, parts - classes_with - classes_without, parts, 0);
            if found.is_some_and(|found| best.is_none_or(|best| found.gain > best.gain)) {
                best = found;
            }
        }
        best
    }

    /// The threshold that says most. As in C4.5, release 8, which one it is costs log₂ of how many there are (Quinlan, JAIR 4, 1996).
    fn at_most(&self, attribute: usize, cells: &[Cell], node: &Node<'_>) -> Option<Found> {
        let least =
            (node.total / 10 / (node.counts.len() as u64).max(1)).clamp(self.min_records, self.min_records.max(25));
        let (mut below, mut classes_below, mut classes_above) = (0, 0, node.classes);
        let mut counts_below = vec![0_u64; node.counts.len()];
        let mut thresholds: u64 = 0;
        let mut best: Option<(i64, u32, i64)> = None;
        for cells in cells.chunk_by(|one, other| one.code == other.code) {
            for cell in cells {
                let (Some(place), all) = (node.place(cell.class), node.count(cell.class)) else { continue };
                let Some(before) = counts_below.get_mut(place) else { continue };
                let after = *before + cell.count;
                classes_below += self.entropy.of(after) - self.entropy.of(*before);
                classes_above += self.entropy.of(all - after) - self.entropy.of(all - *before);
                *before = after;
                below += cell.count;
            }
            let (Some(cell), above) = (cells.first(), node.total.saturating_sub(below)) else { continue };
            if below < least || above < least {
                continue;
            }
            thresholds += 1;
            let parts = self.entropy.of(below) + self.entropy.of(above);
            let inside = parts - classes_below - classes_above;
            if best.is_none_or(|(least, _, _)| inside < least) {
                best = Some((inside, cell.code, parts));
            }
        }
        let (inside, code, parts) = best?;
        let cost = (libm::log2(thresholds as f64) * BIT).round() as i64;
        node.found(Split::AtMost { attribute, code }, inside, parts, cost)
    }
}

/// Items by code, those of one code in the order in which they come: by counting where codes are dense.
pub(super) fn by_code<T: Copy>(mut items: Vec<T>, code: impl Fn(&T) -> u32) -> Vec<T> {
    let most = items.iter().map(&code).max().unwrap_or(0) as usize;
    if most > 4 * items.len() + 64 {
        items.sort_by_key(code);
        return items;
    }
    let mut starts = vec![0_u32; most + 2];
    for item in &items {
        if let Some(start) = starts.get_mut(code(item) as usize + 1) {
            *start += 1;
        }
    }
    let mut total = 0;
    for start in &mut starts {
        total += *start;
        *start = total;
    }
    let mut sorted = items.clone();
    for item in items {
        let Some(place) = starts.get_mut(code(&item) as usize) else { continue };
        if let Some(slot) = sorted.get_mut(*place as usize) {
            *slot = item;
        }
        *place += 1;
    }
    sorted
}

impl Found {
    /// Whether its gain is a larger part of what it takes to tell the branches apart.
    fn beats(self, other: Self) -> bool {
        i128::from(self.gain) * i128::from(other.information) > i128::from(other.gain) * i128::from(self.information)
    }
}

/// Records of one class that have one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    code: u32,
    class: u32,
    count: u64,
}

/// A node before its test.
struct Node<'a> {
    counts: &'a Counts,
    total: u64,
    /// n log n of all records.
    all: i64,
    /// The same of each class, summed.
    classes: i64,
}

impl<'a> Node<'a> {
    fn new(counts: &'a Counts, entropy: &Entropy) -> Self {
        let total = counts.iter().map(|(_, count)| count).sum();
        let classes = counts.iter().map(|&(_, count)| entropy.of(count)).sum();
        Self { counts, total, all: entropy.of(total), classes }
    }

    fn place(&self, class: u32) -> Option<usize> {
        self.counts.binary_search_by_key(&class, |(class, _)| *class).ok()
    }

    fn count(&self, class: u32) -> u64 {
        self.place(class).and_then(|place| self.counts.get(place)).map_or(0, |(_, count)| *count)
    }

    /// A test after which `inside` is left to know; `parts` is n log n of its branches, summed.
    fn found(&self, split: Split, inside: i64, parts: i64, cost: i64) -> Option<Found> {
        let gain = self.all - self.classes - inside - cost;
        let information = self.all - parts;
        (gain > 0 && information > 0).then_some(Found { split, gain, information })
    }
}
