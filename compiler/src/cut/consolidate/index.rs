//! Which sets share elements, found without comparing all pairs.
//!
//! Where elements are in few sets, every set is indexed by all of its elements, and what two sets share is counted on the way.
//! Where some elements are in very many, that would be a comparison of all pairs by another name. Then sets are indexed by a prefix only:
//! with elements in one global order, the rarest first, two sets whose Jaccard measure is above the limit share one of the first
//! `n - floor(limit × n)` elements of each (the prefix filter of Chaudhuri et al., ICDE 2006).

use crate::spec::Percent;

/// Counting everything may take so many steps; beyond that, prefixes.
const COUNTING_STEPS: u64 = 1 << 31;

/// Sets by their elements.
pub(super) struct Index {
    limit: Percent,
    /// Whether sets are indexed by all of their elements.
    whole: bool,
    /// By element: its place in the global order.
    rank: Vec<u32>,
    /// By element: the sets that have it, or have it in their prefix.
    sets: Vec<Vec<usize>>,
    /// By set: what it shares with the one at hand; all zero in between.
    counts: Vec<u32>,
}

impl Index {
    /// An index for sets like these, with none in it yet.
    pub(super) fn new<'s>(sets: impl Iterator<Item = &'s [u32]>, limit: Percent) -> Self {
        let mut frequency: Vec<u32> = Vec::new();
        for &element in sets.flatten() {
            let element = element as usize;
            if frequency.len() <= element {
                frequency.resize(element + 1, 0);
            }
            if let Some(frequency) = frequency.get_mut(element) {
                *frequency += 1;
            }
        }
        let steps = frequency.iter().map(|&sets| u64::from(sets) * u64::from(sets) / 2);
        let whole = steps.fold(0_u64, u64::saturating_add) <= COUNTING_STEPS;
        let mut order: Vec<usize> = (0..frequency.len()).collect();
        order.sort_by_key(|&element| (frequency.get(element).copied(), element));
        let mut rank = vec![0; frequency.len()];
        for (element, place) in order.into_iter().zip(0..) {
            if let Some(rank) = rank.get_mut(element) {
                *rank = place;
            }
        }
        Self { limit, whole, sets: vec![Vec::new(); rank.len()], rank, counts: Vec::new() }
    }

    /// The same, by prefixes in any case.
    #[cfg(test)]
    pub(super) fn by_prefix(mut self) -> Self {
        self.whole = false;
        self
    }

    /// Finds the sets that may overlap with this one by more than the limit, in no order, and surely all that do; then adds it under
    /// its number. `size` is how many elements another set has: none once it is gone, and then it is forgotten.
    pub(super) fn probe_and_add(
        &mut self,
        number: usize,
        set: &[u32],
        size: impl Fn(usize) -> Option<usize>,
    ) -> Vec<usize> {
        self.counts.resize(self.counts.len().max(number), 0);
        let mut found = Vec::new();
        for element in self.indexed(set) {
            let Some(sets) = self.sets.get_mut(element as usize) else { continue };
            sets.retain(|&other| size(other).is_some());
            for &other in &*sets {
                if let Some(count) = self.counts.get_mut(other) {
                    if *count == 0 {
                        found.push(other);
                    }
                    *count += 1;
                }
            }
            sets.push(number);
        }
        found.retain(|&other| {
            let counted = u64::from(self.counts.get_mut(other).map(std::mem::take).unwrap_or_default());
            let (left, right) = (set.len() as u64, size(other).unwrap_or_default() as u64);
            // At most: where only prefixes were counted, the smaller set may lie in the larger as a whole.
            let shared = if self.whole { counted } else { left.min(right) };
            self.limit.exceeded_by(shared, left + right - shared)
        });
        found
    }

    /// The elements that a set is indexed by.
    fn indexed(&self, set: &[u32]) -> Vec<u32> {
        let mut elements = set.to_vec();
        if !self.whole {
            let certain = set.len() as u64 * u64::from(self.limit.0) / 10_000;
            elements.sort_by_key(|&element| self.rank.get(element as usize).copied());
            elements.truncate(set.len().saturating_sub(usize::try_from(certain).unwrap_or(usize::MAX)));
        }
        elements
    }
}
