//! Where the fitting starts: profiles that are far from each other, drawn by k-means++, the greedy way.

use super::model::{Shares, WHOLE};
use crate::mine::{chance::Chance, profiles::Profiles};

/// Draws starts.
pub(super) struct Starter<'a> {
    profiles: &'a Profiles,
    having: &'a [Vec<u32>],
    times: &'a [u32],
}

impl<'a> Starter<'a> {
    /// For profiles that count so many times each; `having` are the profiles of each feature.
    pub(super) fn new(profiles: &'a Profiles, having: &'a [Vec<u32>], times: &'a [u32]) -> Self {
        Self { profiles, having, times }
    }

    /// Up to so many seeds, fewer only where fewer profiles differ; every profile goes to the nearest, to the first of equals.
    ///
    /// The first is drawn evenly, each next one with a probability that grows with its distance from the nearest before: the number of
    /// features that one has and the other has not. Of a few drawn, the one that leaves everyone nearest to a seed is taken, so that
    /// no one who is like nobody becomes a seed.
    pub(super) fn start(&self, seeds: u32, chance: &mut Chance) -> Vec<Shares> {
        let mut nearest: Vec<Near> = vec![Near { distance: 1, seed: 0 }; self.profiles.len()];
        let trials = 2 + seeds.max(1).ilog2();
        for seed in 0..seeds {
            let drawn: Vec<usize> = (0..trials).map_while(|_| self.draw(&nearest, chance)).collect();
            let tried = drawn.into_iter().map(|drawn| self.with_seed(&nearest, seed, drawn));
            match tried.min_by_key(|nearest| self.potential(nearest)) {
                Some(best) => nearest = best,
                None => break,
            }
        }
        nearest.into_iter().map(|near| vec![(near.seed, WHOLE)]).collect()
    }

    /// Who is nearest to which seed once this profile is one too.
    fn with_seed(&self, nearest: &[Near], seed: u32, drawn: usize) -> Vec<Near> {
        let mut common = vec![0_u64; self.profiles.len()];
        let features = self.profiles.features_of(drawn);
        for &feature in features {
            for &profile in self.having.get(feature as usize).into_iter().flatten() {
                if let Some(common) = common.get_mut(profile as usize) {
                    *common += 1;
                }
            }
        }
        let near = |((profile, near), common): ((usize, &Near), u64)| {
            let sizes = (features.len() + self.profiles.features_of(profile).len()) as u64;
            let distance = sizes.saturating_sub(2 * common);
            if seed == 0 || distance < near.distance { Near { distance, seed } } else { *near }
        };
        nearest.iter().enumerate().zip(common).map(near).collect()
    }

    /// How far everyone is from the nearest seed, together.
    fn potential(&self, nearest: &[Near]) -> u64 {
        nearest.iter().zip(self.times).map(|(near, &times)| near.distance.saturating_mul(u64::from(times))).sum()
    }

    fn draw(&self, nearest: &[Near], chance: &mut Chance) -> Option<usize> {
        let mut left = chance.below(usize::try_from(self.potential(nearest)).ok().filter(|&total| total > 0)?) as u64;
        nearest.iter().zip(self.times).position(|(near, &times)| {
            let weight = near.distance.saturating_mul(u64::from(times));
            let here = left < weight;
            left = left.saturating_sub(weight);
            here
        })
    }
}

/// The seed nearest to a profile.
#[derive(Debug, Clone, Copy)]
struct Near {
    distance: u64,
    seed: u32,
}
