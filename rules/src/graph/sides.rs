//! The sides of duties: which entitlements are on which, and which names the snapshot does not know.

use adit_compiler::{
    compile::Compilation,
    spec::{Duties, EntitlementName},
};
use adit_snapshots::{EntitlementId, Entitlements};
use rustc_hash::FxHashMap;

use super::Runs;

/// The sides of every duties of a spec, each one bit of a row of words.
#[derive(Debug)]
pub struct Sides {
    duties: Vec<Placed>,
    /// The bits each entitlement sets.
    bits: Runs,
    words: usize,
    unknown: Vec<UnknownName>,
}

/// A name on a side that no entitlement of the snapshot has: whether someone holds it cannot be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnknownName {
    /// Index into `Spec::duties`.
    pub duties: usize,
    /// Index into `Duties::sides`.
    pub side: usize,
    /// Index into `DutySide::entitlements`.
    pub entitlement: usize,
}

/// Where the bits of one duties are. They share a word wherever they fit into one.
#[derive(Debug)]
struct Placed {
    first: usize,
    at_most: u32,
    sides: Vec<Vec<EntitlementId>>,
}

impl Sides {
    pub(super) fn of(compilation: &Compilation<'_>) -> Self {
        let duties = &compilation.spec.duties;
        let entitlements = &compilation.snapshot.entitlements;
        let found = Names::of(duties, entitlements);
        let mut sides = Self { duties: Vec::new(), bits: Runs::default(), words: 0, unknown: Vec::new() };
        let (mut end, mut bits) = (0_usize, Vec::new());
        for (index, of) in duties.iter().enumerate() {
            let first = if end % 64 + of.sides.len() > 64 { end.next_multiple_of(64) } else { end };
            end = first + of.sides.len();
            let mut placed = Placed { first, at_most: of.at_most, sides: Vec::new() };
            for (side, names) in of.sides.iter().enumerate() {
                let mut known = Vec::new();
                for (entitlement, name) in names.entitlements.iter().enumerate() {
                    match found.get(name) {
                        [] => sides.unknown.push(UnknownName { duties: index, side, entitlement }),
                        ids => known.extend_from_slice(ids),
                    }
                }
                known.sort_unstable();
                known.dedup();
                let bit = u32::try_from(first + side).unwrap_or(u32::MAX);
                bits.extend(known.iter().map(|entitlement| (entitlement.0, bit)));
                placed.sides.push(known);
            }
            sides.duties.push(placed);
        }
        sides.words = end.div_ceil(64);
        sides.bits = Runs::of(entitlements.len(), bits);
        sides
    }

    /// The entitlements of a side that the snapshot knows, ascending.
    #[must_use]
    pub fn entitlements(&self, duties: usize, side: usize) -> &[EntitlementId] {
        self.duties.get(duties).and_then(|duties| duties.sides.get(side)).map_or(&[], Vec::as_slice)
    }

    /// The names that no entitlement of the snapshot has, in the order of the spec.
    #[must_use]
    pub fn unknown(&self) -> &[UnknownName] {
        &self.unknown
    }

    /// Every side with its duties and its known entitlements, in the order of the spec.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize, &[EntitlementId])> {
        self.duties.iter().enumerate().flat_map(|(duties, placed)| {
            placed.sides.iter().enumerate().map(move |(side, known)| (duties, side, known.as_slice()))
        })
    }

    /// A row of words with no side held.
    pub(super) fn none(&self) -> Vec<u64> {
        vec![0; self.words]
    }

    /// How many words a row has.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// Marks the sides that an entitlement is on.
    pub(super) fn mark(&self, held: &mut [u64], entitlement: EntitlementId) {
        for &bit in self.bits.run(entitlement.0 as usize) {
            if let Some(word) = held.get_mut(bit as usize / 64) {
                *word |= 1 << (bit % 64);
            }
        }
    }

    /// The duties that someone with these sides breaks, ascending.
    pub(super) fn broken<'s>(&'s self, held: &'s [u64]) -> impl Iterator<Item = usize> + 's {
        let any = held.iter().any(|&word| word != 0);
        let duties = if any { self.duties.as_slice() } else { &[] };
        duties.iter().enumerate().filter(|(_, placed)| placed.count(held) > placed.at_most).map(|(index, _)| index)
    }

    /// The sides of one duties among these, ascending.
    pub(super) fn held(&self, duties: usize, held: &[u64]) -> Vec<usize> {
        let Some(placed) = self.duties.get(duties) else { return Vec::new() };
        let set = |bit: usize| held.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1);
        (0..placed.sides.len()).filter(|side| set(placed.first + side)).collect()
    }
}

impl Placed {
    fn count(&self, held: &[u64]) -> u32 {
        let end = self.first + self.sides.len();
        let words = held.iter().enumerate().skip(self.first / 64).take_while(|(index, _)| index * 64 < end);
        words
            .map(|(index, word)| {
                let from = self.first.saturating_sub(index * 64);
                let width = (end - index * 64).min(64) - from;
                let mask = if width == 64 { u64::MAX } else { ((1 << width) - 1) << from };
                (word & mask).count_ones()
            })
            .sum()
    }
}

/// The entitlements that the names of duties mean. Several records may share a name; then it means all of them.
struct Names<'a>(FxHashMap<(&'a str, &'a str, &'a str), Vec<EntitlementId>>);

impl<'a> Names<'a> {
    fn of(duties: &'a [Duties], entitlements: &'a Entitlements) -> Self {
        let named = duties.iter().flat_map(|duties| &duties.sides).flat_map(|side| &side.entitlements);
        let mut ids: FxHashMap<_, Vec<_>> = named.map(|name| (key(name), Vec::new())).collect();
        if !ids.is_empty() {
            for id in entitlements.iter() {
                let row = id.0 as usize;
                let parts = [&entitlements.application, &entitlements.attribute, &entitlements.value];
                let [application, attribute, value] = parts.map(|column| column.get(row).unwrap_or(""));
                if let Some(ids) = ids.get_mut(&(application, attribute, value)) {
                    ids.push(id);
                }
            }
        }
        Self(ids)
    }

    fn get(&self, name: &'a EntitlementName) -> &[EntitlementId] {
        self.0.get(&key(name)).map_or(&[], Vec::as_slice)
    }
}

fn key(name: &EntitlementName) -> (&str, &str, &str) {
    (&name.kind.application, &name.kind.attribute, &name.value)
}
