//! A result of `adit mine`, held against its CSV and made again.

use std::path::Path;

use adit_compiler::{
    mine::{KernelBound, LowerBound},
    spec::{Cutoff, Describe, Strategy},
    verify::{ClaimedHeir, ClaimedRole, Upkeep},
};
use adit_snapshots::Digest;
use serde::Deserialize;

use super::{Protocol, checks, checks::Called, differs};
use crate::{
    commands::mine::{self, Tables},
    failure::Failure,
    output::mine::{Mined, Using, json},
    values::Measure,
};

/// What is read of `adit.mine/1`. The rest is compared byte by byte.
#[derive(Deserialize)]
struct Document {
    adit: String,
    data: Digest,
    settings: Settings,
    measures: Claims,
    roles: Vec<Role>,
    certificate: Option<Certificate>,
}

#[derive(Deserialize)]
struct Settings {
    strategy: Strategy,
    cutoff: Option<Cutoff>,
    filter: Option<Vec<String>>,
    #[serde(default)]
    guided_by: Vec<String>,
    #[serde(default)]
    describe: Option<Describe>,
    #[serde(default)]
    quality: Measure,
}

#[derive(Deserialize)]
struct Claims {
    roles: u64,
    user_assignments: u64,
    permission_assignments: u64,
    hierarchy_edges: u64,
    direct_assignments: u64,
    wsc: u64,
    over_grants: u64,
    under_grants: u64,
    lower_bound: Option<u64>,
    proved_minimal: bool,
}

#[derive(Deserialize)]
struct Role {
    id: String,
    entitlements: Vec<String>,
    inherits: Vec<String>,
    members: Vec<String>,
}

#[derive(Deserialize)]
struct Certificate {
    roles: u32,
    assignments: Vec<(String, String)>,
    #[serde(default)]
    kernel: Option<Vec<(String, String)>>,
    #[serde(default)]
    nodes: u64,
}

/// Checks data, cover and certificate, then mines again and compares.
pub(super) fn verify(
    file: &Path,
    bytes: &[u8],
    tables: Tables<'_>,
    protocol: &mut Protocol<'_>,
) -> Result<(), Failure> {
    let document: Document = serde_json::from_slice(bytes).map_err(|error| {
        Failure::data(format!("`{}` is damaged: {error}", file.display()), "expected a `mine.json` of `adit mine`")
    })?;
    let meter = protocol.session.meter();
    let (snapshot, _) = mine::read_all(tables, &meter)?;
    let found = snapshot.compute_digest().whole;
    if found != document.data {
        return Err(differs(
            format!("not reproduced: first difference at stage `data`: recorded {}, now {found}", document.data),
            match tables.attributes {
                None => format!(
                    "`{}` is not the data that was mined, or it has changed, or `--attributes FILE.csv` is missing",
                    tables.assignments.display()
                ),
                Some(known) => format!(
                    "`{}` and `{}` are not the data that was mined, or they have changed",
                    tables.assignments.display(),
                    known.display()
                ),
            },
        ));
    }
    protocol.holds("data", &found.to_string());
    let Settings { strategy, cutoff, filter, guided_by, describe, quality } = &document.settings;
    let using = Using {
        strategy: strategy.clone(),
        cutoff: cutoff.clone(),
        filter: filter.clone(),
        guided_by: guided_by.clone(),
        describe: describe.clone(),
    };
    let fresh = Mined::mine(snapshot, &using, *quality, &meter)?;
    meter.finish();
    claims(&document, &fresh, protocol)?;
    compare(&document, bytes, &fresh, protocol)
}

