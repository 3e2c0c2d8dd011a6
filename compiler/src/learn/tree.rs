//! The tree: grown from counted rows, then pruned.

use rayon::prelude::*;

use super::{
    entropy::Entropy,
    prune,
    records::Records,
    split::{Counts, Split, Splitter, by_code},
    validate::{dealt, drawn},
};
use crate::{
    chance::Chance,
    spec::{Describe, Pruning},
};

/// A path has at most so many tests: a tree of yes and no could otherwise be as deep as an attribute has values.
pub(super) const MOST_TESTS: usize = 512;

/// Rows of a node below which branches grow one after the other.
const MANY: usize = 1 << 11;

/// A decision tree.
#[derive(Debug)]
pub(super) struct Tree {
    root: Node,
}

/// A node, with everything below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// The records that it was grown from.
    pub(super) counts: Counts,
    /// The class of most of them, the least of those equally many.
    pub(super) class: u32,
    /// Its test; none of a leaf.
    pub(super) split: Option<Split>,
    /// Its branches. For a test with a branch for each value: by code, ascending. Otherwise 0 is yes, 1 is no.
    pub(super) children: Vec<(u32, Node)>,
}

impl Tree {
    /// Learns from records: `weights[row]` of each.
    pub(super) fn learn(records: &Records, weights: &[u32], settings: &Describe) -> Self {
        let mut chance = Chance::seeded(settings.tree.seed);
        let resampled = settings.tree.resample.map(|share| drawn(weights, share, &mut chance));
        let weights = resampled.as_deref().unwrap_or(weights);
        let root = match settings.tree.pruning {
            Pruning::None => grown(records, weights, settings),
            Pruning::Confidence { confidence, raise } => {
                let mut root = grown(records, weights, settings);
                prune::by_confidence(&mut root, records, weights, confidence, raise);
                root
            }
            Pruning::HeldOut { folds } => {
                let held_out = dealt(records, weights, folds, &mut chance).into_iter().next().unwrap_or_default();
                let rest: Vec<u32> = weights.iter().zip(&held_out).map(|(all, held_out)| all - held_out).collect();
                let mut root = grown(records, &rest, settings);
                prune::by_held_out(&mut root, records, &held_out);
                root
            }
        };
        Self { root }
    }

    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// Where a row ends.
    pub(super) fn leaf(&self, records: &Records, row: u32) -> &Node {
        let mut node = &self.root;
        while let Some((_, child)) = node.branch(records, row).and_then(|place| node.children.get(place)) {
            node = child;
        }
        node
    }
}

fn grown(records: &Records, weights: &[u32], settings: &Describe) -> Node {
    let splitter = Splitter {
        records,
        weights,
        entropy: Entropy::new(),
        binary: settings.tree.binary,
        min_records: u64::from(settings.min_members).max(1),
        everything: weights.iter().map(|&weight| u64::from(weight)).sum(),
    };
    grow(&splitter, rows(records, weights), 0, 0)
}

/// The rows of which there is any record, by class.
pub(super) fn rows(records: &Records, weights: &[u32]) -> Vec<u32> {
    let rows = (0..).zip(weights).filter(|(_, weight)| **weight > 0).map(|(row, _)| row).collect();
    by_code(rows, |&row| records.class(row))
}

fn grow(splitter: &Splitter<'_>, rows: Vec<u32>, class: u32, depth: usize) -> Node {
    let mut node = Node::leaf(counts(splitter.records, splitter.weights, &rows), class);
    let total = node.total();
    if node.counts.len() < 2 || total < 2 * splitter.min_records || depth >= MOST_TESTS {
        return node;
    }
    let Some(found) = splitter.best(&rows, &node.counts) else { return node };
    node.split = Some(found.split);
    let class = node.class;
    let parts = divided(found.split, splitter.records, &rows);
    let many = rows.len() >= MANY;
    drop(rows);
    let grow = |(code, rows)| (code, grow(splitter, rows, class, depth + 1));
    node.children =
        if many { parts.into_par_iter().map(grow).collect() } else { parts.into_iter().map(grow).collect() };
    node
}

/// The records of rows by class.
pub(super) fn counts(records: &Records, weights: &[u32], rows: &[u32]) -> Counts {
    let weight = |row: u32| u64::from(weights.get(row as usize).copied().unwrap_or_default());
    let mut counts: Counts = rows.iter().map(|&row| (records.class(row), weight(row))).collect();
    counts.sort_unstable();
    counts.dedup_by(|next, last| {
        let same = next.0 == last.0;
        last.1 += if same { next.1 } else { 0 };
        same
    });
    counts.retain(|(_, count)| *count > 0);
    counts
}

/// The rows of each branch, by branch; both branches of a yes or no, and of the others those that have a row.
pub(super) fn divided(split: Split, records: &Records, rows: &[u32]) -> Vec<(u32, Vec<u32>)> {
    match split {
        Split::Each { attribute } => {
            let keyed: Vec<(u32, u32)> = rows.iter().map(|&row| (records.code(attribute, row), row)).collect();
            by_code(keyed, |(code, _)| *code)
                .chunk_by(|one, other| one.0 == other.0)
                .filter_map(|run| Some((run.first()?.0, run.iter().map(|(_, row)| *row).collect())))
                .collect()
        }
        Split::Has { .. } | Split::AtMost { .. } => {
            let (yes, no) = rows.iter().partition(|&&row| split.met_by(records, row));
            vec![(0, yes), (1, no)]
        }
    }
}

impl Split {
    /// Whether a row meets a test of yes or no.
    fn met_by(self, records: &Records, row: u32) -> bool {
        match self {
            Self::Each { .. } => false,
            Self::Has { attribute, code } => records.codes(attribute, row).binary_search(&code).is_ok(),
            Self::AtMost { attribute, code } => records.code(attribute, row) <= code,
        }
    }
}

impl Node {
    /// A node without a test. `otherwise` is its class where there is no record.
    pub(super) fn leaf(counts: Counts, otherwise: u32) -> Self {
        let most = counts.iter().max_by_key(|(class, count)| (*count, std::cmp::Reverse(*class)));
        Self { class: most.map_or(otherwise, |(class, _)| *class), counts, split: None, children: Vec::new() }
    }

    /// All its records.
    pub(super) fn total(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// Its records of a class.
    pub(super) fn count(&self, class: u32) -> u64 {
        let place = self.counts.binary_search_by_key(&class, |(class, _)| *class).ok();
        place.and_then(|place| self.counts.get(place)).map_or(0, |(_, count)| *count)
    }

    /// The place of the branch that a row takes; none where it ends here.
    pub(super) fn branch(&self, records: &Records, row: u32) -> Option<usize> {
        let split = self.split?;
        match split {
            Split::Each { attribute } => {
                let code = records.code(attribute, row);
                self.children.binary_search_by_key(&code, |(code, _)| *code).ok()
            }
            Split::Has { .. } | Split::AtMost { .. } => Some(usize::from(!split.met_by(records, row))),
        }
    }

    /// Forgets everything below.
    pub(super) fn cut(&mut self) {
        self.split = None;
        self.children = Vec::new();
    }

    /// Tests in it and below.
    pub(super) fn tests(&self) -> u64 {
        u64::from(self.split.is_some()) + self.children.iter().map(|(_, child)| child.tests()).sum::<u64>()
    }

    /// Tests on the longest path below.
    pub(super) fn depth(&self) -> u64 {
        let below = self.children.iter().map(|(_, child)| child.depth()).max().unwrap_or(0);
        u64::from(self.split.is_some()) + below
    }
}
