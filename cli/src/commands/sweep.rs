//! `adit sweep`: what becomes of the roles as one threshold of the cut-off moves.

use std::{path::PathBuf, str::FromStr};

use adit_compiler::sweep::{Curve, Range, Threshold};

use crate::{
    exit::Exit,
    failure::Failure,
    interrupt,
    output::sweep::{self, Swept},
    project::{Project, stages},
    session::Session,
    values,
};

const THRESHOLDS: [Threshold; 4] = [Threshold::Primary, Threshold::Secondary, Threshold::Members, Threshold::Overlap];

/// Show how roles, coverage and over-grants change as one threshold of the cut-off moves
///
/// Mines every population of the project once, then cuts it at every value of the range: where the curve is flat, the choice of a
/// threshold matters little; where it jumps, it decides. The spec's own value is marked. Changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The project's folder [default: the project around the current folder]
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,

    /// Which threshold moves, and from where to where: `primary`, `secondary` or `overlap` by percentages, `members` by numbers
    #[arg(long, value_name = "THRESHOLD=FROM..TO", value_parser = asked, default_value = "primary=50%..100%")]
    cutoff: Asked,

    /// How far apart the values are, in the same unit [default: 5%, of members 1]
    #[arg(long, value_name = "STEP")]
    step: Option<String>,

    /// Only the populations of this mining block
    #[arg(long, value_name = "NAME")]
    mining: Option<String>,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: SweepFormat,
}

/// What `--cutoff` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    threshold: Threshold,
    from: u32,
    to: u32,
}

/// For people, or for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum SweepFormat {
    /// For people
    Human,
    /// For machines; see docs/formats.md
    Json,
    /// A row for each population and value, for spreadsheets and plots
    Csv,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let range = range(arguments.cutoff, arguments.step.as_deref())?;
    let meter = session.meter();
    let project = Project::open(arguments.project.as_deref())?;
    let prepared = project.prepare(None, false)?;
    let only = arguments.mining.as_deref().map(|name| stages::mining(&prepared.spec, name)).transpose()?;
    if prepared.spec.minings.is_empty() {
        return Err(Failure::usage(
            "the spec has no `mining` block, so there is no cut-off to move",
            "add a `mining` block; docs/language.md shows one",
        ));
    }
    let data = project.data(&prepared, &meter)?;
    let curves = stages::swept(&prepared, &data, range, only, &meter)?;
    meter.finish();
    interrupt::check()?;
    let of = |curve: &Curve| prepared.spec.minings.get(curve.mining).map(|mining| mining.name.clone());
    let swept = Swept {
        project: project.config.project.name.clone(),
        data: data.snapshot.digest.whole,
        range,
        curves: curves.into_iter().map(|curve| (of(&curve).unwrap_or_default(), curve)).collect(),
    };
    session.out.text(&match arguments.format {
        SweepFormat::Human => sweep::human::render(&swept, session.look),
        SweepFormat::Json => sweep::json::render(&swept),
        SweepFormat::Csv => sweep::csv::render(&swept),
    });
    Ok(Exit::Fine)
}

/// `primary=60%..95%`, `members=2..10`.
fn asked(words: &str) -> Result<Asked, String> {
    let wrong = |expected: &str| format!("expected {expected}; found `{words}`");
    let shape = "a threshold and its range, such as `primary=60%..95%` or `members=2..10`";
    let (name, range) = words.split_once('=').ok_or_else(|| wrong(shape))?;
    let (from, to) = range.split_once("..").ok_or_else(|| wrong(shape))?;
    let threshold = THRESHOLDS
        .into_iter()
        .find(|threshold| threshold.name() == name)
        .ok_or_else(|| wrong("one of the thresholds `primary`, `secondary`, `members` and `overlap`"))?;
    let value = |words: &str| value(threshold, words).ok_or_else(|| wrong(unit(threshold)));
    Ok(Asked { threshold, from: value(from)?, to: value(to)? })
}

/// A value of a threshold in its unit.
fn value(threshold: Threshold, words: &str) -> Option<u32> {
    if threshold.is_share() {
        return values::percent(words).map(|share| share.0);
    }
    let plain = !words.is_empty() && words.bytes().all(|byte| byte.is_ascii_digit());
    u32::from_str(words).ok().filter(|count| plain && *count > 0)
}

fn unit(threshold: Threshold) -> &'static str {
    if threshold.is_share() { "percentages from `0%` to `100%`" } else { "numbers of members from 1, without a sign" }
}

fn range(asked: Asked, step: Option<&str>) -> Result<Range, Failure> {
    let Asked { threshold, from, to } = asked;
    let usual = if threshold.is_share() { "5%" } else { "1" };
    let words = step.unwrap_or(usual);
    let step = value(threshold, words).ok_or_else(|| {
        Failure::usage(
            format!("expected a step of `{}` in {}; found `{words}`", threshold.name(), unit(threshold)),
            format!("such as `--step {usual}`"),
        )
    })?;
    Range::new(threshold, from, to, step).map_err(|error| {
        let range = format!("{}..{}", threshold.shown(from), threshold.shown(to));
        Failure::usage(
            format!("`{}={range}` in steps of `{words}` is no range: {error}", threshold.name()),
            "the smaller value comes first, and the step is more than nothing: `--cutoff primary=60%..95% --step 5%`",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_the_unit_of_their_threshold() {
        let found = asked("primary=62.5%..95%");
        assert_eq!(found, Ok(Asked { threshold: Threshold::Primary, from: 6_250, to: 9_500 }));
        assert_eq!(asked("members=2..10"), Ok(Asked { threshold: Threshold::Members, from: 2, to: 10 }));
        for wrong in [
            "",
            "primary",
            "primary=",
            "primary=60%",
            "primary=60..95",
            "members=2%..5%",
            "members=0..5",
            "members=+2..5",
            "roles=1..5",
            "overlap=60%..101%",
            "primary=..",
            "primary=60%..95%..5%",
            "Primary=60%..95%",
        ] {
            assert!(asked(wrong).is_err(), "{wrong}");
        }
    }
}
