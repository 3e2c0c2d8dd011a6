//! A derivation, made again from its project.

use std::path::Path;

use adit_compiler::{
    compile::{Compilation, Population},
    derivation::{Derivation, DerivationError, written},
    roles::CandidateRole,
    verify::ClaimedRole,
};
use adit_snapshots::{EntitlementId, IdentityId};

use super::{Protocol, checks, checks::Called, differs};
use crate::{
    failure::Failure,
    files,
    privacy::Names,
    project::{Project, stages},
};

/// Reads it, makes it again, compares, and checks every cover and certificate of the fresh one.
pub(super) fn verify(
    file: &Path,
    bytes: &[u8],
    project: Option<&Path>,
    protocol: &mut Protocol<'_>,
) -> Result<(), Failure> {
    let recorded = Derivation::parse(bytes).map_err(|error| match error {
        DerivationError::Altered { .. } => {
            differs(error.to_string(), "take it back from version control, or build again")
        }
        DerivationError::Malformed { .. } | DerivationError::Schema { .. } => {
            Failure::data(format!("`{}`: {error}", file.display()), "expected a `derivation.json` of `adit build`")
        }
    })?;
    let project = open(file, project)?;
    let prepared = project.prepare(Some(recorded.as_of), false)?;
    let meter = protocol.session.meter();
    let data = project.data(&prepared, &meter)?;
    let compilation = stages::compiled(&prepared, &data, &meter)?;
    let (fresh, text) = written(&compilation);
    meter.finish();
    if text != bytes {
        return Err(not_reproduced(&recorded, &fresh));
    }
    let digest = fresh.digest.unwrap_or_default();
    protocol.holds("derivation", &format!("made again, byte for byte, as of {}: {digest}", recorded.as_of));
    let names = Names::new(&data.snapshot, &prepared.privacy);
    for (index, population) in compilation.populations.iter().enumerate() {
        check(&compilation, index, population, &names, protocol)?;
    }
    Ok(())
}

/// The project that was named, or the one around the derivation, or around the current folder.
fn open(file: &Path, project: Option<&Path>) -> Result<Project, Failure> {
    if project.is_some() {
        return Project::open(project);
    }
    let folder = files::folder_of(file);
    match Project::around(folder) {
        Some(root) => Project::open(Some(&root)),
        None => Project::open(None),
    }
}

/// Where a derivation and a fresh one part, whose texts differ.
fn not_reproduced(recorded: &Derivation, fresh: &Derivation) -> Failure {
    let Some(difference) = Derivation::first_difference(recorded, fresh) else {
        return differs(
            "not reproduced: it says the same, but is written in another form",
            "a tool has laid it out anew; take it back from version control, or build again",
        );
    };
    let help = if recorded.tool == fresh.tool {
        "the project is not what it was when this was derived: compare it in version control, or build again".to_owned()
    } else {
        let (then, now) = (&recorded.tool, &fresh.tool);
        format!(
            "it was derived by {} {}, and this is {} {}: verify it with the same version",
            then.name, then.version, now.name, now.version
        )
    };
    differs(format!("not reproduced: {difference}"), help)
}

/// The cover and the certificate of one population.
fn check(
    compilation: &Compilation<'_>,
    index: usize,
    population: &Population,
    names: &Names<'_>,
    protocol: &mut Protocol<'_>,
) -> Result<(), Failure> {
    let matrix = &population.matrix;
    let identity = |row: u32| matrix.identities.get(row as usize).map(|&id| names.identity(id)).unwrap_or_default();
    let entitlement =
        |column: u32| matrix.entitlements.get(column as usize).map(|&id| names.entitlement(id)).unwrap_or_default();
    let called = Called { row: &identity, column: &entitlement };
    let measures = &population.measures;
    if measures.over_grants == 0 && measures.under_grants == 0 && measures.roles > 0 {
        let roles: Vec<Indexed> = compilation
            .roles
            .iter()
            .filter(|role| role.origin.population() == Some(index))
            .map(|role| Indexed::of(role, population))
            .collect();
        let claimed: Vec<_> =
            roles.iter().map(|role| ClaimedRole { members: &role.members, entitlements: &role.entitlements }).collect();
        checks::cover(&format!("cover of {}", population.name), matrix, &claimed, &called, protocol)?;
    }
    if let Some(bound) = &population.bound {
        checks::bound(&format!("certificate of {}", population.name), matrix, bound, &called, protocol)?;
    }
    Ok(())
}

/// A role in rows and columns of its population. Its members hold it directly or through a role that inherits it, so each role
/// stands for what it grants itself.
struct Indexed {
    members: Vec<u32>,
    entitlements: Vec<u32>,
}

impl Indexed {
    fn of(role: &CandidateRole, population: &Population) -> Self {
        let matrix = &population.matrix;
        // What is not in the matrix becomes a row or column beyond it, and so a fault of the cover.
        let row = |id: &IdentityId| place(matrix.identities.binary_search(id));
        let column = |id: &EntitlementId| place(matrix.entitlements.binary_search(id));
        let mut entitlements: Vec<_> = role.grants.iter().map(|granted| column(&granted.entitlement)).collect();
        let mut members: Vec<_> = role.members.iter().map(row).collect();
        // An existing role has members and grants that are not looked at: what it does with those is not what is claimed here.
        if role.change().is_some() {
            members.retain(|&member| member != BEYOND);
            entitlements.retain(|&entitlement| entitlement != BEYOND);
        }
        entitlements.sort_unstable();
        Self { members, entitlements }
    }
}

/// The place of what has none.
const BEYOND: u32 = u32::MAX;

fn place(found: Result<usize, usize>) -> u32 {
    found.ok().and_then(|place| u32::try_from(place).ok()).unwrap_or(BEYOND)
}
