//! Columns of values: dictionaries of texts, lists, dates, numbers.

use rustc_hash::FxHashMap;

use super::{
    keyed::{Keyed, Values},
    scan::{cut, shortened},
    values::{self, Wrong},
};
use crate::{AttributeType, Column, Fault, NO_VALUE, TextColumn};

/// What parts the values of a list in a source that does not say.
pub(crate) const SEPARATOR: char = '|';

/// The column of an attribute, and what is wrong with its values.
pub(crate) fn typed(keyed: &Keyed<'_>, column: usize, kind: AttributeType) -> (Column, Vec<Fault>) {
    if kind == AttributeType::List {
        return (list(keyed, column), Vec::new());
    }
    let Values { texts, conflicts: mut faults } = keyed.values(column);
    let column = match kind {
        AttributeType::Text | AttributeType::List => Column::Text(text(texts.into_iter())),
        AttributeType::Date => Column::Date(parsed(keyed, column, &texts, values::date, &mut faults)),
        AttributeType::Boolean => Column::Boolean(parsed(keyed, column, &texts, values::boolean, &mut faults)),
        AttributeType::Integer => Column::Integer(parsed(keyed, column, &texts, values::integer, &mut faults)),
    };
    (column, faults)
}

/// The values of a column that are more than text.
pub(crate) fn parsed<T>(
    keyed: &Keyed<'_>,
    column: usize,
    texts: &[Option<&str>],
    parse: fn(&str) -> Result<Option<T>, Wrong>,
    faults: &mut Vec<Fault>,
) -> Vec<Option<T>> {
    let mut value = |index: usize, text: &str| {
        parse(text).unwrap_or_else(|wrong| {
            faults.extend(keyed.row_of(index, column, text).map(|row| Fault {
                place: row.place(Some(column)),
                kind: wrong.kind,
                subject: cut(text),
                message: wrong.message(&shortened(text)),
                accepted: None,
            }));
            None
        })
    };
    texts.iter().enumerate().map(|(index, text)| text.and_then(|text| value(index, text))).collect()
}

/// A text column of one value per row.
pub(crate) fn text<'a>(values: impl Iterator<Item = Option<&'a str>>) -> TextColumn {
    let (values, codes) = dictionary(values);
    TextColumn { values, codes }
}

/// A list column: the values of all rows of a key.
fn list(keyed: &Keyed<'_>, column: usize) -> Column {
    let mut flat: Vec<&str> = Vec::new();
    let mut starts: Vec<u32> = vec![0];
    for index in 0..keyed.len() {
        for row in keyed.rows(index) {
            let separator = row.source().separator.unwrap_or(SEPARATOR);
            let parts = row.get(column).into_iter().flat_map(|text| text.split(separator));
            flat.extend(parts.map(str::trim).filter(|part| !part.is_empty()));
        }
        starts.push(u32::try_from(flat.len()).unwrap_or(u32::MAX));
    }
    let (values, unsorted) = dictionary(flat.into_iter().map(Some));
    let mut codes: Vec<u32> = Vec::with_capacity(unsorted.len());
    let mut settled: Vec<u32> = vec![0];
    for (&start, &end) in starts.iter().zip(starts.iter().skip(1)) {
        let mut row = unsorted.get(start as usize..end as usize).unwrap_or(&[]).to_vec();
        row.sort_unstable();
        row.dedup();
        codes.extend(row);
        settled.push(u32::try_from(codes.len()).unwrap_or(u32::MAX));
    }
    Column::List { values, starts: settled, codes }
}

/// Distinct texts, ascending, and the code of each value.
fn dictionary<'a>(values: impl Iterator<Item = Option<&'a str>>) -> (Vec<String>, Vec<u32>) {
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
