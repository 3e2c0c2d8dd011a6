//! `adit mine`: the roles behind any CSV of who has what, with no project around it.

use std::path::{Path, PathBuf};

use crate::{
    arguments::Format,
    exit::Exit,
    failure::Failure,
    files::Batch,
    output::{faults, mine_human, mine_json, roles_csv},
    session::Session,
};

mod options;
mod result;
mod table;

pub(crate) use options::Using;
pub(crate) use result::{Mined, MinedRole};
pub(crate) use table::{Columns, read};

/// Find the roles behind any CSV of who has what; needs no project
///
/// The header must name an identity column (user, identity or account) and an entitlement column (permission, entitlement, role
/// or group); `--columns` names them otherwise. The file is your own data, so names are shown.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The CSV to read; `-` reads standard input
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,

    /// How to find roles: a strategy and its settings, in the words of `cluster using …` in a spec; see docs/how-it-mines.md
    #[arg(long, value_name = "STRATEGY { SETTINGS }", default_value = "layers")]
    using: String,

    /// How clusters become roles, in the words of `cutoff { … }` in a spec, such as `primary at least 80% of members; members at least 5`
    #[arg(long, value_name = "SETTINGS")]
    cutoff: Option<String>,

    /// With `--using entitlement-overlap`: the entitlements that count as shared [default: all]
    #[arg(long, value_name = "A,B,…", value_delimiter = ',')]
    filter: Option<Vec<String>>,

    /// The identity and the entitlement column, when the header does not say
    #[arg(long, value_name = "IDENTITY,ENTITLEMENT")]
    columns: Option<Columns>,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: Format,

    /// Write mine.json and roles.csv into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let using = Using::new(&arguments.using, arguments.cutoff.as_deref(), arguments.filter.as_deref())?;
    let meter = session.meter();
    let snapshot = read(&arguments.file, arguments.columns.as_ref(), &meter)?;
    let noted = faults::summary(&snapshot.faults, session.aside);
    let mined = Mined::mine(snapshot, &using, &meter)?;
    meter.finish();
    if let Some(noted) = noted {
        session.note(&noted);
    }
    let written = arguments.out.as_deref().map(|folder| write(folder, &mined)).transpose()?;
    match arguments.format {
        Format::Human => {
            let text = mine_human::render(&name(&arguments.file), &mined, session.look);
            session.out.text(&text);
            for path in written.iter().flatten() {
                session.out.line(&format!("wrote {}", path.display()));
            }
        }
        Format::Json => {
            // Standard output swallows a reader who has gone, and keeps every other error for the end.
            let _ = mine_json::write(&mined, &mut session.out);
        }
    }
    Ok(Exit::Fine)
}

fn write(folder: &Path, mined: &Mined) -> Result<[PathBuf; 2], Failure> {
    let paths = ["mine.json", "roles.csv"].map(|name| folder.join(name));
    let [json, csv] = &paths;
    let mut batch = Batch::new();
    batch.write(json, |mut out| mine_json::write(mined, &mut out))?;
    batch.write(csv, |mut out| roles_csv::write(mined, &mut out))?;
    batch.commit()?;
    Ok(paths)
}

fn name(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() }
}
