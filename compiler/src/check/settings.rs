//! Settings: sentences of words and values, held against the forms that a block knows.
//!
//! A form is written as the sentence itself, with a word in capitals where a value goes:
//! `primary at least PERCENT of members`. The same text tells people what was expected.

use std::collections::BTreeMap;

use adit_grammar::{
    Diagnostic, Span,
    ast::{Literal, LiteralValue, Setting, SettingPart, Text},
};

use super::{
    codes,
    context::{Context, Faults, said_twice},
    suggest::{did_you_mean, list},
    values::{spelled, what},
};
use crate::spec::Percent;

/// A setting that a block knows.
pub(super) struct Known {
    /// Its name: the first words of every form of it.
    pub(super) name: &'static str,
    /// The ways to say it, the best first. Values are `PERCENT`, `COUNT`, `NUMBER`, `TEXT` and `ANY`.
    pub(super) forms: &'static [&'static str],
    /// An example.
    pub(super) example: &'static str,
}

/// A setting as it was understood.
pub(super) struct Read<'a> {
    /// The name of the [`Known`] setting.
    pub(super) name: &'static str,
    /// Its values.
    values: Vec<&'a Literal>,
    pub(super) setting: &'a Setting,
}

/// Reads the settings of a block (`what` it is called in messages). What cannot be read, and what is said twice, is reported and left
/// out.
pub(super) fn read<'a>(
    context: &Context<'_>,
    what: &str,
    known: &'static [Known],
    settings: &'a [Setting],
    faults: &mut Faults,
) -> Vec<Read<'a>> {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut all = Vec::new();
    for setting in settings {
        if let Some(because) = &setting.because {
            context.reason(because, faults);
        }
        let Some(known) = find(what, known, setting, faults) else { continue };
        if let Some(&first) = seen.get(known.name) {
            faults.push(said_twice(&format!("`{}`", known.name), *setting.span, first));
            continue;
        }
        seen.insert(known.name, *setting.span);
        if let Some(values) = match_forms(known, setting, faults) {
            all.push(Read { name: known.name, values, setting });
        }
    }
    all
}

