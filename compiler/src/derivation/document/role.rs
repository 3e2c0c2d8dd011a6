//! A candidate role, with the evidence for all it would grant.

use adit_snapshots::{Digest, Snapshot};
use serde::{Deserialize, Serialize};

use super::AssignmentPair;
use crate::{
    describe::{Explained, made},
    learn::TreeTest,
    roles::RoleId,
    spec::Percent,
};

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
    /// The tests of the nearest conjunction; none where everyone comes nearest.
    pub tests: Vec<TreeTest>,
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

impl ExplainedRecord {
    /// As the attributes of a snapshot are tested.
    #[must_use]
    pub fn new(found: &Explained, snapshot: &Snapshot) -> Self {
        Self {
            tests: made(&found.tests, snapshot),
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
    /// Further ones that are as sound, beyond as many as a rule may have.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub clauses_left_out: u32,
    /// Members whom only those would take in.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub members_left_out: u32,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// One alternative of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseRecord {
    /// What is tested, all of it.
    pub tests: Vec<TreeTest>,
    /// Members of the role among `matched`.
    pub members: u32,
    /// Identities of the population that meet all tests.
    pub matched: u32,
    /// `members` of `matched`.
    pub confidence: Percent,
}
