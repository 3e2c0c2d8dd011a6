//! All maximal groups.
//!
//! Take the members of a group by their totals and let w be the last. Whatever is common to the group is part of what w holds, and because the
//! required share grows with the total, w alone decides how much must be common: k. So for each w in turn, among the
//! identities that come before it and share at least k with it, find every maximal set that has at least k of w's
//! entitlements in common, and keep those that nobody after w could join. That is the search for maximal frequent item sets with
//! identities as the items, w's entitlements as the transactions and k as the support (Gouda, Zaki, GenMax, ICDM 2001).
//!
//! Who shares k of w's n entitlements has one of the n - k + 1 rarest of them (Chaudhuri, Ganti, Kaushik, ICDE 2006), so only holders of those
//! are looked at.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::{
    EntitlementOverlap,
    holders::{Class, Holders, common},
};
use crate::mine::{
    MineError, Progress,
    bits::{self, BitTable},
};

/// Comparisons of two identities, at most.
const MAX_LOOKS: u64 = 1 << 34;

/// Groups, at most.
const MAX_GROUPS: u64 = 1_000_000;

/// A maximal group, as classes; ascending.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) classes: Vec<u32>,
}

/// Every maximal group, by its last class.
pub(super) fn maximal(
    holders: &Holders,
    settings: &EntitlementOverlap,
    progress: &dyn Progress,
) -> Result<Vec<Group>, MineError> {
    progress.stage("finding clusters", holders.classes.len() as u64);
    let meter =
        Meter { looks: AtomicU64::new(0), groups: AtomicU64::new(0), stopped: AtomicBool::new(false), progress };
    let groups: Vec<Vec<Group>> = (0..holders.classes.len())
        .into_par_iter()
        .map(|last| {
            let found = groups_up_to(holders, settings, last, &meter);
            progress.advance(1);
            found
        })
        .collect();
    meter.verdict()?;
    Ok(groups.into_iter().flatten().collect())
}

/// How much was looked at, by all threads together. Whether the limit is passed depends on the data only: the sum is the same in any
/// order, and work stops early only once it is passed.
struct Meter<'a> {
    looks: AtomicU64,
    groups: AtomicU64,
    stopped: AtomicBool,
    progress: &'a dyn Progress,
}

impl Meter<'_> {
    /// Counts, and says whether to stop.
    fn count(&self, looks: usize, groups: usize) -> bool {
        let looks = self.looks.fetch_add(looks as u64, Ordering::Relaxed) + looks as u64;
        let groups = self.groups.fetch_add(groups as u64, Ordering::Relaxed) + groups as u64;
        if looks > MAX_LOOKS || groups > MAX_GROUPS || self.progress.cancelled() {
            self.stopped.store(true, Ordering::Relaxed);
        }
        self.stopped.load(Ordering::Relaxed)
    }

    fn verdict(self) -> Result<(), MineError> {
        let limit = |message: &str| MineError::Limit {
            message: message.to_owned(),
            help: "ask for a larger share in common or more common entitlements, leave out entitlements that nearly \
                   everyone holds (`ignore entitlements held by more than …`), or mine smaller populations"
                .to_owned(),
        };
        if self.groups.into_inner() > MAX_GROUPS {
            return Err(limit("entitlement-overlap finds more than 1,000,000 clusters"));
        }
        if self.looks.into_inner() > MAX_LOOKS {
            return Err(limit(
                "entitlement-overlap would have to compare more than 17,179,869,184 pairs of identities",
            ));
        }
        if self.stopped.into_inner() { Err(MineError::Cancelled) } else { Ok(()) }
    }
}

/// The maximal groups whose last class is this one.
fn groups_up_to(holders: &Holders, settings: &EntitlementOverlap, last: usize, meter: &Meter<'_>) -> Vec<Group> {
    let Some(class) = holders.classes.get(last) else { return Vec::new() };
    if class.counted.len() < class.need || meter.count(0, 0) {
        return Vec::new();
    }
    let earlier = |other: u32| ((other as usize) < last).then_some(class.need);
    let candidates = sharing(holders, &class.counted, class.need, meter, earlier);
    let mut local = BitTable::new(candidates.len(), class.counted.len());
    for (place, &candidate) in candidates.iter().enumerate() {
        let counted = holders.classes.get(candidate as usize).map_or(&[][..], |class| &class.counted);
        for rank in counted {
            if let Ok(position) = class.counted.binary_search(rank) {
                bits::insert(local.row_mut(place), position);
            }
        }
    }
    let everything = (0..class.counted.len()).fold(vec![0; local.words()], |mut set, position| {
        bits::insert(&mut set, position);
        set
    });
    let mut search = Search { holders, settings, last, class, candidates, local, meter, looks: 0, found: Vec::new() };
    let all = (0..search.candidates.len()).collect();
    search.expand(&everything, &mut Vec::new(), all, Vec::new());
    meter.count(search.looks, 0);
    search.found
}

