//! Sets by their rarest elements.

use rayon::prelude::*;

use super::{Likeness, Pair, common_at_least};

/// Sets turned in one piece of work.
const CHUNK: usize = 1 << 12;

/// All sets, smallest first, and which of them begin with each element.
pub(super) struct Index {
    likeness: Likeness,
    /// The place among the caller's sets of each set, by size, then by place. Sets too small to be like any other are left out.
    pub(super) order: Vec<u32>,
    /// Where each set starts in `elements`; one more than sets.
    starts: Vec<usize>,
    /// The first set of at least each size.
    first_of_size: Vec<u32>,
    /// The elements of each set as ranks, ascending: 0 is the rarest.
    elements: Vec<u32>,
    /// A bit for each element of a set, turned as often as elements have it: where two differ, the sets differ.
    signatures: Vec<u64>,
    /// Where the sets of each rank start in `sets`; one more than ranks.
    first: Vec<usize>,
    /// The sets that have a rank in their indexed prefix, ascending.
    sets: Vec<u32>,
}

impl Index {
    pub(super) fn new<S: AsRef<[u32]> + Sync>(sets: &[S], likeness: Likeness) -> Self {
        let size = |place: u32| sets.get(place as usize).map_or(0, |set| set.as_ref().len());
        let mut order: Vec<u32> =
            (0..).take(sets.len()).filter(|&place| size(place) >= likeness.need(size(place))).collect();
        order.sort_by_key(|&place| size(place));
        let rank_of = ranks(sets);
        let turned: Vec<Vec<u32>> = order
            .par_chunks(CHUNK)
            .map(|places| {
                let mut turned = Vec::new();
                for set in places.iter().filter_map(|&place| sets.get(place as usize)) {
                    let start = turned.len();
                    turned.extend(set.as_ref().iter().filter_map(|&element| rank_of.get(element as usize)).copied());
                    turned.get_mut(start..).unwrap_or_default().sort_unstable();
                }
                turned
            })
            .collect();
        let elements = turned.concat();
        drop(turned);
        let mut starts = Vec::with_capacity(order.len() + 1);
        starts.push(0);
        starts.extend(order.iter().scan(0, |end, &place| {
            *end += size(place);
            Some(*end)
        }));
        let mut first_of_size = Vec::new();
        for (&place, set) in order.iter().zip(0..) {
            first_of_size.resize((size(place) + 1).max(first_of_size.len()), set);
        }
        let mut index = Self {
            likeness,
            order,
            starts,
            first_of_size,
            elements,
            signatures: Vec::new(),
            first: Vec::new(),
            sets: Vec::new(),
        };
        index.signatures = (0..index.order.len()).into_par_iter().map(|set| signature(index.set(set))).collect();
        index.invert(rank_of.len());
        index
    }

