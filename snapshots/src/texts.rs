//! Many texts, one after the other in one buffer: what a list of strings says, without an allocation for each.

use std::cmp::Ordering;

/// A list of texts.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Texts {
    text: String,
    /// Where each text ends in `text`.
    ends: Vec<usize>,
}

impl Texts {
    /// Adds a text.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// A text by its place.
    #[inline]
    #[must_use]
    pub fn get(&self, place: usize) -> Option<&str> {
        let (start, end) = self.bounds(place)?;
        self.text.get(start..end)
    }

    /// Whether the text of a place is this one.
    #[inline]
    pub(crate) fn is(&self, place: usize, text: &str) -> bool {
        // Bytes, since it need not be asked again whether they are characters.
        self.bounds(place).is_some_and(|(start, end)| self.text.as_bytes().get(start..end) == Some(text.as_bytes()))
    }

    #[inline]
    fn bounds(&self, place: usize) -> Option<(usize, usize)> {
        let start = if place == 0 { 0 } else { *self.ends.get(place - 1)? };
        Some((start, *self.ends.get(place)?))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Every text, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|place| self.get(place).unwrap_or(""))
    }

    /// The place of a text among texts that ascend.
    #[must_use]
    pub fn rank(&self, text: &str) -> Option<u32> {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            match self.get(middle)?.cmp(text) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal => return u32::try_from(middle).ok(),
                Ordering::Greater => to = middle,
            }
        }
        None
    }
}

impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        let mut all = Self::default();
        for text in texts {
            all.push(text.as_ref());
        }
        all
    }
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_what_a_list_of_strings_is(list in prop::collection::vec("[aä]{0,2}", 0..6), other in "[aä]{0,2}") {
            let texts: Texts = list.iter().collect();
            prop_assert_eq!(texts.iter().collect::<Vec<_>>(), list.clone());
            prop_assert_eq!((texts.len(), texts.is_empty()), (list.len(), list.is_empty()));
            for place in 0..=list.len() {
                prop_assert_eq!(texts.get(place), list.get(place).map(String::as_str));
                prop_assert_eq!(texts.is(place, &other), list.get(place) == Some(&other));
            }
            let sorted: std::collections::BTreeSet<String> = list.into_iter().collect();
            let rank = sorted.iter().position(|text| *text == other).map(|place| place as u32);
            prop_assert_eq!(sorted.iter().collect::<Texts>().rank(&other), rank);
        }
    }
}
