//! Dates, truth values and numbers as exports write them.

use jiff::civil::Date;

use crate::FaultKind;

/// A value that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wrong {
    pub(crate) kind: FaultKind,
    /// What was expected, to go before `, found …`.
    pub(crate) expected: &'static str,
    /// What it looks like, to go after it.
    pub(crate) hint: &'static str,
}

impl Wrong {
    const fn new(expected: &'static str) -> Self {
        Self { kind: FaultKind::BadValue, expected, hint: "" }
    }

    const fn damaged(self, hint: &'static str) -> Self {
        Self { kind: FaultKind::SpreadsheetDamage, hint, ..self }
    }

    pub(crate) fn message(self, found: &str) -> String {
        format!("{}, found `{found}`{}", self.expected, self.hint)
    }
}

const DATE: Wrong = Wrong::new("expected a date such as `2026-03-01`");
const ZERO_DATE: Wrong = DATE.damaged(", the zero date of a spreadsheet");
const SERIAL_DATE: Wrong = DATE.damaged(", the day number of a spreadsheet");
const HIDDEN_DATE: Wrong = DATE.damaged(": a spreadsheet's column was too narrow");
const BOOLEAN: Wrong = Wrong::new("expected `true` or `false`");
const INTEGER: Wrong = Wrong::new("expected a whole number");
const COUNT: Wrong = Wrong::new("expected a whole number that is not negative");
const SHORT_NUMBER: Wrong = INTEGER.damaged(", a long number as a spreadsheet shortens it");
const LARGE_NUMBER: Wrong = Wrong { hint: ", which is beyond 64 bits", ..INTEGER };

/// A day: `2026-03-01`, an RFC 3339 time (its date), or `20260301`; the zero dates of SAP and MySQL are none.
pub(crate) fn date(text: &str) -> Result<Option<Date>, Wrong> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if matches!(text, "00000000" | "0000-00-00" | "0000-00-00 00:00:00") {
        return Ok(None);
    }
    let digits = |range: std::ops::Range<usize>| {
        let part = text.get(range)?;
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<i16>().ok())?
    };
    let day_of = |parts: (Option<i16>, Option<i16>, Option<i16>)| {
        let (year, month, day) = (parts.0?, parts.1?, parts.2?);
        if (year, month, day) == (1900, 1, 0) || (year == 1899 && month == 12 && day >= 30) {
            return Some(Err(ZERO_DATE));
        }
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        Some(Ok(Some(date)))
    };
    if bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit) {
        return day_of((digits(0..4), digits(4..6), digits(6..8))).unwrap_or(Err(DATE));
    }
    if bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-') && time(text.get(10..).unwrap_or("x")) {
        return day_of((digits(0..4), digits(5..7), digits(8..10))).unwrap_or(Err(DATE));
    }
    let serial = (1..=5).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_digit);
    let zero = matches!(text, "1/0/1900" | "01/00/1900" | "00/01/1900" | "0/1/1900" | "00.01.1900");
    Err(match () {
        () if serial => SERIAL_DATE,
        () if zero => ZERO_DATE,
        () if text.starts_with("##") => HIDDEN_DATE,
        () => DATE,
    })
}

/// Whether what follows a date is the time of an RFC 3339 timestamp, or nothing.
fn time(rest: &str) -> bool {
    let Some(time) = rest.strip_prefix(['T', 't', ' ']) else { return rest.is_empty() };
    time.len() >= 4 && time.bytes().all(|byte| byte.is_ascii_digit() || b":.,+-Zz ".contains(&byte))
}

/// `true` or `false`, in the spellings of databases and spreadsheets.
pub(crate) fn boolean(text: &str) -> Result<Option<bool>, Wrong> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "t" | "y" | "1" | "x" => Ok(Some(true)),
        "false" | "no" | "f" | "n" | "0" => Ok(Some(false)),
        _ => Err(BOOLEAN),
    }
}

/// A whole number.
pub(crate) fn integer(text: &str) -> Result<Option<i64>, Wrong> {
    let text = text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    text.parse().map(Some).map_err(|_| match () {
        () if is_scientific(text) => SHORT_NUMBER,
        () if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => LARGE_NUMBER,
        () => INTEGER,
    })
}

/// A whole number from 0 on.
pub(crate) fn count(text: &str) -> Result<Option<u64>, Wrong> {
    let number = integer(text)?;
    number.map(u64::try_from).transpose().map_err(|_| COUNT)
}

/// Whether an id looks like a long number that a spreadsheet shortened: `1.23457E+12`.
pub(crate) fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once("E+") else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    digits(whole) && digits(fraction) && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_the_forms_that_occur() {
        let day = Some(jiff::civil::date(2021, 3, 2));
        for text in ["2021-03-02", "20210302", "2021-03-02T08:11:04Z", "2021-03-02 08:11:04.123+01:00", " 2021-03-02 "]
        {
            assert_eq!(date(text), Ok(day), "{text}");
        }
        assert_eq!(date("99991231"), Ok(Some(jiff::civil::date(9999, 12, 31))));
        assert_eq!(date("00000000"), Ok(None));
    }

    #[test]
    fn spreadsheets_leave_traces() {
        for text in ["1900-01-00", "1899-12-30", "44256", "1/0/1900", "#########", "19000100"] {
            assert_eq!(date(text).unwrap_err().kind, FaultKind::SpreadsheetDamage, "{text}");
        }
        for text in ["", "02.03.2021", "2021-13-02", "2021-02-30", "2021-03-02x", "2021-03-0é", "soon", "123456"] {
            assert_eq!(date(text).unwrap_err().kind, FaultKind::BadValue, "{text}");
        }
        assert!(is_scientific("1.23457E+12") && !is_scientific("E+1") && !is_scientific("GE+12"));
    }

    #[test]
    fn truth_and_numbers() {
        assert_eq!((boolean("Yes"), boolean("0")), (Ok(Some(true)), Ok(Some(false))));
        assert!(boolean("maybe").is_err());
        assert_eq!(integer("007"), Ok(Some(7)));
        assert_eq!((count("7"), count("-0")), (Ok(Some(7)), Ok(Some(0))));
        assert_eq!(count("-5").unwrap_err().expected, "expected a whole number that is not negative");
        assert_eq!(integer("1,2").unwrap_err().kind, FaultKind::BadValue);
        assert_eq!(integer("1.2E+15").unwrap_err().kind, FaultKind::SpreadsheetDamage);
        assert_eq!((integer("9223372036854775807"), integer("-")), (Ok(Some(i64::MAX)), Err(INTEGER)));
        assert_eq!(
            (integer("9223372036854775808"), count("-99999999999999999999")),
            (Err(LARGE_NUMBER), Err(LARGE_NUMBER))
        );
    }
}
