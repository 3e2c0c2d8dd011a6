//! A set of dense integers, one bit each.

use adit_snapshots::IdentityId;
use rayon::prelude::*;

/// Which of `0..len` are in a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

/// Fewer words than this are not worth another thread.
const WORDS_PER_TASK: usize = 512;

impl Bits {
    /// None of `0..len`.
    #[must_use]
    pub fn none(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// All of `0..len`.
    #[must_use]
    pub fn all(len: usize) -> Self {
        let mut bits = Self::none(len);
        bits.negate();
        bits
    }

    /// Those that meet a test.
    #[must_use]
    pub fn from_fn(len: usize, test: impl Fn(usize) -> bool + Sync) -> Self {
        let words = (0..len.div_ceil(64)).into_par_iter().with_min_len(WORDS_PER_TASK).map(|word| {
            let start = word * 64;
            (start..len.min(start + 64)).fold(0, |bits, index| bits | (u64::from(test(index)) << (index - start)))
        });
        Self { words: words.collect(), len }
    }

    /// Those identities that meet a test.
    pub(super) fn of_ids(len: usize, test: impl Fn(IdentityId) -> bool + Sync) -> Self {
        Self::from_fn(len, |index| u32::try_from(index).is_ok_and(|index| test(IdentityId(index))))
    }

    /// How many there could be.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Whether an index is in the set.
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        self.words.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// Puts an index in; nothing happens beyond `len`.
    pub fn insert(&mut self, index: usize) {
        if index < self.len
            && let Some(word) = self.words.get_mut(index / 64)
        {
            *word |= 1 << (index % 64);
        }
    }

    /// How many are in the set.
    #[must_use]
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Those in the set, ascending.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            std::iter::successors((word != 0).then_some(word), |word| {
                let rest = word & (word - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |word| index * 64 + word.trailing_zeros() as usize)
        })
    }

    /// Keeps those that are in the other set too.
    pub fn intersect(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine &= theirs);
    }

    /// Adds those of the other set.
    pub fn unite(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Swaps in and out.
    pub fn negate(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        if let (Some(last), used @ 1..) = (self.words.last_mut(), self.len % 64) {
            *last &= (1 << used) - 1;
        }
    }
}
