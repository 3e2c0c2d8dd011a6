//! Reading the CSV that `mine` is given.

use std::{
    collections::BTreeMap,
    io::Read as _,
    path::{Path, PathBuf},
    str::FromStr,
};

use adit_snapshots::{DiskFolder, Folder, MemoryFolder, ReadError, Snapshot, Weight};

use crate::{
    exit::Exit,
    failure::{Failure, Problem, io_words},
    faults,
    progress::Meter,
    text::number,
};

/// The names of the identity and the entitlement column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Columns {
    identity: String,
    entitlement: String,
}

impl FromStr for Columns {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        match words.split_once(',') {
            Some((identity, entitlement)) if ![identity, entitlement].iter().any(|name| name.trim().is_empty()) => {
                Ok(Self { identity: identity.trim().to_owned(), entitlement: entitlement.trim().to_owned() })
            }
            _ => Err(format!(
                "expected two column names with a comma between them, like `user,permission`; found `{words}`"
            )),
        }
    }
}

/// A CSV of who has what that may take the place of a project, and what goes with it.
#[derive(Debug, clap::Args)]
pub(crate) struct Data {
    /// A CSV of who has what, as `adit mine` takes, in the place of a project; `-` reads standard input
    #[arg(long, value_name = "FILE.csv")]
    data: Option<PathBuf>,

    #[command(flatten)]
    beside: Beside,
}

/// What goes with a CSV of who has what, whose argument has the id `data`.
#[derive(Debug, clap::Args)]
pub(crate) struct Beside {
    /// The identity and the entitlement column, when the header does not say
    #[arg(long, value_name = "IDENTITY,ENTITLEMENT", requires = "data")]
    columns: Option<Columns>,

    /// A CSV of what is known of the identities: a column that names them, and a column for each attribute
    #[arg(long, value_name = "FILE.csv", requires = "data")]
    attributes: Option<PathBuf>,
}

impl Data {
    /// The files, where they are named.
    pub(crate) fn tables(&self) -> Option<Tables<'_>> {
        self.data.as_deref().map(|file| self.beside.to(file))
    }
}

impl Beside {
    /// With the CSV of who has what that it goes with.
    pub(crate) fn to<'a>(&'a self, assignments: &'a Path) -> Tables<'a> {
        Tables { assignments, columns: self.columns.as_ref(), attributes: self.attributes.as_deref() }
    }
}

/// A CSV of who has what, and one of what is known of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tables<'a> {
    /// Who has what; `-` is standard input.
    pub(crate) assignments: &'a Path,
    /// The columns of both that name identities and entitlements.
    pub(crate) columns: Option<&'a Columns>,
    /// What is known of identities.
    pub(crate) attributes: Option<&'a Path>,
}

