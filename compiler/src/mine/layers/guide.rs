//! Guidance: where access leaves a choice, the attributes that guide make it.
//!
//! A set of rows is explained as well as the conjunction of at most two values that comes nearest to it (the Dice coefficient, as everywhere;
//! see [`crate::describe::Explainer`]). What everyone meets explains nothing, so that an attribute which is the same for all changes nothing.
//!
//! There are two choices. Peeling starts with what most of those share who have the same one or two values: where to look first, no more, since
//! members and contents then follow what is held. And of the roles that explain as much of what an identity holds, it takes one whose
//! members have its attributes; never one that grants more beyond.

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

    /// The conjunction that comes nearest to some rows; none where only what everyone meets takes any of them in.
    pub(super) fn nearest(&self, rows: &[u32]) -> Option<Items> {
        let mut best: Option<(Items, Fit)> = None;
        for (items, both) in self.conjunctions.ordered(rows) {
            let matched = self.conjunctions.matched(items);
            let fit = Fit { part: 2 * u64::from(both), whole: rows.len() as u64 + matched };
            if matched < self.rows && best.is_none_or(|(_, known)| fit.beats(known)) {
                best = Some((items, fit));
            }
        }
        best.map(|(items, _)| items)
    }

    /// The rows of every conjunction of at most two values that at least so many meet and not everyone does, the widest first.
    pub(super) fn groups(&self, least: u32) -> Vec<Vec<u32>> {
        self.conjunctions.groups_of_many(least, usize::try_from(self.rows).unwrap_or(usize::MAX))
    }

    /// Whether a row has the attributes that come nearest to the members of a role.
    pub(super) fn meets(&self, row: u32, nearest: Option<Items>) -> bool {
        nearest.is_some_and(|items| self.conjunctions.meets(row, items))
    }
}

/// How near a conjunction comes to some rows, compared exactly.
#[derive(Debug, Clone, Copy)]
struct Fit {
    part: u64,
    whole: u64,
}

impl Fit {
    fn beats(self, other: Self) -> bool {
        u128::from(self.part) * u128::from(other.whole) > u128::from(other.part) * u128::from(self.whole)
    }
}
