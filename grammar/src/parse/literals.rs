//! Values: what is written, turned into what it says, with its unit.

use jiff::civil::Date;

use super::{
    Rule,
    reader::{Pair, Reader},
};
use crate::{
    Diagnostic, Span, Spanned,
    ast::{EntitlementKind, EntitlementRef, Ignored, Literal, LiteralValue},
    codes,
    parse::expected::clip,
};

/// Why a number says nothing: its code, a message, a label and help.
struct Refusal {
    code: &'static str,
    message: String,
    label: &'static str,
    help: String,
}

impl<'t> Reader<'t> {
    /// Any value.
    pub(super) fn literal(&mut self, pair: Pair<'t>) -> Option<Literal> {
        let span = Ignored(self.place_of(&pair));
        let inner = pair.into_inner().next()?;
        let value = match inner.as_rule() {
            Rule::text => LiteralValue::Text(self.text(&inner).node),
            Rule::yes => LiteralValue::Boolean(true),
            Rule::no => LiteralValue::Boolean(false),
            _ => self.number(&inner)?,
        };
        Some(Literal { value, span })
    }

    /// A number with its unit.
    pub(super) fn number(&mut self, pair: &Pair<'t>) -> Option<LiteralValue> {
        match classify(pair.as_str()) {
            Ok(value) => Some(value),
            Err(refusal) => {
                let place = self.place_of(pair);
                self.refuse(refusal, place);
                None
            }
        }
    }

    /// A whole number without a unit.
    pub(super) fn count(&mut self, pair: &Pair<'t>) -> Option<Spanned<u32>> {
        let span = self.place_of(pair);
        match self.number(pair)? {
            LiteralValue::Integer(number) if u32::try_from(number).is_ok() => {
                Some(Spanned::new(u32::try_from(number).ok()?, span))
            }
            LiteralValue::Integer(number) => {
                let message = format!("`{number}` is out of range");
                self.error(Diagnostic::error(codes::NUMBER, message, span, "expected 0 to 4294967295"));
                None
            }
            _ => self.other_number(pair, "a whole number"),
        }
    }

    /// A duration in days.
    pub(super) fn duration(&mut self, pair: Pair<'t>) -> Option<Spanned<u32>> {
        let mut parts = pair.into_inner();
        let number = parts.next()?;
        let span = self.place_of(&number);
        if let Some(unit) = parts.next() {
            let refusal = spelled(number.as_str(), unit.as_str());
            let span = span.to(self.place_of(&unit));
            self.refuse(refusal, span);
            return None;
        }
        match self.number(&number)? {
            LiteralValue::Days(days) => Some(Spanned::new(days, span)),
            LiteralValue::Integer(bare) => {
                let refusal = Refusal {
                    code: codes::DURATION,
                    message: format!("`{bare}` has no unit"),
                    label: "expected a duration",
                    help: format!("write `{bare}d` for days or `{bare}w` for weeks"),
                };
                self.refuse(refusal, span);
                None
            }
            _ => self.other_number(&number, "a duration in days or weeks, such as `90d`"),
        }
    }

    /// A day.
    pub(super) fn date(&mut self, pair: &Pair<'t>) -> Option<Spanned<Date>> {
        let span = self.place_of(pair);
        match self.number(pair)? {
            LiteralValue::Date(date) => Some(Spanned::new(date, span)),
            _ => self.other_number(pair, "a day such as `2026-09-30`"),
        }
    }

    fn other_number<T>(&mut self, pair: &Pair<'t>, expected: &str) -> Option<T> {
        let message = format!("expected {expected}, found `{}`", clip(pair.as_str()));
        let place = self.place_of(pair);
        self.error(Diagnostic::error(codes::UNEXPECTED, message, place, format!("expected {expected}")));
        None
    }

    fn refuse(&mut self, refusal: Refusal, place: Span) {
        let Refusal { code, message, label, help } = refusal;
        let error = Diagnostic::error(code, message, place, label);
        self.error(if help.is_empty() { error } else { error.help(help) });
    }

