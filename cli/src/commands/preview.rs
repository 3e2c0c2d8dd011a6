//! `adit preview`: what would be mined, before anything is.

use std::{collections::BTreeSet, path::PathBuf};

use adit_compiler::preview::Preview;
use adit_snapshots::{IdentityId, Snapshot};

use crate::{
    exit::Exit,
    failure::Failure,
    files::Batch,
    interrupt,
    output::{names::Names, preview_csv, preview_human, preview_json, warnings},
    project::{Project, stages},
    session::Session,
    values::Format,
};

/// Show what would be mined, before anything is: whom, what, what is left out and why, and what looks odd
///
/// Mines nothing and writes nothing but what `--export` names. Exits 0 whatever it finds.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The project's folder [default: the project around the current folder]
    #[arg(value_name = "PROJECT")]
    project: Option<PathBuf>,

    /// Show what of one identity would be mined, by id or pseudonym; may be given several times
    #[arg(long, value_name = "ID")]
    identity: Vec<String>,

    /// Write the input as a CSV: a row for each identity, a column for each entitlement, with 1 where it is held
    #[arg(long, value_name = "FILE.csv")]
    export: Option<PathBuf>,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: Format,

    /// Show people by name, in the CSV too; without it, by pseudonym
    #[arg(long)]
    reveal: bool,
}

/// Everything a report needs.
pub(crate) struct Previewed<'a> {
    /// What the project is called.
    pub(crate) project: &'a str,
    /// The data.
    pub(crate) snapshot: &'a Snapshot,
    /// How things are called.
    pub(crate) names: &'a Names<'a>,
    /// The populations.
    pub(crate) populations: &'a [Preview],
    /// The identities that were asked for, by what they are called; none where everyone is meant.
    pub(crate) only: Option<Vec<IdentityId>>,
}

impl Previewed<'_> {
    /// Rows of a population, in the order of what identities are called: that of their names would tell who is who.
    pub(crate) fn called(&self, preview: &Preview, rows: impl IntoIterator<Item = u32>) -> Vec<(String, u32)> {
        let identities = &preview.selection.matrix.identities;
        let name = |row: u32| identities.get(row as usize).map(|&identity| (self.names.identity(identity), row));
        let mut called: Vec<_> = rows.into_iter().filter_map(name).collect();
        called.sort_unstable();
        called
    }

    /// The row of an identity in a population.
    pub(crate) fn row(preview: &Preview, identity: IdentityId) -> Option<u32> {
        let row = preview.selection.matrix.identities.binary_search(&identity).ok()?;
        u32::try_from(row).ok()
    }

    /// What an identity holds: what would be mined, and what would not, as the language names it.
    pub(crate) fn holdings(&self, preview: &Preview, identity: IdentityId) -> (Vec<String>, Vec<String>) {
        let matrix = &preview.selection.matrix;
        let columns = Self::row(preview, identity).map_or(&[][..], |row| matrix.row(row as usize));
        let mined = |column: u32| matrix.entitlements.get(column as usize).copied();
        let inside: BTreeSet<_> = columns.iter().filter_map(|&column| mined(column)).collect();
        let held = self.snapshot.assignments.held(identity).iter();
        let (inside, outside): (Vec<_>, Vec<_>) = held.partition(|entitlement| inside.contains(entitlement));
        let labels = |of: Vec<_>| of.into_iter().map(|&entitlement| self.names.entitlement(entitlement)).collect();
        (labels(inside), labels(outside))
    }
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let project = Project::open(arguments.project.as_deref())?;
    let prepared = project.prepare(None, arguments.reveal)?;
    let meter = session.meter();
    let data = project.data(&prepared, &meter)?;
    let names = Names::new(&data.snapshot, &prepared.privacy);
    let only = asked_for(&arguments.identity, &data.snapshot, &names)?;
    let populations = stages::previewed(&prepared, &data, &meter)?;
    interrupt::check()?;
    let previewed = Previewed {
        project: &project.config.project.name,
        snapshot: &data.snapshot,
        names: &names,
        populations: &populations,
        only,
    };
    if let Some(file) = &arguments.export {
        meter.doing("writing");
        let mut batch = Batch::new();
        batch.write(file, |out| preview_csv::write(&previewed, out))?;
        batch.commit()?;
    }
    meter.finish();
    warnings::pseudonyms(&prepared, session);
    match arguments.format {
        Format::Human => {
            warnings::print(&prepared, session);
            session.out.text(&preview_human::render(&previewed, session.look));
            if let Some(file) = &arguments.export {
                session.out.line(&format!("\nwrote {}", file.display()));
            }
        }
        Format::Json => session.out.text(&preview_json::render(&previewed)),
    }
    Ok(Exit::Fine)
}

/// Identities by id, or by what they are called in reports; two people may share a pseudonym.
fn asked_for(asked: &[String], snapshot: &Snapshot, names: &Names<'_>) -> Result<Option<Vec<IdentityId>>, Failure> {
    if asked.is_empty() {
        return Ok(None);
    }
    let mut found = BTreeSet::new();
    for asked in asked {
        let by_pseudonym = || snapshot.identities.iter().filter(|&id| names.identity(id) == *asked).collect();
        let meant: Vec<_> = snapshot.identities.find(asked).map_or_else(by_pseudonym, |id| vec![id]);
        if meant.is_empty() {
            return Err(Failure::usage(
                format!("expected the id or the pseudonym of an identity in the snapshot, found `{asked}`"),
                "ids are those of the identities table; pseudonyms are those that reports of this project show",
            ));
        }
        found.extend(meant.into_iter().map(|id| (names.identity(id), id)));
    }
    Ok(Some(found.into_iter().map(|(_, identity)| identity).collect()))
}
