//! What is still possible for one attribute, after some tests of it.

use std::collections::BTreeSet;

use adit_grammar::quoted;
use adit_snapshots::AttributeType;
use jiff::{Span, civil::Date};

use crate::{
    glob::{self, Demands, Witness},
    spec::{Comparison, Number, Test},
};

/// The values an attribute may still have. No value at all is a possibility of its own: it meets only `is missing`.
#[derive(Debug, Clone)]
pub(super) struct Domain<'a> {
    kind: AttributeType,
    missing: bool,
    present: bool,
    values: Values<'a>,
}

#[derive(Debug, Clone)]
enum Values<'a> {
    Text(Texts<'a>),
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

#[derive(Debug, Clone, Default)]
struct Texts<'a> {
    /// One of these, all of which meet the rest; anything that does when `None`.
    only: Option<Vec<&'a str>>,
    not: BTreeSet<&'a str>,
    like: Vec<&'a str>,
    unlike: Vec<&'a str>,
    /// Nothing meets all shapes.
    none: bool,
}

impl<'a> Domain<'a> {
    /// Anything of a type.
    pub(super) fn of(kind: AttributeType, may_be_missing: bool) -> Self {
        let values = match kind {
            AttributeType::Text => Values::Text(Texts::default()),
            AttributeType::List => Values::List { has: BTreeSet::new(), lacks: BTreeSet::new() },
            AttributeType::Boolean => Values::Flag { yes: true, no: true },
            AttributeType::Date => {
                Values::Number { least: day_number(Date::MIN), most: day_number(Date::MAX), not: BTreeSet::new() }
            }
            AttributeType::Integer => {
                Values::Number { least: i64::MIN.into(), most: i64::MAX.into(), not: BTreeSet::new() }
            }
        };
        Self { kind, missing: may_be_missing, present: true, values }
    }

    /// Takes away what a test, met or not met, rules out. Whether anything is left; `true` when finding out would take more
    /// than the `effort`, in places of globs looked at.
    pub(super) fn narrow(&mut self, test: &'a Test, met: bool, effort: &mut usize) -> bool {
        match (test, met) {
            (Test::Missing, true) => self.present = false,
            (Test::Missing, false) => self.missing = false,
            (_, true) => {
                self.missing = false;
                self.values.narrow(test, true, effort);
            }
            (_, false) => self.values.narrow(test, false, effort),
        }
        self.missing || (self.present && !self.values.none_left())
    }

    /// A value that is still possible, as the language writes it; several of a list, none where none is possible too. `None` when finding
    /// one would take more than the `effort`.
    pub(super) fn witness(&self, effort: &mut usize) -> Option<Vec<String>> {
        if self.missing || !self.present {
            return Some(Vec::new());
        }
        Some(match &self.values {
            Values::Text(texts) => vec![quoted(&texts.witness(effort)?)],
            Values::List { has, lacks } if has.is_empty() => {
                let any = ('a'..=char::MAX).map(String::from).find(|text| !lacks.contains(text.as_str()));
                any.iter().map(|text| quoted(text)).collect()
            }
            Values::List { has, .. } => has.iter().map(|text| quoted(text)).collect(),
            Values::Flag { yes, .. } => vec![yes.to_string()],
            Values::Number { least, most, not } => {
                // The one nearest to nothing, of numbers; of days the first that is named.
                let unbounded = self.kind == AttributeType::Date && *least == day_number(Date::MIN);
                let near = if unbounded { *most } else { 0 };
                let from = near.clamp(*least, *most);
                let number = (0..=not.len() as i128).flat_map(|step| [from + step, from - step]);
                let number =
                    number.into_iter().find(|number| (least..=most).contains(&number) && !not.contains(number))?;
                vec![match self.kind {
                    AttributeType::Date => day(number)?.to_string(),
                    _ => number.to_string(),
                }]
            }
        })
    }

    /// Whether no value at all is all that is left.
    pub(super) fn is_missing(&self) -> bool {
        !self.present || self.values.none_left()
    }

    /// The least and the most that a whole number may still be, where tests say so.
    pub(super) fn bounds(&self) -> (Option<i128>, Option<i128>) {
        let Values::Number { least, most, .. } = self.values else { return (None, None) };
        ((least > i64::MIN.into()).then_some(least), (most < i64::MAX.into()).then_some(most))
    }