/// The classes that hold as many of these ranks as is required of them, which is never less than `need`; ascending. A class of which nothing
/// is required is passed over.
fn sharing(
    holders: &Holders,
    ranks: &[u32],
    need: usize,
    meter: &Meter<'_>,
    required: impl Fn(u32) -> Option<usize>,
) -> Vec<u32> {
    let rarest = ranks.iter().take((ranks.len() + 1).saturating_sub(need));
    let mut met: Vec<u32> = rarest.flat_map(|&rank| holders.holding(rank)).copied().collect();
    meter.count(met.len(), 0);
    met.sort_unstable();
    met.dedup();
    met.retain(|&other| {
        let counted = holders.classes.get(other as usize).map_or(&[][..], |class| &class.counted);
        required(other).is_some_and(|required| counted.len() >= required && common(ranks, counted) >= required)
    });
    met
}

/// The search for the maximal groups whose last class is `class`.
struct Search<'a> {
    holders: &'a Holders,
    settings: &'a EntitlementOverlap,
    last: usize,
    class: &'a Class,
    /// Earlier classes that share enough with it, by place.
    candidates: Vec<u32>,
    /// Which of the entitlements of `class` each candidate has.
    local: BitTable,
    meter: &'a Meter<'a>,
    looks: usize,
    found: Vec<Group>,
}

impl Search<'_> {
    /// Finds the maximal groups that hold the last class, all of `inside` and any of `open`, and that none of `closed` could join; `shared` is what
    /// those inside have in common.
    fn expand(&mut self, shared: &[u64], inside: &mut Vec<usize>, open: Vec<usize>, closed: Vec<usize>) {
        if self.must_stop(open.len() + closed.len()) {
            return;
        }
        let before = inside.len();
        self.search(shared, inside, open, closed);
        inside.truncate(before);
    }

    fn search(&mut self, shared: &[u64], inside: &mut Vec<usize>, mut open: Vec<usize>, mut closed: Vec<usize>) {
        let (size, need) = (bits::count(shared), self.class.need);
        // Who has all that is shared belongs to every group from here on; where that is one whose groups were all found before, there
        // is nothing new here.
        closed.retain(|&place| bits::common(shared, self.local.row(place)) >= need);
        if closed.iter().any(|&place| bits::common(shared, self.local.row(place)) == size) {
            return;
        }
        open.retain(|&place| {
            let common = bits::common(shared, self.local.row(place));
            if common == size {
                inside.push(place);
            }
            common >= need && common < size
        });
        if self.identities(inside) + self.identities(&open) + self.class.members.len()
            < self.settings.min_identities as usize
        {
            return;
        }
        // All of them together, if they fit.
        let together = open.iter().fold(shared.to_vec(), |mut shared, &place| {
            bits::intersect(&mut shared, self.local.row(place));
            shared
        });
        if bits::count(&together) >= need {
            inside.extend(open);
            if closed.iter().all(|&place| bits::common(&together, self.local.row(place)) < need) {
                self.found(&together, inside);
            }
            return;
        }
        // Those who share least first: what they leave is small.
        open.sort_by_key(|&place| bits::common(shared, self.local.row(place)));
        for (index, &place) in open.iter().enumerate() {
            let mut smaller = shared.to_vec();
            bits::intersect(&mut smaller, self.local.row(place));
            inside.push(place);
            self.expand(&smaller, inside, open.get(index + 1..).unwrap_or(&[]).to_vec(), closed.clone());
            inside.pop();
            closed.push(place);
        }
    }

    /// Keeps a group, unless a later class could join it or it is too small.
    fn found(&mut self, shared: &[u64], inside: &[usize]) {
        if self.identities(inside) + self.class.members.len() < self.settings.min_identities as usize {
            return;
        }
        let ranks: Vec<u32> = bits::ones(shared).filter_map(|at| self.class.counted.get(at).copied()).collect();
        let later = |other: u32| {
            let class = self.holders.classes.get(other as usize).filter(|_| other as usize > self.last);
            class.map(|class| class.need)
        };
        if sharing(self.holders, &ranks, self.class.need, self.meter, later).is_empty() {
            let last = u32::try_from(self.last).unwrap_or(u32::MAX);
            let mut classes: Vec<u32> =
                inside.iter().filter_map(|&place| self.candidates.get(place).copied()).chain([last]).collect();
            classes.sort_unstable();
            self.meter.count(0, 1);
            self.found.push(Group { classes });
        }
    }

    /// How many identities these candidates stand for.
    fn identities(&self, places: &[usize]) -> usize {
        let classes = places.iter().filter_map(|&place| self.candidates.get(place));
        classes.filter_map(|&class| self.holders.classes.get(class as usize)).map(|class| class.members.len()).sum()
    }

    fn must_stop(&mut self, looks: usize) -> bool {
        self.looks += looks + 1;
        self.looks > 1 << 16 && {
            let looks = std::mem::take(&mut self.looks);
            self.meter.count(looks, 0)
        }
    }
}
