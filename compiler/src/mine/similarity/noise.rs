//! Who is in no cluster, and which of midPoint's three kinds of noise it is.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{
    density::Density,
    people::{People, Share},
};
use crate::{
    alike::{Pair, common},
    mine::{MineInput, Shortfall, Unassigned},
};

/// How many identities hold alike, whatever their attributes, by class; and how many have the same attributes, whatever they hold.
pub(super) struct Noise {
    access: Vec<AtomicU64>,
    attributes: Vec<u64>,
}

impl Noise {
    pub(super) fn new(people: &People<'_>) -> Self {
        let mut attributes = vec![0; people.profiles.len()];
        for class in &people.classes {
            if let Some(count) = attributes.get_mut(class.profile as usize) {
                *count += class.members.len() as u64;
            }
        }
        Self { access: (0..).take(people.classes.len()).map(|class| people.size(class).into()).collect(), attributes }
    }

    /// Counts two classes that may be alike. A sum is the same in any order, so on any number of threads.
    pub(super) fn count(&self, people: &People<'_>, pair: Pair) {
        if people.guided() && people.hold_alike(pair) {
            for (class, with) in [(pair.one, pair.other), (pair.other, pair.one)] {
                if let Some(near) = self.access.get(class as usize) {
                    near.fetch_add(people.size(with), Ordering::Relaxed);
                }
            }
        }
    }

    /// Every row in no cluster, ascending, with the one it is most alike to, if it is alike to any.
    pub(super) fn unassigned(
        &self,
        people: &People<'_>,
        density: &Density,
        pairs: &[(u32, u32)],
        input: &MineInput<'_>,
        min_members: u32,
    ) -> Vec<Unassigned> {
        let mut nearest: Vec<Option<(Share, u32)>> = vec![None; people.classes.len()];
        for &(one, other) in pairs {
            for (class, with) in [(one, other), (other, one)].into_iter().filter(|&(class, _)| density.is_noise(class))
            {
                let share = people.similarity_of(class, with);
                let Some(nearest) = nearest.get_mut(class as usize) else { continue };
                if nearest.is_none_or(|(known, by)| share.cmp(known).then(by.cmp(&with)).is_gt()) {
                    *nearest = Some((share, with));
                }
            }
        }
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut all: Vec<Unassigned> = people
            .out_of_range
            .iter()
            .map(|&row| {
                let held = input.matrix.row(row as usize).len();
                let shortfall = if held == 0 { Shortfall::HoldsNothing } else { Shortfall::OutOfRange };
                Unassigned { row, best_common: 0, of: number(held), with: None, with_of: 0, shortfall }
            })
            .collect();
        for (number_of_class, nearest) in (0..).zip(nearest).filter(|&(class, _)| density.is_noise(class)) {
            let Some(class) = people.classes.get(number_of_class as usize) else { continue };
            let shortfall = self.kind(people, number_of_class, class.profile, min_members);
            let with = nearest.map(|(_, class)| class);
            for &row in &class.members {
                // Whoever holds exactly the same is nearer than anyone who does not.
                let twin = class.members.iter().copied().find(|&other| other != row);
                let other = with.and_then(|class| people.classes.get(class as usize));
                let (with, held) = match (twin, other) {
                    (Some(twin), _) => (Some(twin), class.held.as_ref()),
                    (None, Some(other)) => (other.members.first().copied(), other.held.as_ref()),
                    (None, None) => (None, &[][..]),
                };
                all.push(Unassigned {
                    row,
                    best_common: number(common(&class.held, held)),
                    of: number(class.held.len()),
                    with,
                    with_of: number(held.len()),
                    shortfall,
                });
            }
        }
        all.sort_unstable_by_key(|one| one.row);
        all
    }

    fn kind(&self, people: &People<'_>, class: u32, profile: u32, min_members: u32) -> Shortfall {
        if !people.guided() {
            return Shortfall::AccessNoise;
        }
        let enough = |count: Option<u64>| count.is_some_and(|count| count >= u64::from(min_members));
        let access = enough(self.access.get(class as usize).map(|near| near.load(Ordering::Relaxed)));
        let attributes = enough(self.attributes.get(profile as usize).copied());
        match (access, attributes) {
            (false, true) => Shortfall::AccessNoise,
            (true, false) => Shortfall::AttributeNoise,
            (false, false) | (true, true) => Shortfall::OverallNoise,
        }
    }
}