/// Reads both files; faults that would make results wrong stop here. With the snapshot comes a note where the two do not name the same
/// identities.
pub(crate) fn read_all(tables: Tables<'_>, meter: &Meter) -> Result<(Snapshot, Option<String>), Failure> {
    let Tables { assignments, columns, attributes } = tables;
    let snapshot = read(assignments, columns, meter)?;
    let Some(file) = attributes else { return Ok((snapshot, None)) };
    let known = read_attributes(file, columns, meter)?;
    let joined = snapshot.joined(known);
    let parts = [
        (joined.unknown, "that it says nothing of"),
        (joined.idle, "in it that hold nothing, and count as people without access"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", number(*count)))
        .collect();
    let note = (!parts.is_empty()).then(|| format!("identities of `{}`: {}", file.display(), parts.join("; ")));
    Ok((joined.snapshot, note))
}

fn read_attributes(file: &Path, columns: Option<&Columns>, meter: &Meter) -> Result<Snapshot, Failure> {
    let (folder, name) = located(file)?;
    let column = columns.map(|columns| columns.identity.as_str());
    meter.reading(&format!("reading {name}"), folder.size(name).unwrap_or(0));
    let snapshot = adit_snapshots::read_attributes(&folder, name, column, meter).map_err(|error| match error {
        ReadError::Columns(message) => Failure::new(
            Exit::Data,
            Problem::new(message).help("call the column `user` or `identity`, or as in the file of assignments"),
        ),
        error => unread(error, &file.display().to_string(), "name a CSV file that can be read"),
    })?;
    stop_at_faults(&snapshot)?;
    if snapshot.identities.is_empty() {
        return Err(Failure::data(
            format!("`{}` has no identities", file.display()),
            "below the header, expected one row for each identity",
        ));
    }
    if snapshot.identities.attributes.is_empty() {
        return Err(Failure::data(
            format!("`{}` has no attributes, only a column of identities", file.display()),
            "expected a column for each attribute, such as `department`",
        ));
    }
    Ok(snapshot)
}

/// Reads the file; faults that would make results wrong stop here.
pub(crate) fn read(file: &Path, columns: Option<&Columns>, meter: &Meter) -> Result<Snapshot, Failure> {
    let names = columns.map(|columns| (columns.identity.as_str(), columns.entitlement.as_str()));
    let snapshot = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(|error| {
            Failure::data(format!("cannot read standard input: {}", io_words(&error)), "pipe a CSV into `adit mine -`")
        })?;
        let folder = MemoryFolder(BTreeMap::from([("standard input".to_owned(), bytes)]));
        read_from(&folder, "standard input", "standard input", names, meter)?
    } else {
        let (folder, name) = located(file)?;
        read_from(&folder, name, &file.display().to_string(), names, meter)?
    };
    stop_at_faults(&snapshot)?;
    if snapshot.assignments.is_empty() {
        return Err(Failure::data(
            format!("`{}` has no assignments: there is nothing to mine", file.display()),
            "below the header, expected one row for each identity and entitlement it holds",
        ));
    }
    Ok(snapshot)
}

/// The folder of a file, and its name in it.
fn located(file: &Path) -> Result<(DiskFolder, &str), Failure> {
    if file.is_dir() {
        return Err(Failure::data(
            format!("cannot read `{}`: it is a directory, not a file", file.display()),
            "name one CSV file; a whole project is mined with `adit build`",
        ));
    }
    match (file.parent(), file.file_name().and_then(|name| name.to_str())) {
        (Some(folder), Some(name)) => Ok((DiskFolder(PathBuf::from(folder)), name)),
        _ => Err(Failure::data(
            format!("cannot read `{}`: its name is not text", file.display()),
            "give the file a name in UTF-8",
        )),
    }
}

fn stop_at_faults(snapshot: &Snapshot) -> Result<(), Failure> {
    let stops: Vec<_> = snapshot.faults.iter().filter(|fault| fault.kind.weight() == Weight::Stops).collect();
    if stops.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Exit::Data, faults::problem(&stops, None, "correct the file; nothing was mined")))
}

fn read_from(
    folder: &dyn Folder,
    name: &str,
    shown: &str,
    columns: Option<(&str, &str)>,
    meter: &Meter,
) -> Result<Snapshot, Failure> {
    meter.reading(&format!("reading {name}"), folder.size(name).unwrap_or(0));
    adit_snapshots::read_table(folder, name, columns, meter).map_err(|error| match error {
        ReadError::Columns(message) => Failure::new(
            Exit::Data,
            Problem::new(message).help("name the two columns: `--columns IDENTITY,ENTITLEMENT`"),
        ),
        error => unread(error, shown, "name a CSV file that can be read; `-` reads standard input"),
    })
}

fn unread(error: ReadError, shown: &str, help: &str) -> Failure {
    match error {
        ReadError::Cancelled => Failure::Interrupted,
        ReadError::Empty { .. } => Failure::data(
            format!("`{shown}` is empty"),
            "expected a CSV whose first row names its columns, such as `user,permission`",
        ),
        ReadError::File { error, .. } => Failure::data(format!("cannot read `{shown}`: {}", io_words(&error)), help),
        other => Failure::new(Exit::Data, Problem::new(other.to_string())),
    }
}
