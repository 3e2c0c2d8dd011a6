//! All maximal groups.
//!
//! Take the members of a group by their totals and let w be the last. Whatever is common to the group is part of what w holds, and because the
//! required share grows with the total, w alone decides how much must be common: k. So for each w in turn, among the
//! identities that come before it and share at least k with it, find every maximal set that has at least k of w's
//! entitlements in common. That is the search for maximal frequent item sets with identities as the items, w's entitlements as the
//! transactions and k as the support (Gouda, Zaki, GenMax, ICDM 2001).
//!
//! Two things keep the work near the number of groups. Who shares the same with w is one item ([`super::view`]). And identities after w
//! take part from the start, as *rivals*: a branch where one of them has all that is common, and must have no more than w, holds no group of w's.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;

use super::{
    EntitlementOverlap,
    holders::{Class, Holders},
    marks::Marks,
    view::View,
};
use crate::mine::{MineError, Progress, bits};

/// Steps of the search, at most, each a look at a word: some seconds.
const MAX_LOOKS: u64 = 1 << 30;

/// Groups, at most: nobody reads as many, and there may be exponentially many.
const MAX_GROUPS: u64 = 100_000;

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
        .map_init(
            || Marks::new(holders),
            |marks, last| {
                let found = groups_up_to(holders, settings, last, &meter, marks);
                progress.advance(1);
                found
            },
        )
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
        let limit = |message: &str| {
            MineError::Limit {
            message: message.to_owned(),
            help: "ask for a larger share in common (`common at least …`) or larger clusters (`identities at least …`), leave \
                   out entitlements that nearly everyone holds (`ignore entitlements held by more than …`), or mine smaller \
                   populations; `similarity` and `layers` have no such limit"
                .to_owned(),
        }
        };
        if self.groups.into_inner() > MAX_GROUPS {
            return Err(limit("entitlement-overlap finds more than 100,000 clusters"));
        }
        if self.looks.into_inner() > MAX_LOOKS {
            return Err(limit("entitlement-overlap would take more than 1,073,741,824 steps to find all clusters"));
        }
        if self.stopped.into_inner() { Err(MineError::Cancelled) } else { Ok(()) }
    }
}

/// The maximal groups whose last class is this one.
fn groups_up_to(
    holders: &Holders,
    settings: &EntitlementOverlap,
    last: usize,
    meter: &Meter<'_>,
    marks: &mut Marks,
) -> Vec<Group> {
    let Some(class) = holders.classes.get(last) else { return Vec::new() };
    if class.counted.len() < class.need || meter.count(0, 0) {
        return Vec::new();
    }
    let view = View::new(holders, last, class, marks);
    let everything = (0..class.counted.len()).fold(vec![0; view.shared.words()], |mut set, position| {
        bits::insert(&mut set, position);
        set
    });
    let (peers, others) = (view.peers.len(), view.needs.len());
    let least = (settings.min_identities as usize).saturating_sub(class.members.len());
    let mut search = Search { last, class, least, looks: view.looks, view: &view, meter, found: Vec::new() };
    let open: Vec<usize> = (0..peers).collect();
    let closed: Vec<usize> = (peers..others).collect();
    search.expand(&everything, &mut Vec::new(), &open, &closed);
    meter.count(search.looks, 0);
    search.found
}

/// The search for the maximal groups whose last class is `class`.
struct Search<'a> {
    last: usize,
    class: &'a Class,
    /// So many identities besides those of the last class, at least.
    least: usize,
    view: &'a View,
    meter: &'a Meter<'a>,
    looks: usize,
    found: Vec<Group>,
}

impl Search<'_> {
    /// Finds the maximal groups that hold the last class, all of `inside` and any of `open`, and that none of `closed` could join; `shared` is what
    /// those inside have in common.
    fn expand(&mut self, shared: &[u64], inside: &mut Vec<usize>, open: &[usize], closed: &[usize]) {
        if self.must_stop(8 + shared.len() * (open.len() + closed.len())) {
            return;
        }
        let before = inside.len();
        self.search(shared, inside, open, closed);
        inside.truncate(before);
    }

    fn search(&mut self, shared: &[u64], inside: &mut Vec<usize>, open: &[usize], closed: &[usize]) {
        let (size, need) = (bits::count(shared), self.class.need);
        // Who has all that is shared belongs to every group from here on; where that is one whose groups were all found before, or come
        // later, there is nothing new here.
        let mut still_closed = Vec::with_capacity(closed.len() + open.len());
        for &place in closed {
            let (common, needs) = (bits::common(shared, self.view.shared.row(place)), self.need(place));
            if common == size && needs <= need {
                return;
            }
            if common >= needs {
                still_closed.push(place);
            }
        }
        let mut still_open = Vec::with_capacity(open.len());
        for &place in open {
            let common = bits::common(shared, self.view.shared.row(place));
            if common == size {
                inside.push(place);
            } else if common >= need {
                still_open.push((common, place));
            }
        }
        // Those who share least first: what they leave is small.
        still_open.sort_unstable();
        let open: Vec<usize> = still_open.into_iter().map(|(_, place)| place).collect();
        if self.identities(inside) + self.identities(&open) < self.least {
            return;
        }
        // All of them together, if they fit.
        let mut together = shared.to_vec();
        open.iter().for_each(|&place| bits::intersect(&mut together, self.view.shared.row(place)));
        if bits::count(&together) >= need {
            inside.extend(open);
            let joins = |&place: &usize| bits::common(&together, self.view.shared.row(place)) >= self.need(place);
            if !still_closed.iter().any(joins) {
                self.found(inside);
            }
            return;
        }
        let mut smaller = Vec::with_capacity(shared.len());
        for (index, &place) in open.iter().enumerate() {
            smaller.clear();
            smaller.extend_from_slice(shared);
            bits::intersect(&mut smaller, self.view.shared.row(place));
            inside.push(place);
            self.expand(&smaller, inside, open.get(index + 1..).unwrap_or(&[]), &still_closed);
            inside.pop();
            still_closed.push(place);
        }
    }

    fn found(&mut self, inside: &[usize]) {
        let peers = inside.iter().filter_map(|&place| self.view.peers.get(place));
        let last = u32::try_from(self.last).unwrap_or(u32::MAX);
        let mut classes: Vec<u32> = peers.flat_map(|peers| &peers.classes).copied().chain([last]).collect();
        classes.sort_unstable();
        self.meter.count(0, 1);
        self.found.push(Group { classes });
    }

    fn need(&self, place: usize) -> usize {
        self.view.needs.get(place).copied().unwrap_or(usize::MAX)
    }

    /// How many identities these peers are.
    fn identities(&self, places: &[usize]) -> usize {
        places.iter().filter_map(|&place| self.view.peers.get(place)).map(|peers| peers.identities).sum()
    }

    fn must_stop(&mut self, looks: usize) -> bool {
        self.looks += looks;
        self.looks > 1 << 16 && {
            let looks = std::mem::take(&mut self.looks);
            self.meter.count(looks, 0)
        }
    }
}
