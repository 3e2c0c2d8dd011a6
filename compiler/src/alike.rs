//! Which of many sets are alike: all pairs at or above a Jaccard similarity, exactly, without comparing all pairs.
//!
//! Let x and y be alike when they share at least `overlap` elements and |x ∩ y| / |x ∪ y| ≥ `share`. Then they share at least
//! n = max(`overlap`, ⌈`share` · |y|⌉) elements, so with elements in one global order, the rarest first, one of the first |y| − n + 1 of y
//! is among the first elements of x (*prefix filter*: Chaudhuri, Ganti, Kaushik, ICDE 2006; Bayardo, Ma, Srikant, *All pairs*, WWW 2007).
//! Sets are taken by size: whoever looks has the larger set, so fewer elements of the smaller need to be indexed, and its size bounds what
//! is looked at (Xiao, Wang, Lin, Yu, *PPJoin*, WWW 2008). What meets there is held against a signature of 64 bits, which bounds how much
//! two sets differ (*bitmap filter*: Sandes, Teodoro, Melo, Information Systems 88, 2020), and only what passes is compared element by
//! element. All of it is in integers: no filter ever loses a pair.

mod contained;
mod index;

use rayon::prelude::*;

pub use self::contained::contained;
use self::index::{Index, looks};
use crate::{progress::Progress, spec::Percent};

/// Sets looked for in one piece of work.
const CHUNK: usize = 1 << 10;

/// When two sets are alike. Sets that share nothing never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likeness {
    /// The least Jaccard similarity: elements of both, of all elements of either.
    pub share: Percent,
    /// The least number of elements in both.
    pub overlap: u32,
}

/// Two sets that are alike, by place, the smaller place first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The place of one.
    pub one: u32,
    /// The place of the other.
    pub other: u32,
    /// How many elements are in both.
    pub common: u32,
}

/// Finds all pairs of sets that are alike. Each set ascends without repeats. `keep` turns a pair into what is to be remembered of it; the
/// order of the outcome depends on the sets only, not on threads.
///
/// # Errors
/// When cancelled, and, before anything is looked for, when more than `most` looks would be needed: entries of the index that are read, a
/// nanosecond or two each.
pub fn join<S: AsRef<[u32]> + Sync, T: Send>(
    sets: &[S],
    likeness: Likeness,
    most: u64,
    progress: &dyn Progress,
    keep: impl Fn(Pair) -> Option<T> + Sync,
) -> Result<Vec<T>, JoinError> {
    let index = Index::new(sets, likeness);
    let needed = looks(&index);
    if needed > most {
        return Err(JoinError::Limit { looks: needed });
    }
    progress.stage("finding who is alike", index.order.len() as u64);
    let found: Vec<Vec<T>> = (0..index.order.len().div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let (mut found, mut met) = (Vec::new(), Vec::new());
            let places = chunk * CHUNK..((chunk + 1) * CHUNK).min(index.order.len());
            let count = places.len() as u64;
            for place in places {
                if progress.cancelled() {
                    break;
                }
                index.alike(place, &mut met, |pair| found.extend(keep(pair)));
            }
            progress.advance(count);
            found
        })
        .collect();
    if progress.cancelled() {
        return Err(JoinError::Cancelled);
    }
    Ok(found.into_iter().flatten().collect())
}

/// Why there is no outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinError {
    /// [`Progress::cancelled`] said so.
    Cancelled,
    /// Too much would have to be looked at.
    Limit {
        /// Entries of the index that would be read.
        looks: u64,
    },
}

impl Likeness {
    /// Whether sets of these sizes with so much in common are alike.
    #[must_use]
    pub fn met_by(self, common: usize, one: usize, other: usize) -> bool {
        common > 0
            && common as u64 >= u64::from(self.overlap)
            && self.share.met_by(common as u64, (one + other - common) as u64)
    }

    /// How much a set of this size shares at least with any that is like it.
    fn need(self, size: usize) -> usize {
        self.at_least(size as u64 * u64::from(self.share.0), u64::from(Percent::WHOLE.0))
    }

    /// How much two sets share at least that are alike and have so many elements together, those in both counted twice.
    fn need_of(self, together: usize) -> usize {
        let share = u64::from(self.share.0);
        self.at_least(together as u64 * share, u64::from(Percent::WHOLE.0) + share)
    }

    /// In how many elements two sets may differ that are alike and have no more elements together.
    fn differ(self, together: usize) -> usize {
        let share = u64::from(self.share.0.min(Percent::WHOLE.0));
        let whole = u64::from(Percent::WHOLE.0);
        let by_share = together as u64 * (whole - share) / (whole + share);
        let by_overlap = (together as u64).saturating_sub(2 * u64::from(self.overlap));
        usize::try_from(by_share.min(by_overlap)).unwrap_or(usize::MAX)
    }

    fn at_least(self, part: u64, of: u64) -> usize {
        usize::try_from(part.div_ceil(of).max(u64::from(self.overlap)).max(1)).unwrap_or(usize::MAX)
    }
}

/// How many numbers two ascending lists have in common.
#[must_use]
pub fn common(one: &[u32], other: &[u32]) -> usize {
    common_at_least(one, other, 0).unwrap_or(0)
}

/// How many numbers two ascending lists have in common; none as soon as it is certain that they are fewer than `need`.
pub(crate) fn common_at_least(mut one: &[u32], mut other: &[u32], need: usize) -> Option<usize> {
    let mut common = 0;
    while let ([first, rest @ ..], [second, rest_of_other @ ..]) = (one, other) {
        match first.cmp(second) {
            std::cmp::Ordering::Equal => {
                common += 1;
                (one, other) = (rest, rest_of_other);
                continue;
            }
            std::cmp::Ordering::Less => one = rest,
            std::cmp::Ordering::Greater => other = rest_of_other,
        }
        if common + one.len().min(other.len()) < need {
            return None;
        }
    }
    (common >= need).then_some(common)
}

#[cfg(test)]
mod tests;
