//! The command line: one enum of commands, and what they all share.

use std::{ffi::OsString, num::NonZeroUsize};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::{
    commands::{
        approve, build, check, completions, config, consolidate, explain, fmt, freeze, init, lint, man, mine, outliers,
        preview, sweep, verify,
    },
    terminal::{ColorChoice, ErrorFormat},
    values,
};

/// Policy as code for role mining: find roles in real access, check them, and emit only what people approved.
#[derive(Debug, Parser)]
#[command(name = "adit", version, about, disable_help_subcommand = true)]
#[command(after_help = "\
Start here:
  adit init my-project && adit build my-project     a small project that explains itself
  adit mine access.csv                              the roles behind any CSV of who has what

Exit codes: 0 fine · 1 findings that fail · 2 wrong spec, configuration or usage · 3 data missing or unusable
            4 not reproducible · 5 nothing approved to emit · 70 a bug · 130 interrupted")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour
    #[arg(long, global = true, value_enum, default_value = "auto", value_name = "WHEN", help_heading = "Everywhere")]
    pub(crate) color: ColorChoice,

    /// How to tell what is wrong
    #[arg(long, global = true, value_enum, default_value = "fancy", value_name = "HOW", help_heading = "Everywhere")]
    pub(crate) error_format: ErrorFormat,

    /// How many threads to use; results are the same for any number [default: one per core]
    #[arg(long, global = true, value_name = "N", value_parser = values::threads, help_heading = "Everywhere")]
    pub(crate) threads: Option<NonZeroUsize>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Freeze(freeze::Arguments),
    Preview(preview::Arguments),
    Mine(mine::Arguments),
    Consolidate(consolidate::Arguments),
    Outliers(outliers::Arguments),
    Sweep(sweep::Arguments),
    Lint(lint::Arguments),
    Explain(explain::Arguments),
    Build(build::Arguments),
    Approve(approve::Arguments),
    Verify(verify::Arguments),
    Config(config::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Arguments {
    /// Reads the command line; clap's own errors come in the colour that was asked for, wherever `--color` stands.
    pub(crate) fn read(words: &[OsString]) -> Result<Self, clap::Error> {
        let color = match color_asked_for(words) {
            ColorChoice::Always => clap::ColorChoice::Always,
            ColorChoice::Never => clap::ColorChoice::Never,
            ColorChoice::Auto => clap::ColorChoice::Auto,
        };
        let matches = Self::command().color(color).try_get_matches_from(words)?;
        Self::from_arg_matches(&matches)
    }
}

/// The last `--color` on the command line, before it is known whether the rest makes sense.
pub(crate) fn color_asked_for(words: &[OsString]) -> ColorChoice {
    let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--").collect();
    let mut values = words.iter().enumerate().filter_map(|(index, word)| match word.as_ref() {
        "--color" => words.get(index + 1).map(AsRef::as_ref),
        other => other.strip_prefix("--color="),
    });
    match values.next_back() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

#[cfg(test)]
mod tests;
