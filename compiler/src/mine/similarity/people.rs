//! Identities as the strategy sees them: those that hold the same and have the same attributes once.
//!
//! Guided by attributes with `attributes weigh w`, the similarity of two identities is (1 − w) · J + w · A, where J is the Jaccard similarity
//! of what they hold, and A the weight of the attributes in which they agree, of the weight of all. Since A is at most 1, J must be at least
//! (alike − w) / (1 − w): that is what is looked for, and held against the whole then. With `attributes agree`, J is held against `alike`, and
//! A must be 1. Two identities agree in an attribute when both have values there, and the same; identities that hold the same and are the same
//! in every attribute, whether they have values there or not, are always alike.

use std::{borrow::Cow, cmp::Ordering, collections::hash_map::Entry};

use rustc_hash::FxHashMap;

use crate::{
    alike::{Likeness, Pair, common},
    mine::{Guide, MineInput},
    spec::{AttributesOf, Percent, Similarity},
};

/// Everyone who counts.
pub(super) struct People<'a> {
    settings: &'a Similarity,
    /// In the order of their first rows.
    pub(super) classes: Vec<Class<'a>>,
    /// Rows that hold fewer or more than is looked at; ascending.
    pub(super) out_of_range: Vec<u32>,
    /// The distinct combinations of attribute values: for each guide its codes.
    pub(super) profiles: Vec<Vec<&'a [u32]>>,
    /// What each guide counts.
    weights: Vec<u64>,
}

/// Identities that hold the same and have the same attributes.
pub(super) struct Class<'a> {
    /// Their rows, ascending.
    pub(super) members: Vec<u32>,
    /// What they hold that counts, ascending.
    pub(super) held: Cow<'a, [u32]>,
    /// Their combination of attribute values.
    pub(super) profile: u32,
}

/// A similarity: so much of so much.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share(u128, u128);

impl<'a> People<'a> {
    pub(super) fn new(input: &MineInput<'a>, settings: &'a Similarity) -> Self {
        let counts = counting(input, settings);
        let (profiles, profile_of) = profiles(input.guides, input.matrix.height());
        let mut classes: Vec<Class<'a>> = Vec::new();
        let mut class_of: FxHashMap<(Cow<'a, [u32]>, u32), usize> = FxHashMap::default();
        let mut out_of_range = Vec::new();
        for row in (0..).take(input.matrix.height()) {
            let held = input.matrix.row(row as usize);
            let held: Cow<'a, [u32]> = match &counts {
                None => Cow::Borrowed(held),
                Some(counts) => {
                    held.iter().copied().filter(|&column| counts.get(column as usize) == Some(&true)).collect()
                }
            };
            let most = settings.max_entitlements.map_or(usize::MAX, |most| most as usize);
            if held.len() < settings.min_entitlements as usize || held.is_empty() || held.len() > most {
                out_of_range.push(row);
                continue;
            }
            let profile = profile_of.get(row as usize).copied().unwrap_or_default();
            match class_of.entry((held, profile)) {
                Entry::Occupied(class) => {
                    if let Some(class) = classes.get_mut(*class.get()) {
                        class.members.push(row);
                    }
                }
                Entry::Vacant(entry) => {
                    let held = entry.key().0.clone();
                    entry.insert(classes.len());
                    classes.push(Class { members: vec![row], held, profile });
                }
            }
        }
        let weight = |guide: &Guide| {
            settings.weights.iter().find(|(name, _)| *name == guide.name).map_or(1, |(_, weight)| u64::from(*weight))
        };
        let weights = input.guides.iter().map(weight).collect();
        Self { settings, classes, out_of_range, profiles, weights }
    }

    /// How many identities a class stands for.
    pub(super) fn size(&self, class: u32) -> u64 {
        self.classes.get(class as usize).map_or(0, |class| class.members.len() as u64)
    }

    /// What two identities hold in common at least when they are alike.
    pub(super) fn likeness(&self) -> Likeness {
        let alike = self.settings.alike;
        let share = match self.settings.attributes {
            AttributesOf::Weigh(weight) if self.guided() => {
                let rest = u64::from(alike.0.saturating_sub(weight.0)) * u64::from(Percent::WHOLE.0);
                // Rounded down: nothing may be missed, and what is too little is left out by `alike`.
                let share = rest.checked_div(u64::from(Percent::WHOLE.0 - weight.0)).unwrap_or(0);
                Percent(u32::try_from(share).unwrap_or(0))
            }
            _ => alike,
        };
        Likeness { share, overlap: self.settings.overlap }
    }

