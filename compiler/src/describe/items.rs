//! Up to three items, small enough to be copied: a search holds very many of them.

use super::groups::Item;

/// Tests in one conjunction at most.
pub(super) const MAX_TESTS: usize = 3;

/// The tests of a conjunction, ascending. Ordered like lists where both have as many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Items {
    items: [Item; MAX_TESTS],
    len: u32,
}

impl Items {
    /// One item.
    pub(super) fn of(item: Item) -> Self {
        Self { items: [item, 0, 0], len: 1 }
    }

    /// The items, ascending.
    pub(super) fn as_slice(&self) -> &[Item] {
        self.items.get(..self.len as usize).unwrap_or(&[])
    }

    /// Whether all of them are in a list, which ascends.
    pub(super) fn within(&self, list: &[Item]) -> bool {
        self.as_slice().iter().all(|item| list.binary_search(item).is_ok())
    }

    /// What of a list (which ascends) comes after all of them.
    pub(super) fn following<'a>(&self, list: &'a [Item]) -> &'a [Item] {
        let after = self.as_slice().last().map_or(0, |&last| list.partition_point(|&item| item <= last));
        list.get(after..).unwrap_or(&[])
    }

    /// These and one more, which comes after them. Nothing where there is no room.
    pub(super) fn with(mut self, item: Item) -> Option<Self> {
        *self.items.get_mut(self.len as usize)? = item;
        self.len += 1;
        Some(self)
    }

    /// These and one of a list (which ascends) more, each result once: what is added comes after what is there. Nothing where there
    /// is no room.
    pub(super) fn longer(self, list: &[Item]) -> impl Iterator<Item = Self> {
        self.following(list).iter().filter_map(move |&item| self.with(item))
    }

    /// Each choice of some of them, but not of all.
    pub(super) fn parts(self) -> impl Iterator<Item = Self> {
        let all = (1_u32 << self.len) - 1;
        (1..all).map(move |picked| {
            let items = (0..).zip(self.as_slice()).filter(|(place, _)| picked >> place & 1 == 1);
            items.fold(Self::default(), |part, (_, &item)| part.with(item).unwrap_or(part))
        })
    }
}
