//! Mining: from an access matrix to clusters. One trait, one file per strategy.

use std::fmt;

pub(crate) use crate::chance;
use crate::{alike, matrix::AccessMatrix, spec};
pub use crate::{guide::Guide, progress::Progress};

pub mod attributes;
pub(crate) mod bits;
pub(crate) mod board;
pub mod cobweb;
pub mod collapse;
pub mod cover;
pub mod em;
pub mod entitlement_overlap;
pub mod existing_roles;
pub mod hierarchy;
pub mod layers;
pub(crate) mod profiles;
pub mod similarity;

/// A way to find clusters: implemented by the settings of each strategy. Deterministic: the same input gives the same clusters on any
/// number of threads.
pub trait Strategy: Sync {
    /// Finds clusters.
    ///
    /// # Errors
    /// When the input is beyond the strategy's documented limits, or the run was cancelled.
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError>;
}

/// What a strategy may look at.
#[derive(Debug, Clone, Copy)]
pub struct MineInput<'a> {
    /// Who holds what.
    pub matrix: &'a AccessMatrix,
    /// The attributes that shape the clusters (`guided by`), in the order of the spec; most strategies know none.
    pub guides: &'a [Guide],
    /// RSA's "entitlements matching": the columns (ascending) that count as common; all when absent.
    pub filter: Option<&'a [u32]>,
}

impl<'a> From<&'a AccessMatrix> for MineInput<'a> {
    /// Nothing but who holds what.
    fn from(matrix: &'a AccessMatrix) -> Self {
        Self { matrix, guides: &[], filter: None }
    }
}

/// What a strategy found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clustering {
    /// The clusters, in an order that depends on the matrix only.
    pub clusters: Vec<Cluster>,
    /// How few roles any exact cover needs at least, with the evidence; only where the strategy proves one.
    pub bound: Option<LowerBound>,
    /// Rows that are in no cluster, and how near they came; ascending by row.
    pub unassigned: Vec<Unassigned>,
    /// What the strategy could not do, in words for the report.
    pub notes: Vec<String>,
}

/// Rows that belong together, and the columns they would share as a role. All lists ascend.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cluster {
    /// Rows of the matrix.
    pub members: Vec<u32>,
    /// Columns of the matrix: its own, without those of clusters that it inherits.
    pub entitlements: Vec<u32>,
    /// The clusters whose columns its rows share too, by place in the same list: each has all of its members and more. Never a cycle;
    /// most strategies find no hierarchy.
    pub inherits: Vec<u32>,
}

impl Cluster {
    /// One that inherits nothing; both lists ascend.
    #[must_use]
    pub fn flat(members: Vec<u32>, entitlements: Vec<u32>) -> Self {
        Self { members, entitlements, inherits: Vec::new() }
    }
}

/// A row that is in no cluster, and how near it came to one: the partner that it shares most with, held against the one of the two
/// that has more.
///
/// No names here: a report says "shares 1 of its 4 entitlements with Rose, who has 4: too small a share".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unassigned {
    /// The row.
    pub row: u32,
    /// How many entitlements that count it shares with the partner.
    pub best_common: u32,
    /// How many entitlements it has in all.
    pub of: u32,
    /// The partner, a row; none where it shares nothing that counts with anyone.
    pub with: Option<u32>,
    /// How many entitlements the partner has in all; 0 without a partner.
    pub with_of: u32,
    /// What was wanting.
    pub shortfall: Shortfall,
}

