//! Guidance: where access leaves a choice, the attributes that guide make it.
//!
//! A set of rows is explained as well as the conjunction of at most two values that comes nearest to it (the Dice coefficient, as everywhere;
//! see [`crate::describe::Explainer`]). What everyone meets explains nothing, so that an attribute which is the same for all changes nothing.
//!
//! There are two choices. Of the sets of columns that a role could start with and that save nearly as much, the one goes first whose holders are
//! explained best. And of the roles that explain as much of what an identity holds, it takes one whose members have its attributes; never
//! one that grants more beyond.

use crate::{
    describe::{Conjunctions, Items},
    matrix::AccessMatrix,
    mine::Guide,
};

/// The attributes that guide, for the rows of one matrix.
pub(super) struct Guidance {
    conjunctions: Conjunctions,
    rows: u64,
}

impl Guidance {
    /// None where no attribute guides.
    pub(super) fn of(guides: &[Guide], matrix: &AccessMatrix) -> Option<Self> {
        let rows = matrix.height();
        (!guides.is_empty()).then(|| Self { conjunctions: Conjunctions::of_guides(guides, rows), rows: rows as u64 })
    }

    /// The conjunction that comes nearest to some rows, and how near, as a fraction; none where only what everyone meets takes any of
    /// them in.
    pub(super) fn nearest(&self, rows: &[u32]) -> Option<(Items, Fit)> {
        let mut best: Option<(Items, Fit)> = None;
        for (items, both) in self.conjunctions.ordered(rows) {
            let matched = self.conjunctions.matched(items);
            let fit = Fit { part: 2 * u64::from(both), whole: rows.len() as u64 + matched };
            if matched < self.rows && best.is_none_or(|(_, known)| fit > known) {
                best = Some((items, fit));
            }
        }
        best
    }

    /// Whether a row has the attributes that come nearest to the members of a role.
    pub(super) fn meets(&self, row: u32, nearest: Option<Items>) -> bool {
        nearest.is_some_and(|items| self.conjunctions.meets(row, items))
    }
}

/// How near a conjunction comes to some rows, compared exactly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    part: u64,
    whole: u64,
}

impl Fit {
    /// Of what nothing explains.
    pub(super) const NONE: Self = Self { part: 0, whole: 1 };

    fn beats(self, other: Self) -> bool {
        u128::from(self.part) * u128::from(other.whole) > u128::from(other.part) * u128::from(self.whole)
    }
}

impl Ord for Fit {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.beats(*other).cmp(&other.beats(*self))
    }
}

impl PartialOrd for Fit {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Fit {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Fit {}
