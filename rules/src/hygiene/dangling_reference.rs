use std::collections::BTreeMap;

use adit_snapshots::{Fault, FaultKind};

use super::faults;
use crate::{Finding, Node, Phrase, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// A row refers to something that no row defines.
    ///
    /// ## What it finds
    /// An id in an assignment, an account, a group, an exception, usage or an existing role that no table defines: an identity,
    /// account, entitlement, group or role that is not there. Rows that refer to the same missing thing are one finding.
    ///
    /// ## Why it matters
    /// A row that joins with nothing is left out. Support sinks without a word, an exception no longer explains anything, a nested
    /// group's members vanish from the picture while they keep their access.
    ///
    /// ## Example
    /// ```csv
    /// exception_id,identity_id,entitlement_id,reason
    /// EXC-14,u-1070,sap:F110,maternity cover
    /// ```
    /// when `identities.csv` has no `u-1070`, because it was extracted a week earlier.
    ///
    /// ## What to do
    /// Extract the tables on the same day and with the same filter. If the thing is gone, remove the rows that still name it.
    ///
    /// ## When to waive it
    /// Better accept the fault where it is, with an `[[accept]]` in `snapshot.toml` that says why, who answers for it and how many
    /// there may be at most. A dangling reference that nobody accepted stops a build.
    ///
    /// ## What it cannot see
    /// A reference that leads to the wrong thing.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 SI-10: information inputs are checked for validity.
    RULE = {
        code: "RM109", name: "dangling-reference", family: Hygiene, severity: Error, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 SI-10"],
        aliases: ["RM-109"], since: "0.1.0", check: check,
    }
}

/// Rows shown of each finding.
const SHOWN: usize = 5;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mut by_reference: BTreeMap<(&str, &str), Vec<&Fault>> = BTreeMap::new();
    for fault in faults::of_kind(context.snapshot, FaultKind::DanglingReference) {
        by_reference.entry((&fault.place.table, &fault.subject)).or_default().push(fault);
    }
    for ((table, id), rows) in by_reference {
        let (kind, name) = named(rows.first().and_then(|fault| fault.place.column.as_deref()), id);
        let message = Phrase::new(match rows.len() {
            1 => format!("a row of `{table}` names {kind} "),
            many => format!("{many} rows of `{table}` name {kind} "),
        })
        .node(name)
        .text(", which no row defines");
        let finding = RULE
            .finding(
                Subject::Reference(table.to_owned(), id.to_owned()),
                message,
                "extract the tables on the same day, remove the rows, or accept the fault in `snapshot.toml`",
            )
            .count("rows left out", rows.len() as u64, None)
            .evidences(rows.iter().take(SHOWN).map(|fault| faults::row(fault)))
            .accepted(faults::accepted(&rows));
        found.push(match rows.len().saturating_sub(SHOWN) {
            0 => finding,
            more => finding.note(Phrase::new(format!("and {more} more rows"))),
        });
    }
}

/// What kind of thing is named, and its name as something that may be a person's.
fn named(column: Option<&str>, id: &str) -> (&'static str, Node) {
    let id = id.to_owned();
    match column.unwrap_or_default() {
        "entitlement_id" => ("the entitlement", Node::Text(format!("`{id}`"))),
        "account_id" => ("the account", Node::Account(id)),
        "group_id" => ("the group", Node::Group(id)),
        "role_id" | "parent_id" => ("the role", Node::ExistingRole(id)),
        "identity_id" => ("the identity", Node::Person(id)),
        _ => ("the member", Node::Person(id)),
    }
}
