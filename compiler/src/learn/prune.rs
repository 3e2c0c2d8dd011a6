//! Pruning: what a tree learned that is chance.
//!
//! By confidence (C4.5): a leaf that got e of n records wrong is taken to get wrong as large a share as is still credible at that
//! confidence, the upper limit of the binomial distribution, as J48's `Stats.addErrs` has it. A node becomes a leaf, or its largest
//! branch, where that is not worse. By held-out records (Quinlan, *Simplifying decision trees*, 1987): a node becomes a leaf where that
//! gets no more of them wrong.

use super::{
    records::Records,
    split::Split,
    tree::{Node, counts, divided, rows},
};
use crate::spec::Percent;

/// Parts of one record in estimated errors.
const RECORD: f64 = 1_048_576.0;

/// What a simpler tree may be worse by: a tenth of a record, as in J48.
const SLACK: i64 = 104_857;

/// Prunes by the estimated errors of the records that the tree was grown from.
pub(super) fn by_confidence(root: &mut Node, records: &Records, weights: &[u32], confidence: Percent, raise: bool) {
    let pruner = Pruner { records, weights, limit: Limit::new(confidence), raise };
    pruner.prune(root, &rows(records, weights));
}

struct Pruner<'a> {
    records: &'a Records,
    weights: &'a [u32],
    limit: Limit,
    raise: bool,
}

impl Pruner<'_> {
    /// The estimated errors that are left.
    fn prune(&self, node: &mut Node, rows: &[u32]) -> i64 {
        let Some(split) = node.split else { return self.errors(node) };
        let mut errors_of_tree = 0;
        for (code, rows) in divided(split, self.records, rows) {
            if let Ok(place) = node.children.binary_search_by_key(&code, |(code, _)| *code)
                && let Some((_, child)) = node.children.get_mut(place)
            {
                errors_of_tree += self.prune(child, &rows);
            }
        }
        let errors_of_leaf = self.errors(node);
        let largest = self.raise.then(|| largest(node)).flatten();
        let errors_of_branch = largest
            .and_then(|place| node.children.get(place))
            .map_or(i64::MAX, |(_, branch)| self.errors_through(branch, rows));
        if errors_of_leaf <= errors_of_tree + SLACK && errors_of_leaf <= errors_of_branch.saturating_add(SLACK) {
            node.cut();
            return errors_of_leaf;
        }
        if errors_of_branch <= errors_of_tree + SLACK
            && let Some(place) = largest
        {
            let (_, branch) = node.children.swap_remove(place);
            *node = branch;
            self.regrow(node, rows);
            return self.prune(node, rows);
        }
        errors_of_tree
    }

    fn errors(&self, node: &Node) -> i64 {
        let total = node.total();
        self.limit.errors(total, total - node.count(node.class))
    }

    /// The estimated errors when these rows go through a node that was grown from others.
    fn errors_through(&self, node: &Node, rows: &[u32]) -> i64 {
        let at_leaf = |rows: &[u32]| {
            let counts = counts(self.records, self.weights, rows);
            let leaf = Node::leaf(counts, node.class);
            // As in J48 the leaf predicts what most of the records say that reach it now.
            self.errors(&leaf)
        };
        let Some(split) = node.split else { return at_leaf(rows) };
        divided(split, self.records, rows)
            .into_iter()
            .map(|(code, rows)| {
                let place = node.children.binary_search_by_key(&code, |(code, _)| *code).ok();
                match place.and_then(|place| node.children.get(place)) {
                    Some((_, child)) => self.errors_through(child, &rows),
                    None => at_leaf(&rows),
                }
            })
            .sum()
    }

    /// Counts these rows instead of those that a node was grown from; values it did not know become leaves.
    fn regrow(&self, node: &mut Node, rows: &[u32]) {
        let fresh = Node::leaf(counts(self.records, self.weights, rows), node.class);
        (node.counts, node.class) = (fresh.counts, fresh.class);
        let Some(split) = node.split else { return };
        for (code, rows) in divided(split, self.records, rows) {
            match node.children.binary_search_by_key(&code, |(code, _)| *code) {
                Ok(place) => {
                    if let Some((_, child)) = node.children.get_mut(place) {
                        self.regrow(child, &rows);
                    }
                }
                Err(place) => {
                    let leaf = Node::leaf(counts(self.records, self.weights, &rows), node.class);
                    node.children.insert(place, (code, leaf));
                }
            }
        }
    }
}

