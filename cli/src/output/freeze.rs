//! What a snapshot holds, for people.

use std::collections::BTreeMap;

use adit_snapshots::{Fault, FaultKind, Snapshot, Weight};

use crate::{
    terminal::{Look, Paint},
    text::{Align, Table, count, counted, visible, wrap},
};

/// Faults of one kind to list.
const SHOWN: usize = 10;

/// The whole report.
pub(crate) fn render(snapshot: &Snapshot, look: Look) -> String {
    let manifest = &snapshot.manifest;
    let name = if manifest.name.is_empty() { "the snapshot" } else { manifest.name.as_str() };
    let mut text = format!("{}, as of {}\n", look.paint(Paint::Bold, name), manifest.extracted);
    text.push_str(&wrap(&contents(snapshot), "  ", "  ", look));
    text.push_str("\n\n");
    text.push_str(&faults(snapshot, look));
    let mut digests = Table::new(2, [Align::Left, Align::Right]);
    for (table, digest) in &snapshot.digest.tables {
        digests.row([table.clone(), digest.to_string()]);
    }
    text.push_str(&digests.render(look));
    text.push_str(&format!("\n{}\n", look.paint(Paint::Bold, &snapshot.digest.whole.to_string())));
    text
}

fn contents(snapshot: &Snapshot) -> String {
    let usage = snapshot.usage.as_ref().map_or(0, |usage| usage.rows.len());
    let parts = [
        (snapshot.identities.len(), "identity", "identities"),
        (snapshot.accounts.rows.len(), "account", "accounts"),
        (snapshot.entitlements.len(), "entitlement", "entitlements"),
        (snapshot.groups.ids.len(), "group", "groups"),
        (snapshot.assignments.len(), "assignment", "assignments"),
        (snapshot.exceptions.len(), "exception", "exceptions"),
        (usage, "record of use", "records of use"),
        (snapshot.roles.len(), "existing role", "existing roles"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(length, _, _)| *length > 0)
        .map(|(length, one, many)| counted(length as u64, one, many))
        .collect();
    if parts.is_empty() { "nothing in it".to_owned() } else { parts.join(", ") }
}

/// Every kind of fault: what stops first, then what somebody answers for, then what is only noted.
fn faults(snapshot: &Snapshot, look: Look) -> String {
    let mut kinds: BTreeMap<(Standing, FaultKind), Vec<&Fault>> = BTreeMap::new();
    for fault in &snapshot.faults {
        kinds.entry((standing(snapshot, fault), fault.kind)).or_default().push(fault);
    }
    let mut text = String::new();
    for ((standing, kind), faults) in kinds {
        let (word, paint) = match standing {
            Standing::Stops => ("stops", Paint::Red),
            Standing::Accepted => ("accepted", Paint::Dim),
            Standing::Noted => ("note", Paint::Yellow),
        };
        let total = counted(faults.len() as u64, "fault", "faults");
        text.push_str(&format!("{} {} ({total})\n", look.paint(paint, word), look.paint(Paint::Bold, kind.name())));
        for fault in faults.iter().take(SHOWN) {
            text.push_str(&wrap(&visible(&format!("{}: {}", fault.place, fault.message)), "  ", "    ", look));
            text.push('\n');
        }
        if faults.len() > SHOWN {
            text.push_str(&format!("  … and {} more\n", count(faults.len() - SHOWN)));
        }
        text.push('\n');
    }
    text
}

/// What a fault means for a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Stops,
    Accepted,
    Noted,
}

fn standing(snapshot: &Snapshot, fault: &Fault) -> Standing {
    let acceptance = fault.accepted.and_then(|index| snapshot.manifest.accepted.get(index));
    match (fault.kind.weight(), acceptance) {
        (_, Some(acceptance)) if acceptance.expires >= snapshot.manifest.extracted => Standing::Accepted,
        (Weight::Stops, _) => Standing::Stops,
        (Weight::Notes, _) => Standing::Noted,
    }
}
