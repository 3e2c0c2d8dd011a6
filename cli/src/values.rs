//! Values of options, as several commands take them.

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

/// `0%`, `80%`, `82.5%`: at most everything.
pub(crate) fn percent(words: &str) -> Option<Percent> {
    let digits = words.strip_suffix('%')?;
    let (whole, parts) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = format!("{whole}{parts:0<2}");
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !whole.is_empty() && parts.len() <= 2;
    digits.parse().ok().filter(|points| plain && *points <= Percent::WHOLE.0).map(Percent)
}
