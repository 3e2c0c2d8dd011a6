//! What an entitlement is called when its source does not say.

use super::columns;
use crate::{Entitlements, Texts};

/// The kind of an entitlement that names none.
pub(crate) const ATTRIBUTE: &str = "entitlement";

/// The application an id names itself: `sap` of `sap:Z_AP_POST`.
pub(crate) fn application(id: &str) -> Option<&str> {
    id.split_once(':').map(|(before, _)| before).filter(|before| !before.is_empty())
}

/// Entitlements known by their ids alone; `systems` is where each was met.
pub(crate) fn entitlements(ids: Texts, systems: &[Option<&str>]) -> Entitlements {
    let system = |row: usize| systems.get(row).copied().flatten();
    let application = columns::text(ids.iter().enumerate().map(|(row, id)| application(id).or_else(|| system(row))));
    let attribute = columns::text(ids.iter().map(|_| Some(ATTRIBUTE)));
    let value = columns::text(ids.iter().map(Some));
    Entitlements { application, attribute, value, attributes: Vec::new(), ids }
}
