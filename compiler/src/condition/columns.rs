//! Tests of columns. A test of a text is made once for each distinct text, not once for each row.

use adit_snapshots::{Column, TextColumn, Texts};
use jiff::civil::Date;

use super::Bits;
use crate::{
    glob,
    spec::{Comparison, Number, Test},
};

/// Rows of a column that meet a test; none at all when the test is not one for this type.
pub(super) fn column(column: &Column, test: &Test, len: usize) -> Option<Bits> {
    match column {
        Column::Text(values) => text(values, test, len),
        Column::List { values, starts, codes } => {
            let range = |row: usize| match (starts.get(row), starts.get(row + 1)) {
                (Some(&start), Some(&end)) => codes.get(start as usize..end as usize).unwrap_or(&[]),
                _ => &[],
            };
            if *test == Test::Missing {
                return Some(Bits::from_fn(len, |row| range(row).is_empty()));
            }
            let accepted = accepted(values.iter().map(String::as_str), test)?;
            Some(Bits::from_fn(len, |row| range(row).iter().any(|&code| accepts(&accepted, code))))
        }
        Column::Date(dates) => {
            let meets = date_test(test)?;
            Some(Bits::from_fn(len, |row| meets(dates.get(row).copied().flatten())))
        }
        Column::Boolean(flags) => {
            let meets: fn(Option<bool>) -> bool = match test {
                Test::True => |flag| flag == Some(true),
                Test::Missing => |flag| flag.is_none(),
                _ => return None,
            };
            Some(Bits::from_fn(len, |row| meets(flags.get(row).copied().flatten())))
        }
        Column::Integer(numbers) => {
            let meets: Box<dyn Fn(Option<i64>) -> bool + Sync> = match test {
                Test::Missing => Box::new(|number| number.is_none()),
                Test::Compare(comparison, Number::Integer(limit)) => {
                    let (comparison, limit) = (*comparison, *limit);
                    Box::new(move |number| number.is_some_and(|number| comparison.holds(&number, &limit)))
                }
                _ => return None,
            };
            Some(Bits::from_fn(len, |row| meets(numbers.get(row).copied().flatten())))
        }
    }
}

/// Rows of a text column that meet a test.
pub(super) fn text(column: &TextColumn, test: &Test, len: usize) -> Option<Bits> {
    let code = |row: usize| column.codes.get(row).copied();
    if *test == Test::Missing {
        // A code beyond the dictionary is no value, `NO_VALUE` among them.
        return Some(Bits::from_fn(len, |row| code(row).is_none_or(|code| code as usize >= column.values.len())));
    }
    let accepted = accepted(column.values.iter().map(String::as_str), test)?;
    Some(Bits::from_fn(len, |row| code(row).is_some_and(|code| accepts(&accepted, code))))
}

/// Rows of a column of distinct ids, ascending, that meet a test. An id is never missing.
pub(super) fn ids(ids: &Texts, test: &Test) -> Option<Bits> {
    match test {
        Test::Missing => Some(Bits::none(ids.len())),
        Test::In(wanted) => {
            let mut meets = Bits::none(ids.len());
            for wanted in wanted {
                if let Some(row) = ids.rank(wanted) {
                    meets.insert(row as usize);
                }
            }
            Some(meets)
        }
        Test::Like(pattern) => {
            Some(Bits::from_fn(ids.len(), |row| ids.get(row).is_some_and(|id| glob::matches(pattern, id))))
        }
        _ => None,
    }
}

/// The positions of the texts that meet a test.
pub(super) fn matching<'t>(texts: impl Iterator<Item = &'t str>, test: &Test) -> Option<Vec<usize>> {
    let accepted = accepted(texts, test)?;
    Some(accepted.iter().enumerate().filter(|(_, accepted)| **accepted).map(|(index, _)| index).collect())
}

/// The test that a date must meet.
pub(super) fn date_test(test: &Test) -> Option<impl Fn(Option<Date>) -> bool + Sync + use<>> {
    let compare = match test {
        Test::Missing => None,
        Test::Compare(comparison, Number::Date(limit)) => Some((*comparison, *limit)),
        _ => return None,
    };
    Some(move |date: Option<Date>| match compare {
        None => date.is_none(),
        Some((comparison, limit)) => date.is_some_and(|date| comparison.holds(&date, &limit)),
    })
}

/// The column's type, in words.
pub(super) fn type_name(column: &Column) -> &'static str {
    match column {
        Column::Text(_) => "text",
        Column::List { .. } => "a list",
        Column::Date(_) => "dates",
        Column::Boolean(_) => "flags",
        Column::Integer(_) => "whole numbers",
    }
}

/// For each distinct text, whether it meets the test.
fn accepted<'t>(texts: impl Iterator<Item = &'t str>, test: &Test) -> Option<Vec<bool>> {
    Some(match test {
        Test::In(wanted) => {
            texts.map(|text| wanted.binary_search_by(|wanted| wanted.as_str().cmp(text)).is_ok()).collect()
        }
        Test::Has(wanted) => texts.map(|text| text == wanted).collect(),
        Test::Like(pattern) => texts.map(|text| glob::matches(pattern, text)).collect(),
        Test::True | Test::Missing | Test::Compare(..) => return None,
    })
}

fn accepts(accepted: &[bool], code: u32) -> bool {
    accepted.get(code as usize).copied().unwrap_or(false)
}

impl Comparison {
    /// Whether `left` stands in this relation to `right`.
    pub(super) fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
        }
    }
}