/// The branch with the most records, the first of those equally large.
fn largest(node: &Node) -> Option<usize> {
    let sizes = node.children.iter().map(|(_, child)| child.total()).enumerate();
    sizes.max_by_key(|(place, size)| (*size, std::cmp::Reverse(*place))).map(|(place, _)| place)
}

/// Prunes by records that the tree has not seen.
pub(super) fn by_held_out(root: &mut Node, records: &Records, held_out: &[u32]) {
    wrong(root, records, held_out, &rows(records, held_out));
}

/// Prunes; how many of the held-out records it then gets wrong.
fn wrong(node: &mut Node, records: &Records, held_out: &[u32], rows: &[u32]) -> u64 {
    let of_leaf = |class: u32, rows: &[u32]| {
        let counts = counts(records, held_out, rows);
        counts.iter().filter(|(other, _)| *other != class).map(|(_, count)| count).sum::<u64>()
    };
    let as_leaf = of_leaf(node.class, rows);
    let Some(split) = node.split else { return as_leaf };
    // Branches that no held-out record takes are pruned too: nothing speaks for them.
    let mut parts = divided(split, records, rows);
    if matches!(split, Split::Each { .. }) {
        for (code, _) in &node.children {
            if let Err(place) = parts.binary_search_by_key(code, |(code, _)| *code) {
                parts.insert(place, (*code, Vec::new()));
            }
        }
    }
    let mut as_tree = 0;
    for (code, rows) in parts {
        match node.children.binary_search_by_key(&code, |(code, _)| *code) {
            Ok(place) => {
                if let Some((_, child)) = node.children.get_mut(place) {
                    as_tree += wrong(child, records, held_out, &rows);
                }
            }
            Err(_) => as_tree += of_leaf(node.class, &rows),
        }
    }
    if as_leaf <= as_tree {
        node.cut();
        return as_leaf;
    }
    as_tree
}

/// The upper confidence limit of errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    confidence: f64,
    /// The standard normal deviate that is exceeded with that probability.
    deviate: f64,
}

impl Limit {
    /// A confidence above one half takes the errors as they are.
    pub(super) fn new(confidence: Percent) -> Self {
        let confidence = f64::from(confidence.0) / 10_000.0;
        Self { confidence, deviate: if confidence > 0.5 { 0.0 } else { deviate(confidence) } }
    }

    /// How many of `total` records are taken to be wrong where `wrong` are, in 2⁻²⁰ records.
    pub(super) fn errors(self, total: u64, wrong: u64) -> i64 {
        if total == 0 {
            return 0;
        }
        let (n, e) = (total as f64, wrong as f64);
        ((e + self.added(n, e)) * RECORD).round() as i64
    }

    fn added(self, n: f64, e: f64) -> f64 {
        if self.confidence > 0.5 {
            return 0.0;
        }
        if e < 1.0 {
            return n * (1.0 - libm::pow(self.confidence, 1.0 / n));
        }
        if e + 0.5 >= n {
            return (n - e).max(0.0);
        }
        let (z, f) = (self.deviate, (e + 0.5) / n);
        let root = libm::sqrt(f / n - f * f / n + z * z / (4.0 * n * n));
        let share = (f + z * z / (2.0 * n) + z * root) / (1.0 + z * z / n);
        share * n - e
    }
}

/// The normal deviate that is exceeded with a probability of at most one half, by halving an interval: `libm::erfc` computes the same
/// on every host.
fn deviate(probability: f64) -> f64 {
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if libm::erfc(middle / std::f64::consts::SQRT_2) / 2.0 > probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
