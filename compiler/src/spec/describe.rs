//! `describe by … { … }` and its settings.

use serde::{Deserialize, Serialize};

use super::Percent;

/// How membership rules are found, and how far roles can be learned from attributes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Describe {
    /// The attributes they may speak of, in source order.
    pub by: Vec<String>,
    /// `confidence at least 90%`: of a membership rule.
    pub confidence: Percent,
    /// `members at least 5`: of a membership rule; a decision tree asks for as many records on two branches of a test.
    pub min_members: u32,
    /// `clauses at most 12`: alternatives of a membership rule; what is beyond is left out, and counted.
    #[serde(default = "readable")]
    pub max_clauses: u32,
    /// The decision tree.
    pub tree: TreeSettings,
}

/// Alternatives that people can still read and sign.
pub(crate) fn readable() -> u32 {
    12
}

/// How a decision tree is learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeSettings {
    /// `splits binary`: every test is answered by yes or no; otherwise an attribute has a branch for each value.
    pub binary: bool,
    /// `prune confidence 25%`, `folds 3` or `unpruned`
    pub pruning: Pruning,
    /// `resample 300%`: the tree learns from so many records, drawn with replacement.
    pub resample: Option<Percent>,
    /// `one row per role`: a record for every role that an identity holds; otherwise one for each identity.
    pub per_role: bool,
    /// `seed 7`: of everything that is drawn.
    pub seed: u64,
}

/// What a tree forgets again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Pruning {
    /// `unpruned`: nothing.
    None,
    /// `prune confidence 25%`: what is no better at the credible worst.
    Confidence {
        /// The lower, the more is pruned.
        confidence: Percent,
        /// `subtree raising`: a node may become its largest branch.
        raise: bool,
    },
    /// `folds 3`: one of so many parts is held out, and what does not help there is pruned.
    HeldOut {
        /// Parts.
        folds: u32,
    },
}

impl Default for TreeSettings {
    /// As J48 has it, but for subtree raising, which is asked for by name.
    fn default() -> Self {
        let pruning = Pruning::Confidence { confidence: Percent(2_500), raise: false };
        Self { binary: false, pruning, resample: None, per_role: false, seed: 1 }
    }
}
