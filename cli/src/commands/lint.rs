//! `adit lint`: what the rules find in a project.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::{
    arguments::{self, Format},
    exit::Exit,
    failure::Failure,
    interrupt,
    output::{
        lint_human,
        lint_json::{self, LintReport, Tally},
        names::Names,
        warnings,
    },
    project::{Project, stages},
    session::Session,
    terminal::Paint,
};

/// Find what is wrong or dangerous in a project's access, roles, exceptions and approvals
///
/// Exits 1 when a finding fails. Levels are set per rule in `adit.toml`; findings are accepted with a waiver.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The project's folder [default: the project around the current folder]
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,

    /// The day that waivers, exceptions and approvals are held against [default: the day of the snapshot]
    #[arg(long, value_name = "DATE", value_parser = arguments::date)]
    as_of: Option<Date>,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: Format,

    /// Show people by name; without it, by pseudonym
    #[arg(long)]
    reveal: bool,

    /// Show every finding; without it, the first ten of each rule
    #[arg(long)]
    all: bool,
}

/// How many causes of each rule to show.
const SHOWN: usize = 10;

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let project = Project::open(arguments.project.as_deref())?;
    let prepared = project.prepare(arguments.as_of, arguments.reveal)?;
    let meter = session.meter();
    let data = project.data(&prepared, &meter)?;
    let compilation = stages::compiled(&prepared, &data, &meter)?;
    meter.doing("linting");
    let linted = adit_rules::lint(&compilation, &project.config.rules);
    meter.finish();
    interrupt::check()?;
    let names = Names::new(&data.snapshot, prepared.hide.clone());
    let report = LintReport {
        project: &project.config.project.name,
        compilation: &compilation,
        linted: &linted,
        specs: &prepared.specs,
        names: &names,
    };
    let tally = Tally::of(&linted);
    match arguments.format {
        Format::Json => {
            let text = lint_json::render(&report);
            session.out.text(&text);
        }
        Format::Human => {
            warnings::print(&prepared, session);
            let day = if arguments.as_of.is_some() { "" } else { ", the day of the snapshot" };
            let head = format!("{}, as of {}{day}", project.config.project.name, prepared.as_of);
            session.out.line(&session.look.paint(Paint::Bold, &head));
            session.out.text("\n");
            let limit = if arguments.all { usize::MAX } else { SHOWN };
            let text = lint_human::render(&report, limit, session.look);
            session.out.text(&text);
        }
    }
    Ok(if tally.errors > 0 { Exit::Findings } else { Exit::Fine })
}
