//! The shape of the document, in the order in which it is written. Shares are in basis points: `8000` is 80 %.

use std::collections::BTreeMap;

use adit_snapshots::Digest;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Stage;
use crate::{
    cut::Cut,
    describe::Explained,
    learn::Learnability,
    measures::Measures,
    quality::Quality,
    roles::RoleId,
    select::Excluded,
    spec::{Cutoff, Describe, KindName, Percent, SpecFile, Strategy},
};

/// The whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derivation {
    /// [`super::SCHEMA`].
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// The edition of the language.
    pub edition: u32,
    /// The day that waivers and approvals were held against.
    pub as_of: Date,
    /// The digest of each stage, in the order of the stages: where two differ first is where to look.
    pub stages: Vec<StageDigest>,
    /// The spec.
    pub spec: SpecRecord,
    /// The data.
    pub snapshot: SnapshotRecord,
    /// How many identities are of each class, in the order of the spec.
    pub classes: Vec<ClassRecord>,
    /// What was mined, by mining block, then by class.
    pub populations: Vec<PopulationRecord>,
    /// Every candidate role: mined ones by mining block and size, then declared ones.
    pub roles: Vec<RoleRecord>,
    /// Every expectation and whether it holds, in the order of the spec.
    pub expectations: Vec<ExpectationRecord>,
    /// The digest of everything above, as canonical JSON without this field.
    pub digest: Option<Digest>,
}

/// What made a derivation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// `adit`
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Tool {
    /// This one.
    #[must_use]
    pub fn this() -> Self {
        Self { name: "adit".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The digest of one stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageDigest {
    /// Which.
    pub stage: Stage,
    /// Of what the stage made of its input.
    pub digest: Digest,
}

/// The spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecRecord {
    /// Its files, ascending by path.
    pub files: Vec<SpecFile>,
}

/// The data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotRecord {
    /// The day it stands for.
    pub extracted: Date,
    /// The digest of its logical content.
    pub digest: Digest,
    /// The same by table.
    pub tables: BTreeMap<String, Digest>,
}

/// A class of identities.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRecord {
    /// Its name.
    pub name: String,
    /// How many identities are of it.
    pub identities: u64,
}

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
    /// How good the roles are beyond what they cost and explain.
    pub quality: Quality,
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

/// A candidate role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRecord {
    /// The digest of what it grants itself, shortened.
    pub id: RoleId,
    /// Its handle in this build.
    pub handle: String,
    /// Where it comes from.
    pub origin: OriginRecord,
    /// The digest that an approval of it must carry.
    pub content: Digest,
    /// What it grants itself, ascending by entitlement.
    pub grants: Vec<GrantRecord>,
    /// What would change of a role that exists; none for any other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeRecord>,
    /// Handles of the roles it inherits.
    pub inherits: Vec<String>,
    /// Everyone who would hold it, directly or through a role that inherits it.
    pub members: MembersRecord,
    /// What it grants itself that is not held today.
    pub over_grants: OverGrantsRecord,
    /// Who gets it; none where nobody does by rule.
    pub rule: Option<RuleRecord>,
    /// How it stands beside the other roles of its population; none for a role that people wrote.
    pub measures: Option<RoleMeasuresRecord>,
}

/// How a role stands beside the others of its population.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleMeasuresRecord {
    /// What it grants and is held, of all it grants.
    pub density: Percent,
    /// Entitlements that no other role of the population grants.
    pub exclusive_entitlements: u64,
    /// Grants that another role gives to the same member too.
    pub also_granted: u64,
    /// The role it shares most grants with; none where it shares none.
    pub closest: Option<ClosestRecord>,
    /// What attributes come nearest to its members; none where the spec names no attributes.
    pub explained: Option<ExplainedRecord>,
}

/// How well attributes explain who has a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplainedRecord {
    /// Attribute and value of each test of the nearest conjunction; none where everyone comes nearest.
    pub tests: Vec<(String, String)>,
    /// Members that meet all tests.
    pub both: u32,
    /// Identities of the population that do.
    pub matched: u32,
    /// Members.
    pub members: u32,
    /// `both` of `matched`.
    pub precision: Percent,
    /// `both` of `members`.
    pub recall: Percent,
    /// Their harmonic mean.
    pub fit: Percent,
}

impl From<&Explained> for ExplainedRecord {
    fn from(found: &Explained) -> Self {
        Self {
            tests: found.tests.clone(),
            both: found.both,
            matched: found.matched,
            members: found.members,
            precision: found.precision(),
            recall: found.recall(),
            fit: found.fit(),
        }
    }
}

/// How much two roles are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClosestRecord {
    /// The handle of the other role.
    pub role: String,
    /// Grants that both give.
    pub common: u64,
    /// Grants that either gives.
    pub either: u64,
}

/// Where a role comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum OriginRecord {
    /// The primary policy of a cluster.
    Primary {
        /// The population.
        population: String,
    },
    /// The secondary policy of a cluster.
    Secondary {
        /// The population.
        population: String,
    },
    /// A change to a role that exists.
    Existing {
        /// The population.
        population: String,
        /// The role's id in its own system.
        role: String,
    },
    /// Written by people.
    Declared,
}

/// An entitlement that a role grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRecord {
    /// Its id, as the source writes it.
    pub id: String,
    /// The language's name for it.
    pub entitlement: String,
    /// Its ordinal.
    pub ordinal: u32,
    /// Members of the cluster that hold it.
    pub held: u32,
    /// Members of the cluster.
    pub of: u32,
    /// Support less the threshold it had to meet; none where no threshold applied.
    pub margin: Option<i32>,
}

/// What would change of a role that exists. Of its grants, those without a margin are not looked at and stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRecord {
    /// What it would grant and does not today: ids, ascending; their support is among the grants.
    pub added: Vec<String>,
    /// What it grants today and would no longer.
    pub dropped: Vec<GrantRecord>,
    /// Members whom the scope leaves out; support is counted without them.
    pub out_of_scope: u32,
}

/// An existing role that was looked at and that nothing is proposed for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeftAloneRecord {
    /// The role's id in its own system.
    pub role: String,
    /// Why, in words.
    pub why: String,
    /// Where it would grant nothing: what it grants today.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<GrantRecord>,
}

/// Members, by ordinal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MembersRecord {
    /// How many.
    pub count: u64,
    /// The digest of the ordinals, each as four bytes, the least first.
    pub digest: Digest,
    /// Ascending.
    pub identities: Vec<u32>,
}

/// What a role would give that is not held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverGrantsRecord {
    /// How many pairs.
    pub count: u64,
    /// The pairs, ascending.
    pub pairs: Vec<AssignmentPair>,
}

/// Who gets a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleRecord {
    /// In the language's words. Holds within the population's `within`.
    pub text: String,
    /// The counts of a rule that was found; none for one that people wrote.
    pub found: Option<FoundRecord>,
}

/// The exact counts of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundRecord {
    /// Members of the role.
    pub members: u32,
    /// Of those, whom the rule takes in.
    pub members_matched: u32,
    /// Identities of the population whom it takes in.
    pub matched: u32,
    /// Its alternatives.
    pub clauses: Vec<ClauseRecord>,
}

/// One alternative of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseRecord {
    /// Attribute and value of each test.
    pub tests: Vec<(String, String)>,
    /// Members of the role among `matched`.
    pub members: u32,
    /// Identities of the population that meet all tests.
    pub matched: u32,
    /// `members` of `matched`.
    pub confidence: Percent,
}

/// A claim of the spec.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectationRecord {
    /// In words.
    pub title: String,
    /// Why it does not hold; none when it does.
    pub failed: Option<String>,
}
