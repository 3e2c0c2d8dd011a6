//! The sides of duties: which access is on which, and which names the snapshot does not know.

use adit_compiler::{
    compile::Compilation,
    spec::{Access, Duties},
};
use adit_snapshots::EntitlementId;

use super::{AccessGraph, Holder, Runs};

mod names;
mod places;

use names::Names;
use places::Bits;
pub(crate) use places::values_of;

/// The sides of every duties of a spec, each one bit of a row of words.
#[derive(Debug)]
pub struct Sides {
    places: Vec<Placed>,
    /// What is on each side of each duties, wherever it is.
    all: Vec<Vec<SideAccess>>,
    /// The bits each entitlement sets.
    bits: Runs,
    /// The bits each role sets, for itself.
    role_bits: Vec<(Holder, u32)>,
    words: usize,
    unknown: Vec<UnknownName>,
}

/// The access on one side that the snapshot knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SideAccess {
    /// Entitlements, ascending.
    pub entitlements: Vec<EntitlementId>,
    /// Roles, ascending.
    pub roles: Vec<Holder>,
}

/// A name on a side that nothing in the snapshot has, or a condition it cannot decide: whether someone has it cannot be decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnknownName {
    /// Index into `Spec::duties`.
    pub duties: usize,
    /// Index into `Duties::sides`.
    pub side: usize,
    /// What is not known: ``no entitlement is `sap.tcode "F110"` ``.
    pub what: String,
}

/// Where duties meet: everywhere, or where an attribute has one value. The bits of one place share a word wherever they fit into one.
#[derive(Debug)]
struct Placed {
    duties: usize,
    /// The value, for duties `within same …`.
    value: Option<String>,
    /// Whether it counts only what is known to have that value. The other places of such duties count what has no value too.
    certain: bool,
    first: usize,
    at_most: u32,
    sides: Vec<SideAccess>,
}

/// A place where someone has more duties than allowed: an index into the places of [`Sides`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(usize);

impl Sides {
    pub(super) fn of(compilation: &Compilation<'_>) -> Self {
        let sides = compilation.spec.duties.iter().flat_map(|duties| &duties.sides);
        let names = Names::of(compilation, &sides.map(|side| &side.access).collect::<Vec<_>>());
        let mut unknown = Vec::new();
        let duties = compilation.spec.duties.iter().enumerate();
        let all: Vec<Vec<SideAccess>> = duties
            .map(|(index, duties)| {
                let sides = duties.sides.iter().enumerate();
                sides
                    .map(|(side, named)| {
                        let (known, missing) = match &duties.pack {
                            Some(_) => (names.stands_for(&named.access), Vec::new()),
                            None => names.access(&named.access),
                        };
                        unknown.extend(missing.into_iter().map(|what| UnknownName { duties: index, side, what }));
                        known
                    })
                    .collect()
            })
            .collect();
        let mut bits = Bits::default();
        let mut places = Vec::new();
        for (index, (duties, sides)) in compilation.spec.duties.iter().zip(&all).enumerate() {
            for (value, certain, sides) in places::of(compilation.snapshot, duties, sides) {
                let first = bits.place(&sides);
                places.push(Placed { duties: index, value, certain, first, at_most: duties.at_most, sides });
            }
        }
        let (bits, role_bits, words) = bits.finish(compilation.snapshot.entitlements.len());
        Self { places, all, bits, role_bits, words, unknown }
    }

    /// What is on a side, wherever it is.
    #[must_use]
    pub fn access(&self, duties: usize, side: usize) -> &SideAccess {
        self.all.get(duties).and_then(|sides| sides.get(side)).unwrap_or(&NOTHING)
    }

    /// What is on a side in one place.
    #[must_use]
    pub fn access_in(&self, place: Place, side: usize) -> &SideAccess {
        self.places.get(place.0).and_then(|placed| placed.sides.get(side)).unwrap_or(&NOTHING)
    }

    /// The value of the attribute that makes a place, for duties `within same …`.
    #[must_use]
    pub fn value(&self, place: Place) -> Option<&str> {
        self.places.get(place.0)?.value.as_deref()
    }

