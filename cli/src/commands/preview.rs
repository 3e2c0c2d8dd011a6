//! `adit preview`: what would be mined, before anything is.

use std::{collections::BTreeSet, path::PathBuf};

use adit_snapshots::{IdentityId, Snapshot};

use crate::{
    exit::Exit,
    failure::Failure,
    files::Batch,
    interrupt,
    output::{
        preview::{self, Previewed},
        warnings,
    },
    privacy::Names,
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
        batch.write(file, |out| preview::csv::write(&previewed, out))?;
        batch.commit()?;
    }
    meter.finish();
    warnings::pseudonyms(&prepared, session);
    match arguments.format {
        Format::Human => {
            warnings::print(&prepared, session);
            session.out.text(&preview::human::render(&previewed, session.look));
            if let Some(file) = &arguments.export {
                session.out.line(&format!("\nwrote {}", file.display()));
            }
        }
        Format::Json => session.out.text(&preview::json::render(&previewed)),
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
