//! Attribute values as dense codes, whatever the type of the attribute.

use std::borrow::Cow;

use adit_snapshots::{Column, IdentityId};
use rustc_hash::FxHashMap;

/// A column as codes, whatever its type.
pub(crate) struct Encoded<'a> {
    /// The distinct values, in the order of their codes.
    pub(crate) values: Vec<Cow<'a, str>>,
    codes: Codes<'a>,
}

enum Codes<'a> {
    One(&'a [u32]),
    Many { starts: &'a [u32], codes: &'a [u32] },
    Own(FxHashMap<IdentityId, u32>),
}

impl<'a> Encoded<'a> {
    /// The values of a population (ascending) in a column.
    pub(crate) fn new(column: &'a Column, population: &[IdentityId]) -> Self {
        let borrowed = |values: &'a [String]| values.iter().map(|value| value.as_str().into()).collect();
        match column {
            Column::Text(column) => Self { values: borrowed(&column.values), codes: Codes::One(&column.codes) },
            Column::List { values, starts, codes } => {
                Self { values: borrowed(values), codes: Codes::Many { starts, codes } }
            }
            // Dates, flags and numbers by the way they are written.
            column => {
                let texts: Vec<(IdentityId, String)> = population
                    .iter()
                    .filter_map(|&identity| Some((identity, column.display(identity.0 as usize)?)))
                    .collect();
                let mut values: Vec<String> = texts.iter().map(|(_, text)| text.clone()).collect();
                values.sort_unstable();
                values.dedup();
                let code = |text: &String| values.binary_search(text).map(count).unwrap_or_default();
                let own = texts.iter().map(|(identity, text)| (*identity, code(text))).collect();
                Self { values: values.into_iter().map(Into::into).collect(), codes: Codes::Own(own) }
            }
        }
    }

    /// Hands over the codes of an identity, ascending; a missing value has none.
    pub(crate) fn codes(&self, identity: IdentityId, mut take: impl FnMut(u32)) {
        let row = identity.0 as usize;
        match &self.codes {
            Codes::One(codes) => {
                codes.get(row).copied().filter(|&code| (code as usize) < self.values.len()).into_iter().for_each(take);
            }
            Codes::Many { starts, codes } => {
                if let (Some(&start), Some(&end)) = (starts.get(row), starts.get(row + 1)) {
                    codes.get(start as usize..end as usize).unwrap_or(&[]).iter().for_each(|&code| take(code));
                }
            }
            Codes::Own(codes) => codes.get(&identity).copied().into_iter().for_each(take),
        }
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
