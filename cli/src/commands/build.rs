//! `adit build`: everything, from specs and data to provisioning rules.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use adit_compiler::{compile::Compilation, derivation, provision::provision};
use adit_rules::{CalledRoles, Linted, Severity};
use adit_snapshots::Snapshot;
use jiff::civil::Date;

use crate::{
    exit::Exit,
    failure::{Failure, Problem},
    files::Batch,
    interrupt,
    output::{
        build::{self, BuildReport, LockNews},
        lint::{self, LintFormat, View},
        warnings,
    },
    persona::Persona,
    privacy::Names,
    project::{Lock, LockState, Project, lock, stages},
    report::{Paths, Report, Sources},
    session::Session,
    values::{self, Format},
};

/// Mine, lint and emit: write derivation.json, provisioning.json and lint.json
///
/// `provisioning.json` holds only roles that enough people approved for exactly this content and that no failing finding speaks
/// against; every other role is listed with what is missing. The data must be that of `adit.lock`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The project's folder [default: the project around the current folder]
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,

    /// Where to write [default: `out` in the project, or what `adit.toml` says]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// The day that waivers, exceptions and approvals are held against [default: the day of the snapshot]
    #[arg(long, value_name = "DATE", value_parser = values::date)]
    as_of: Option<Date>,

    /// Accept data that differs from `adit.lock`, and lock it
    #[arg(long)]
    update_lock: bool,

    /// Exit 5 when no role can be emitted
    #[arg(long)]
    require_emission: bool,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: Format,

    /// Show people by name, in lint.json too; without it, by pseudonym
    #[arg(long)]
    reveal: bool,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let project = Project::open(arguments.project.as_deref())?;
    let prepared = project.prepare(arguments.as_of, arguments.reveal)?;
    let meter = session.meter();
    let data = project.data(&prepared, &meter)?;
    let news = hold_against_lock(&project, &data.snapshot, arguments.update_lock)?;
    let compilation = stages::compiled(&prepared, &data, &meter)?;
    let record = project.record()?;
    meter.doing("linting and deriving");
    let rules = project.config.rules(project.config.lint.persona);
    let (linted, (derivation, derivation_text)) =
        rayon::join(|| adit_rules::lint(&compilation, &rules, &record), || derivation::written(&compilation));
    interrupt::check()?;
    let digest = derivation.digest.unwrap_or_default();
    let (provisioning, withheld) = provision(&compilation, digest, &blocked(&compilation, &linted));
    let names = Names::new(&data.snapshot, &prepared.privacy);
    let sources = Sources {
        project: &project.config.project.name,
        compilation: &compilation,
        linted: &linted,
        specs: &prepared.specs,
        paths: &Paths::new(&project.root, None),
        snapshot: &project.config.project.snapshot,
        names: &names,
    };
    // A record leaves nothing out.
    let lint = Report::new(&sources, Persona::Auditor);
    let folder = arguments.out.clone().unwrap_or_else(|| project.path(&project.config.project.out));
    let outputs = [
        ("derivation.json", derivation_text),
        ("provisioning.json", provisioning.to_bytes()),
        ("lint.json", lint::render(&lint, LintFormat::Json, View::file()).into_bytes()),
    ];
    let files = write(&project, &folder, &outputs, &data.snapshot, news)?;
    meter.finish();
    warnings::pseudonyms(&prepared, session);
    let report = BuildReport {
        project: &project,
        as_of_given: arguments.as_of.is_some(),
        compilation: &compilation,
        lint: &lint,
        derivation: &derivation,
        provisioning: &provisioning,
        withheld: &withheld,
        files: &files,
        lock: news,
    };
    let text = match arguments.format {
        Format::Human => {
            warnings::print(&prepared, session);
            build::human::render(&report, session.look)
        }
        Format::Json => build::json::render(&report),
    };
    session.out.text(&text);
    Ok(verdict(&report, arguments.require_emission))
}

fn verdict(report: &BuildReport<'_>, require_emission: bool) -> Exit {
    if report.lint.fails() || !report.compilation.failed_expectations.is_empty() {
        Exit::Findings
    } else if require_emission && report.provisioning.roles.is_empty() {
        Exit::NothingToEmit
    } else {
        Exit::Fine
    }
}

/// Refuses data that is not that of the lock, unless it is to be accepted.
fn hold_against_lock(project: &Project, snapshot: &Snapshot, update: bool) -> Result<LockNews, Failure> {
    // A damaged lock can be written anew; that is what its error says.
    let lock = match Lock::read(&project.root) {
        Err(_) if update => return Ok(LockNews::Updated),
        other => other?,
    };
    match Lock::compare(lock.as_ref(), &snapshot.digest) {
        LockState::Missing => Ok(LockNews::First),
        LockState::Same => Ok(LockNews::Unchanged),
        LockState::Differs(_) if update => Ok(LockNews::Updated),
        LockState::Differs(tables) => {
            let what: Vec<_> = tables.iter().map(|(table, what)| format!("`{table}` {what}")).collect();
            let message = format!("the data is not that of `{}`: {}", lock::FILE, what.join(", "));
            let help = "take the locked data back, or accept this data with `adit build --update-lock`; \
                        approvals of roles that it changes will have to be given anew";
            Err(Failure::new(Exit::Data, Problem::new(message).help(help)))
        }
    }
}

/// The roles that failing findings speak against, with the codes of their rules.
fn blocked(compilation: &Compilation<'_>, linted: &Linted) -> BTreeMap<usize, Vec<String>> {
    let mut blocked: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let roles = CalledRoles::of(compilation);
    for finding in linted.findings.iter().filter(|finding| finding.severity == Severity::Error) {
        for number in finding.speaks_against(&roles) {
            blocked.entry(number).or_default().push(finding.rule.code.to_owned());
        }
    }
    for rules in blocked.values_mut() {
        rules.sort();
        rules.dedup();
    }
    blocked
}

/// Writes everything, or nothing; what was written.
fn write(
    project: &Project,
    folder: &Path,
    outputs: &[(&str, Vec<u8>)],
    snapshot: &Snapshot,
    news: LockNews,
) -> Result<Vec<PathBuf>, Failure> {
    let mut batch = Batch::new();
    let mut written = Vec::new();
    for (name, bytes) in outputs {
        let path = folder.join(name);
        batch.write(&path, |out| out.write_all(bytes))?;
        written.push(path);
    }
    if news != LockNews::Unchanged {
        let path = project.path(lock::FILE);
        batch.write(&path, |out| out.write_all(Lock::text(&snapshot.digest).as_bytes()))?;
        written.push(path);
    }
    batch.commit()?;
    Ok(written)
}
