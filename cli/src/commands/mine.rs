//! `adit mine`: the roles behind any CSV of who has what, with no project around it.

use std::path::{Path, PathBuf};

use adit_snapshots::{Schema, Snapshot};

use crate::{
    exit::Exit,
    failure::Failure,
    faults,
    files::Batch,
    output::mine::{Mined, Using, csv, human, json},
    progress::Meter,
    session::Session,
    values::{Format, Measure},
};

mod options;
mod result;
mod table;

pub(crate) use options::{Words, attributes};
pub(crate) use result::{clusters, guides, matrix};
pub(crate) use table::{Beside, Columns, Data, Tables, read, read_all};

/// Find the roles behind any CSV of who has what; needs no project
///
/// The header must name an identity column (user, identity or account) and an entitlement column (permission, entitlement, role
/// or group); `--columns` names them otherwise. The file is your own data, so names are shown.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A CSV of who has what; `-` reads standard input
    #[arg(value_name = "FILE.csv")]
    data: PathBuf,

    /// How to find roles: a strategy and its settings, in the words of `cluster using …` in a spec; see docs/how-it-mines.md
    #[arg(long, value_name = "STRATEGY { SETTINGS }", default_value = "layers")]
    using: String,

    /// How clusters become roles, in the words of `cutoff { … }` in a spec, such as `primary at least 80% of members; members at least 5`
    #[arg(long, value_name = "SETTINGS")]
    cutoff: Option<String>,

    /// With `--using entitlement-overlap`: the entitlements that count as shared [default: all]
    #[arg(long, value_name = "A,B,…", value_delimiter = ',')]
    filter: Option<Vec<String>>,

    #[command(flatten)]
    beside: Beside,

    /// The attributes that shape the roles, as `guided by` in a spec
    #[arg(long, value_name = "A,B,…", value_delimiter = ',', requires = "attributes")]
    guided_by: Vec<String>,

    /// Membership rules in these attributes, in the words of `describe by` in a spec, such as `department, title { confidence at least 90% }`
    #[arg(long, value_name = "A, B { SETTINGS }", requires = "attributes")]
    describe_by: Option<String>,

    /// Whether to measure how good the roles are: silhouette, stability, generalisation
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto")]
    quality: Measure,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: Format,

    /// Write mine.json and roles.csv into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let words = Words {
        using: &arguments.using,
        cutoff: arguments.cutoff.as_deref(),
        filter: arguments.filter.as_deref(),
        guided_by: &arguments.guided_by,
        describe_by: arguments.describe_by.as_deref(),
    };
    let meter = session.meter();
    let Opened { snapshot, using, notes } = open(arguments.beside.to(&arguments.data), words, session, &meter)?;
    let mined = Mined::mine(snapshot, &using, arguments.quality, &meter)?;
    meter.finish();
    for note in notes {
        session.note(&note);
    }
    let written = arguments.out.as_deref().map(|folder| write(folder, &mined)).transpose()?;
    match arguments.format {
        Format::Human => {
            let text = human::render(&name(&arguments.data), &mined, session.look);
            session.out.text(&text);
            for path in written.iter().flatten() {
                session.out.line(&format!("wrote {}", path.display()));
            }
        }
        Format::Json => {
            // Standard output swallows a reader who has gone, and keeps every other error for the end.
            let _ = json::write(&mined, &mut session.out);
        }
    }
    Ok(Exit::Fine)
}

/// Data without a project, and how to mine it.
pub(crate) struct Opened {
    /// The data.
    pub(crate) snapshot: Snapshot,
    /// What the words mean for it.
    pub(crate) using: Using,
    /// What to say of it when progress is no longer shown.
    pub(crate) notes: Vec<String>,
}

/// Reads the files. What is wrong with the words is said before a large one is read, but for what only its columns can tell.
pub(crate) fn open(tables: Tables<'_>, words: Words<'_>, session: &Session, meter: &Meter) -> Result<Opened, Failure> {
    if tables.attributes.is_none() {
        Using::new(words, &Schema::default())?;
    }
    let (snapshot, unmatched) = read_all(tables, meter)?;
    let using = Using::new(words, &snapshot.manifest.schema)?;
    let notes = faults::summary(&snapshot.faults, session.aside).into_iter().chain(unmatched).collect();
    Ok(Opened { snapshot, using, notes })
}

fn write(folder: &Path, mined: &Mined) -> Result<[PathBuf; 2], Failure> {
    let paths = ["mine.json", "roles.csv"].map(|name| folder.join(name));
    let [json, csv] = &paths;
    let mut batch = Batch::new();
    batch.write(json, |mut out| json::write(mined, &mut out))?;
    batch.write(csv, |mut out| csv::write(mined, &mut out))?;
    batch.commit()?;
    Ok(paths)
}

/// What a file is called in a report.
pub(crate) fn name(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() }
}
