//! `adit consolidate`: which roles are nearly the same, or nearly contained in one another.

use std::path::PathBuf;

use adit_compiler::{alike::contained, compile::Compilation, roles::CandidateRole, spec::Percent};
use adit_snapshots::Snapshot;

use super::mine::{self, Columns};
use crate::{
    exit::Exit,
    failure::Failure,
    interrupt,
    output::consolidate::{self, Compared, Overlap, Overlaps},
    project::{Project, stages},
    session::Session,
    text,
    values::{self, Format},
};

/// List roles that are nearly the same, or nearly contained in one another, by members and by entitlements
///
/// Compares the candidate roles of a project with each other and with the roles that exist already; with `--roles`, the roles of a CSV.
/// Changes nothing: `cutoff { overlap at most … }` in a spec is what makes near-duplicates one.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The project's folder [default: the project around the current folder]
    #[arg(value_name = "PROJECT", conflicts_with = "roles")]
    project: Option<PathBuf>,

    /// Instead of a project: a CSV of roles, a row for each entitlement that a role grants; `-` reads standard input
    #[arg(long, value_name = "FILE.csv")]
    roles: Option<PathBuf>,

    /// The role and the entitlement column of that CSV
    #[arg(long, value_name = "ROLE,ENTITLEMENT", default_value = "role,permission", requires = "roles")]
    columns: Columns,

    /// List pairs of which the smaller is contained in the larger to at least this share
    #[arg(long, value_name = "PERCENT", default_value = "80%", value_parser = percent)]
    at_least: Percent,

    /// What to print
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    let meter = session.meter();
    let roles = match &arguments.roles {
        Some(file) => of_table(&mine::read(file, Some(&arguments.columns), &meter)?),
        None => {
            let project = Project::open(arguments.project.as_deref())?;
            let prepared = project.prepare(None, false)?;
            let data = project.data(&prepared, &meter)?;
            of_compilation(&stages::roles(&prepared, &data, &meter)?)
        }
    };
    meter.finish();
    interrupt::check()?;
    let overlaps = Overlaps {
        by_entitlements: overlaps(&roles, |role| &role.entitlements, arguments.at_least),
        by_members: overlaps(&roles, |role| &role.members, arguments.at_least),
        at_least: arguments.at_least,
        roles,
    };
    session.out.text(&match arguments.format {
        Format::Human => consolidate::human(&overlaps, session.look),
        Format::Json => consolidate::json(&overlaps),
    });
    Ok(Exit::Fine)
}

/// `80%`, `82.5%`: more than nothing, at most everything.
fn percent(words: &str) -> Result<Percent, String> {
    let more_than_nothing = values::percent(words).filter(|percent| percent.0 > 0);
    more_than_nothing
        .ok_or_else(|| format!("expected a percentage from `0.01%` to `100%`, such as `80%`; found `{words}`"))
}

fn of_table(snapshot: &Snapshot) -> Vec<Compared> {
    let role = |id| Compared {
        name: text::visible(snapshot.identities.name(id)).into_owned(),
        exists: true,
        entitlements: snapshot.assignments.held(id).iter().map(|entitlement| entitlement.0).collect(),
        members: Vec::new(),
        inherits: Vec::new(),
    };
    snapshot.identities.iter().map(role).collect()
}

fn of_compilation(compilation: &Compilation<'_>) -> Vec<Compared> {
    let candidate = |role: &CandidateRole| Compared {
        name: role.called().to_owned(),
        exists: role.change().is_some(),
        entitlements: role.grants.iter().map(|granted| granted.entitlement.0).collect(),
        members: role.members.iter().map(|identity| identity.0).collect(),
        inherits: role.inherits.clone(),
    };
    let mut roles: Vec<Compared> = compilation.roles.iter().map(candidate).collect();
    // A role that exists and is to change is compared as what it is to become.
    let existing = &compilation.snapshot.roles;
    let mut places: Vec<Option<usize>> = vec![None; existing.len()];
    for (place, role) in compilation.roles.iter().enumerate() {
        if let Some(known) = role.change().and_then(|change| places.get_mut(change.role)) {
            known.get_or_insert(place);
        }
    }
    for (role, place) in existing.iter().zip(&mut places).filter(|(_, place)| place.is_none()) {
        *place = Some(roles.len());
        roles.push(Compared {
            name: role.name.clone().unwrap_or_else(|| role.id.clone()),
            exists: true,
            entitlements: role.entitlements.iter().map(|entitlement| entitlement.0).collect(),
            members: role.members.iter().map(|identity| identity.0).collect(),
            inherits: Vec::new(),
        });
    }
    for (role, place) in existing.iter().zip(&places) {
        let inherits = role.inherits.iter().filter_map(|&parent| places.get(parent).copied().flatten());
        if let Some(compared) = place.and_then(|place| roles.get_mut(place)) {
            compared.inherits.extend(inherits);
        }
    }
    roles
}

/// Pairs that are alike on one side, the most alike first. Who inherits a role has its members by construction: such pairs say nothing.
fn overlaps(roles: &[Compared], side: fn(&Compared) -> &Vec<u32>, at_least: Percent) -> Vec<Overlap> {
    let sets: Vec<&[u32]> = roles.iter().map(|role| side(role).as_slice()).collect();
    let size = |place: usize| sets.get(place).map_or(0, |set| set.len() as u64);
    let inherits = |one: usize, other: usize| roles.get(one).is_some_and(|role| role.inherits.contains(&other));
    let mut found: Vec<Overlap> = contained(&sets, at_least)
        .into_iter()
        .map(|pair| {
            let (one, other) = (pair.one as usize, pair.other as usize);
            let (one, other) = if size(one) <= size(other) { (one, other) } else { (other, one) };
            Overlap { one, other, common: pair.common.into(), of: (size(one), size(other)) }
        })
        .filter(|pair| !inherits(pair.one, pair.other) && !inherits(pair.other, pair.one))
        .collect();
    found.sort_by_key(|pair| (std::cmp::Reverse((pair.jaccard(), pair.common)), pair.one, pair.other));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_have_their_sign_and_are_in_range() {
        assert_eq!(percent("80%"), Ok(Percent(8_000)));
        assert_eq!(percent("82.5%"), Ok(Percent(8_250)));
        assert_eq!(percent("0.01%"), Ok(Percent(1)));
        for wrong in ["80", "0.8", "0%", "100.01%", "-5%", "%", ".5%", "1.234%", "+5%", "5e1%", ""] {
            assert!(percent(wrong).is_err(), "{wrong}");
        }
    }
}
