//! Up to three items, small enough to be copied: a search holds very many of them.

use super::groups::Item;

/// Tests in one conjunction at most.
pub(super) const MAX_TESTS: usize = 3;

/// The tests of a conjunction, ascending. Ordered like lists where both have as many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Items {
    items: [Item; MAX_TESTS],
    len: usize,
}

impl Items {
    /// The items, ascending.
    pub(super) fn as_slice(&self) -> &[Item] {
        self.items.get(..self.len).unwrap_or(&[])
    }

    /// Whether all of them are in a list, which ascends.
    pub(super) fn within(&self, list: &[Item]) -> bool {
        self.as_slice().iter().all(|item| list.binary_search(item).is_ok())
    }

    /// These and one of a list (which ascends) more, each result once: what is added comes after what is there. Nothing where there
    /// is no room.
    pub(super) fn longer(self, list: &[Item]) -> impl Iterator<Item = Self> {
        let after = self.as_slice().last().map_or(0, |&last| list.partition_point(|&item| item <= last));
        list.iter().skip(after).filter_map(move |&item| {
            let mut longer = self;
            *longer.items.get_mut(self.len)? = item;
            longer.len += 1;
            Some(longer)
        })
    }
}
