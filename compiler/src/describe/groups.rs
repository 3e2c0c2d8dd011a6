//! Identities that are alike in every attribute that a rule may speak of, made one.

use adit_snapshots::{Column, IdentityId};
use rustc_hash::FxHashMap;

use super::items::Items;
use crate::{encoded::Encoded, guide::Guide};

/// An item: one value of one attribute, as a number. Items ascend by attribute, then by value.
pub(super) type Item = u32;

/// A population by its attribute values.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// Attribute (by its place in `describe by`) and value of each item.
    items: Vec<(usize, String)>,
    /// The items of group `g`, ascending, are `group_items[starts[g]..starts[g + 1]]`.
    starts: Vec<usize>,
    group_items: Vec<Item>,
    /// Identities in each group.
    sizes: Vec<u32>,
    /// The first identity of each group, by position in the population.
    firsts: Vec<u32>,
    /// The group of each identity of the population.
    group_of: Vec<u32>,
    /// By item: the groups that have it, ascending.
    having: Vec<Vec<u32>>,
}

impl Groups {
    /// The identities of a population (ascending) by the values of these columns.
    pub(crate) fn new(columns: &[&Column], population: &[IdentityId]) -> Self {
        let encoded: Vec<Encoded<'_>> = columns.iter().map(|column| Encoded::new(column, population)).collect();
        let values = encoded.iter().map(|column| column.values.iter().map(ToString::to_string).collect());
        Self::of(values.collect(), population.len(), |row, attribute, take| {
            if let (Some(column), Some(&identity)) = (encoded.get(attribute), population.get(row)) {
                column.codes(identity, take);
            }
        })
    }

    /// Those of so many rows, by what guides a strategy; the values have no names.
    pub(super) fn of_guides(guides: &[Guide], height: usize) -> Self {
        let values = guides.iter().map(|guide| vec![String::new(); guide.distinct]).collect();
        Self::of(values, height, |row, attribute, take| {
            let codes = guides.get(attribute).and_then(|guide| guide.of_row.get(row));
            codes.into_iter().flatten().copied().for_each(take);
        })
    }

    /// From the values of each attribute, and what hands over the codes of a row in an attribute, ascending.
    fn of(values: Vec<Vec<String>>, height: usize, codes: impl Fn(usize, usize, &mut dyn FnMut(u32))) -> Self {
        let attributes = values.len();
        let mut items = Vec::new();
        let mut first_item = Vec::new();
        for (attribute, values) in values.into_iter().enumerate() {
            first_item.push(super::count(items.len()));
            items.extend(values.into_iter().map(|value| (attribute, value)));
        }
        let mut numbers: FxHashMap<Vec<Item>, u32> = FxHashMap::default();
        let (mut starts, mut group_items, mut sizes, mut firsts) = (vec![0], Vec::new(), Vec::new(), Vec::new());
        let mut group_of = Vec::with_capacity(height);
        let mut having = vec![Vec::new(); items.len()];
        let mut key = Vec::new();
        for row in 0..height {
            key.clear();
            for (attribute, first) in (0..attributes).zip(&first_item) {
                codes(row, attribute, &mut |code| key.push(first + code));
            }
            // Numbered as they come: the population ascends, so the numbers depend on nothing else.
            let group = match numbers.get(&key) {
                Some(&group) => group,
                None => {
                    let group = super::count(sizes.len());
                    numbers.insert(key.clone(), group);
                    for &item in &key {
                        if let Some(having) = having.get_mut(item as usize) {
                            Vec::push(having, group);
                        }
                    }
                    group_items.extend_from_slice(&key);
                    starts.push(group_items.len());
                    sizes.push(0);
                    firsts.push(super::count(row));
                    group
                }
            };
            if let Some(size) = sizes.get_mut(group as usize) {
                *size += 1;
            }
            group_of.push(group);
        }
        Self { items, starts, group_items, sizes, firsts, group_of, having }
    }

    /// The group of a position in the population.
    pub(super) fn group_of(&self, row: u32) -> Option<u32> {
        self.group_of.get(row as usize).copied()
    }

    /// The group of each position in the population, numbered as they come.
    pub(crate) fn of_each(&self) -> &[u32] {
        &self.group_of
    }

    /// The first position in the population of each group.
    pub(crate) fn firsts(&self) -> &[u32] {
        &self.firsts
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> u32 {
        super::count(self.sizes.len())
    }

    /// The attribute and the value of an item.
    pub(super) fn item(&self, item: Item) -> Option<(usize, &str)> {
        self.items.get(item as usize).map(|(attribute, value)| (*attribute, value.as_str()))
    }

    /// The items of a group, ascending.
    pub(super) fn items_of(&self, group: u32) -> &[Item] {
        match (self.starts.get(group as usize), self.starts.get(group as usize + 1)) {
            (Some(&start), Some(&end)) => self.group_items.get(start..end).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// How many identities of the population are in a group.
    pub(super) fn size(&self, group: u32) -> u32 {
        self.sizes.get(group as usize).copied().unwrap_or(0)
    }

    /// The groups that have all of some items, ascending.
    pub(super) fn having(&self, items: Items) -> impl Iterator<Item = u32> {
        let lists = items.as_slice().iter().filter_map(|&item| self.having.get(item as usize));
        let shortest = lists.min_by_key(|groups| groups.len()).map_or(&[][..], Vec::as_slice);
        shortest.iter().copied().filter(move |&group| items.within(self.items_of(group)))
    }

    /// How many of some identities (positions in the population) are in each group that has any; ascending by group.
    pub(super) fn count(&self, members: &[u32]) -> Vec<(u32, u32)> {
        let mut groups: Vec<u32> =
            members.iter().filter_map(|&member| self.group_of.get(member as usize).copied()).collect();
        groups.sort_unstable();
        groups.chunk_by(|a, b| a == b).filter_map(|run| Some((*run.first()?, super::count(run.len())))).collect()
    }
}
