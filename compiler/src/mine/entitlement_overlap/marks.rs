//! Tables that one class after the other looks at the rest with, so that a comparison takes one look at each entitlement of the other.

use super::holders::{Class, Holders};
use crate::mine::bits;

/// What the class that looks holds, and whom it has met. A thread has one for all its classes.
#[derive(Debug)]
pub(super) struct Marks {
    /// One more than the place of each rank among the entitlements of the class that looks; 0 where it has not got it.
    places: Vec<u32>,
    ranks: Vec<u32>,
    is_met: Vec<bool>,
    met: Vec<u32>,
}

impl Marks {
    pub(super) fn new(holders: &Holders) -> Self {
        let (places, is_met) = (vec![0; holders.ranks()], vec![false; holders.classes.len()]);
        Self { places, ranks: Vec::new(), is_met, met: Vec::new() }
    }

    /// Now this class looks, and has met nobody.
    pub(super) fn look(&mut self, class: &Class) {
        let before = self.ranks.drain(..).map(|rank| (rank, 0));
        for (rank, place) in before.chain(class.counted.iter().copied().zip(1..)) {
            if let Some(slot) = self.places.get_mut(rank as usize) {
                *slot = place;
            }
        }
        self.ranks.extend_from_slice(&class.counted);
        for other in self.met.drain(..) {
            if let Some(is_met) = self.is_met.get_mut(other as usize) {
                *is_met = false;
            }
        }
    }

    /// Meets another class; whether that is the first time.
    pub(super) fn meet(&mut self, other: u32) -> bool {
        let Some(is_met) = self.is_met.get_mut(other as usize).filter(|is_met| !**is_met) else { return false };
        *is_met = true;
        self.met.push(other);
        true
    }

    /// How many entitlements the other class shares with the one that looks.
    pub(super) fn common(&self, other: &Class) -> usize {
        self.shared(other).count()
    }

    /// Adds those entitlements to a set, by their places.
    pub(super) fn share(&self, other: &Class, set: &mut [u64]) {
        self.shared(other).for_each(|place| bits::insert(set, place));
    }

    fn shared(&self, other: &Class) -> impl Iterator<Item = usize> {
        let places = other.counted.iter().filter_map(|&rank| self.places.get(rank as usize));
        places.filter_map(|&place| (place as usize).checked_sub(1))
    }
}
