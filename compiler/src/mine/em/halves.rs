//! How a part divides into two.

use super::{
    model::ONE,
    parts::{Part, Parts},
};

/// Steps in which halves settle, at most, and features by which one begins.
const STEPS: usize = 8;
const BEGINNINGS: usize = 6;

/// Members by which they settle: of a part with more, every second, or third, and so on.
pub(super) const ENOUGH: usize = 2_048;

/// A way to divide a part: how many identities stay, what is gained, and what makes one likelier to stay: having none of the telling features, and
/// having each.
pub(super) struct Way {
    pub(super) size: u32,
    pub(super) gain: i64,
    base: i64,
    weights: Vec<i64>,
}

impl Way {
    fn stays(&self, row: &[u32]) -> bool {
        stays(self.base, &self.weights, row)
    }
}

/// Those members of a part by whom its halves settle: all, or every nth.
pub(super) fn enough(members: &[u32]) -> impl Iterator<Item = u32> {
    members.iter().step_by(members.len().div_ceil(ENOUGH).max(1)).copied()
}

/// A part that is to divide.
pub(super) struct Halves<'a> {
    parts: &'a Parts<'a>,
    part: &'a Part,
    /// The features that some of its members have and some have not, and how many have them. No other can tell members apart.
    telling: Vec<(u32, u32)>,
    /// Which of them each member has, by place.
    rows: Vec<Vec<u32>>,
}

impl<'a> Halves<'a> {
    pub(super) fn new(parts: &'a Parts<'a>, part: &'a Part) -> Self {
        let telling: Vec<(u32, u32)> = part.counts.iter().filter(|&&(_, count)| count < part.size).copied().collect();
        let mut halves = Self { parts, part, telling, rows: Vec::new() };
        halves.rows = part.members.iter().map(|&member| halves.row(member)).collect();
        halves
    }

    /// Which of the telling features an identity has, by place.
    fn row(&self, member: u32) -> Vec<u32> {
        let place = |feature: &u32| self.telling.binary_search_by_key(feature, |&(feature, _)| feature).ok();
        let places = self.parts.profiles.features_of(member as usize).iter().filter_map(place);
        places.filter_map(|place| u32::try_from(place).ok()).collect()
    }

    /// How many identities they settle by.
    pub(super) fn size(&self) -> u32 {
        self.part.size
    }

    /// Who of these goes off.
    pub(super) fn off(&self, way: &Way, members: &[u32]) -> Vec<u32> {
        members.iter().filter(|&&member| !way.stays(&self.row(member))).copied().collect()
    }

    /// The features that divide the part most evenly, by place.
    pub(super) fn beginnings(&self) -> impl Iterator<Item = u32> {
        let evenly = |&(_, count): &(u32, u32)| u64::from(count) * u64::from(self.part.size - count);
        let mut by: Vec<(u64, u32)> = self.telling.iter().map(evenly).zip(0..).collect();
        by.sort_unstable_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(&other.1)));
        by.into_iter().take(BEGINNINGS).map(|(_, place)| place)
    }

    /// Begins with those who have a feature and those who have not, and moves members to the likelier half until none moves.
    pub(super) fn settled(&self, beginning: u32) -> Way {
        let mut stays: Vec<bool> = self.rows.iter().map(|row| row.binary_search(&beginning).is_ok()).collect();
        let (mut size, mut counts) = self.counted(&stays);
        let (mut base, mut weights) = likelier(self.part.size, size, &self.telling, &counts);
        for _ in 0..STEPS {
            let next: Vec<bool> = self.rows.iter().map(|row| self::stays(base, &weights, row)).collect();
            if next == stays {
                break;
            }
            stays = next;
            (size, counts) = self.counted(&stays);
            (base, weights) = likelier(self.part.size, size, &self.telling, &counts);
        }
        let gone = self.telling.iter().zip(&counts).map(|(&(_, all), &stay)| all - stay);
        let halves = self.parts.worth(size, counts.iter().copied()) + self.parts.worth(self.part.size - size, gone);
        Way { size, gain: halves - self.part.worth, base, weights }
    }

    /// How many identities stay, and how many of them have each feature.
    fn counted(&self, stays: &[bool]) -> (u32, Vec<u32>) {
        let (mut size, mut counts) = (0, vec![0_u32; self.telling.len()]);
        for ((row, &member), _) in self.rows.iter().zip(&self.part.members).zip(stays).filter(|&(_, &stays)| stays) {
            let times = self.parts.times.get(member as usize).copied().unwrap_or_default();
            size += times;
            for &place in row {
                if let Some(count) = counts.get_mut(place as usize) {
                    *count += times;
                }
            }
        }
        (size, counts)
    }
}

fn stays(base: i64, weights: &[i64], row: &[u32]) -> bool {
    let weight = |&place: &u32| weights.get(place as usize).copied().unwrap_or_default();
    base + row.iter().map(weight).sum::<i64>() >= 0
}

/// How much likelier one who has none of these features is among those who stay, and what each feature adds.
///
/// Of the `whole` of a part, each feature with the count of those who have it, `size` stay, with their counts. Both halves are counted as if one more were in
/// them, who has what all of the part have on average.
fn likelier(whole: u32, size: u32, all: &[(u32, u32)], stay: &[u32]) -> (i64, Vec<i64>) {
    let ln = |x: u64| (libm::log(x.max(1) as f64) * ONE).round() as i64;
    let (whole, size) = (u64::from(whole), u64::from(size));
    let rest = whole - size;
    let mut base = ln(size) - ln(rest) + (ln(rest + 1) - ln(size + 1)) * all.len() as i64;
    let mut weights = Vec::with_capacity(all.len());
    for (&(_, all), &stay) in all.iter().zip(stay) {
        let (all, stay) = (u64::from(all), u64::from(stay));
        let go = all - stay;
        let with = ln(stay * whole + all) - ln(go * whole + all);
        let without = ln((size - stay) * whole + whole - all) - ln((rest - go) * whole + whole - all);
        base += without;
        weights.push(with - without);
    }
    (base, weights)
}
