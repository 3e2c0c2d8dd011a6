//! `adit mine`: the roles behind any CSV of who has what, with no project around it.

use std::path::{Path, PathBuf};

use adit_snapshots::Schema;

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

pub(crate) use options::{Using, Words, attributes};
pub(crate) use result::{Mined, MinedRole, clusters, guides, matrix};
pub(crate) use table::{Columns, Tables, read, read_all};

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

    /// A CSV of what is known of the identities: a column that names them, and a column for each attribute
    #[arg(long, value_name = "FILE.csv")]
    attributes: Option<PathBuf>,

    /// The attributes that shape the roles, as `guided by` in a spec
    #[arg(long, value_name = "A,B,…", value_delimiter = ',', requires = "attributes")]
    guided_by: Vec<String>,

    /// Membership rules in these attributes, in the words of `describe by` in a spec, such as `department, title { confidence at least 90% }`
    #[arg(long, value_name = "A, B { SETTINGS }", requires = "attributes")]
    describe_by: Option<String>,

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
    // What is wrong with the words is said before a large file is read, but for what only its columns can tell.
    if arguments.attributes.is_none() {
        Using::new(words, &Schema::default())?;
    }
    let meter = session.meter();
    let tables = Tables {
        assignments: &arguments.file,
        columns: arguments.columns.as_ref(),
        attributes: arguments.attributes.as_deref(),
    };
    let (snapshot, unmatched) = read_all(tables, &meter)?;
    let using = Using::new(words, &snapshot.manifest.schema)?;
    let noted = faults::summary(&snapshot.faults, session.aside);
    let mined = Mined::mine(snapshot, &using, &meter)?;
    meter.finish();
    for noted in noted.into_iter().chain(unmatched) {
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

/// What a file is called in a report.
pub(crate) fn name(file: &Path) -> String {
    if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() }
}
