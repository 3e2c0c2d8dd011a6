//! Entitlements by the language's name for them: application, attribute and value.

use adit_snapshots::{EntitlementId, Entitlements, NO_VALUE, Snapshot, TextColumn};
use rustc_hash::FxHashMap;

use crate::spec::EntitlementName;

/// An index of a snapshot's entitlements, built once. Where two have the same name, the one with the smaller id answers.
#[derive(Debug, Clone, Default)]
pub struct EntitlementIndex {
    applications: FxHashMap<String, u32>,
    attributes: FxHashMap<String, u32>,
    values: FxHashMap<String, u32>,
    ids: FxHashMap<(u32, u32, u32), EntitlementId>,
}

/// The language's name for an entitlement: `sap.tcode "F110"`. One without an application has none, and is told by what there is.
#[must_use]
pub fn label(snapshot: &Snapshot, entitlement: EntitlementId) -> String {
    let [application, attribute, value] = snapshot.entitlements.parts(entitlement);
    let kind = match application {
        "" => format!(".{attribute}"),
        application => adit_grammar::kind(application, attribute),
    };
    format!("{kind} {}", adit_grammar::quoted(value))
}

impl EntitlementIndex {
    /// The index of a snapshot.
    #[must_use]
    pub fn new(snapshot: &Snapshot) -> Self {
        let entitlements = &snapshot.entitlements;
        let mut ids = FxHashMap::default();
        for entitlement in entitlements.iter() {
            if let Some(Codes(application, attribute, value)) = Codes::at(entitlements, entitlement) {
                ids.entry((application, attribute, value)).or_insert(entitlement);
            }
        }
        Self {
            applications: codes(&entitlements.application),
            attributes: codes(&entitlements.attribute),
            values: codes(&entitlements.value),
            ids,
        }
    }

    /// The entitlement of that name, if the snapshot has it.
    #[must_use]
    pub fn lookup(&self, name: &EntitlementName) -> Option<EntitlementId> {
        let application = *self.applications.get(&name.kind.application)?;
        let attribute = *self.attributes.get(&name.kind.attribute)?;
        let value = *self.values.get(&name.value)?;
        self.ids.get(&(application, attribute, value)).copied()
    }
}

/// A name as codes of the three columns.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Codes(u32, u32, u32);

impl Codes {
    fn at(entitlements: &Entitlements, entitlement: EntitlementId) -> Option<Self> {
        let code =
            |column: &TextColumn| column.codes.get(entitlement.0 as usize).copied().filter(|&code| code != NO_VALUE);
        Some(Self(code(&entitlements.application)?, code(&entitlements.attribute)?, code(&entitlements.value)?))
    }
}

fn codes(column: &TextColumn) -> FxHashMap<String, u32> {
    column.values.iter().cloned().zip(0..).collect()
}
