//! Faults of the data, for people: what stops, what is only noted, where.

use std::collections::BTreeMap;

use adit_snapshots::{Fault, FaultKind, Weight};

use crate::{
    failure::Problem,
    privacy::Pseudonyms,
    terminal::{Look, Paint},
    text::{count, counted, visible, wrap},
};

/// How many faults of one kind to show.
const SHOWN: usize = 5;

/// The faults that stop, as one problem. Where people are hidden, so are the ids that faults are about: the place says where to look.
pub(crate) fn problem(faults: &[&Fault], hide: Option<&Pseudonyms>, help: &str) -> Problem {
    let mut message =
        format!("the data has {} that would make results wrong", counted(faults.len() as u64, "fault", "faults"));
    for (kind, faults) in by_kind(faults) {
        message.push_str(&format!("\n{kind}"));
        if faults.len() > 1 {
            message.push_str(&format!(" ({})", count(faults.len())));
        }
        for fault in faults.iter().take(SHOWN) {
            message.push_str(&format!("\n  {}: {}", fault.place, words(fault, hide)));
        }
        if faults.len() > SHOWN {
            message.push_str(&format!("\n  … and {} more", count(faults.len() - SHOWN)));
        }
    }
    Problem::new(message).help(help)
}

/// One line for each kind of fault that is only noted; nothing when there is none.
pub(crate) fn summary(faults: &[Fault], look: Look) -> Option<String> {
    let noted: Vec<_> = faults.iter().filter(|fault| fault.kind.weight() == Weight::Notes).collect();
    let lines: Vec<_> = by_kind(&noted)
        .into_iter()
        .filter_map(|(kind, faults)| {
            let first = faults.first()?;
            let more = match faults.len() {
                1 => String::new(),
                len => format!(" (and {} more)", count(len - 1)),
            };
            let line = visible(&format!("{}: {}{more}", first.place, first.message)).into_owned();
            Some(wrap(&line, &format!("{} {kind}: ", look.paint(Paint::Yellow, "note:")), "  ", look))
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What is wrong, without the id it is about where that may be a person's.
fn words(fault: &Fault, hide: Option<&Pseudonyms>) -> String {
    let about_a_value = !matches!(
        fault.kind,
        FaultKind::MissingFile
            | FaultKind::MissingColumn
            | FaultKind::AbsentAttribute
            | FaultKind::DuplicateColumn
            | FaultKind::RaggedRow
            | FaultKind::BadEncoding
            | FaultKind::GuessedEncoding
            | FaultKind::DigestMismatch
    );
    match hide {
        Some(hide) if about_a_value && !fault.subject.is_empty() && !is_no_person(fault) => {
            fault.message.replace(&format!("`{}`", fault.subject), &format!("`{}`", hide.identity(&fault.subject)))
        }
        _ => fault.message.clone(),
    }
}

/// Whether what a fault is about is looked for among entitlements, groups or roles.
fn is_no_person(fault: &Fault) -> bool {
    let column = fault.place.column.as_deref().unwrap_or_default();
    fault.kind == FaultKind::DanglingReference
        && ["entitlement_id", "group_id", "role_id", "parent_id"].contains(&column)
}

fn by_kind<'a>(faults: &[&'a Fault]) -> BTreeMap<FaultKind, Vec<&'a Fault>> {
    let mut kinds: BTreeMap<FaultKind, Vec<&Fault>> = BTreeMap::new();
    for &fault in faults {
        kinds.entry(fault.kind).or_default().push(fault);
    }
    kinds
}
