//! Where the fitting starts: profiles that are far from each other, drawn by k-means++.

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
    /// features that one has and the other has not.
    pub(super) fn start(&self, seeds: u32, chance: &mut Chance) -> Vec<Shares> {
        let mut nearest: Vec<(u64, u32)> = vec![(1, 0); self.profiles.len()];
        let mut common = vec![0_u64; self.profiles.len()];
        for seed in 0..seeds {
            let Some(drawn) = self.draw(&nearest, chance) else { break };
            common.fill(0);
            let features = self.profiles.features_of(drawn);
            for &feature in features {
                for &profile in self.having.get(feature as usize).into_iter().flatten() {
                    if let Some(common) = common.get_mut(profile as usize) {
                        *common += 1;
                    }
                }
            }
            for ((profile, near), &common) in nearest.iter_mut().enumerate().zip(&common) {
                let sizes = (features.len() + self.profiles.features_of(profile).len()) as u64;
                let distance = sizes.saturating_sub(2 * common);
                if seed == 0 || distance < near.0 {
                    *near = (distance, seed);
                }
            }
        }
        nearest.into_iter().map(|(_, seed)| vec![(seed, WHOLE)]).collect()
    }

    fn draw(&self, nearest: &[(u64, u32)], chance: &mut Chance) -> Option<usize> {
        let weight = |(&(distance, _), &times): (&(u64, u32), &u32)| distance.saturating_mul(u64::from(times));
        let total: u64 = nearest.iter().zip(self.times).map(weight).sum();
        let mut left = chance.below(usize::try_from(total).ok().filter(|&total| total > 0)?) as u64;
        nearest.iter().zip(self.times).position(|pair| {
            let weight = weight(pair);
            let here = left < weight;
            left = left.saturating_sub(weight);
            here
        })
    }
}