impl Read<'_> {
    /// Its first value as a percentage of at most 100%; reported otherwise. `least` is 1 where 0% would mean nothing.
    pub(super) fn percent(&self, least: u32, faults: &mut Faults) -> Option<Percent> {
        self.percent_at(0, least, faults)
    }

    /// Its value of that number likewise.
    pub(super) fn percent_at(&self, index: usize, least: u32, faults: &mut Faults) -> Option<Percent> {
        let value = self.values.get(index)?;
        let LiteralValue::Percent(points) = value.value else { return None };
        percent(points, least, *value.span, faults)
    }

    /// Its first value as a percentage above 0% and up to `most`, which may be more than 100%; reported otherwise.
    pub(super) fn percent_up_to(&self, most: Percent, faults: &mut Faults) -> Option<Percent> {
        let value = self.values.first()?;
        let LiteralValue::Percent(points) = value.value else { return None };
        let percent = Percent(points);
        if percent > Percent(0) && percent <= most {
            return Some(percent);
        }
        let message = format!("expected more than `0%` and at most `{most}`, found `{percent}`");
        faults.push(
            Diagnostic::error(codes::PERCENT_RANGE, message, *value.span, "out of range")
                .help("write a percentage in that range, or leave the line out"),
        );
        None
    }

    /// Its value of that number as a count of at least 1; reported otherwise.
    pub(super) fn count(&self, index: usize, faults: &mut Faults) -> Option<u32> {
        let value = self.values.get(index)?;
        let LiteralValue::Integer(number) = value.value else { return None };
        match u32::try_from(number) {
            Ok(count) if count > 0 => Some(count),
            _ => {
                let expected = if number < 1 { "at least 1" } else { "at most 4294967295" };
                let message = format!("`{}` is {expected}, found `{number}`", self.name);
                faults.push(
                    Diagnostic::error(codes::NUMBER_RANGE, message, *value.span, format!("expected {expected}"))
                        .help("write a number in that range, or leave the line out"),
                );
                None
            }
        }
    }

    /// Its value of that number as any whole number in a range; reported otherwise.
    pub(super) fn number(
        &self,
        index: usize,
        range: std::ops::RangeInclusive<i64>,
        faults: &mut Faults,
    ) -> Option<i64> {
        let value = self.values.get(index)?;
        let LiteralValue::Integer(number) = value.value else { return None };
        if range.contains(&number) {
            return Some(number);
        }
        let (least, most) = (range.start(), range.end());
        let message = format!("`{}` goes from {least} to {most}, found `{number}`", self.name);
        faults.push(
            Diagnostic::error(codes::NUMBER_RANGE, message, *value.span, "out of range")
                .help("write a number in that range"),
        );
        None
    }

    /// Its word of that number, the first being 0; none where a value stands.
    pub(super) fn word(&self, index: usize) -> Option<&str> {
        match self.setting.parts.get(index) {
            Some(SettingPart::Word(word)) => Some(&word.node),
            _ => None,
        }
    }

    /// Its value of that number as a text.
    pub(super) fn text(&self, index: usize) -> Option<&str> {
        match &self.values.get(index)?.value {
            LiteralValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Where its value of that number is.
    pub(super) fn value_span(&self, index: usize) -> Span {
        self.values.get(index).map_or(*self.setting.span, |value| *value.span)
    }

    /// Whether a value comes right after the first word: `roles 12`, not `roles auto, at most 12`.
    pub(super) fn begins_with_value(&self) -> bool {
        matches!(self.setting.parts.get(1), Some(SettingPart::Value(_)))
    }

    /// Whether it has this word anywhere, such as `none` in the place of a value.
    pub(super) fn has_word(&self, word: &str) -> bool {
        (0..self.setting.parts.len()).any(|index| self.word(index) == Some(word))
    }

    /// How many values it has.
    pub(super) fn values(&self) -> usize {
        self.values.len()
    }
}

/// A literal that must be a percentage of at most 100%, outside a setting.
pub(super) fn percent_literal(name: &str, literal: &Literal, faults: &mut Faults) -> Option<Percent> {
    match &literal.value {
        LiteralValue::Percent(points) => percent(*points, 0, *literal.span, faults),
        found => {
            faults.push(no_percent_sign(name, found, *literal.span));
            None
        }
    }
}

fn percent(points: u32, least: u32, span: Span, faults: &mut Faults) -> Option<Percent> {
    let percent = Percent(points);
    let (expected, help) = if percent > Percent::WHOLE {
        ("at most `100%`", "100% is all of them")
    } else if points < least {
        ("more than `0%`", "a line at 0% draws no line: leave it out")
    } else {
        return Some(percent);
    };
    let message = format!("expected {expected}, found `{percent}`");
    faults.push(Diagnostic::error(codes::PERCENT_RANGE, message, span, "out of range").help(help));
    None
}

/// The setting that a sentence begins like.
fn find(what: &str, known: &'static [Known], setting: &Setting, faults: &mut Faults) -> Option<&'static Known> {
    let words: Vec<&Text> = setting
        .parts
        .iter()
        .map_while(|part| match part {
            SettingPart::Word(word) => Some(word),
            _ => None,
        })
        .collect();
    let starts = |name: &str| {
        let mut found = words.iter();
        name.split(' ').all(|word| found.next().is_some_and(|found| found.node == word))
    };
    // `seed` and `one row per` both count; the longest name wins.
    let found = known.iter().filter(|known| starts(known.name)).max_by_key(|known| known.name.len());
    if found.is_none() {
        let first = words.first().map_or("", |word| word.node.as_str());
        let span = words.first().map_or(*setting.span, |word| word.span);
        let names = || known.iter().map(|known| known.name);
        let help = did_you_mean(first, names(), || match list(names()) {
            names if names.is_empty() => "it has no settings".to_owned(),
            names => format!("it has {names}"),
        });
        let message = format!("{what} has no setting `{first}`");
        faults.push(Diagnostic::error(codes::UNKNOWN_SETTING, message, span, "unknown").help(help));
    }
    found
}

/// The values, if the sentence reads like one of the forms. Otherwise the form that goes furthest is what was expected.
fn match_forms<'a>(known: &Known, setting: &'a Setting, faults: &mut Faults) -> Option<Vec<&'a Literal>> {
    let mut furthest: Option<Mismatch<'a>> = None;
    for form in known.forms {
        match match_form(form, setting) {
            Ok(values) => return Some(values),
            Err(mismatch) => {
                if furthest.as_ref().is_none_or(|best| mismatch.at > best.at) {
                    furthest = Some(mismatch);
                }
            }
        }
    }
    let mismatch = furthest?;
    faults.push(match (mismatch.expected, mismatch.found) {
        (Some("PERCENT"), Some(SettingPart::Value(value)))
            if matches!(value.value, LiteralValue::Integer(_) | LiteralValue::Decimal(_)) =>
        {
            no_percent_sign(known.name, &value.value, *value.span)
        }
        (expected, found) => {
            let (found, span) = match found {
                Some(SettingPart::Word(word)) => (format!("`{}`", word.node), word.span),
                Some(SettingPart::Value(value)) => {
                    (format!("{} {}", what(&value.value), spelled(&value.value)), *value.span)
                }
                Some(SettingPart::Comma(span)) => ("a comma".to_owned(), **span),
                None => ("the end of the line".to_owned(), *setting.span),
            };
            let expected = match expected {
                None => "the end of the line".to_owned(),
                Some("PERCENT") => "a percentage".to_owned(),
                Some("COUNT" | "NUMBER") => "a whole number".to_owned(),
                Some("TEXT") => "a text in quotes".to_owned(),
                Some("ANY") => "a value".to_owned(),
                Some(",") => "a comma".to_owned(),
                Some(_) => format!("`{}`", mismatch.words),
            };
            Diagnostic::error(
                codes::SETTING_FORM,
                format!("expected {expected}, found {found}"),
                span,
                format!("expected {expected}"),
            )
            .help(format!("write for example `{}`", known.example))
        }
    });
    None
}