    /// A setting such as `at most 3 months`: the unit is a word after a bare number.
    pub(super) fn spelled_unit(&mut self, number: &Literal, unit: &Pair<'t>) {
        const UNITS: [&str; 9] = ["day", "days", "week", "weeks", "month", "months", "mo", "year", "years"];
        if let (LiteralValue::Integer(number_value), true) = (&number.value, UNITS.contains(&unit.as_str())) {
            let refusal = spelled(&number_value.to_string(), unit.as_str());
            let place = number.span.to(self.place_of(unit));
            self.refuse(refusal, place);
        }
    }

    /// `sap.tcode`
    pub(super) fn kind(&mut self, pair: Pair<'t>) -> Option<EntitlementKind> {
        let parts = pair.into_inner().filter(|part| part.as_rule() != Rule::dot);
        let mut parts =
            parts.map(|part| if part.as_rule() == Rule::text { self.text(&part) } else { self.name(&part) });
        Some(EntitlementKind { application: parts.next()?, attribute: parts.next()? })
    }

    /// `sap.tcode "F110"`
    pub(super) fn entitlement(&mut self, pair: Pair<'t>) -> Option<EntitlementRef> {
        let mut parts = pair.into_inner();
        let (kind, value) = (parts.next()?, parts.next()?);
        Some(EntitlementRef { kind: self.kind(kind)?, value: self.text(&value) })
    }
}

fn classify(written: &str) -> Result<LiteralValue, Refusal> {
    let unsigned = written.strip_prefix('-').unwrap_or(written);
    let negative = unsigned.len() < written.len();
    if let Some(meant) = without_zeros(unsigned) {
        let sign = if negative { "-" } else { "" };
        // `1,000` is a 1 and a 000.
        let thousands =
            if meant.bytes().all(|byte| byte.is_ascii_digit()) { "; thousands have no separator" } else { "" };
        let help = format!("write `{sign}{}`{thousands}", clip(&meant));
        let message = format!("`{}` begins with a zero", clip(written));
        return Err(refusal(codes::NUMBER, message, "not a number", help));
    }
    if let Some(number) = unsigned.strip_suffix('%') {
        return percent(written, number, negative);
    }
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = unsigned.split_at_checked(digits).unwrap_or((unsigned, ""));
    let too_large = || refusal(codes::NUMBER, format!("`{}` is too large", clip(written)), "out of range", "");
    let days = |per_unit: u32| {
        if negative {
            let message = format!("a duration cannot be negative, found `{}`", clip(written));
            return Err(refusal(codes::DURATION, message, "negative", ""));
        }
        number.parse::<u32>().ok().and_then(|n| n.checked_mul(per_unit)).ok_or_else(too_large)
    };
    match unit {
        "" => written.parse().map(LiteralValue::Integer).map_err(|_| too_large()),
        "d" => days(1).map(LiteralValue::Days),
        "w" => days(7).map(LiteralValue::Days),
        "s" => days(1).map(LiteralValue::Seconds),
        "mo" | "m" | "month" | "months" | "y" | "year" | "years" | "day" | "days" | "week" | "weeks" | "h" | "min" => {
            Err(spelled(number, unit))
        }
        _ if unit.starts_with('.') => {
            let decimals = unit.get(1..).unwrap_or_default();
            if !decimals.is_empty() && decimals.bytes().all(|byte| byte.is_ascii_digit()) {
                Ok(LiteralValue::Decimal(written.to_owned()))
            } else {
                Err(no_number(written))
            }
        }
        _ if unit.starts_with('-') && unsigned.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
            date(written).map(LiteralValue::Date)
        }
        _ => Err(no_number(written)),
    }
}

/// A number without the zeros that it begins with needlessly: `007`, `080%`, `00.5`. A day has its zeros.
fn without_zeros(unsigned: &str) -> Option<String> {
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = unsigned.split_at_checked(digits)?;
    let needless = whole.len() > 1 && whole.starts_with('0') && !rest.starts_with('-');
    let significant = whole.trim_start_matches('0');
    needless.then(|| format!("{}{rest}", if significant.is_empty() { "0" } else { significant }))
}

