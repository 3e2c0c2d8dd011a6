use std::collections::{BTreeMap, BTreeSet};

use adit_snapshots::{Fault, FaultKind};

use super::{
    faults,
    uses::{Owner, uses},
};
use crate::{Finding, Node, Phrase, Severity, Subject, context::Context, rule::declare_rule};

declare_rule! {
    /// Sources disagree about something that decides.
    ///
    /// ## What it finds
    /// An attribute of which two rows of one identity, entitlement or account say different things, and on which something rests: a
    /// condition, `guided by` or `describe by` of the spec, or who somebody is and who answers for them (`kind`, `status`, `owner_id`; of an
    /// account, whose it is and whether it is enabled). Each such attribute is one finding, with how often it happens.
    ///
    /// Where one source is `authoritative_for` the attribute its word counts, and this is a warning: the others are wrong, and somebody
    /// works with them. Where none or several are, the value that counts is arbitrary, and it is an error.
    ///
    /// ## Why it matters
    /// If the directory has Rose in Treasury and HR has her in Finance, a role by department is right for one of them. People who look
    /// at the other source will approve, review and revoke by what is not so.
    ///
    /// ## Example
    /// ```csv
    /// # hr.csv
    /// identity_id,department
    /// u-1007,Finance
    /// # directory.csv
    /// identity_id,department
    /// u-1007,Treasury
    /// ```
    ///
    /// ## What to do
    /// Say in `authoritative_for` which source is the system of record. Then correct the other at its source, or stop extracting the
    /// column from it.
    ///
    /// ## When to waive it
    /// While the other source is being aligned, per attribute. A conflict that no system of record settles stops a build already; it can be
    /// accepted in `snapshot.toml` for a time.
    ///
    /// ## What it cannot see
    /// Sources that agree and are both wrong; and systems that nobody extracted.
    ///
    /// ## References
    /// - NIST SP 800-53 r5 AC-2: accounts, their kinds and who answers for them are managed.
    /// - NIST SP 800-53 r5 SI-18: the accuracy of information is checked, and it is corrected.
    /// - ISO/IEC 27001:2022 A.5.16: the full life cycle of identities is managed.
    RULE = {
        code: "RM104", name: "source-conflict", family: Hygiene, severity: Error, confidence: High, waivable: true,
        references: ["NIST SP 800-53 r5 AC-2", "NIST SP 800-53 r5 SI-18", "ISO/IEC 27001:2022 A.5.16"],
        aliases: ["RM-104"], since: "0.1.0", check: check,
    }
}

/// What decides whatever the spec says.
const ALWAYS: [(&str, &str); 6] = [
    ("identities", "kind"),
    ("identities", "status"),
    ("identities", "owner_id"),
    ("entitlements", "owner_id"),
    ("accounts", "identity_id"),
    ("accounts", "enabled"),
];

/// Conflicts named of each attribute.
const SHOWN: usize = 5;

fn check(context: &Context<'_>, found: &mut Vec<Finding>) {
    let decides: BTreeSet<(&str, String)> = uses(context.spec)
        .into_keys()
        .map(|(owner, attribute)| (owner.table(), attribute))
        .chain(ALWAYS.map(|(table, attribute)| (table, attribute.to_owned())))
        .collect();
    let mut by_attribute: BTreeMap<(&str, &str), Vec<&Fault>> = BTreeMap::new();
    for kind in [FaultKind::DuplicateId, FaultKind::SourceConflict] {
        for fault in faults::of_kind(context.snapshot, kind) {
            let Some(column) = fault.place.column.as_deref() else { continue };
            if decides.contains(&(fault.place.table.as_str(), column.to_owned())) {
                by_attribute.entry((&fault.place.table, column)).or_default().push(fault);
            }
        }
    }
    for ((table, attribute), conflicts) in by_attribute {
        found.push(finding(table, attribute, &conflicts));
    }
}

fn finding(table: &str, attribute: &str, conflicts: &[&Fault]) -> Finding {
    let (kind, what) = match table {
        "identities" => (Owner::Identity.kind(), "identities"),
        "entitlements" => (Owner::Entitlement.kind(), "entitlements"),
        _ => ("account attribute", "accounts"),
    };
    let ids: BTreeSet<&str> = conflicts.iter().map(|fault| fault.subject.as_str()).collect();
    let settled = conflicts.iter().filter(|fault| fault.kind == FaultKind::SourceConflict).count();
    let all_settled = settled == conflicts.len();
    let many = match (ids.len(), what) {
        (1, "identities") => "1 identity".to_owned(),
        (1, "entitlements") => "1 entitlement".to_owned(),
        (1, _) => "1 account".to_owned(),
        (many, _) => format!("{many} {what}"),
    };
    let help = if all_settled {
        format!("correct `{attribute}` in the other sources, or stop extracting it from them")
    } else {
        format!("say in `authoritative_for` of one source that it is the system of record for `{attribute}`")
    };
    let finding = RULE
        .finding(
            Subject::Spec(kind, attribute.to_owned()),
            Phrase::new(format!("sources disagree on `{attribute}` of {many}")),
            help,
        )
        .severity(if all_settled { Severity::Warning } else { Severity::Error })
        .count("conflicts that a system of record settles", settled as u64, Some(conflicts.len() as u64))
        .accepted(faults::accepted(conflicts));
    let finding = conflicts.iter().take(SHOWN).fold(finding, |finding, fault| {
        let named = Phrase::new("among them ").node(Node::Person(fault.subject.clone()));
        finding
            .note(if table == "entitlements" { Phrase::new(format!("among them `{}`", fault.subject)) } else { named })
            .evidence(faults::row(fault))
    });
    match conflicts.len().saturating_sub(SHOWN) {
        0 => finding,
        more => finding.note(Phrase::new(format!("and {more} more"))),
    }
}
