//! The stability curve: what becomes of the roles of each population as one threshold of the cut-off moves.
//!
//! A population is mined once; only the cut and the measures come again for each value, as no strategy looks at the cut-off.

use std::collections::BTreeSet;

use adit_snapshots::Snapshot;

use crate::{
    compile::{CompileError, clusters},
    condition::Evaluator,
    cut,
    matrix::AccessMatrix,
    measures::{Flat, Measures, contents},
    mine::{Clustering, MineError, Progress},
    select::{self, Selection},
    spec::{Mining, Percent, Spec},
};
pub use crate::{cut::Threshold, measures::Survived};

/// More steps than anyone reads; a mistyped step should not run for hours.
pub const MOST_STEPS: u32 = 1_000;

/// The values of a threshold, ascending: basis points, or members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    threshold: Threshold,
    from: u32,
    to: u32,
    step: u32,
}

/// Why a range is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// It ends before it begins.
    #[error("it ends before it begins")]
    Backwards,
    /// It goes beyond 100%.
    #[error("it goes beyond 100%")]
    BeyondWhole,
    /// The step is nothing.
    #[error("a step of nothing leads nowhere")]
    NoStep,
    /// It has more than [`MOST_STEPS`].
    #[error("it has more than {MOST_STEPS} steps")]
    TooMany,
}

/// The curve of one population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// Index into [`Spec::minings`].
    pub mining: usize,
    /// The name of the population.
    pub name: String,
    /// Identities, entitlements and assignments in scope.
    pub size: (usize, usize, usize),
    /// What the spec has; none where it does not set the threshold.
    pub own: Option<u32>,
    /// By value, ascending; the spec's own value is among them where it lies within the range. Never none.
    pub steps: Vec<Step>,
}

/// The roles at one value of the threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The value.
    pub value: u32,
    /// What they cost and explain, and the trivial policies.
    pub measures: Measures,
    /// How many roles of the step before are still there, with the same id; none at the first step.
    pub survived: Option<Survived>,
}

/// Sweeps the populations of one mining block, or of all: by mining block, then by class.
///
/// # Errors
/// See [`CompileError`].
pub fn sweep(
    spec: &Spec,
    snapshot: &Snapshot,
    range: Range,
    only: Option<usize>,
    progress: &dyn Progress,
) -> Result<Vec<Curve>, CompileError> {
    let evaluator = Evaluator::new(snapshot);
    let classes = select::classify(spec, &evaluator)?;
    let mut curves = Vec::new();
    for (number, mining) in
        spec.minings.iter().enumerate().filter(|(number, _)| only.is_none_or(|only| only == *number))
    {
        for selection in select::populations(spec, mining, &classes, &evaluator)? {
            let Selection { name, matrix, filter, .. } = selection;
            progress.stage(&format!("mining {name}"), 0);
            let clustering = clusters(snapshot, mining, &matrix, filter.as_deref(), progress)?;
            progress.stage(&format!("cutting {name}"), 0);
            let own = range.threshold.of(&mining.cutoff);
            let steps = steps(&matrix, &clustering, mining, range, progress)?;
            let size = (matrix.height(), matrix.width(), matrix.assignments());
            curves.push(Curve { mining: number, name, size, own, steps });
        }
    }
    Ok(curves)
}

/// Cuts and measures at every value.
fn steps(
    matrix: &AccessMatrix,
    clustering: &Clustering,
    mining: &Mining,
    range: Range,
    progress: &dyn Progress,
) -> Result<Vec<Step>, CompileError> {
    let mut before: Option<Vec<Vec<u32>>> = None;
    let mut steps = Vec::new();
    for value in range.values(range.threshold.of(&mining.cutoff)) {
        if progress.cancelled() {
            return Err(CompileError::Mine { mining: mining.name.clone(), error: MineError::Cancelled });
        }
        let cutoff = range.threshold.at(value, &mining.cutoff);
        let (_, roles) = cut::cut(matrix, &clustering.clusters, &cutoff);
        let flat = Flat::new(&roles);
        let flat = flat.roles();
        let contents = contents(&flat);
        let survived = before.map(|before| Survived::among(&before, &contents));
        let measures = crate::measures::measure(matrix, &flat, clustering.bound.as_ref());
        steps.push(Step { value, measures, survived });
        before = Some(contents);
    }
    Ok(steps)
}

impl Range {
    /// The values from `from` to at most `to`, `step` apart.
    ///
    /// # Errors
    /// See [`RangeError`].
    pub fn new(threshold: Threshold, from: u32, to: u32, step: u32) -> Result<Self, RangeError> {
        if from > to {
            return Err(RangeError::Backwards);
        }
        if threshold.is_share() && to > Percent::WHOLE.0 {
            return Err(RangeError::BeyondWhole);
        }
        match (to - from).checked_div(step) {
            None => Err(RangeError::NoStep),
            Some(steps) if steps >= MOST_STEPS => Err(RangeError::TooMany),
            Some(_) => Ok(Self { threshold, from, to, step }),
        }
    }

    /// What moves.
    #[must_use]
    pub fn threshold(self) -> Threshold {
        self.threshold
    }

    /// The first value, the last one allowed, and how far apart they are.
    #[must_use]
    pub fn bounds(self) -> (u32, u32, u32) {
        (self.from, self.to, self.step)
    }

    /// Every value, ascending, and the spec's own where it lies within.
    fn values(self, own: Option<u32>) -> BTreeSet<u32> {
        let within = |own: &u32| (self.from..=self.to).contains(own);
        (self.from..=self.to).step_by(self.step as usize).chain(own.filter(within)).collect()
    }
}

#[cfg(test)]
mod tests;
