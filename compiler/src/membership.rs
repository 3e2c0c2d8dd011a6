//! What says who gets a role, in attribute words: clauses, and how each of their tests is made.

use serde::{Deserialize, Serialize};

use crate::spec::Percent;

/// Who gets a role: any of these conjunctions. The raw material is what the field calls classification rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRule {
    /// Alternatives, best first; never empty.
    pub clauses: Vec<Clause>,
    /// Members whom some clause takes in.
    pub members_matched: u32,
    /// Members of the role.
    pub members: u32,
    /// Identities of the population whom some clause takes in.
    pub matched: u32,
    /// Further clauses that are as sound, beyond as many as a rule may have.
    pub clauses_left_out: u32,
    /// Members whom only those would take in.
    pub members_left_out: u32,
}

/// `department == "Finance" and title == "Analyst"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Attribute and value, ascending by the order in `describe by`.
    pub tests: Vec<(String, String)>,
    /// Members of the role among `matched`.
    pub members: u32,
    /// Identities of the population that meet all tests.
    pub matched: u32,
}

/// One test of a clause, or of the path of a tree, with how it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeTest {
    /// The attribute.
    pub attribute: String,
    /// How it is tested.
    pub is: Is,
    /// The value; empty where none is named.
    pub value: String,
}

/// How an attribute is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Is {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `has`
    Has,
    /// `not … has`
    HasNot,
    /// `<=`
    AtMost,
    /// `>`; a missing number counts as larger than all.
    MoreThan,
    /// `is missing`
    Missing,
    /// `is not missing`
    NotMissing,
    /// None of the values that other paths at this place name.
    Other,
}

impl Clause {
    /// Members among those it takes in.
    #[must_use]
    pub fn confidence(&self) -> Percent {
        Percent::of(self.members.into(), self.matched.into())
    }
}
