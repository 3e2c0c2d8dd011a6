//! What the reader already found wrong with the data.

use adit_snapshots::{Fault, FaultKind, Snapshot};
use rustc_hash::FxHashMap;

use crate::Evidence;

/// The faults of a kind.
pub(super) fn of_kind(snapshot: &Snapshot, kind: FaultKind) -> impl Iterator<Item = &Fault> {
    snapshot.faults.iter().filter(move |fault| fault.kind == kind)
}

/// The faults of a kind, by what they are about.
pub(super) fn by_subject(snapshot: &Snapshot, kind: FaultKind) -> FxHashMap<&str, Vec<&Fault>> {
    let mut by_subject: FxHashMap<&str, Vec<&Fault>> = FxHashMap::default();
    for fault in of_kind(snapshot, kind) {
        by_subject.entry(&fault.subject).or_default().push(fault);
    }
    by_subject
}

/// The acceptance that takes all of some faults. One that nobody accepted would be taken by a signature that is not for it.
pub(super) fn accepted(faults: &[&Fault]) -> Option<usize> {
    faults.iter().map(|fault| fault.accepted).min().flatten()
}

/// Where a fault is.
pub(super) fn row(fault: &Fault) -> Evidence {
    let place = &fault.place;
    Evidence::Row { file: place.file.clone(), row: place.row, column: place.column.clone() }
}