/// The cover and the certificate, as the file has them.
fn claims(document: &Document, fresh: &Mined, protocol: &mut Protocol<'_>) -> Result<(), Failure> {
    let identity = |row: u32| fresh.identity(row).to_owned();
    let entitlement = |column: u32| fresh.entitlement(column).to_owned();
    let called = Called { row: &identity, column: &entitlement };
    let claims = &document.measures;
    if claims.roles != document.roles.len() as u64 {
        let message = format!("it says it has {} roles, but has {}", claims.roles, document.roles.len());
        return Err(differs(message, "the result was changed: make it again from its data"));
    }
    if claims.over_grants == 0 {
        let roles =
            document.roles.iter().map(|role| Indexed::of(role, document, fresh)).collect::<Result<Vec<_>, _>>()?;
        let claimed: Vec<_> =
            roles.iter().map(|role| ClaimedRole { members: &role.members, entitlements: &role.entitlements }).collect();
        if claims.under_grants == 0 {
            checks::cover("cover", &fresh.matrix, &claimed, &called, protocol)?;
        }
        let heirs: Vec<_> = claimed
            .into_iter()
            .zip(&roles)
            .map(|(role, indexed)| ClaimedHeir { role, inherits: &indexed.inherits })
            .collect();
        let upkeep = Upkeep {
            roles: claims.roles,
            user_assignments: claims.user_assignments,
            permission_assignments: claims.permission_assignments,
            hierarchy_edges: claims.hierarchy_edges,
            direct_assignments: claims.direct_assignments,
        };
        checks::policy("complexity", &fresh.matrix, &heirs, (upkeep, claims.wsc), &called, protocol)?;
    }
    match &document.certificate {
        Some(certificate) => {
            let pairs = |pairs: &[(String, String)]| -> Result<Vec<(u32, u32)>, Failure> {
                pairs
                    .iter()
                    .map(|(identity, entitlement)| {
                        let at = "the certificate names the";
                        Ok((
                            row(fresh, identity, &format!("{at} identity"))?,
                            column(fresh, entitlement, &format!("{at} entitlement"))?,
                        ))
                    })
                    .collect()
            };
            let kernel = certificate.kernel.as_ref().map(|kernel| pairs(kernel)).transpose()?;
            let bound = LowerBound {
                roles: certificate.roles,
                fooling_set: pairs(&certificate.assignments)?,
                kernel: kernel.map(|assignments| KernelBound { assignments, nodes: certificate.nodes }),
            };
            checks::bound("certificate", &fresh.matrix, &bound, &called, protocol)
        }
        None if claims.lower_bound.is_some() || claims.proved_minimal => Err(differs(
            "it claims a lower bound, but has no certificate for it",
            "the result was changed: make it again from its data",
        )),
        None => Ok(()),
    }
}

fn compare(document: &Document, bytes: &[u8], fresh: &Mined, protocol: &mut Protocol<'_>) -> Result<(), Failure> {
    let mut again = Vec::with_capacity(bytes.len());
    // Writing into memory does not fail.
    let _ = json::write(fresh, &mut again);
    if again == bytes {
        protocol.holds("result", "mined again, byte for byte");
        return Ok(());
    }
    let line =
        bytes.split(|&byte| byte == b'\n').zip(again.split(|&byte| byte == b'\n')).position(|(old, new)| old != new);
    let line = line.map_or(0, |line| line + 1);
    let object = fresh.roles.iter().zip(&document.roles).find(|(new, old)| new.id != old.id).map_or_else(
        || format!("line {line}"),
        |(new, old)| format!("line {line}, where role `{}` was recorded and `{}` came out now", old.id, new.id),
    );
    let version = env!("CARGO_PKG_VERSION");
    let help = if document.adit == version {
        "the result was changed after it was written: make it again from its data".to_owned()
    } else {
        format!("it was mined by adit {}, and this is adit {version}: verify it with the same version", document.adit)
    };
    Err(differs(format!("not reproduced: first difference at stage `mine`, {object}"), help))
}

fn rows(fresh: &Mined, names: &[String], at: &str) -> Result<Vec<u32>, Failure> {
    names.iter().map(|name| row(fresh, name, at)).collect()
}

fn columns(fresh: &Mined, names: &[String], at: &str) -> Result<Vec<u32>, Failure> {
    names.iter().map(|name| column(fresh, name, at)).collect()
}

/// A role in rows and columns; what it inherits, by place.
struct Indexed {
    members: Vec<u32>,
    entitlements: Vec<u32>,
    inherits: Vec<usize>,
}

impl Indexed {
    fn of(role: &Role, document: &Document, fresh: &Mined) -> Result<Self, Failure> {
        let at = |what: &str| format!("role `{}` has the {what}", role.id);
        let place = |id: &String| {
            let found = document.roles.iter().position(|role| &role.id == id);
            found.ok_or_else(|| {
                differs(
                    format!("role `{}` inherits `{id}`, which is not there", role.id),
                    "the result was changed: make it again from its data",
                )
            })
        };
        Ok(Self {
            members: rows(fresh, &role.members, &at("member"))?,
            entitlements: columns(fresh, &role.entitlements, &at("entitlement"))?,
            inherits: role.inherits.iter().map(place).collect::<Result<_, _>>()?,
        })
    }
}

fn row(fresh: &Mined, name: &str, at: &str) -> Result<u32, Failure> {
    fresh.snapshot.identities.find(name).map(|id| id.0).ok_or_else(|| unknown(at, name))
}

fn column(fresh: &Mined, name: &str, at: &str) -> Result<u32, Failure> {
    fresh.snapshot.entitlements.find(name).map(|id| id.0).ok_or_else(|| unknown(at, name))
}

fn unknown(at: &str, name: &str) -> Failure {
    differs(format!("{at} `{name}`, which is not in the data"), "the result was changed: make it again from its data")
}
