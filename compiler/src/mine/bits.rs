//! Bit rows: sets of small integers as words, for the inner loops of the strategies.

/// A table of bits: `height` sets of integers below `width`.
#[derive(Debug, Clone)]
pub(crate) struct BitTable {
    words: usize,
    data: Vec<u64>,
}

impl BitTable {
    /// A table of empty sets.
    pub(crate) fn new(height: usize, width: usize) -> Self {
        let words = width.div_ceil(64);
        Self { words, data: vec![0; words * height] }
    }

    /// A table of sets that hold everything below `width`.
    pub(crate) fn full(height: usize, width: usize) -> Self {
        let words = width.div_ceil(64);
        let mut table = Self { words, data: vec![u64::MAX; words * height] };
        if !width.is_multiple_of(64) {
            let rest = (1 << (width % 64)) - 1;
            for last in table.data.iter_mut().skip(words - 1).step_by(words) {
                *last = rest;
            }
        }
        table
    }

    /// Words in a row.
    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// The set of a row; empty beyond the table.
    pub(crate) fn row(&self, row: usize) -> &[u64] {
        self.data.get(row * self.words..(row + 1) * self.words).unwrap_or(&[])
    }

    /// The set of a row, to change.
    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [u64] {
        self.data.get_mut(row * self.words..(row + 1) * self.words).unwrap_or(&mut [])
    }
}

/// The set of everything below `width`.
pub(crate) fn full(width: usize) -> Vec<u64> {
    BitTable::full(1, width).data
}

/// Adds an integer to a set.
pub(crate) fn insert(set: &mut [u64], value: usize) {
    if let Some(word) = set.get_mut(value / 64) {
        *word |= 1 << (value % 64);
    }
}

/// Takes an integer out of a set.
pub(crate) fn remove(set: &mut [u64], value: usize) {
    if let Some(word) = set.get_mut(value / 64) {
        *word &= !(1 << (value % 64));
    }
}

/// Whether a set has an integer.
pub(crate) fn contains(set: &[u64], value: usize) -> bool {
    set.get(value / 64).is_some_and(|word| word >> (value % 64) & 1 == 1)
}

/// Keeps what the other set has too.
pub(crate) fn intersect(set: &mut [u64], other: &[u64]) {
    for (word, other) in set.iter_mut().zip(other) {
        *word &= other;
    }
}

/// Adds what the other set has.
pub(crate) fn unite(set: &mut [u64], other: &[u64]) {
    for (word, other) in set.iter_mut().zip(other) {
        *word |= other;
    }
}

/// Takes out what the other set has.
pub(crate) fn subtract(set: &mut [u64], other: &[u64]) {
    for (word, other) in set.iter_mut().zip(other) {
        *word &= !other;
    }
}

/// Whether a set has nothing.
pub(crate) fn is_empty(set: &[u64]) -> bool {
    set.iter().all(|&word| word == 0)
}

/// Whether the other set has all of this one.
pub(crate) fn is_subset(set: &[u64], other: &[u64]) -> bool {
    set.iter().zip(other).all(|(word, other)| word & !other == 0)
}

/// How many integers two sets have in common.
pub(crate) fn common(set: &[u64], other: &[u64]) -> usize {
    set.iter().zip(other).map(|(word, other)| (word & other).count_ones() as usize).sum()
}

/// How many integers a set has.
pub(crate) fn count(set: &[u64]) -> usize {
    set.iter().map(|word| word.count_ones() as usize).sum()
}

/// The integers of a set, ascending.
pub(crate) fn ones(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(index, &word)| ones_of_word(word).map(move |bit| index * 64 + bit))
}

/// The integers that two sets have in common, ascending.
pub(crate) fn ones_of_both<'a>(set: &'a [u64], other: &'a [u64]) -> impl Iterator<Item = usize> + 'a {
    let words = set.iter().zip(other).map(|(word, other)| word & other).enumerate();
    words.flat_map(|(index, word)| ones_of_word(word).map(move |bit| index * 64 + bit))
}

fn ones_of_word(word: u64) -> impl Iterator<Item = usize> {
    let mut rest = word;
    std::iter::from_fn(move || {
        (rest != 0).then(|| {
            let bit = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            bit
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_behave_like_sets_across_word_borders() {
        let mut table = BitTable::new(2, 130);
        for value in [0, 63, 64, 129] {
            insert(table.row_mut(1), value);
        }
        insert(table.row_mut(0), 64);
        assert_eq!(ones(table.row(1)).collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!((count(table.row(1)), common(table.row(0), table.row(1))), (4, 1));
        remove(table.row_mut(1), 64);
        assert!(!contains(table.row(1), 64));
        assert_eq!(ones_of_both(table.row(1), &[1, 0, 2]).collect::<Vec<_>>(), [0, 129]);
        assert_eq!(ones(BitTable::full(2, 130).row(1)).collect::<Vec<_>>(), (0..130).collect::<Vec<_>>());
        assert_eq!(ones(BitTable::full(2, 64).row(1)).count(), 64);
        assert!(!contains(table.row(1), 4000) && table.row(2).is_empty());
    }
}
