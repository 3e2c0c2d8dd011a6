//! A population: how it was mined, and what came of it.

use adit_snapshots::Digest;
use serde::{Deserialize, Serialize};

use super::LeftAloneRecord;
use crate::{
    cut::Cut,
    learn::Learnability,
    measures::Measures,
    quality::Quality,
    select::Excluded,
    spec::{Cutoff, Describe, KindName, Percent, Strategy},
};

/// A population: what was mined, how, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PopulationRecord {
    /// Its name.
    pub name: String,
    /// The mining block.
    pub mining: String,
    /// The classes its identities are of.
    pub classes: Vec<String>,
    /// Everything that was set, defaults among it.
    pub parameters: Parameters,
    /// What is in scope.
    pub in_scope: Counts,
    /// What was left out, and why: with `in_scope`, every assignment of the snapshot is counted once.
    pub excluded: Vec<Excluded>,
    /// The digest of who holds what within the scope, by names.
    pub matrix: Digest,
    /// What the strategy found.
    pub clustering: ClusteringRecord,
    /// What the cut made of it.
    pub cut: Cut,
    /// Existing roles that nothing is proposed for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_alone: Vec<LeftAloneRecord>,
    /// The measures of the roles, and of the two policies that take no thought.
    pub measures: Measures,
    /// How good the roles are beyond what they cost and explain; none where that was not measured, which every build does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// How well attributes foretell the roles, by a decision tree.
    pub learnability: Option<Learnability<String>>,
}

/// Everything that was set for a population, defaults among it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Whom the population is drawn from, in the language's words: its classes and the scope's lines about identities.
    pub within: String,
    /// The scope's lines about entitlements and assignments, as written.
    pub scope: Vec<String>,
    /// The kinds of entitlement that are mined.
    pub minable: Vec<KindName>,
    /// Attributes that shape clusters.
    pub guided_by: Vec<String>,
    /// Attributes that must not.
    pub never_by: Vec<String>,
    /// Entitlements with fewer holders are left out.
    pub ignore_fewer_than: u32,
    /// Entitlements that a larger share holds are left out.
    pub ignore_more_than: Option<Percent>,
    /// The strategy with its settings.
    pub strategy: Strategy,
    /// The lines that were drawn.
    pub cutoff: Cutoff,
    /// How membership rules were found.
    pub describe: Option<Describe>,
}

/// How much there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Identities.
    pub identities: u64,
    /// Entitlements.
    pub entitlements: u64,
    /// Assignments.
    pub assignments: u64,
}

/// What a strategy found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusteringRecord {
    /// How many clusters.
    pub clusters: u64,
    /// The digest of their members and entitlements.
    pub digest: Digest,
    /// For a strategy that filters: how many entitlements count as common.
    pub common: Option<u64>,
    /// How few roles an exact cover needs at least, with the proof.
    pub bound: Option<BoundRecord>,
    /// Identities in no cluster, and how near they came.
    pub unassigned: Vec<UnassignedRecord>,
    /// What the strategy could not do.
    pub notes: Vec<String>,
}

/// Why fewer roles cannot do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundRecord {
    /// The bound.
    pub roles: u32,
    /// Assignments, no two of which one role can grant without granting what is not held.
    pub fooling_set: Vec<AssignmentPair>,
    /// Where those are fewer than `roles`: what an exhaustive search proved the rest from.
    pub kernel: Option<KernelRecord>,
}

/// The assignments that an exhaustive search was made on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KernelRecord {
    /// Search nodes it took.
    pub nodes: u64,
    /// The assignments.
    pub assignments: Vec<AssignmentPair>,
}

/// An assignment: the ordinal of the identity and that of the entitlement, each its rank among all ids of the snapshot.
pub type AssignmentPair = (u32, u32);

/// An identity in no cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnassignedRecord {
    /// Its ordinal.
    pub identity: u32,
    /// The end of the sentence "it is in no cluster: it …".
    pub why: String,
    /// Entitlements that count and that it shares with the one it shares most with.
    pub common: u32,
    /// Entitlements it has.
    pub of: u32,
    /// The ordinal of the other.
    pub with: Option<u32>,
    /// Entitlements the other has.
    pub with_of: u32,
}
