//! Identities who are there twice: the same employee id, or the same e-mail but for case.

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use super::{faults::FaultLog, keyed::Keyed, scan::shortened};
use crate::{FaultKind, Identities, IdentityId};

/// Attributes that two people never share.
const STRONG: [&str; 2] = ["employee_id", "email"];

/// Notes each active identity that shares a strong key with one before it.
pub(crate) fn find(identities: &Identities, keyed: &Keyed<'_>, on: Date, faults: &mut FaultLog) {
    for name in STRONG {
        if identities.attribute(name).is_none() {
            continue;
        }
        let mut owners: FxHashMap<String, IdentityId> = FxHashMap::default();
        for identity in identities.iter().filter(|&identity| identities.is_active(identity, on)) {
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
