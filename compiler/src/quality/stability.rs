//! Stability: do the roles depend on where a threshold happens to lie?

use serde::{Deserialize, Serialize};

use crate::{
    compile::Flat,
    cut,
    matrix::AccessMatrix,
    measures::MeasuredRole,
    mine::{Cluster, MineError, Progress},
    spec::{Cutoff, Percent},
    sweep::{Survived, Threshold, contents},
};

/// How far a threshold is moved: five points.
const STEP: u32 = 500;

/// The thresholds that are shares.
const SHARES: [Threshold; 3] = [Threshold::Primary, Threshold::Secondary, Threshold::Overlap];

/// What becomes of the roles at another value of one threshold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stability {
    /// `primary`, `secondary` or `overlap`.
    pub threshold: String,
    /// The other value: five points below or above the spec's, as far as there is one.
    pub at: Percent,
    /// Roles that are still there: something grants exactly what they grant.
    pub survived: u64,
    /// Roles.
    pub of: u64,
}

/// Cuts again at five points below and above each share that the cut-off sets.
pub(super) fn stability(
    matrix: &AccessMatrix,
    clusters: &[Cluster],
    cutoff: &Cutoff,
    roles: &[MeasuredRole<'_>],
    progress: &dyn Progress,
) -> Result<Vec<Stability>, MineError> {
    let before = contents(roles);
    let mut found = Vec::new();
    for threshold in SHARES {
        // A threshold of nothing is none: whatever anybody holds reaches it.
        let Some(own) = threshold.of(cutoff).filter(|&own| own > 0) else { continue };
        let values = [own.saturating_sub(STEP).max(1), (own + STEP).min(Percent::WHOLE.0)];
        for value in values.into_iter().filter(|&value| value != own) {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            let (_, cut) = cut::cut(matrix, clusters, &threshold.at(value, cutoff));
            let flat = Flat::new(&cut);
            let Survived { roles, of } = Survived::among(&before, &contents(&flat.roles()));
            let (threshold, at) = (threshold.name().to_owned(), Percent(value));
            found.push(Stability { threshold, at, survived: roles, of });
        }
    }
    Ok(found)
}
