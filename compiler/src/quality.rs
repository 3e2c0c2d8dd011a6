//! How good the roles of a population are, beyond what they cost and explain: do identities fit where they are, do the roles depend on where
//! the thresholds happen to lie, and do they explain people that they were not found from?
//!
//! Everything is counted in whole numbers, and what is drawn is drawn from [`SEED`]. All of it together is to cost a small part of what mining
//! cost: what needs mining once more mines some, and says of how many they were drawn.

mod again;
mod complexity;
mod generalisation;
mod sample;
mod silhouette;
mod stability;
mod trivial;

use serde::{Deserialize, Serialize};

use crate::{
    beside::beside,
    matrix::AccessMatrix,
    measures::{self, MeasuredRole, Measures},
    mine::{Cluster, Guide, MineError, Progress},
    spec::{Cutoff, Strategy},
};

use self::sample::Draw;
pub use self::{
    again::Lighter, complexity::Complexity, generalisation::Generalisation, sample::Sample, silhouette::Silhouette,
    stability::Stability,
};

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
    /// How well roles explain identities that they were not found from; none where there is nobody to hold out, or a limit of the strategy
    /// is passed without them.
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
    /// How many clusters it found.
    pub found: usize,
    /// The roles.
    pub roles: &'a [MeasuredRole<'a>],
    /// What they cost and explain.
    pub measures: &'a Measures,
}

/// Measures the roles of a population.
///
/// # Errors
/// When it was cancelled.
pub fn quality(mined: &Mined<'_>, progress: &dyn Progress) -> Result<Quality, MineError> {
    let Mined { matrix, strategy, roles, .. } = *mined;
    let draw = Draw::new(matrix);
    let of_everyone =
        || (measures::extremes(matrix, roles), silhouette::silhouette(matrix, &measures::primary_roles(matrix, roles)));
    let (again, (extremes, silhouette)) = beside(of_everyone, || {
        let stability = stability::stability(mined, &draw, progress)?;
        Ok::<_, MineError>((stability, generalisation::generalisation(mined, &draw, progress)?))
    });
    let (stability, generalisation) = again?;
    let extreme = |worst: Option<(u32, u64)>| {
        let (row, entitlements) = worst?;
        Some(Extreme { identity: matrix.identities.get(row as usize)?.0, entitlements })
    };
    Ok(Quality {
        complexity: complexity::complexity(matrix, mined.measures, strategy),
        silhouette,
        stability,
        generalisation,
        most_over_granted: extreme(extremes.most_over_granted),
        most_under_granted: extreme(extremes.most_under_granted),
    })
}
