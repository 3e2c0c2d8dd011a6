//! What findings about waivers and acceptances have in common.

use adit_snapshots::Acceptance;

use crate::{Node, Phrase};

/// `it is on identity …`, where the name may be a person's.
pub(super) fn on(kind: &str, name: &str) -> Phrase {
    let name = match kind {
        "identity" => Node::Person(name.to_owned()),
        "account" => Node::Account(name.to_owned()),
        _ => Node::Text(format!("`{name}`")),
    };
    Phrase::new(format!("it is on {kind} ")).node(name)
}

/// What an acceptance is known by: the fault, the table and the subjects it names, where it does.
pub(super) fn name_of(accepted: &Acceptance) -> String {
    let table = accepted.table.as_ref().map(|table| format!(" in {table}")).unwrap_or_default();
    let subjects =
        accepted.subjects.as_ref().map(|subjects| format!(" of {}", subjects.join(", "))).unwrap_or_default();
    format!("{}{table}{subjects}", accepted.fault)
}
