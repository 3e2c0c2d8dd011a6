//! Stability: do the roles depend on where a threshold happens to lie?
//!
//! A threshold of the cut-off is moved under the same clusters, for everyone. One of the strategy makes other clusters, so those who take part
//! are mined three times: at the spec's value, and on either side of it.

use serde::{Deserialize, Serialize};

use super::{
    Mined, SEED,
    again::{self, Again},
    sample::{Draw, Sample, ascending},
};
use crate::{
    cut::{self, Threshold},
    measures::{Flat, Survived, contents},
    mine::{MineError, Progress},
    spec::{Cutoff, Percent, Strategy},
};

/// How far a threshold is moved: five points.
const STEP: u32 = 500;

/// The thresholds that are shares.
const SHARES: [Threshold; 3] = [Threshold::Primary, Threshold::Secondary, Threshold::Overlap];

/// Who is mined three times holds this part of the assignments, but never less and never more than so many.
const PART: usize = 64;
const LEAST: usize = 10_000;
const MOST: usize = 100_000;

/// What becomes of the roles at another value of one threshold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stability {
    /// `primary`, `secondary` or `overlap`; or one of the strategy: `support`, `alike` or `common`.
    pub threshold: String,
    /// The other value: five points below or above the spec's, as far as there is one.
    pub at: Percent,
    /// Roles that are still there: something grants exactly what they grant.
    pub survived: u64,
    /// Roles.
    pub of: u64,
    /// Of a threshold of the strategy: who was mined at the spec's value and at this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
}

/// Moves each share that the cut-off or the strategy sets.
pub(super) fn stability(mined: &Mined<'_>, draw: &Draw, progress: &dyn Progress) -> Result<Vec<Stability>, MineError> {
    let mut found = of_strategy(mined, draw, progress)?;
    if let Some(cutoff) = mined.cutoff {
        found.extend(of_cutoff(mined, cutoff, progress)?);
    }
    Ok(found)
}

/// Cuts again at five points below and above each share of the cut-off.
fn of_cutoff(mined: &Mined<'_>, cutoff: &Cutoff, progress: &dyn Progress) -> Result<Vec<Stability>, MineError> {
    let before = match mined.strategy {
        // What its role grants already is settled after the cut.
        Strategy::ExistingRoles(_) => contents(&Flat::new(&cut::cut(mined.matrix, mined.clusters, cutoff).1).roles()),
        _ => contents(mined.roles),
    };
    let mut found = Vec::new();
    for threshold in SHARES {
        // A threshold of nothing is none: whatever anybody holds reaches it.
        let Some(own) = threshold.of(cutoff).filter(|&own| own > 0) else { continue };
        for value in around(own) {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            let (_, cut) = cut::cut(mined.matrix, mined.clusters, &threshold.at(value, cutoff));
            let flat = Flat::new(&cut);
            let survived = Survived::among(&before, &contents(&flat.roles()));
            found.push(Stability::new(threshold.name(), value, survived, None));
        }
    }
    Ok(found)
}

/// Mines a sample again at five points below and above the share of the strategy.
fn of_strategy(mined: &Mined<'_>, draw: &Draw, progress: &dyn Progress) -> Result<Vec<Stability>, MineError> {
    let (matrix, mut found) = (mined.matrix, Vec::new());
    let Some((name, own)) = mined.strategy.share() else { return Ok(found) };
    let rows = ascending(draw.first(matrix, (matrix.assignments() / PART).clamp(LEAST, MOST)));
    let sample = Sample { seed: SEED, identities: rows.len() as u64, of: draw.len() as u64 };
    let at = |strategy: &Strategy| again::mine(mined, &rows, strategy, progress);
    let Some(Again { contents: before, .. }) = at(mined.strategy)?.filter(|_| !rows.is_empty()) else {
        return Ok(found);
    };
    for value in around(own.0) {
        if let Some(Again { contents, .. }) = at(&mined.strategy.with_share(Percent(value)))? {
            found.push(Stability::new(name, value, Survived::among(&before, &contents), Some(sample)));
        }
    }
    Ok(found)
}

/// Five points below and above, as far as there is another value.
fn around(own: u32) -> impl Iterator<Item = u32> {
    let values = [own.saturating_sub(STEP).max(1), (own + STEP).min(Percent::WHOLE.0)];
    values.into_iter().filter(move |&value| value != own)
}

impl Stability {
    fn new(threshold: &str, at: u32, Survived { roles, of }: Survived, sample: Option<Sample>) -> Self {
        Self { threshold: threshold.to_owned(), at: Percent(at), survived: roles, of, sample }
    }
}
