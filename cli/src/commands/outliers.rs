//! `adit outliers`: who does not look like their peers, and why.

use std::path::PathBuf;

use adit_compiler::{
    outliers::{self, Lines, Population},
    spec::Percent,
};
use adit_snapshots::Snapshot;

use super::mine::{self, Data, Opened, Tables, Words};
use crate::{
    exit::Exit,
    failure::Failure,
    interrupt,
    output::{
        outliers::{Peers, Report, human, json},
        warnings,
    },
    privacy::Names,
    project::{Project, stages},
    session::Session,
    text,
    values::{self, Format},
};

/// List identities that do not look like their peers: what they hold that hardly any peer does, and what they lack that nearly all have
///
/// Peers are those with the same primary role, as the project mines roles (or `--using`), or with the same attributes (`--by`). The
/// score is the share in which an identity and an average peer differ of all that either holds. Changes nothing; exits 0 whatever it finds.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The project's folder [default: the project around the current folder]
    #[arg(value_name = "PROJECT", conflicts_with = "data")]
    project: Option<PathBuf>,

    #[command(flatten)]
    data: Data,

    /// How the groups of peers are found in that CSV, in the words of `cluster using …` in a spec [default: layers]
    #[arg(long, value_name = "STRATEGY { SETTINGS }", requires = "data", conflicts_with = "by")]
    using: Option<String>,

    /// The attributes that shape those groups, as `guided by` in a spec
    #[arg(long, value_name = "A,B,…", value_delimiter = ',', requires = "attributes", conflicts_with = "by")]
    guided_by: Vec<String>,

    /// Peers are those with the same values of these attributes
    #[arg(long, value_name = "A,B,…", value_delimiter = ',')]
    by: Vec<String>,

    /// Only the populations of this mining block
    #[arg(long, value_name = "NAME", conflicts_with = "data")]
    mining: Option<String>,

    /// List identities whose score is at least this [default: those who stand out in their own group]
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    score: Option<Percent>,

    /// What at most so many of the peers hold is unusual
    #[arg(long, value_name = "PERCENT", default_value = "5%", value_parser = percent)]
    unusual: Percent,

    /// What at least so many of the peers hold is missing where it is not held
    #[arg(long, value_name = "PERCENT", default_value = "95%", value_parser = percent)]
    usual: Percent,

    /// Peers that it takes to say anything
    #[arg(long, value_name = "N", default_value = "5", value_parser = clap::value_parser!(u32).range(1..))]
    peers: u32,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: Format,

    /// Show people of a project by name; without it, by pseudonym
    #[arg(long, conflicts_with = "data")]
    reveal: bool,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let lines = Lines { unusual: arguments.unusual, usual: arguments.usual, min_peers: arguments.peers };
    if lines.unusual >= lines.usual {
        return Err(Failure::usage(
            format!("what {} of the peers hold cannot be unusual where {} make it usual", lines.unusual, lines.usual),
            "`--unusual` must be below `--usual`",
        ));
    }
    match arguments.data.tables() {
        Some(tables) => of_tables(arguments, tables, lines, session),
        None => of_project(arguments, lines, session),
    }
}

fn of_project(arguments: &Arguments, lines: Lines, session: &mut Session) -> Result<Exit, Failure> {
    let meter = session.meter();
    let project = Project::open(arguments.project.as_deref())?;
    let prepared = project.prepare(None, arguments.reveal)?;
    let only = arguments.mining.as_deref().map(|name| stages::mining(&prepared.spec, name)).transpose()?;
    let data = project.data(&prepared, &meter)?;
    let by = known(&arguments.by, &data.snapshot)?;
    let populations = stages::compared(&prepared, &data, &by, lines, only, &meter)?;
    meter.finish();
    interrupt::check()?;
    warnings::pseudonyms(&prepared, session);
    let names = Names::new(&data.snapshot, &prepared.privacy);
    let report = Report {
        title: project.config.project.name.clone(),
        snapshot: &data.snapshot,
        names: Some(&names),
        peers: if by.is_empty() { Peers::Mined(&prepared.spec) } else { Peers::By(&by) },
        lines,
        score: arguments.score,
        populations,
    };
    print(&report, arguments.format, session);
    Ok(Exit::Fine)
}

fn of_tables(arguments: &Arguments, tables: Tables<'_>, lines: Lines, session: &mut Session) -> Result<Exit, Failure> {
    if !arguments.by.is_empty() && tables.attributes.is_none() {
        return Err(Failure::usage(
            "peers are to have the same attributes, but nothing is known of the identities",
            "name the CSV of attributes: `--attributes FILE.csv`",
        ));
    }
    let using = arguments.using.as_deref().unwrap_or("layers");
    let words = Words { using, guided_by: &arguments.guided_by, ..Words::default() };
    let meter = session.meter();
    let Opened { mut snapshot, using, notes } = mine::open(tables, words, session, &meter)?;
    let by = known(&arguments.by, &snapshot)?;
    let (matrix, groups, unassigned) = if by.is_empty() {
        let (matrix, clustering, ()) = mine::clusters(&mut snapshot, &using, &meter, |_| ())?;
        let groups = outliers::by_cluster(&matrix, &clustering.clusters);
        (matrix, groups, clustering.unassigned)
    } else {
        snapshot.digest = snapshot.compute_digest();
        let matrix = mine::matrix(&snapshot);
        let groups = outliers::by_attributes(&mine::guides(&snapshot, &by, &matrix), matrix.height());
        (matrix, groups, Vec::new())
    };
    let outliers = outliers::outliers(&matrix, &groups, lines);
    meter.finish();
    interrupt::check()?;
    for note in notes {
        session.note(&note);
    }
    let report = Report {
        title: text::visible(&mine::name(tables.assignments)).into_owned(),
        snapshot: &snapshot,
        names: None,
        peers: if by.is_empty() { Peers::Using(&using.strategy) } else { Peers::By(&by) },
        lines,
        score: arguments.score,
        populations: vec![Population { mining: 0, name: String::new(), matrix, outliers, unassigned }],
    };
    print(&report, arguments.format, session);
    Ok(Exit::Fine)
}

fn print(report: &Report<'_>, format: Format, session: &mut Session) {
    session.out.text(&match format {
        Format::Human => human::render(report, session.look),
        Format::Json => json::render(report),
    });
}

/// The attributes as the data has them, each once.
fn known(names: &[String], snapshot: &Snapshot) -> Result<Vec<String>, Failure> {
    mine::attributes("--by", names, snapshot.identities.attributes.iter().map(|attribute| attribute.name.as_str()))
}

/// `5%`, `0%`, `100%`.
fn percent(words: &str) -> Result<Percent, String> {
    values::percent(words)
        .ok_or_else(|| format!("expected a percentage from `0%` to `100%`, such as `50%`; found `{words}`"))
}