    /// The elements of a set, as ranks.
    fn set(&self, set: usize) -> &[u32] {
        match (self.starts.get(set), self.starts.get(set + 1)) {
            (Some(&start), Some(&end)) => self.elements.get(start..end).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// The elements that a set is indexed by: whoever looks for it has at least as many.
    fn indexed(&self, set: usize) -> &[u32] {
        let elements = self.set(set);
        elements.get(..(elements.len() + 1).saturating_sub(self.likeness.need_of(2 * elements.len()))).unwrap_or(&[])
    }

    /// The elements by which a set looks for others: each that is like it and no larger is indexed by one of them.
    fn looking(&self, set: usize) -> &[u32] {
        let elements = self.set(set);
        elements.get(..(elements.len() + 1).saturating_sub(self.likeness.need(elements.len()))).unwrap_or(&[])
    }

    /// Fills `first` and `sets`.
    fn invert(&mut self, ranks: usize) {
        let mut first = vec![0; ranks + 2];
        for &rank in (0..self.order.len()).flat_map(|set| self.indexed(set)) {
            if let Some(count) = first.get_mut(rank as usize + 2) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut first {
            total += *start;
            *start = total;
        }
        let mut sets = vec![0; total];
        for (number, set) in (0..).zip(0..self.order.len()) {
            for &rank in self.indexed(set) {
                let Some(place) = first.get_mut(rank as usize + 1) else { continue };
                if let Some(slot) = sets.get_mut(*place) {
                    *slot = number;
                }
                *place += 1;
            }
        }
        first.truncate(ranks + 1);
        (self.first, self.sets) = (first, sets);
    }

    /// For each element by which a set looks: the earlier sets indexed by it that are large enough.
    fn meeting(&self, set: usize) -> impl Iterator<Item = &[u32]> {
        let least = self.likeness.need(self.set(set).len());
        let from = self.first_of_size.get(least).copied().unwrap_or(u32::MAX);
        let to = u32::try_from(set).unwrap_or(u32::MAX);
        self.looking(set).iter().map(move |&rank| {
            let (Some(&start), Some(&end)) = (self.first.get(rank as usize), self.first.get(rank as usize + 1)) else {
                return &[][..];
            };
            let sets = self.sets.get(start..end).unwrap_or(&[]);
            let sets = sets.get(sets.partition_point(|&other| other < from)..).unwrap_or(&[]);
            sets.get(..sets.partition_point(|&other| other < to)).unwrap_or(&[])
        })
    }

    /// Hands over the earlier sets that are like this one. `met` is room to work in.
    pub(super) fn alike(&self, set: usize, met: &mut Vec<u32>, mut take: impl FnMut(Pair)) {
        let (elements, own) = (self.set(set), self.signatures.get(set).copied().unwrap_or_default());
        // No earlier set is larger, and two sets of the largest size may differ in the most elements.
        let differ = self.likeness.differ(2 * elements.len());
        met.clear();
        for sets in self.meeting(set) {
            met.extend(sets.iter().filter(|&&other| {
                self.signatures.get(other as usize).is_some_and(|other| (own ^ other).count_ones() as usize <= differ)
            }));
        }
        met.sort_unstable();
        met.dedup();
        for &other in &*met {
            let others = self.set(other as usize);
            let need = self.likeness.need_of(elements.len() + others.len());
            let Some(common) = common_at_least(elements, others, need) else { continue };
            if let (Some(&one), Some(&other)) = (self.order.get(set), self.order.get(other as usize)) {
                take(Pair {
                    one: one.min(other),
                    other: one.max(other),
                    common: u32::try_from(common).unwrap_or(u32::MAX),
                });
            }
        }
    }
}

/// How many entries of the index all sets together would read.
pub(super) fn looks(index: &Index) -> u64 {
    (0..index.order.len())
        .into_par_iter()
        .map(|set| index.meeting(set).map(|sets| sets.len() as u64).sum::<u64>())
        .sum()
}

/// The rank of each element: those in the fewest sets come first, ties by number.
pub(super) fn ranks<S: AsRef<[u32]>>(sets: &[S]) -> Vec<u32> {
    let mut frequency: Vec<u32> = Vec::new();
    for &element in sets.iter().flat_map(|set| set.as_ref()) {
        let element = element as usize;
        if frequency.len() <= element {
            frequency.resize(element + 1, 0);
        }
        if let Some(frequency) = frequency.get_mut(element) {
            *frequency += 1;
        }
    }
    let mut elements: Vec<(u32, usize)> = frequency.into_iter().zip(0..).collect();
    elements.sort_unstable();
    let mut ranks = vec![0; elements.len()];
    for ((_, element), rank) in elements.into_iter().zip(0..) {
        if let Some(slot) = ranks.get_mut(element) {
            *slot = rank;
        }
    }
    ranks
}

fn signature(elements: &[u32]) -> u64 {
    // The golden ratio spreads neighbours over all bits (Knuth, TAOCP 6.4).
    elements.iter().fold(0, |bits, &element| bits ^ 1 << (element.wrapping_mul(0x9E37_79B9) >> 26))
}
