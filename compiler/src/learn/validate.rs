//! How a tree does on records that it has not seen.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    entropy::{BIT, Entropy, log2_of},
    records::Records,
    tree::Tree,
};
use crate::{
    chance::Chance,
    spec::{Describe, Percent},
};

/// Parts that the records are divided into, as is usual.
const FOLDS: u32 = 10;

/// Cross-validation: each part of the records is foretold by a tree that learned from the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// Parts, with about as many records of every role each.
    pub folds: u32,
    /// What they are drawn by.
    pub seed: u64,
    /// Records that were assigned to their own role.
    pub correct: u64,
    /// Those that were not.
    pub incorrect: u64,
    /// `correct` of all.
    pub accuracy: Percent,
    /// Agreement beyond chance; none where all records are of one role.
    pub kappa: Option<Kappa>,
    /// Kononenko and Bratko's information score (Machine Learning 6, 1991): thousandths of a bit that the trees told about the roles of all
    /// records, beyond how frequent roles are among them (WEKA takes frequencies among the others, each plus one).
    pub information_score: i64,
    /// Of what there was to tell, in basis points; negative where the trees misled.
    pub relative_information_score: i32,
}

/// Cohen's kappa: (observed − expected) / (1 − expected) agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kappa {
    /// In ten-thousandths, rounded down; 10,000 is perfect, 0 is chance.
    pub value: i32,
    /// What people make of it.
    pub band: Band,
}

/// What people make of a kappa.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Band {
    /// Below 0.7.
    Poor,
    /// From 0.7 to 0.9.
    Acceptable,
    /// Above 0.9.
    Excellent,
}

/// Ten-fold cross-validation.
pub(super) fn cross_validated(records: &Records, settings: &Describe) -> Option<Validation> {
    let weights = records.counts();
    let total: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
    if total < u64::from(FOLDS) {
        return None;
    }
    let folds = dealt(records, weights, FOLDS, &mut Chance::seeded(settings.tree.seed));
    let outcomes: Vec<Outcome> = folds.par_iter().map(|fold| Outcome::of(records, fold, settings)).collect();
    let mut all = Outcome::new(records.classes());
    for outcome in &outcomes {
        all.add(outcome);
    }
    let entropy = Entropy::new();
    let to_tell = entropy.of(total) - all.actual.iter().map(|&count| entropy.of(count)).sum::<i64>();
    let to_tell = i128::from(to_tell);
    let relative = if to_tell > 0 { (all.information * 10_000 + to_tell / 2).div_euclid(to_tell) } else { 0 };
    Some(Validation {
        folds: FOLDS,
        seed: settings.tree.seed,
        correct: all.correct,
        incorrect: total - all.correct,
        accuracy: Percent::of(all.correct, total),
        kappa: Kappa::new(all.correct, total, &all.actual, &all.foretold),
        information_score: i64::try_from(all.information * 1000 / BIT as i128).unwrap_or(i64::MAX),
        relative_information_score: i32::try_from(relative).unwrap_or(i32::MIN),
    })
}

/// What came of one part, or of all.
struct Outcome {
    correct: u64,
    /// Records by their own class, and by the one that was foretold.
    actual: Vec<u64>,
    foretold: Vec<u64>,
    /// In 2⁻²⁰ bits.
    information: i128,
}

impl Outcome {
    fn new(classes: usize) -> Self {
        Self { correct: 0, actual: vec![0; classes], foretold: vec![0; classes], information: 0 }
    }

    /// Learns from everything but a part, and tries on the part.
    fn of(records: &Records, part: &[u32], settings: &Describe) -> Self {
        let rest: Vec<u32> = records.counts().iter().zip(part).map(|(all, part)| all - part).collect();
        let tree = Tree::learn(records, &rest, settings);
        let mut outcome = Self::new(records.classes());
        let (prior, all) = frequencies(records);
        for (row, &weight) in (0..).zip(part).filter(|(_, weight)| **weight > 0) {
            let (leaf, class, weight) = (tree.leaf(records, row), records.class(row), u64::from(weight));
            outcome.correct += if leaf.class == class { weight } else { 0 };
            for (counts, class) in [(&mut outcome.actual, class), (&mut outcome.foretold, leaf.class)] {
                if let Some(count) = counts.get_mut(class as usize) {
                    *count += weight;
                }
            }
            let prior = (prior.get(class as usize).copied().unwrap_or(all), all);
            let posterior = match leaf.total() {
                0 => prior,
                total => (leaf.count(class), total),
            };
            outcome.information += i128::from(told(posterior, prior)) * i128::from(weight);
        }
        outcome
    }

