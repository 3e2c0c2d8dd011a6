//! Findings as plain text, for snapshots. Names are shown: fixtures are nobody's data.

use std::fmt::Write as _;

use adit_compiler::compile::Compilation;
use adit_rules::{
    Evidence, Finding, Linted, Node, Phrase, Rule, Subject,
    finding::{Confidence, Severity},
};

/// Everything a rule says, findings that stand first; empty when it is silent.
pub(crate) fn of_rule(rule: &Rule, compilation: &Compilation<'_>, linted: &Linted) -> String {
    let mut text = String::new();
    for found in linted.findings.iter().filter(|found| found.rule.code == rule.code) {
        finding(&mut text, compilation, found);
        text.push('\n');
    }
    for suppressed in linted.waived.iter().filter(|suppressed| suppressed.finding.rule.code == rule.code) {
        let by = suppressed.by;
        let until = by.until(compilation).map(|day| format!(" until {day}")).unwrap_or_default();
        let _ = writeln!(
            text,
            "taken by {}{until}, {}: {}",
            by.title(compilation),
            by.owner(compilation),
            by.reason(compilation)
        );
        finding(&mut text, compilation, &suppressed.finding);
        text.push('\n');
    }
    text
}

fn finding(text: &mut String, compilation: &Compilation<'_>, finding: &Finding) {
    let severity = match finding.severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let confidence = match finding.confidence {
        Confidence::Low => ", low confidence",
        Confidence::Medium => ", medium confidence",
        Confidence::High => "",
    };
    let message = phrase(compilation, &finding.message);
    let _ = writeln!(text, "{severity}[{}]{confidence}: {message}", finding.rule.code);
    let _ = writeln!(text, "  about {} · {}", subject(compilation, finding), finding.fingerprint(compilation.snapshot));
    for row in &finding.evidence {
        let _ = writeln!(text, "  {}", evidence(compilation, row));
    }
    let _ = writeln!(text, "  help: {}", finding.help);
}

fn subject(compilation: &Compilation<'_>, finding: &Finding) -> String {
    let identity = |id| compilation.snapshot.identities.name(id).to_owned();
    let entitlement = |id| adit_compiler::select::label(compilation.snapshot, id);
    let subject = &finding.subject;
    let name = match subject {
        Subject::Spec(_, name)
        | Subject::Source(name)
        | Subject::Population(name)
        | Subject::Group(name)
        | Subject::Account(name)
        | Subject::Exception(name)
        | Subject::Approval(name)
        | Subject::Application(name)
        | Subject::ExistingRole(name) => name.clone(),
        Subject::PopulationAttribute(population, attribute) => format!("{attribute} of {population}"),
        Subject::Reference(table, id) => format!("{id} in {table}"),
        Subject::Role(_, handle) => handle.0.clone(),
        Subject::RolePair((_, one), (_, other)) => format!("{} and {}", one.0, other.0),
        Subject::RoleTwin(_, handle, existing) => format!("{} and {existing}", handle.0),
        Subject::Identity(id) => identity(*id),
        Subject::IdentityPair(one, other) => format!("{} and {}", identity(*one), identity(*other)),
        Subject::Conflict(id, duties) => format!("{} and {duties}", identity(*id)),
        Subject::ExistingRoleConflict(holder, duties)
        | Subject::GroupConflict(holder, duties)
        | Subject::AccountConflict(holder, duties) => {
            format!("{holder} and {duties}")
        }
        Subject::RoleConflict(_, handle, duties) => format!("{} and {duties}", handle.0),
        Subject::Assignment(id, held) => format!("{} holds {}", identity(*id), entitlement(*held)),
        Subject::Entitlement(held) => entitlement(*held),
    };
    let held: Vec<_> = finding.entitlements.iter().map(|&held| entitlement(held)).collect();
    let with = if held.is_empty() { String::new() } else { format!(" with {}", held.join(", ")) };
    format!("{} {name}{with}", subject.kind())
}

fn evidence(compilation: &Compilation<'_>, evidence: &Evidence) -> String {
    match evidence {
        Evidence::Path(nodes) => {
            let steps: Vec<_> = nodes.iter().map(|step| node(compilation, step)).collect();
            format!("path: {}", steps.join(" → "))
        }
        Evidence::Witness(id) => format!("witness: {}", compilation.snapshot.identities.name(*id)),
        Evidence::Count { what, part, of: Some(of) } => format!("{what}: {part} of {of}"),
        Evidence::Count { what, part, of: None } => format!("{what}: {part}"),
        Evidence::Support { entitlement, held, of } => {
            format!(
                "support: {} held by {held} of {of}",
                adit_compiler::select::label(compilation.snapshot, *entitlement)
            )
        }
        Evidence::Row { file, row, column } => {
            let row = row.map(|row| format!(":{row}")).unwrap_or_default();
            let column = column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default();
            format!("at: {file}{row}{column}")
        }
        Evidence::Through(_, words) => format!("through: {}", phrase(compilation, words)),
        Evidence::Note(words) => format!("note: {}", phrase(compilation, words)),
    }
}

fn phrase(compilation: &Compilation<'_>, phrase: &Phrase) -> String {
    phrase.0.iter().map(|part| node(compilation, part)).collect()
}

fn node(compilation: &Compilation<'_>, node: &Node) -> String {
    match node {
        Node::Text(text) => text.clone(),
        Node::Identity(id) => format!("`{}`", compilation.snapshot.identities.name(*id)),
        Node::Entitlement(id) => format!("`{}`", adit_compiler::select::label(compilation.snapshot, *id)),
        Node::Account(name)
        | Node::Group(name)
        | Node::Role(name)
        | Node::ExistingRole(name)
        | Node::Duties(name)
        | Node::Exception(name)
        | Node::Person(name) => format!("`{name}`"),
    }
}
