//! The paths of findings as one graph: what several of them lead through is there once.

use std::collections::{BTreeMap, BTreeSet};

use crate::report::{Proof, Word};

/// Nodes in the order in which paths lead through them, and each step from one to another once.
#[derive(Debug, Default)]
pub(crate) struct Graph<'a> {
    /// The nodes.
    pub(crate) nodes: Vec<&'a Word>,
    /// Steps between them: indices into `nodes`, in order.
    pub(crate) steps: BTreeSet<(usize, usize)>,
    /// Those of the nodes that all ways of some finding lead through: taking one away takes away what it proves.
    pub(crate) dominating: BTreeSet<usize>,
    numbers: BTreeMap<&'a Word, usize>,
}

impl<'a> Graph<'a> {
    /// The graph of the paths among some rows of evidence.
    pub(crate) fn of(evidence: &'a [Proof]) -> Self {
        let mut graph = Self::default();
        graph.add_all(evidence);
        graph
    }

    /// Adds the paths of one finding, and marks what all its ways lead through; where the paths begin.
    pub(crate) fn add_all(&mut self, evidence: &'a [Proof]) -> BTreeSet<usize> {
        let starts = evidence.iter().filter_map(|proof| self.add(proof)).collect();
        let through = evidence.iter().filter_map(|proof| match proof {
            Proof::Through(holder, _) => self.numbers.get(holder).copied(),
            _ => None,
        });
        self.dominating.extend(through);
        starts
    }

    /// Adds a path; where it begins. Other evidence has none.
    fn add(&mut self, proof: &'a Proof) -> Option<usize> {
        let Proof::Path(words) = proof else { return None };
        let numbers: Vec<usize> = words.iter().map(|word| self.node(word)).collect();
        self.steps.extend(numbers.iter().copied().zip(numbers.iter().copied().skip(1)));
        numbers.first().copied()
    }

    fn node(&mut self, word: &'a Word) -> usize {
        *self.numbers.entry(word).or_insert_with(|| {
            self.nodes.push(word);
            self.nodes.len() - 1
        })
    }
}