    /// Whether two classes that share so much are alike.
    pub(super) fn alike(&self, pair: Pair) -> bool {
        if !self.guided() {
            return true;
        }
        match self.settings.attributes {
            AttributesOf::Agree => self.agree(pair.one, pair.other),
            AttributesOf::Weigh(_) => {
                let Share(part, of) = self.similarity(pair);
                part * u128::from(Percent::WHOLE.0) >= of * u128::from(self.settings.alike.0)
            }
        }
    }

    /// Whether what two classes hold is alike, whatever their attributes.
    pub(super) fn hold_alike(&self, pair: Pair) -> bool {
        let (one, other) = (self.held(pair.one).len(), self.held(pair.other).len());
        Likeness { share: self.settings.alike, overlap: self.settings.overlap }.met_by(pair.common as usize, one, other)
    }

    /// How alike two classes are.
    pub(super) fn similarity_of(&self, one: u32, other: u32) -> Share {
        let common = common(self.held(one), self.held(other));
        self.similarity(Pair { one, other, common: u32::try_from(common).unwrap_or(u32::MAX) })
    }

    /// What a class holds that counts.
    pub(super) fn held(&self, class: u32) -> &[u32] {
        self.classes.get(class as usize).map_or(&[], |class| class.held.as_ref())
    }

    /// Whether attributes shape the clusters at all.
    pub(super) fn guided(&self) -> bool {
        !self.weights.is_empty()
    }

    fn similarity(&self, pair: Pair) -> Share {
        let common = u128::from(pair.common);
        let either = (self.held(pair.one).len() + self.held(pair.other).len()) as u128 - common;
        let weight = match self.settings.attributes {
            AttributesOf::Weigh(weight) if self.guided() => u128::from(weight.0),
            _ => return Share(common, either),
        };
        let all = u128::from(self.weights.iter().sum::<u64>());
        let agreed = u128::from(self.agreed(pair.one, pair.other));
        let whole = u128::from(Percent::WHOLE.0);
        Share((whole - weight) * common * all + weight * agreed * either, whole * either * all)
    }

    fn agree(&self, one: u32, other: u32) -> bool {
        self.agreed(one, other) == self.weights.iter().sum::<u64>()
    }

    /// The weight of the attributes in which two classes agree.
    fn agreed(&self, one: u32, other: u32) -> u64 {
        let profile = |class: u32| {
            let class = self.classes.get(class as usize)?;
            self.profiles.get(class.profile as usize)
        };
        let (Some(one), Some(other)) = (profile(one), profile(other)) else { return 0 };
        let agreed =
            one.iter().zip(other).zip(&self.weights).filter(|((one, other), _)| !one.is_empty() && one == other);
        agreed.map(|(_, weight)| weight).sum()
    }
}

impl Share {
    /// Which of two is more.
    pub(super) fn cmp(self, other: Self) -> Ordering {
        (self.0 * other.1).cmp(&(other.0 * self.1))
    }
}

/// Which columns count; none where all do.
fn counting(input: &MineInput<'_>, settings: &Similarity) -> Option<Vec<bool>> {
    let everyone = input.matrix.height() as u64;
    let counts = |column: usize| {
        let holders = input.matrix.column(column).len() as u64;
        settings.min_popularity.met_by(holders, everyone) && !settings.max_popularity.exceeded_by(holders, everyone)
    };
    let counts: Vec<bool> = (0..input.matrix.width()).map(counts).collect();
    counts.iter().any(|&counts| !counts).then_some(counts)
}

/// The distinct combinations of attribute values, in the order of their first rows, and that of each row.
fn profiles(guides: &[Guide], height: usize) -> (Vec<Vec<&[u32]>>, Vec<u32>) {
    let mut profiles: Vec<Vec<&[u32]>> = Vec::new();
    let mut known: FxHashMap<Vec<&[u32]>, u32> = FxHashMap::default();
    let of_row = (0..height)
        .map(|row| {
            let profile: Vec<&[u32]> =
                guides.iter().map(|guide| guide.of_row.get(row).map_or(&[][..], Vec::as_slice)).collect();
            *known.entry(profile).or_insert_with_key(|profile| {
                profiles.push(profile.clone());
                u32::try_from(profiles.len() - 1).unwrap_or(u32::MAX)
            })
        })
        .collect();
    (profiles, of_row)
}
