//! A mixture and its two steps, in whole numbers: sums are exact, so their order does not matter.

use rayon::prelude::*;

use crate::mine::profiles::Profiles;

/// How a profile is shared among components: component and share, of [`WHOLE`]; ascending by component, none of them nothing.
pub(super) type Shares = Vec<(u32, u32)>;

/// All of a profile.
pub(super) const WHOLE: u32 = 1 << 20;

/// One, as a logarithm.
pub(super) const ONE: f64 = 65_536.0;

/// What is less likely than e⁻¹⁴ times the likeliest gets no share: it would be less than one of a million.
const FAR: i64 = 14 << 16;

/// Weights are at most 2²⁰ either way, so that so many of them add up in an `i32`.
const MOST: f64 = 1_048_575.0;
const AT_ONCE: usize = 1_024;

/// Profiles that a thread takes at once.
const TASK: usize = 64;

/// A mixture of Bernoulli distributions, as logarithms in units of 2⁻¹⁶.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Model {
    /// For each component, the logarithm of its share and of having no feature at all.
    base: Vec<i64>,
    /// For each feature and component, what having the feature adds.
    weights: Vec<i32>,
}

impl Model {
    pub(super) fn components(&self) -> usize {
        self.base.len()
    }

    /// The M step: what is likeliest, given how each profile, counted so many times, is shared.
    pub(super) fn fitted(
        profiles: &Profiles,
        having: &[Vec<u32>],
        times: &[u32],
        shares: &[Shares],
        detail: i8,
    ) -> Self {
        let components = shares.iter().flatten().map(|&(component, _)| component as usize + 1).max().unwrap_or(1);
        let mut sizes = vec![0_u64; components];
        for (shares, &times) in shares.iter().zip(times) {
            add(&mut sizes, shares, times);
        }
        let everyone: u64 = times.iter().map(|&times| u64::from(times)).sum();
        let everyone = everyone as f64 * f64::from(WHOLE);
        let prior = f64::from(WHOLE) * prior(detail);
        let mut weights = vec![0; profiles.features * components];
        let none = || (vec![0_u64; components], vec![0_i64; components]);
        let base = weights
            .par_chunks_mut(components)
            .zip(having)
            .with_min_len(16)
            .fold(none, |(mut held, mut base), (weights, having)| {
                held.fill(0);
                let mut all = 0_u64;
                for &profile in having {
                    if let (Some(shares), Some(&times)) = (shares.get(profile as usize), times.get(profile as usize)) {
                        add(&mut held, shares, times);
                        all += u64::from(times);
                    }
                }
                // Never all and never none, so that every logarithm is finite.
                let half = f64::from(WHOLE) / 2.0;
                let frequency = (all as f64 * f64::from(WHOLE) + half) / (everyone + 2.0 * half);
                for (((weight, base), &held), &size) in weights.iter_mut().zip(&mut base).zip(&held).zip(&sizes) {
                    let has = (held as f64 + prior * frequency) / (size as f64 + prior);
                    let (yes, no) = (libm::log(has), libm::log(1.0 - has));
                    *weight = ((yes - no) * ONE).clamp(-MOST, MOST).round() as i32;
                    *base += (no * ONE).round() as i64;
                }
                (held, base)
            })
            .map(|(_, base)| base)
            .reduce(
                || vec![0; components],
                |mut one, other| {
                    one.iter_mut().zip(other).for_each(|(one, other)| *one += other);
                    one
                },
            );
        let base = base
            .into_iter()
            .zip(&sizes)
            .map(|(base, &size)| {
                base + (libm::log((size as f64 + prior) / (everyone + prior * components as f64)) * ONE).round() as i64
            })
            .collect();
        Self { base, weights }
    }

    /// The E step: the log-likelihood of all, and how each profile is shared.
    pub(super) fn expected(&self, profiles: &Profiles, times: &[u32]) -> (i128, Vec<Shares>) {
        let judged: Vec<(i64, Shares)> = (0..profiles.len())
            .into_par_iter()
            .with_min_len(TASK)
            .map_init(Scores::default, |scores, profile| {
                self.score(profiles.features_of(profile), scores);
                scores.shared()
            })
            .collect();
        let likelihood = judged.iter().zip(times).map(|((one, _), &times)| i128::from(*one) * i128::from(times)).sum();
        (likelihood, judged.into_iter().map(|(_, shares)| shares).collect())
    }

    /// The log-likelihood of profiles, each counted so many times.
    pub(super) fn likelihood(&self, profiles: &Profiles, times: &[u32]) -> i128 {
        let one = |(profile, &times): (usize, &u32), scores: &mut Scores| {
            self.score(profiles.features_of(profile), scores);
            i128::from(scores.shared().0) * i128::from(times)
        };
        let counted: Vec<(usize, &u32)> = times.iter().enumerate().filter(|(_, times)| **times > 0).collect();
        counted.into_par_iter().map_init(Scores::default, |scores, profile| one(profile, scores)).sum()
    }

    /// log πₖ p(x | k) for each component.
    fn score(&self, features: &[u32], scores: &mut Scores) {
        let components = self.components();
        scores.total.clear();
        scores.total.extend_from_slice(&self.base);
        for some in features.chunks(AT_ONCE) {
            scores.some.clear();
            scores.some.resize(components, 0);
            for &feature in some {
                let start = feature as usize * components;
                let weights = self.weights.get(start..start + components).unwrap_or(&[]);
                scores.some.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight);
            }
            scores.total.iter_mut().zip(&scores.some).for_each(|(total, &some)| *total += i64::from(some));
        }
    }
}

/// Room for the scores of one profile.
#[derive(Default)]
struct Scores {
    total: Vec<i64>,
    some: Vec<i32>,
}

impl Scores {
    /// The logarithm of their sum, and the share of each.
    fn shared(&self) -> (i64, Shares) {
        let most = self.total.iter().copied().max().unwrap_or(0);
        let near: Vec<(u32, f64)> = (0..)
            .zip(&self.total)
            .filter(|&(_, &score)| most - score <= FAR)
            .map(|(component, &score)| (component, libm::exp((score - most) as f64 / ONE)))
            .collect();
        let sum: f64 = near.iter().map(|(_, part)| part).sum();
        let mut shares: Shares = near
            .iter()
            .map(|&(component, part)| (component, (part / sum * f64::from(WHOLE)).round() as u32))
            .filter(|&(_, share)| share > 0)
            .collect();
        // Rounding must not make more or less of anyone.
        let given: u32 = shares.iter().map(|(_, share)| share).sum();
        if let Some((_, largest)) =
            shares.iter_mut().max_by_key(|(component, share)| (*share, std::cmp::Reverse(*component)))
        {
            *largest = (*largest + WHOLE).saturating_sub(given);
        }
        (most + (libm::log(sum) * ONE).round() as i64, shares)
    }
}

/// The weight of what everyone holds in a component, in members: `detail` -2 … 2.
fn prior(detail: i8) -> f64 {
    match detail {
        ..=-2 => 4.0,
        -1 => 2.0,
        0 => 1.0,
        1 => 0.5,
        2.. => 0.25,
    }
}

fn add(sums: &mut [u64], shares: &Shares, times: u32) {
    for &(component, share) in shares {
        if let Some(sum) = sums.get_mut(component as usize) {
            *sum += u64::from(share) * u64::from(times);
        }
    }
}
