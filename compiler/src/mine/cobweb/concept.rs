//! What a concept knows of its identities: counts, and the one sum that category utility needs.

use rustc_hash::FxHashMap;

/// Identities in a concept and how many of them have each feature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Concept {
    /// Identities.
    pub(super) size: u64,
    /// Identities that have a feature, for each that any of them has.
    counts: FxHashMap<u32, u64>,
    /// The sum of the squares of all counts.
    square: u64,
}

/// Features of identities that have the same, and how many identities they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instance<'a> {
    pub(super) features: &'a [u32],
    pub(super) times: u64,
}

/// A sum of squares over a size, in units of 2⁻²⁰, rounded down.
pub(super) type Worth = i128;

impl Concept {
    pub(super) fn add(&mut self, instance: Instance<'_>) {
        self.square = self.square_with(instance);
        self.size += instance.times;
        for &feature in instance.features {
            *self.counts.entry(feature).or_default() += instance.times;
        }
    }

    /// The concept before an instance that is in it came.
    pub(super) fn without(&self, instance: Instance<'_>) -> Self {
        let mut before = self.clone();
        before.size = before.size.saturating_sub(instance.times);
        for feature in instance.features {
            let Some(count) = before.counts.get_mut(feature) else { continue };
            before.square = before.square.saturating_sub(instance.times * (2 * *count).saturating_sub(instance.times));
            *count = count.saturating_sub(instance.times);
            if *count == 0 {
                before.counts.remove(feature);
            }
        }
        before
    }

    /// Its worth before an instance that is in it came.
    pub(super) fn worth_without(&self, instance: Instance<'_>, acuity: u64) -> Worth {
        let less = instance.features.iter().map(|&feature| {
            let count = self.count(feature);
            instance.times * (2 * count).saturating_sub(instance.times)
        });
        worth(self.square.saturating_sub(less.sum()), self.size.saturating_sub(instance.times), acuity)
    }

    /// The concept of all identities of both.
    pub(super) fn merged(&self, other: &Self) -> Self {
        let (mut merged, less) =
            if self.counts.len() >= other.counts.len() { (self.clone(), other) } else { (other.clone(), self) };
        merged.square = self.square_of_both(other);
        merged.size += less.size;
        #[expect(clippy::iter_over_hash_type, reason = "counts are added, in whatever order")]
        for (&feature, &count) in &less.counts {
            *merged.counts.entry(feature).or_default() += count;
        }
        merged
    }

    pub(super) fn worth(&self, acuity: u64) -> Worth {
        worth(self.square, self.size, acuity)
    }

    /// Its worth with an instance more.
    pub(super) fn worth_with(&self, instance: Instance<'_>, acuity: u64) -> Worth {
        worth(self.square_with(instance), self.size + instance.times, acuity)
    }

    /// The worth of both as one, with an instance more; and how many counts that took to look at.
    pub(super) fn worth_of_both(&self, other: &Self, instance: Instance<'_>, acuity: u64) -> (Worth, u64) {
        let more: u64 = instance
            .features
            .iter()
            .map(|feature| {
                let count = self.count(*feature) + other.count(*feature);
                instance.times * (2 * count + instance.times)
            })
            .sum();
        let size = self.size + other.size + instance.times;
        let looks = self.counts.len().min(other.counts.len()) + 2 * instance.features.len();
        (worth(self.square_of_both(other) + more, size, acuity), looks as u64)
    }

    fn count(&self, feature: u32) -> u64 {
        self.counts.get(&feature).copied().unwrap_or_default()
    }

    fn square_with(&self, instance: Instance<'_>) -> u64 {
        let more = instance.features.iter().map(|&feature| instance.times * (2 * self.count(feature) + instance.times));
        self.square + more.sum::<u64>()
    }

    fn square_of_both(&self, other: &Self) -> u64 {
        let (more, less) = if self.counts.len() >= other.counts.len() { (self, other) } else { (other, self) };
        let crossed: u64 = less.counts.iter().map(|(&feature, count)| count * more.count(feature)).sum();
        self.square + other.square + 2 * crossed
    }
}

impl Instance<'_> {
    /// The worth of a concept of these identities only.
    pub(super) fn worth(self, acuity: u64) -> Worth {
        worth(self.features.len() as u64 * self.times * self.times, self.times, acuity)
    }
}

fn worth(square: u64, size: u64, acuity: u64) -> Worth {
    ((i128::from(square)) << 20) / i128::from((size + acuity).max(1))
}