fn percent(written: &str, number: &str, negative: bool) -> Result<LiteralValue, Refusal> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) {
        return Err(no_number(written));
    }
    if negative {
        let message = format!("a percentage cannot be negative, found `{}`", clip(written));
        return Err(refusal(codes::PERCENTAGE, message, "negative", ""));
    }
    let hundredths = match decimals.as_bytes() {
        [tenths] => u32::from(tenths - b'0') * 10,
        [tenths, hundredths] => u32::from(tenths - b'0') * 10 + u32::from(hundredths - b'0'),
        _ => {
            let message = format!("`{}` has more than two decimals", clip(written));
            let kept = decimals.get(..2).unwrap_or_default();
            let help = format!("percentages are counted in hundredths of a percent: write `{}.{kept}%`", clip(whole));
            return Err(refusal(codes::PERCENTAGE, message, "too precise", help));
        }
    };
    // What is beyond 100% is the compiler's to refuse; here it only must not overflow.
    let whole = whole.parse::<u32>().unwrap_or(u32::MAX);
    Ok(LiteralValue::Percent(whole.saturating_mul(100).saturating_add(hundredths)))
}

fn date(written: &str) -> Result<Date, Refusal> {
    const HELP: &str = "a day is written year-month-day: `2026-09-30`";
    let refuse = |reason: String| {
        refusal(codes::DATE, format!("`{}` is not a day: {reason}", clip(written)), "no such day", HELP)
    };
    let mut parts = written.split('-');
    let (Some(year), Some(month), Some(day), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err(refuse("a day has a year, a month and a day".to_owned()));
    };
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return Err(refuse("it needs four digits, two and two".to_owned()));
    }
    let number = |part: &str| part.parse::<i16>().unwrap_or_default();
    let month_start = Date::new(number(year), i8::try_from(number(month)).unwrap_or_default(), 1)
        .map_err(|_| refuse(format!("there is no month {month}")))?;
    let day_number = i8::try_from(number(day)).unwrap_or_default();
    Date::new(month_start.year(), month_start.month(), day_number)
        .map_err(|_| refuse(format!("{year}-{month} has {} days", month_start.days_in_month())))
}

fn spelled(number: &str, unit: &str) -> Refusal {
    let written = format!("{number} {unit}");
    let number = number.trim_start_matches('-');
    let days = |per_unit: u64| number.parse::<u64>().ok().and_then(|n| n.checked_mul(per_unit));
    match unit {
        "d" | "day" | "days" | "w" | "week" | "weeks" => {
            let short = unit.get(..1).unwrap_or_default();
            let help = format!("write `{number}{short}`");
            refusal(
                codes::DURATION,
                format!("`{}` is not how a duration is written", clip(&written)),
                "unit spelled out",
                help,
            )
        }
        "h" | "min" => {
            let message = format!("durations are whole days or weeks, found `{number}{unit}`");
            refusal(codes::DURATION, message, "too short a unit", "write `1d` or `2w`")
        }
        _ => {
            let year = unit.starts_with('y');
            let about = days(if year { 365 } else { 30 }).map_or_else(
                || "write days or weeks".to_owned(),
                |days| format!("write `{days}d`, or as many weeks as are meant"),
            );
            let unit = if year { "years" } else { "months" };
            refusal(
                codes::DURATION,
                format!("{unit} have no fixed length; durations are days or weeks"),
                "not a fixed length",
                about,
            )
        }
    }
}

fn no_number(written: &str) -> Refusal {
    let message = format!("`{}` is not a number", clip(written));
    let help = "numbers are written `5`, `-2`, `0.8`, `82.5%`, `90d`, `12w`, `60s` or `2026-09-30`";
    refusal(codes::NUMBER, message, "unknown unit or shape", help)
}

fn refusal(code: &'static str, message: String, label: &'static str, help: impl Into<String>) -> Refusal {
    Refusal { code, message, label, help: help.into() }
}
