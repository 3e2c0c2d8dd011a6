//! `adit lint`: what the rules find in a project.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::{
    commands::fmt,
    exit::Exit,
    failure::Failure,
    files::Batch,
    interrupt,
    output::{
        lint::{self, LintFormat, View},
        warnings,
    },
    persona::Persona,
    privacy::Names,
    project::{Project, stages},
    report::{Paths, Report, Sources},
    session::Session,
    values,
};

mod against;
mod also;
mod known;

use known::Parted;

/// Find what is wrong or dangerous in a project's access, roles, exceptions and approvals
///
/// Exits 1 when a finding fails. Levels are set per rule in `adit.toml`; findings are accepted with a waiver.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The project's folder [default: the project around the current folder]
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,

    /// The day that waivers, exceptions and approvals are held against [default: the day of the snapshot]
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    as_of: Option<Date>,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: LintFormat,

    /// Write another format into a file, in the same run; may be given several times
    #[arg(long, value_name = "FORMAT=FILE", value_parser = also::parse)]
    also: Vec<also::Also>,

    /// Who it is for: what is shown, and whether doubtful findings fail [default: `[lint] persona`, or reviewer]
    #[arg(long, value_enum)]
    persona: Option<Persona>,

    /// Show people by name; without it, by pseudonym
    #[arg(long)]
    reveal: bool,

    /// Mend what is safe first: lay out the specs, as `adit fmt` does
    #[arg(long)]
    fix: bool,

    /// Show every finding; without it, the first ten of each rule
    #[arg(long)]
    all: bool,

    /// Show only findings whose fingerprint begins so; the exit code stays that of all
    #[arg(long, value_name = "FINGERPRINT")]
    finding: Option<String>,

    /// What paths in machine formats are relative to [default: the repository around the project, or the project]
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,

    #[command(flatten)]
    known: known::KnownArguments,
}

/// How many causes of each rule to show.
const SHOWN: usize = 10;

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    if let Some(also) = also::twice(&arguments.also) {
        let message = format!("two formats are to be written to `{}`", also.file.display());
        return Err(Failure::usage(message, "name a file for each"));
    }
    let project = Project::open(arguments.project.as_deref())?;
    if arguments.fix {
        fmt::fix(std::slice::from_ref(&project.root), session)?;
    }
    let prepared = project.prepare(arguments.as_of, arguments.reveal)?;
    let persona = arguments.persona.unwrap_or(project.config.lint.persona);
    let meter = session.meter();
    let data = project.data(&prepared, &meter)?;
    let record = project.locked_record()?;
    let compilation = stages::to_lint(&prepared, &data, &record, &meter)?;
    meter.doing("linting");
    let linted = adit_rules::lint(&compilation, &project.config.rules(persona), &record);
    interrupt::check()?;
    let Parted { linted, held, against } =
        known::part(arguments, (&project, persona), &prepared, &compilation, linted, &meter)?;
    let sources = Sources {
        project: &project.config.project.name,
        compilation: &compilation,
        linted: &linted,
        specs: &prepared.specs,
        paths: &Paths::new(&project.root, arguments.root.as_deref()),
        snapshot: &project.config.project.snapshot,
        names: &Names::new(&data.snapshot, &prepared.privacy),
    };
    warnings::pseudonyms(&prepared, session);
    let mut report = Report::new(&sources, persona);
    report.against = against;
    if let Some(held) = &held {
        report = report.beside(&sources, held, project.config.baseline.max_days);
    }
    let exit = if report.fails() { Exit::Findings } else { Exit::Fine };
    let report = match &arguments.finding {
        Some(prefix) => report.only(prefix).ok_or_else(|| unknown(prefix))?,
        None => report,
    };
    write(&report, &arguments.also)?;
    meter.finish();
    if arguments.format == LintFormat::Human {
        warnings::print(&prepared, session);
    }
    let view = View {
        look: session.look,
        limit: if arguments.all { usize::MAX } else { SHOWN },
        baselined: arguments.known.show_baselined,
    };
    session.out.text(&lint::render(&report, arguments.format, view));
    Ok(exit)
}

fn unknown(prefix: &str) -> Failure {
    Failure::usage(
        format!("no finding has a fingerprint that begins with `{prefix}`"),
        "`adit lint --format concise --persona auditor` lists every finding with its fingerprint",
    )
}

/// Writes the other formats: all of them, or none.
fn write(report: &Report, also: &[also::Also]) -> Result<(), Failure> {
    let mut batch = Batch::new();
    for also in also {
        let text = lint::render(report, also.format, View::file());
        batch.write(&also.file, |out| out.write_all(text.as_bytes()))?;
    }
    batch.commit()
}
