//! What is still possible for one attribute, after some tests of it.

use std::collections::BTreeSet;

use adit_snapshots::AttributeType;
use jiff::civil::Date;

use crate::{
    glob,
    spec::{Comparison, Number, Test},
};

/// The values an attribute may still have. No value at all is a possibility of its own: it meets only `is missing`.
#[derive(Debug, Clone)]
pub(super) struct Domain<'a> {
    missing: bool,
    present: bool,
    values: Values<'a>,
}

#[derive(Debug, Clone)]
enum Values<'a> {
    Text {
        /// One of these, ascending; anything when `None`.
        only: Option<Vec<&'a str>>,
        not: BTreeSet<&'a str>,
        like: Vec<&'a str>,
        unlike: Vec<&'a str>,
    },
    List {
        has: BTreeSet<&'a str>,
        lacks: BTreeSet<&'a str>,
    },
    Flag {
        yes: bool,
        no: bool,
    },
    /// Dates are days since 1970. Wider than any number of a spec, so that one more and one less are numbers too.
    Number {
        least: i128,
        most: i128,
        not: BTreeSet<i128>,
    },
}

impl<'a> Domain<'a> {
    /// Anything of a type.
    pub(super) fn of(kind: AttributeType, may_be_missing: bool) -> Self {
        let values = match kind {
            AttributeType::Text => {
                Values::Text { only: None, not: BTreeSet::new(), like: Vec::new(), unlike: Vec::new() }
            }
            AttributeType::List => Values::List { has: BTreeSet::new(), lacks: BTreeSet::new() },
            AttributeType::Boolean => Values::Flag { yes: true, no: true },
            AttributeType::Date | AttributeType::Integer => {
                Values::Number { least: i64::MIN.into(), most: i64::MAX.into(), not: BTreeSet::new() }
            }
        };
        Self { missing: may_be_missing, present: true, values }
    }

    /// Takes away what a test, met or not met, rules out. Whether anything is left; `true` when that is not plain to see.
    pub(super) fn narrow(&mut self, test: &'a Test, met: bool) -> bool {
        match (test, met) {
            (Test::Missing, true) => self.present = false,
            (Test::Missing, false) => self.missing = false,
            (_, true) => {
                self.missing = false;
                self.values.narrow(test, true);
            }
            (_, false) => self.values.narrow(test, false),
        }
        self.missing || (self.present && !self.values.none_left())
    }

    /// Like [`Self::narrow`], for a number that is at least so much, or is not.
    pub(super) fn narrow_to_at_least(&mut self, number: u32, met: bool) -> bool {
        self.values.compare(Comparison::AtLeast, number.into(), met);
        self.present && !self.values.none_left()
    }
}

impl<'a> Values<'a> {
    fn narrow(&mut self, test: &'a Test, met: bool) {
        match (self, test) {
            (Self::Text { only, not, .. }, Test::In(texts)) => {
                let texts = texts.iter().map(String::as_str);
                match (met, &mut *only) {
                    (true, Some(only)) => {
                        let texts: BTreeSet<&str> = texts.collect();
                        only.retain(|text| texts.contains(text));
                    }
                    (true, None) => *only = Some(texts.collect()),
                    (false, _) => not.extend(texts),
                }
            }
            (Self::Text { only, not, .. }, Test::Like(pattern)) if glob::is_literal(pattern) => match (met, &mut *only)
            {
                (true, Some(only)) => only.retain(|text| text == pattern),
                (true, None) => *only = Some(vec![pattern]),
                (false, _) => {
                    not.insert(pattern);
                }
            },
            (Self::Text { like, unlike, .. }, Test::Like(pattern)) => {
                if met { like } else { unlike }.push(pattern);
            }
            (Self::List { has, lacks }, Test::Has(text)) => {
                if met { has } else { lacks }.insert(text);
            }
            (Self::Flag { yes, no }, Test::True) => *(if met { no } else { yes }) = false,
            (values @ Self::Number { .. }, Test::Compare(comparison, number)) => {
                values.compare(*comparison, as_integer(*number), met);
            }
            // A test of another type was refused where it was written.
            _ => {}
        }
    }

    fn compare(&mut self, comparison: Comparison, number: i128, met: bool) {
        let Self::Number { least, most, not } = self else { return };
        match (comparison, met) {
            (Comparison::Equal, true) => {
                *least = number.max(*least);
                *most = number.min(*most);
            }
            (Comparison::Equal, false) => {
                not.insert(number);
            }
            (Comparison::Less, true) | (Comparison::AtLeast, false) => *most = (number - 1).min(*most),
            (Comparison::AtMost, true) | (Comparison::Greater, false) => *most = number.min(*most),
            (Comparison::Greater, true) | (Comparison::AtMost, false) => *least = (number + 1).max(*least),
            (Comparison::AtLeast, true) | (Comparison::Less, false) => *least = number.max(*least),
        }
    }

    fn none_left(&self) -> bool {
        match self {
            Self::Text { only: Some(only), not, like, unlike } => !only.iter().any(|text| {
                !not.contains(text)
                    && like.iter().all(|pattern| glob::matches(pattern, text))
                    && !unlike.iter().any(|pattern| glob::matches(pattern, text))
            }),
            Self::Text { only: None, like, unlike, .. } => {
                // Texts are endless: leaving out a few leaves some. Only shapes can leave none.
                let shapes = if like.is_empty() { &["*"][..] } else { like };
                shapes.iter().any(|shape| unlike.iter().any(|wide| glob::covers(wide, shape)))
                    || (like.iter().enumerate())
                        .any(|(index, left)| like.iter().skip(index + 1).any(|right| !glob::intersect(left, right)))
            }
            Self::List { has, lacks } => !has.is_disjoint(lacks),
            Self::Flag { yes, no } => !yes && !no,
            Self::Number { least, most, not } => {
                least > most || {
                    let width = most.abs_diff(*least);
                    width < not.len() as u128 && not.range(*least..=*most).count() as u128 > width
                }
            }
        }
    }
}

fn as_integer(number: Number) -> i128 {
    match number {
        Number::Integer(number) => number.into(),
        Number::Date(date) => i128::from(date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24),
    }
}