    /// Whether whoever has too many sides in this place certainly breaks the duties.
    #[must_use]
    pub fn is_certain(&self, place: Place) -> bool {
        self.places.get(place.0).is_some_and(|placed| placed.certain)
    }

    /// The duties of a place: an index into `Spec::duties`.
    #[must_use]
    pub fn duties(&self, place: Place) -> usize {
        self.places.get(place.0).map_or(usize::MAX, |placed| placed.duties)
    }

    /// The places of some duties.
    pub fn places_of(&self, duties: usize) -> impl Iterator<Item = Place> + '_ {
        let places = self.places.iter().enumerate();
        places.filter(move |(_, placed)| placed.duties == duties).map(|(index, _)| Place(index))
    }

    /// The names that nothing in the snapshot has, in the order of the spec.
    #[must_use]
    pub fn unknown(&self) -> &[UnknownName] {
        &self.unknown
    }

    /// Every side with its duties and its known entitlements, in the order of the spec.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, usize, &[EntitlementId])> {
        self.all.iter().enumerate().flat_map(|(duties, sides)| {
            sides.iter().enumerate().map(move |(side, known)| (duties, side, known.entitlements.as_slice()))
        })
    }

    /// The bits that having a role sets by itself, whatever it grants.
    pub(super) fn role_bits(&self) -> &[(Holder, u32)] {
        &self.role_bits
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
            set(held, bit);
        }
    }

    /// Whether an entitlement is on any side of any duties.
    pub(super) fn is_on_any(&self, entitlement: EntitlementId) -> bool {
        !self.bits.run(entitlement.0 as usize).is_empty()
    }

    /// Whether someone with these sides has too many in a place.
    pub(super) fn exceeds(&self, place: Place, held: &[u64]) -> bool {
        self.places.get(place.0).is_some_and(|placed| placed.count(held) > placed.at_most)
    }

    /// The places where someone with these sides has too many, ascending. Where it is certain in one place of some duties, those that
    /// are not certain are left out.
    pub(super) fn broken(&self, held: &[u64]) -> Vec<Place> {
        if held.iter().all(|&word| word == 0) {
            return Vec::new();
        }
        let places = self.places.iter().enumerate();
        let broken: Vec<_> = places.filter(|(_, placed)| placed.count(held) > placed.at_most).collect();
        let is_certain = |duties: usize| broken.iter().any(|(_, placed)| placed.duties == duties && placed.certain);
        broken
            .iter()
            .filter(|(_, placed)| placed.certain || !is_certain(placed.duties))
            .map(|&(index, _)| Place(index))
            .collect()
    }

    /// The sides of one place among these, ascending.
    pub(super) fn held(&self, place: Place, held: &[u64]) -> Vec<usize> {
        let Some(placed) = self.places.get(place.0) else { return Vec::new() };
        let set = |bit: usize| held.get(bit / 64).is_some_and(|word| word >> (bit % 64) & 1 == 1);
        (0..placed.sides.len()).filter(|side| set(placed.first + side)).collect()
    }
}

impl AccessGraph<'_> {
    /// What the snapshot knows of some access, and what it does not.
    #[must_use]
    pub fn resolve(&self, access: &Access) -> (SideAccess, Vec<String>) {
        Names::of(self.compilation, &[access]).access(access)
    }
}

/// Sets a bit of a row.
pub(super) fn set(row: &mut [u64], bit: u32) {
    if let Some(word) = row.get_mut(bit as usize / 64) {
        *word |= 1 << (bit % 64);
    }
}

static NOTHING: SideAccess = SideAccess { entitlements: Vec::new(), roles: Vec::new() };

impl SideAccess {
    /// Whether the snapshot knows nothing of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entitlements.is_empty() && self.roles.is_empty()
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

/// The name of a place's attribute, with its value: ``company-code `1000` ``.
pub(crate) fn place_words(duties: &Duties, value: Option<&str>) -> Option<String> {
    let (within, value) = duties.within.as_ref().zip(value)?;
    Some(format!("{} `{value}`", within.attribute))
}
