//! Columns of values: dictionaries of texts, lists, dates.

use rustc_hash::FxHashMap;

use crate::{NO_VALUE, TextColumn};

/// A text column of one value per row.
pub(crate) fn text<'a>(values: impl Iterator<Item = Option<&'a str>>) -> TextColumn {
    let (values, codes) = dictionary(values);
    TextColumn { values, codes }
}

/// Distinct texts, ascending, and the code of each value.
pub(crate) fn dictionary<'a>(values: impl Iterator<Item = Option<&'a str>>) -> (Vec<String>, Vec<u32>) {
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
    let mut distinct: Vec<(&str, u32)> = Vec::new();
    let mut codes: Vec<u32> = values
        .map(|value| {
            let Some(text) = value else { return NO_VALUE };
            *numbers.entry(text).or_insert_with(|| {
                let number = u32::try_from(distinct.len()).unwrap_or(NO_VALUE - 1);
                distinct.push((text, number));
                number
            })
        })
        .collect();
    distinct.sort_unstable();
    let mut ranks = vec![NO_VALUE; distinct.len()];
    for (rank, (_, number)) in (0_u32..).zip(&distinct) {
        if let Some(slot) = ranks.get_mut(*number as usize) {
            *slot = rank;
        }
    }
    for code in &mut codes {
        *code = ranks.get(*code as usize).copied().unwrap_or(NO_VALUE);
    }
    (distinct.into_iter().map(|(text, _)| text.to_owned()).collect(), codes)
}