/// What kept a row out of every cluster. Displays as the end of a sentence: "row 3 is in no cluster: it …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shortfall {
    /// It has no entitlement at all.
    HoldsNothing,
    /// It shares no entitlement that counts with any other row.
    SharesNothing,
    /// It shares fewer entitlements than a cluster must have in common.
    TooFewInCommon,
    /// What it shares is too small a share of its own entitlements.
    OwnShare,
    /// What it shares is too small a share of its partner's entitlements.
    PartnerShare,
    /// It is a member of none of the existing roles that are looked at.
    HasNoRole,
    /// It goes with its partner, but not with as many others as a cluster must have.
    TooFewIdentities,
    /// It has fewer or more entitlements that count than are looked at.
    OutOfRange,
    /// Too few others hold alike, though enough have the same attributes or none are asked for: *access noise*.
    AccessNoise,
    /// Enough others hold alike, but with other attributes: *attribute noise*.
    AttributeNoise,
    /// Too few others hold alike, and too few have the same attributes; or they are not the same: *overall noise*.
    OverallNoise,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HoldsNothing => "has no entitlements",
            Self::SharesNothing => "shares no entitlement that counts with anyone",
            Self::TooFewInCommon => "shares fewer entitlements than a cluster must have in common",
            Self::OwnShare => "shares too small a part of its own entitlements",
            Self::PartnerShare => "shares enough of its own entitlements, but too small a part of the other's",
            Self::HasNoRole => "is a member of none of the roles",
            Self::TooFewIdentities => "goes with too few others to make a cluster",
            Self::OutOfRange => "has fewer or more entitlements that count than are looked at",
            Self::AccessNoise => "holds what too few others hold alike (access noise)",
            Self::AttributeNoise => "holds what others hold alike, who have other attributes (attribute noise)",
            Self::OverallNoise => "is like too few others, in what it holds and in its attributes (overall noise)",
        })
    }
}

/// Why fewer roles cannot do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowerBound {
    /// The bound.
    pub roles: u32,
    /// Assignments (row, column), no two of which one role can grant without granting what is not held; ascending.
    pub fooling_set: Vec<(u32, u32)>,
    /// Where the fooling set alone is smaller than `roles`: the kernel whose exhaustive solution gives the rest.
    pub kernel: Option<KernelBound>,
}

/// What is left of a matrix after every redundant assignment is removed, and how many roles it needs at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KernelBound {
    /// The assignments (row, column) of the whole matrix that no exact cover with fewer than [`LowerBound::roles`] roles can grant
    /// all of; ascending, a superset of the fooling set.
    pub assignments: Vec<(u32, u32)>,
    /// Search steps that the proof took, of about a microsecond each.
    pub nodes: u64,
}

/// Why a strategy gave up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MineError {
    /// [`Progress::cancelled`] said so.
    #[error("interrupted")]
    Cancelled,
    /// The input is beyond what the strategy can do.
    #[error("{message}")]
    Limit {
        /// What was too large, and the limit.
        message: String,
        /// What to do.
        help: String,
    },
}

impl From<alike::JoinError> for MineError {
    fn from(error: alike::JoinError) -> Self {
        match error {
            alike::JoinError::Cancelled => Self::Cancelled,
            alike::JoinError::Limit { looks } => Self::Limit {
                message: format!("comparing who is alike would take {looks} looks, more than a few minutes"),
                help: "ask for a larger share or overlap, leave out entitlements that nearly everyone holds, or mine smaller \
                       populations"
                    .to_owned(),
            },
        }
    }
}

/// What finds the clusters of a strategy.
#[must_use]
pub fn strategy(settings: &spec::Strategy) -> &dyn Strategy {
    match settings {
        spec::Strategy::Attributes(attributes) => attributes,
        spec::Strategy::Cobweb(cobweb) => cobweb,
        spec::Strategy::Cover(cover) => cover,
        spec::Strategy::Em(em) => em,
        spec::Strategy::EntitlementOverlap(overlap) => overlap,
        spec::Strategy::ExistingRoles(existing) => existing,
        spec::Strategy::Hierarchy(hierarchy) => hierarchy,
        spec::Strategy::Layers(layers) => layers,
        spec::Strategy::Similarity(similarity) => similarity,
    }
}

/// The columns that any of these rows has, ascending.
fn held_by_any(matrix: &AccessMatrix, rows: &[u32]) -> Vec<u32> {
    let mut held = vec![false; matrix.width()];
    for &column in rows.iter().flat_map(|&row| matrix.row(row as usize)) {
        if let Some(held) = held.get_mut(column as usize) {
            *held = true;
        }
    }
    (0..).zip(held).filter_map(|(column, held)| held.then_some(column)).collect()
}

/// The rows that hold nothing, which no strategy can place; ascending.
fn empty_rows(matrix: &AccessMatrix) -> Vec<Unassigned> {
    (0..)
        .take(matrix.height())
        .filter(|&row| matrix.row(row as usize).is_empty())
        .map(|row| Unassigned {
            row,
            best_common: 0,
            of: 0,
            with: None,
            with_of: 0,
            shortfall: Shortfall::HoldsNothing,
        })
        .collect()
}
