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
    spec::{Cutoff, Strategy},
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
    /// What becomes of the roles where a threshold lies five points lower or higher; nothing where no threshold decides what they grant.
    pub stability: Vec<Stability>,
    /// How well roles explain identities that they were not found from; none where there is nobody to hold out.
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
#[derive(Debug, Clone, Copy)]
pub struct Mined<'a> {
    /// Who has what.
    pub matrix: &'a AccessMatrix,
    /// How the clusters were found.
    pub strategy: &'a Strategy,
    /// What made roles of them; none where the clusters are the roles.
    pub cutoff: Option<&'a Cutoff>,
    /// The attributes that shaped the clusters.
    pub guides: &'a [Guide],
    /// The columns that count as common.
    pub filter: Option<&'a [u32]>,
    /// What the strategy found; nothing is asked of it where there is no cut-off.
    pub clusters: &'a [Cluster],
    /// The roles.
    pub roles: &'a [MeasuredRole<'a>],
    /// What they cost and explain.
    pub measures: &'a Measures,
    /// Whether mining most of it once more is worth the time.
    pub mine_again: bool,
}

/// Measures the roles of a population.
///
/// # Errors
/// When it was cancelled.
pub fn quality(mined: &Mined<'_>, progress: &dyn Progress) -> Result<Quality, MineError> {
    let Mined { matrix, strategy, cutoff, clusters, roles, .. } = *mined;
    let extremes = measures::extremes(matrix, roles);
    let extreme = |worst: Option<(u32, u64)>| {
        let (row, entitlements) = worst?;
        Some(Extreme { identity: matrix.identities.get(row as usize)?.0, entitlements })
    };
    Ok(Quality {
        complexity: complexity::complexity(matrix, mined.measures, strategy),
        silhouette: silhouette::silhouette(matrix, &measures::primary_roles(matrix, roles)),
        stability: match cutoff {
            Some(cutoff) => stability::stability(matrix, clusters, cutoff, roles, progress)?,
            None => Vec::new(),
        },
        generalisation: match mined.mine_again {
            true => generalisation::generalisation(mined, progress)?,
            false => None,
        },
        most_over_granted: extreme(extremes.most_over_granted),
        most_under_granted: extreme(extremes.most_under_granted),
    })
}