    fn add(&mut self, other: &Self) {
        self.correct += other.correct;
        self.information += other.information;
        for (own, other) in [(&mut self.actual, &other.actual), (&mut self.foretold, &other.foretold)] {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        }
    }
}

/// The records of each class, and all.
fn frequencies(records: &Records) -> (Vec<u64>, u64) {
    let mut frequencies = vec![0; records.classes()];
    for (row, &count) in (0..).zip(records.counts()) {
        if let Some(frequency) = frequencies.get_mut(records.class(row) as usize) {
            *frequency += u64::from(count);
        }
    }
    let all = frequencies.iter().sum();
    (frequencies, all)
}

/// What a forecast tells about a record, in 2⁻²⁰ bits: shares (part, whole) of the record's own class, before and after.
fn told((after, of): (u64, u64), (before, all): (u64, u64)) -> i64 {
    if u128::from(after) * u128::from(all) >= u128::from(before) * u128::from(of) {
        log2_of(after, of) - log2_of(before, all)
    } else {
        // Less likely than before: misleading by as much as it took away from the others.
        log2_of(all - before, all) - log2_of(of - after, of)
    }
}

impl Kappa {
    /// From records by their own class and by the one foretold; `correct` of `total` are the same.
    pub(super) fn new(correct: u64, total: u64, actual: &[u64], foretold: &[u64]) -> Option<Self> {
        let by_chance: u128 =
            actual.iter().zip(foretold).map(|(&one, &other)| u128::from(one) * u128::from(other)).sum();
        let observed = i128::from(total) * i128::from(correct);
        let (by_chance, all) = (i128::try_from(by_chance).ok()?, i128::from(total) * i128::from(total));
        let most = all - by_chance;
        if most <= 0 {
            return None;
        }
        let value = i32::try_from(((observed - by_chance) * 10_000).div_euclid(most)).unwrap_or(i32::MIN);
        let band = match value {
            ..7_000 => Band::Poor,
            7_000..=9_000 => Band::Acceptable,
            _ => Band::Excellent,
        };
        Some(Self { value, band })
    }
}

/// Deals records into parts, class by class in an order drawn by chance; of each part how many records of each row.
pub(super) fn dealt(records: &Records, weights: &[u32], parts: u32, chance: &mut Chance) -> Vec<Vec<u32>> {
    let parts = parts.max(1) as usize;
    let mut order: Vec<u32> = (0..).take(weights.len()).collect();
    order.sort_by_key(|&row| records.class(row));
    let mut dealt = vec![vec![0; weights.len()]; parts];
    let mut next = 0;
    for rows in order.chunk_by(|&one, &other| records.class(one) == records.class(other)) {
        let mut cards: Vec<u32> = Vec::new();
        for &row in rows {
            let count = weights.get(row as usize).copied().unwrap_or_default() as usize;
            cards.extend(std::iter::repeat_n(row, count));
        }
        for place in (1..cards.len()).rev() {
            cards.swap(place, chance.below(place + 1));
        }
        for row in cards {
            if let Some(count) = dealt.get_mut(next).and_then(|part| part.get_mut(row as usize)) {
                *count += 1;
            }
            next = (next + 1) % parts;
        }
    }
    dealt
}

/// Draws so many percent of the records, each draw from all of them.
pub(super) fn drawn(weights: &[u32], share: Percent, chance: &mut Chance) -> Vec<u32> {
    let mut records: Vec<u32> = Vec::new();
    for (row, &weight) in (0..).zip(weights) {
        records.extend(std::iter::repeat_n(row, weight as usize));
    }
    let mut drawn = vec![0; weights.len()];
    for _ in 0..(records.len() as u64 * u64::from(share.0) / 10_000) {
        let row = records.get(chance.below(records.len())).copied().unwrap_or_default();
        if let Some(count) = drawn.get_mut(row as usize) {
            *count += 1;
        }
    }
    drawn
}
