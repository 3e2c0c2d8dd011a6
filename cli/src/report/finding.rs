//! From a raw finding to one that can be shown.

use adit_compiler::compile::Compilation;
use adit_rules::{Evidence, Finding as Raw, Node, Phrase, Suppression};

use super::{Finding, Kind, Place, Proof, Responsible, Sentence, Sources, Subject, Word};
use crate::{privacy::Names, project};

/// The finding, with names and places.
pub(super) fn named(sources: &Sources<'_>, raw: &Raw) -> Finding {
    let names = sources.names;
    let place = raw.span.and_then(|span| sources.specs.place(span)).map(|place| sources.paths.spec(&place));
    let anchor = place.clone().or_else(|| first_row(sources, raw)).unwrap_or_else(|| sources.paths.file(project::FILE));
    Finding {
        rule: raw.rule,
        severity: raw.severity,
        confidence: raw.confidence,
        verdict: raw.verdict,
        fingerprint: names.fingerprint(&raw.fingerprint(sources.compilation.snapshot)),
        subject: Subject { kind: raw.subject.kind(), parts: names.subject(&raw.subject) },
        entitlements: raw.entitlements.iter().map(|&held| names.entitlement(held)).collect(),
        message: sentence(names, &raw.message),
        evidence: raw.evidence.iter().map(|row| proof(names, row)).collect(),
        help: raw.help.clone(),
        place,
        anchor,
        baseline: None,
    }
}

/// Who took responsibility for it.
pub(super) fn responsible(compilation: &Compilation<'_>, by: Suppression) -> Responsible {
    Responsible {
        kind: match by {
            Suppression::Waiver(_) => "waiver",
            Suppression::Acceptance(_) => "acceptance",
        },
        title: by.title(compilation),
        because: by.reason(compilation).to_owned(),
        owner: by.owner(compilation).to_owned(),
        until: by.until(compilation),
    }
}

/// The first row of data that proves it. Rows of approval files are named from the project, all others from the snapshot.
fn first_row(sources: &Sources<'_>, raw: &Raw) -> Option<Place> {
    raw.evidence.iter().find_map(|evidence| {
        let Evidence::Row { file, row, .. } = evidence else { return None };
        let line = row.unwrap_or(1);
        let approval = sources.compilation.approvals.iter().any(|known| known.path == *file);
        let folder = if approval { "" } else { sources.snapshot };
        Some(sources.paths.line(std::path::Path::new(folder).join(file), line))
    })
}

fn sentence(names: &Names<'_>, phrase: &Phrase) -> Sentence {
    Sentence(phrase.0.iter().map(|node| word(names, node)).collect())
}

fn word(names: &Names<'_>, node: &Node) -> Word {
    let (kind, name) = match node {
        Node::Text(text) => (Kind::Text, text.clone()),
        Node::Identity(identity) => (Kind::Identity, names.identity(*identity)),
        Node::Account(account) => (Kind::Account, names.account(account)),
        Node::Group(group) => (Kind::Group, group.clone()),
        Node::Entitlement(entitlement) => (Kind::Entitlement, names.entitlement(*entitlement)),
        Node::Role(role) => (Kind::Role, role.clone()),
        Node::ExistingRole(role) => (Kind::ExistingRole, role.clone()),
        Node::Duties(duties) => (Kind::Duties, duties.clone()),
        Node::Exception(exception) => (Kind::Exception, exception.clone()),
        Node::Person(person) => (Kind::Person, names.person(person)),
    };
    Word { kind, name }
}

fn proof(names: &Names<'_>, evidence: &Evidence) -> Proof {
    match evidence {
        Evidence::Path(nodes) => Proof::Path(nodes.iter().map(|node| word(names, node)).collect()),
        Evidence::Witness(identity) => Proof::Witness(names.identity(*identity)),
        Evidence::Count { what, part, of } => Proof::Count { what, part: *part, of: *of },
        Evidence::Support { entitlement, held, of } => {
            Proof::Support { entitlement: names.entitlement(*entitlement), held: *held, of: *of }
        }
        Evidence::Row { file, row, column } => Proof::Row { file: file.clone(), row: *row, column: column.clone() },
        Evidence::Through(holder, phrase) => Proof::Through(word(names, holder), sentence(names, phrase)),
        Evidence::Note(phrase) => Proof::Note(sentence(names, phrase)),
    }
}
