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
    output::faults,
    progress::Meter,
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
        if file.is_dir() {
            return Err(Failure::data(
                format!("cannot read `{}`: it is a directory, not a file", file.display()),
                "name one CSV file; a whole project is mined with `adit build`",
            ));
        }
        let (Some(folder), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str())) else {
            return Err(Failure::data(
                format!("cannot read `{}`: its name is not text", file.display()),
                "give the file a name in UTF-8",
            ));
        };
        read_from(&DiskFolder(PathBuf::from(folder)), name, &file.display().to_string(), names, meter)?
    };
    let stops: Vec<_> = snapshot.faults.iter().filter(|fault| fault.kind.weight() == Weight::Stops).collect();
    if !stops.is_empty() {
        return Err(Failure::new(Exit::Data, faults::problem(&stops, None, "correct the file; nothing was mined")));
    }
    if snapshot.assignments.is_empty() {
        return Err(Failure::data(
            format!("`{}` has no assignments: there is nothing to mine", file.display()),
            "below the header, expected one row for each identity and entitlement it holds",
        ));
    }
    Ok(snapshot)
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
        ReadError::Cancelled => Failure::Interrupted,
        ReadError::File { error, .. } => Failure::data(
            format!("cannot read `{shown}`: {}", io_words(&error)),
            "name a CSV file that can be read; `-` reads standard input",
        ),
        ReadError::Columns(message) => Failure::new(
            Exit::Data,
            Problem::new(message).help("name the two columns: `--columns IDENTITY,ENTITLEMENT`"),
        ),
        other => Failure::new(Exit::Data, Problem::new(other.to_string())),
    })
}
