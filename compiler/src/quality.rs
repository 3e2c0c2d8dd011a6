//! How good the roles of a population are, beyond what they cost and explain: do identities fit where they are, do the roles depend on where
//! the thresholds happen to lie, and do they explain people that they were not found from?
//!
//! Everything is counted in whole numbers, and what is drawn is drawn from [`SEED`].

mod complexity;
mod generalisation;
mod silhouette;
mod stability;

use serde::{Deserialize, Serialize};

use crate::{
    matrix::AccessMatrix,
    measures::{self, MeasuredRole, Measures},
    mine::{Cluster, Guide, MineError, Progress},
    spec::Mining,
};

pub use self::{complexity::Complexity, generalisation::Generalisation, silhouette::Silhouette, stability::Stability};

/// What every sample is drawn from.
pub const SEED: u64 = 1;

/// How good the roles of a population are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quality {
    /// The weighted structural complexity under the weights of the spec.
    pub complexity: Complexity,
    /// How much nearer identities are to those with the same primary role than to any others; none where fewer than two roles are primary.
    pub silhouette: Option<Silhouette>,
    /// What becomes of the roles where a threshold lies five points lower or higher.
    pub stability: Vec<Stability>,
    /// How well roles explain identities that they were not found from; none where there are too many to find them again.
    pub generalisation: Option<Generalisation>,
    /// The identity that would be granted most it does not hold; none where there is no over-grant.
    pub most_over_granted: Option<Extreme>,
    /// The identity that holds most that no role grants; none where the roles grant all.
    pub most_under_granted: Option<Extreme>,
}

/// The identity that comes off worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extreme {
    /// Its ordinal.
    pub identity: u32,
    /// How many entitlements.
    pub entitlements: u64,
}

/// What was mined, and how.
pub(crate) struct Mined<'a> {
    /// Who has what.
    pub(crate) matrix: &'a AccessMatrix,
    /// Strategy and cut-off.
    pub(crate) mining: &'a Mining,
    /// The attributes that shaped the clusters.
    pub(crate) guides: &'a [Guide],
    /// The columns that count as common.
    pub(crate) filter: Option<&'a [u32]>,
    /// What the strategy found.
    pub(crate) clusters: &'a [Cluster],
    /// What the cut made of it.
    pub(crate) roles: &'a [MeasuredRole<'a>],
    /// What they cost and explain.
    pub(crate) measures: &'a Measures,
}

/// Measures the roles of a population.
pub(crate) fn quality(mined: &Mined<'_>, progress: &dyn Progress) -> Result<Quality, MineError> {
    let Mined { matrix, mining, clusters, roles, .. } = *mined;
    let extremes = measures::extremes(matrix, roles);
    let extreme = |worst: Option<(u32, u64)>| {
        let (row, entitlements) = worst?;
        Some(Extreme { identity: matrix.identities.get(row as usize)?.0, entitlements })
    };
    Ok(Quality {
        complexity: complexity::complexity(matrix, mined.measures, &mining.strategy),
        silhouette: silhouette::silhouette(matrix, &measures::primary_roles(matrix, roles)),
        stability: stability::stability(matrix, clusters, &mining.cutoff, roles, progress)?,
        generalisation: generalisation::generalisation(mined, progress)?,
        most_over_granted: extreme(extremes.most_over_granted),
        most_under_granted: extreme(extremes.most_under_granted),
    })
}