    /// Like [`Self::narrow`], for a number that is at least so much, or is not.
    pub(super) fn narrow_to_at_least(&mut self, number: u32, met: bool) -> bool {
        self.values.compare(Comparison::AtLeast, number.into(), met);
        self.present && !self.values.none_left()
    }
}

impl<'a> Values<'a> {
    fn narrow(&mut self, test: &'a Test, met: bool, effort: &mut usize) {
        match (self, test) {
            (Self::Text(texts), Test::In(values)) => texts.narrow_to(values.iter().map(String::as_str), met, effort),
            (Self::Text(texts), Test::Like(pattern)) if glob::is_literal(pattern) => {
                texts.narrow_to([pattern.as_str()], met, effort)
            }
            (Self::Text(texts), Test::Like(pattern)) => texts.shape(pattern, met, effort),
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
            Self::Text(texts) => texts.none || texts.only.as_ref().is_some_and(Vec::is_empty),
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

impl<'a> Texts<'a> {
    fn narrow_to(&mut self, values: impl IntoIterator<Item = &'a str>, met: bool, effort: &mut usize) {
        let values: BTreeSet<&str> = values.into_iter().collect();
        match (&mut self.only, met) {
            (Some(only), _) => only.retain(|text| values.contains(text) == met),
            (None, true) => {
                let fits = |text: &&str| {
                    !self.not.contains(text)
                        && self.like.iter().all(|pattern| has_shape(pattern, text, true))
                        && self.unlike.iter().all(|pattern| !has_shape(pattern, text, false))
                };
                self.only = Some(values.into_iter().filter(fits).collect());
            }
            (None, false) => {
                self.not.extend(values);
                self.look_for_one(effort);
            }
        }
    }

    fn shape(&mut self, pattern: &'a str, met: bool, effort: &mut usize) {
        if let Some(only) = &mut self.only {
            only.retain(|text| has_shape(pattern, text, met) == met);
        } else if met {
            self.none |= self.like.iter().any(|other| is_short(pattern, other) && !glob::intersect(pattern, other))
                || self.unlike.iter().any(|wide| is_short(wide, pattern) && glob::covers(wide, pattern));
            self.like.push(pattern);
        } else {
            self.none |= glob::covers(pattern, "*")
                || self.like.iter().any(|narrow| is_short(pattern, narrow) && glob::covers(pattern, narrow));
            self.unlike.push(pattern);
        }
        self.look_for_one(effort);
    }

    /// A text that is left; one that is not empty, if there is one.
    fn witness(&self, effort: &mut usize) -> Option<String> {
        if let Some(only) = &self.only {
            return only.first().map(|text| (*text).to_owned());
        }
        let not: Vec<&str> = self.not.iter().copied().collect();
        let like: Vec<&str> = self.like.iter().copied().chain(["?*"]).collect();
        let some = Demands { like: &like, unlike: &self.unlike, not: &not };
        let empty = Demands { like: &self.like, unlike: &self.unlike, not: &not };
        [some, empty].into_iter().find_map(|demands| match glob::witness(demands, effort) {
            Witness::Text(text) => Some(text),
            Witness::Nothing | Witness::Unknown => None,
        })
    }

    /// Texts are endless: one shape, and leaving out a few texts, leaves some. Two and more are held against each other.
    fn look_for_one(&mut self, effort: &mut usize) {
        if self.none || self.only.is_some() || self.like.len() + self.unlike.len() < 2 {
            return;
        }
        let not: Vec<&str> = self.not.iter().copied().collect();
        let demands = Demands { like: &self.like, unlike: &self.unlike, not: &not };
        self.none = glob::witness(demands, effort) == Witness::Nothing;
    }
}

/// Whether a text has a shape; `unknown` where finding out would take too long.
fn has_shape(pattern: &str, text: &str, unknown: bool) -> bool {
    if is_short(pattern, text) { glob::matches(pattern, text) } else { unknown }
}

/// Globs are compared in the product of their lengths.
fn is_short(left: &str, right: &str) -> bool {
    left.len().saturating_mul(right.len()) <= 1 << 16
}

/// A day since 1970.
fn day(number: i128) -> Option<Date> {
    let days = i64::try_from(number).ok()?;
    Date::constant(1970, 1, 1).checked_add(Span::new().try_days(days).ok()?).ok()
}

fn as_integer(number: Number) -> i128 {
    match number {
        Number::Integer(number) => number.into(),
        Number::Date(date) => day_number(date),
    }
}

fn day_number(date: Date) -> i128 {
    i128::from(date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24)
}
