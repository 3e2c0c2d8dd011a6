//! Values of options, as several commands take them.

use std::num::NonZeroUsize;

use adit_compiler::spec::Percent;
use jiff::civil::Date;

/// For people, or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Human,
    /// For machines; see docs/formats.md
    Json,
}

/// Whether to measure how good roles are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Measure {
    /// Up to ten million assignments
    #[default]
    Auto,
    /// At any size
    Always,
    /// Not at all
    Never,
}

/// `2026-10-01`, and nothing else: a date with a time or in another order is refused.
pub(crate) fn date(words: &str) -> Result<Date, String> {
    let wrong = || format!("expected a date such as `2026-10-01`, found `{words}`");
    if words.len() == 10 { words.parse().map_err(|_| wrong()) } else { Err(wrong()) }
}

/// `1` and more.
pub(crate) fn threads(words: &str) -> Result<NonZeroUsize, String> {
    words.parse().map_err(|_| format!("expected a number of threads, 1 or more, found `{words}`"))
}

/// `0%`, `80%`, `82.5%`, as a spec has them: at most everything.
pub(crate) fn percent(words: &str) -> Option<Percent> {
    let digits = words.strip_suffix('%')?;
    let (whole, parts) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let begins_well = whole == "0" || !whole.starts_with('0');
    let points: u32 = format!("{whole}{parts:0<2}").parse().ok()?;
    let is_share = is_number(whole) && begins_well && is_number(parts) && parts.len() <= 2;
    (is_share && points <= Percent::WHOLE.0).then_some(Percent(points))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_written_as_in_a_spec() {
        let read = |words| percent(words).map(|share| share.0);
        let shares = ["0%", "0.5%", "80%", "82.5%", "82.25%", "100%"].map(read);
        assert_eq!(shares, [0, 50, 8_000, 8_250, 8_225, 10_000].map(Some));
        for words in
            ["", "%", "80", "080%", "00%", "80.%", ".5%", "+5%", "-5%", "80.123%", "100.01%", "8 0%", "999999999999%"]
        {
            assert_eq!(read(words), None, "{words}");
        }
    }
}