struct Mismatch<'a> {
    /// How many parts were as expected.
    at: usize,
    /// The word of the form; none when the sentence should have ended.
    expected: Option<&'static str>,
    found: Option<&'a SettingPart>,
    /// The words of the form from there to the next value: `at least`.
    words: String,
}

fn match_form<'a>(form: &'static str, setting: &'a Setting) -> Result<Vec<&'a Literal>, Mismatch<'a>> {
    let mut values = Vec::new();
    let mut parts = setting.parts.iter();
    let mut expected = form.split(' ');
    for at in 0.. {
        let (expected, found) = (expected.next(), parts.next());
        let matches = match (expected, found) {
            (None, None) => return Ok(values),
            (Some("PERCENT"), Some(SettingPart::Value(value))) => matches!(value.value, LiteralValue::Percent(_)),
            (Some("COUNT" | "NUMBER"), Some(SettingPart::Value(value))) => {
                matches!(value.value, LiteralValue::Integer(_))
            }
            (Some("TEXT"), Some(SettingPart::Value(value))) => matches!(value.value, LiteralValue::Text(_)),
            (Some("ANY"), Some(SettingPart::Value(_))) => true,
            (Some(","), Some(SettingPart::Comma(_))) => true,
            (Some(word), Some(SettingPart::Word(found))) => found.node == word,
            _ => false,
        };
        if !matches {
            let words = form.split(' ').skip(at).take_while(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
            return Err(Mismatch { at, expected, found, words: words.collect::<Vec<_>>().join(" ") });
        }
        if let Some(SettingPart::Value(value)) = found {
            values.push(value);
        }
    }
    Ok(values)
}

fn no_percent_sign(name: &str, found: &LiteralValue, span: Span) -> Diagnostic {
    let help = match found {
        LiteralValue::Integer(number @ 2..=100) => format!("write `{number}%`"),
        LiteralValue::Integer(1) => "write `1%`, or `100%` if you mean all of them".to_owned(),
        LiteralValue::Integer(0) => "write `0%`".to_owned(),
        LiteralValue::Decimal(text) => match points(text) {
            Some(points) => format!("write `{}`", Percent(points)),
            None => "write a percentage such as `80%`".to_owned(),
        },
        _ => "write a percentage such as `80%`".to_owned(),
    };
    let message = format!("`{name}` is a percentage, found {} {}", what(found), spelled(found));
    Diagnostic::error(codes::NO_PERCENT_SIGN, message, span, "expected a percentage").help(help)
}

/// What a decimal number up to 1 may have meant, in basis points: `0.825` is 82.5%. Larger ones lack their sign only: `82.5`.
fn points(text: &str) -> Option<u32> {
    let (whole, fraction) = text.split_once('.')?;
    let places = if whole == "0" || whole == "1" { 4 } else { 2 };
    if fraction.len() > places || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = format!("{whole}{fraction:0<places$}");
    digits.parse().ok().filter(|points| *points <= Percent::WHOLE.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decimals_may_have_meant() {
        assert_eq!(points("0.8"), Some(8_000));
        assert_eq!(points("0.825"), Some(8_250));
        assert_eq!(points("1.0"), Some(10_000));
        assert_eq!(points("82.5"), Some(8_250));
        assert_eq!(points("0.82534"), None);
        assert_eq!(points("182.5"), None);
        assert_eq!(points("-0.5"), None);
    }
}
