//! What the scope of a population left out, and why: for people.

use adit_compiler::select::Excluded;

use crate::{
    terminal::{Look, Paint},
    text::{counted, wrap},
};

/// A line for each reason that left something out.
pub(super) fn render(excluded: &[Excluded], look: Look) -> String {
    let mut text = String::new();
    for excluded in excluded {
        let parts: Vec<_> = [
            (excluded.identities, "identity", "identities"),
            (excluded.entitlements, "entitlement", "entitlements"),
            (excluded.assignments, "assignment", "assignments"),
        ]
        .into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
        if parts.is_empty() {
            continue;
        }
        let because = excluded.because.as_ref().map(|reason| format!(", because {reason}")).unwrap_or_default();
        let line = format!("left out {}: {}{because}", parts.join(", "), excluded.what);
        text.push_str(&look.paint(Paint::Dim, &wrap(&line, "  ", "    ", look)));
        text.push('\n');
    }
    text
}
