//! What the reader already found wrong with the data.

use adit_snapshots::{Fault, FaultKind, Snapshot};

use crate::Evidence;

/// The faults of a kind.
pub(super) fn of_kind(snapshot: &Snapshot, kind: FaultKind) -> impl Iterator<Item = &Fault> {
    snapshot.faults.iter().filter(move |fault| fault.kind == kind)
}

/// Where a fault is.
pub(super) fn row(fault: &Fault) -> Evidence {
    let place = &fault.place;
    Evidence::Row { file: place.file.clone(), row: place.row, column: place.column.clone() }
}
