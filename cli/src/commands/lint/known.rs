//! Takes out what a baseline or a git revision has too: what is left is what counts.

use std::path::PathBuf;

use adit_compiler::compile::Compilation;
use adit_rules::Linted;

use super::{Arguments, against::Earlier};
use crate::{
    baseline::{Baseline, Held, Keys, Update},
    failure::Failure,
    persona::Persona,
    privacy::{Names, Privacy},
    progress::Meter,
    project::{Prepared, Project},
    report::Against,
};

/// What to hold findings against.
#[derive(Debug, clap::Args)]
pub(super) struct KnownArguments {
    /// Keep back findings that this baseline has [default: `[baseline] file` of `adit.toml`]
    #[arg(long, value_name = "FILE", help_heading = "What is known already")]
    baseline: Option<PathBuf>,

    /// Write the baseline: add what stands and drop what is gone; `=shrink` only drops
    #[arg(long, value_enum, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "all")]
    #[arg(hide_possible_values = true, help_heading = "What is known already")]
    update_baseline: Option<Update>,

    /// List what the baseline hides
    #[arg(long, help_heading = "What is known already")]
    pub(super) show_baselined: bool,

    /// Report only what is new since a git revision
    #[arg(long, value_name = "REVISION", help_heading = "What is known already")]
    against: Option<String>,
}

/// What is left, what the baseline keeps back, and how everything compares with the revision.
pub(super) struct Parted {
    pub(super) linted: Linted,
    pub(super) held: Option<Held>,
    pub(super) against: Option<Against>,
}

/// Parts what was found into what counts and what was there before.
pub(super) fn part(
    arguments: &Arguments,
    (project, persona): (&Project, Persona),
    prepared: &Prepared,
    compilation: &Compilation<'_>,
    linted: Linted,
    meter: &Meter,
) -> Result<Parted, Failure> {
    let snapshot = compilation.snapshot;
    let earlier = match &arguments.known.against {
        Some(name) => Some(Earlier::find(project, persona, name, compilation.as_of, meter)?),
        None => None,
    };
    let against = earlier.as_ref().map(|earlier| earlier.compare(&linted.findings, snapshot));
    let (linted, held) = hold(&arguments.known, project, prepared, compilation, linted)?;
    let linted = match &earlier {
        Some(earlier) => earlier.keep_new(linted, snapshot),
        None => linted,
    };
    Ok(Parted { linted, held, against })
}

/// Holds findings against the baseline, if there is one, and writes it if it is to be.
fn hold(
    arguments: &KnownArguments,
    project: &Project,
    prepared: &Prepared,
    compilation: &Compilation<'_>,
    linted: Linted,
) -> Result<(Linted, Option<Held>), Failure> {
    let configured = || project.config.baseline.file.as_ref().map(|file| project.path(file));
    let Some(path) = arguments.baseline.clone().or_else(configured) else {
        return if arguments.update_baseline.is_some() || arguments.show_baselined {
            Err(Failure::usage(
                "there is no baseline: neither `--baseline` nor `[baseline] file` in `adit.toml` names one",
                "name one, for instance `--baseline adit-baseline.json`",
            ))
        } else {
            Ok((linted, None))
        };
    };
    let hiding = Privacy { reveal: false, ..prepared.privacy.clone() };
    let pseudonyms = &hiding.pseudonyms;
    let keys = Keys::new(compilation, Names::new(compilation.snapshot, &hiding), &project.config.waivers);
    let baseline = match (Baseline::read(&path, pseudonyms)?, arguments.update_baseline) {
        (Some(baseline), _) => baseline,
        (None, Some(_)) => Baseline::empty(&path),
        (None, None) => {
            return Err(Failure::usage(
                format!("there is no baseline `{}`", path.display()),
                "write it with `--update-baseline`, or name the one there is",
            ));
        }
    };
    let Some(update) = arguments.update_baseline else {
        let (linted, held) = baseline.hold(linted, &keys);
        return Ok((linted, Some(held)));
    };
    let (baseline, written) = baseline.updated(&linted.findings, &keys, update, compilation.as_of);
    baseline.write(pseudonyms)?;
    let (linted, held) = baseline.hold(linted, &keys);
    Ok((linted, Some(Held { written: Some(written), ..held })))
}
