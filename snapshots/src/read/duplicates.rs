//! Identities who are there twice: the same employee id, or the same e-mail but for case.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{faults::FaultLog, keyed::Keyed, scan::shortened};
use crate::{Column, FaultKind, Identities, IdentityId};

/// Attributes that two people never share.
const STRONG: [&str; 2] = ["employee_id", "email"];

/// What a status says of someone who is no longer active.
const GONE: [&str; 12] = [
    "inactive",
    "terminated",
    "disabled",
    "leaver",
    "left",
    "suspended",
    "deleted",
    "deprovisioned",
    "retired",
    "former",
    "closed",
    "archived",
];

/// Notes each active identity that shares a strong key with one before it.
pub(crate) fn find(identities: &Identities, keyed: &Keyed<'_>, on: Date, faults: &mut FaultLog) {
    for name in STRONG {
        if identities.attribute(name).is_none() {
            continue;
        }
        let mut owners: FxHashMap<String, IdentityId> = FxHashMap::default();
        for identity in identities.iter().filter(|&identity| is_active(identities, identity, on)) {
            let Some(text) = identities.text(name, identity) else { continue };
            let key = text.trim().to_lowercase();
            if key.is_empty() {
                continue;
            }
            let owner = *owners.entry(key).or_insert(identity);
            let Some(row) = keyed.rows(identity.0 as usize).next().filter(|_| owner != identity) else { continue };
            let mut place = row.place(None);
            place.column = Some(name.to_owned());
            let message = format!(
                "`{name}` `{}` is also that of identity `{}`",
                shortened(text),
                shortened(identities.name(owner))
            );
            faults.push(FaultKind::DuplicateIdentity, place, identities.name(identity), message);
        }
    }
}

/// Whether nothing says that an identity has left.
fn is_active(identities: &Identities, identity: IdentityId, on: Date) -> bool {
    let gone = identities
        .text("status", identity)
        .is_some_and(|status| GONE.iter().any(|gone| status.trim().eq_ignore_ascii_case(gone)));
    let ended = match identities.attribute("end_date") {
        Some(Column::Date(dates)) => dates.get(identity.0 as usize).copied().flatten().is_some_and(|end| end < on),
        _ => false,
    };
    !gone && !ended
}
