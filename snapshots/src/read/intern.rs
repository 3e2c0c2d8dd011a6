//! Texts as dense numbers.

use std::{
    borrow::Cow,
    hash::{BuildHasher, BuildHasherDefault},
};

use rustc_hash::FxHasher;

use crate::Texts;

/// Distinct texts, numbered in the order they came. Open addressing over one buffer: two cache lines per look-up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interner {
    texts: Texts,
    /// The upper half of the hash, and the number plus one; 0 is free. A power of two long, at most half full.
    slots: Vec<u64>,
}

impl Interner {
    /// Distinct texts, numbered as they stand.
    pub(crate) fn of<'a>(texts: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let mut interner = Self::default();
        interner.grow((texts.len() * 2).next_power_of_two().max(16));
        for text in texts {
            interner.intern(text);
        }
        interner
    }

    /// The number of a text; a new one if it has none.
    #[inline]
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if (self.texts.len() + 1) * 2 > self.slots.len() {
            self.grow((self.slots.len() * 2).max(16));
        }
        let hash = hash(text);
        match self.probe(text, hash) {
            Ok(number) => number,
            Err(slot) => {
                let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX - 1);
                self.texts.push(text);
                if let Some(free) = self.slots.get_mut(slot) {
                    *free = tag(hash) | (u64::from(number) + 1);
                }
                number
            }
        }
    }

    /// The number of a text.
    #[inline]
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        if self.slots.is_empty() { None } else { self.probe(text, hash(text)).ok() }
    }

    /// The number of each text, [`NONE`] where it has none. Look-ups that wait for memory overlap.
    pub(crate) fn find_all(&self, texts: &[Cow<'_, str>], found: &mut Vec<u32>) {
        self.guess(texts, found);
        for (number, text) in found.iter_mut().zip(texts.iter()) {
            if !self.texts.is(*number as usize, text) {
                *number = self.find(text).unwrap_or(NONE);
            }
        }
    }

    /// The number of each text, new ones where they have none. Look-ups that wait for memory overlap.
    pub(crate) fn intern_all(&mut self, texts: &[Cow<'_, str>], numbers: &mut Vec<u32>) {
        self.guess(texts, numbers);
        for (number, text) in numbers.iter_mut().zip(texts.iter()) {
            if !self.texts.is(*number as usize, text) {
                *number = self.intern(text);
            }
        }
    }

    /// The number in the first slot of each text, most often the right one: loads that do not depend on each other.
    fn guess(&self, texts: &[Cow<'_, str>], numbers: &mut Vec<u32>) {
        let mask = self.slots.len().wrapping_sub(1);
        numbers.clear();
        numbers.extend(texts.iter().map(|text| {
            let hash = hash(text);
            let entry = self.slots.get(hash as usize & mask).copied().unwrap_or(0);
            if entry & TAG == tag(hash) { (entry as u32).wrapping_sub(1) } else { NONE }
        }));
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Every text, by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.texts.iter()
    }

    /// The number of `text`, or the free slot where it belongs.
    #[inline]
    fn probe(&self, text: &str, hash: u64) -> Result<u32, usize> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = hash as usize & mask;
        loop {
            let entry = self.slots.get(slot).copied().unwrap_or(0);
            if entry == 0 {
                return Err(slot);
            }
            let number = (entry as u32).wrapping_sub(1);
            if entry & TAG == tag(hash) && self.texts.is(number as usize, text) {
                return Ok(number);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self, size: usize) {
        let mut slots = vec![0_u64; size];
        let mask = size - 1;
        for (number, text) in (1_u64..).zip(self.iter()) {
            let hash = hash(text);
            let mut slot = hash as usize & mask;
            while slots.get(slot).is_some_and(|&entry| entry != 0) {
                slot = (slot + 1) & mask;
            }
            if let Some(free) = slots.get_mut(slot) {
                *free = tag(hash) | number;
            }
        }
        self.slots = slots;
    }
}

/// No number.
pub(crate) const NONE: u32 = u32::MAX;

const TAG: u64 = 0xffff_ffff_0000_0000;

fn tag(hash: u64) -> u64 {
    hash & TAG
}

#[inline]
fn hash(text: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dense_and_texts_come_back() {
        let mut interner = Interner::default();
        assert_eq!(interner.find("a"), None);
        let texts: Vec<String> = (0..5_000).map(|number| format!("t{}", number % 1_777)).collect();
        let numbers: Vec<u32> = texts.iter().map(|text| interner.intern(text)).collect();
        assert_eq!(interner.len(), 1_777);
        for (text, &number) in texts.iter().zip(&numbers) {
            assert_eq!(interner.texts.get(number as usize), Some(text.as_str()));
            assert_eq!(interner.find(text), Some(number));
        }
        assert_eq!(interner.find("t1777"), None);
        assert_eq!(interner.intern(""), 1_777);
        assert_eq!(interner.texts.get(1_777), Some(""));
    }

    #[test]
    fn batches_find_what_single_look_ups_find() {
        let known: Vec<String> = (0..1_000).map(|n| format!("t{n}")).collect();
        let mut interner = Interner::of(known.iter().map(String::as_str));
        let texts = (900..1_100).map(|n| Cow::from(format!("t{n}"))).chain(["".into(), "t1099".into()]);
        let texts: Vec<Cow<'_, str>> = texts.collect();
        let mut found = Vec::new();
        interner.find_all(&texts, &mut found);
        let single: Vec<u32> = texts.iter().map(|text| interner.find(text).unwrap_or(NONE)).collect();
        assert_eq!(found, single);
        interner.intern_all(&texts, &mut found);
        assert_eq!(found, texts.iter().map(|text| interner.find(text).unwrap()).collect::<Vec<_>>());
        assert_eq!((found[199], found[201]), (1_099, 1_099));
        interner.intern_all(&[], &mut found);
        assert!(found.is_empty());
    }

    #[test]
    fn sorted_ids_are_numbered_by_rank() {
        let index = Interner::of(["a", "b", "c"].into_iter());
        assert_eq!(index.find("c"), Some(2));
    }
}
