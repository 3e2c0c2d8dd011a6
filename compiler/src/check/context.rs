//! What every part of the check may look at, and the questions they all ask.

use std::{cell::Cell, fmt};

use adit_grammar::{Diagnostic, Span, ast};
use adit_snapshots::{AttributeType, Schema};

use super::{
    CheckSettings,
    broken::Broken,
    codes,
    names::Names,
    reasons::vacuous_reason,
    suggest::{did_you_mean, list},
};
use crate::resolve::Project;

/// What was found so far.
pub(super) type Faults = Vec<Diagnostic>;

const MOST_SUGGESTIONS: u32 = 100;

/// Everything there is to look at.
pub(super) struct Context<'a> {
    pub(super) project: &'a Project,
    pub(super) schema: &'a Schema,
    pub(super) settings: &'a CheckSettings,
    pub(super) names: Names<'a>,
    pub(super) broken: Broken<'a>,
    /// How many suggestions were made.
    suggestions: Cell<u32>,
}

/// What a condition speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Identity,
    Entitlement,
    Assignment,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        project: &'a Project,
        schema: &'a Schema,
        settings: &'a CheckSettings,
        faults: &mut Faults,
    ) -> Self {
        Self {
            project,
            schema,
            settings,
            names: Names::collect(project, faults),
            broken: Broken::find(project),
            suggestions: Cell::new(0),
        }
    }

    /// Reports a name that nothing in the spec defines, unless it may be defined where the spec could not be read.
    pub(super) fn undefined<'n>(
        &self,
        what: Definition,
        name: &ast::Text,
        known: impl Iterator<Item = &'n str> + Clone,
        faults: &mut Faults,
    ) {
        if what.may_be_in(&self.broken, &name.node) {
            return;
        }
        // Every suggestion looks at every name: a hundred of them are help enough.
        let suggestions = self.suggestions.get();
        let candidates = known.clone().take(if suggestions < MOST_SUGGESTIONS { usize::MAX } else { 0 });
        self.suggestions.set(suggestions.saturating_add(1));
        let help = did_you_mean(&name.node, candidates, || match list(known.take(1_000)) {
            names if names.is_empty() => format!("this project defines no {what}"),
            names => format!("this project has {names}"),
        });
        let message = format!(
            "{} {what} `{}`",
            if what == Definition::Duties { "there are no" } else { "there is no" },
            name.node
        );
        faults.push(Diagnostic::error(what.code(), message, name.span, "not defined").help(help));
    }

    /// The type of an attribute of a subject, or `None`.
    pub(super) fn attribute_type(&self, subject: Subject, name: &str) -> Option<AttributeType> {
        let built_in = subject.built_in().iter().find(|(built_in, _)| *built_in == name).map(|(_, kind)| *kind);
        built_in.or_else(|| match subject {
            Subject::Identity => self.schema.identity_type(name),
            Subject::Entitlement => self.schema.entitlement_type(name),
            Subject::Assignment => None,
        })
    }

    /// Every attribute of a subject that the schema declares or that is always there.
    fn attributes(&self, subject: Subject) -> Vec<&str> {
        let schema = match subject {
            Subject::Identity => Some(&self.schema.identity),
            Subject::Entitlement => Some(&self.schema.entitlement),
            Subject::Assignment => None,
        };
        let built_in = subject.built_in().iter().map(|(name, _)| *name);
        let mut names: Vec<&str> =
            schema.into_iter().flatten().map(|(name, _)| name.as_str()).chain(built_in).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The type of an attribute that the spec names; reported when the schema does not have it.
    pub(super) fn attribute(&self, subject: Subject, name: &ast::Text, faults: &mut Faults) -> Option<AttributeType> {
        if let Some(kind) = self.attribute_type(subject, &name.node) {
            return Some(kind);
        }
        let others = [Subject::Identity, Subject::Entitlement, Subject::Assignment];
        let owner = others.into_iter().find(|other| self.attribute_type(*other, &name.node).is_some());
        let help = match owner {
            Some(owner) => format!("`{}` is an attribute of {}", name.node, owner.plural()),
            None => {
                let known = self.attributes(subject);
                did_you_mean(&name.node, known.iter().copied(), || {
                    format!("the schema in `snapshot.toml` has {}", list(known.iter().copied()))
                })
            }
        };
        let message = format!("{} have no attribute `{}`", subject.plural(), name.node);
        faults.push(Diagnostic::error(codes::UNKNOWN_ATTRIBUTE, message, name.span, "not in the schema").help(help));
        None
    }

    /// Reports somebody without a name.
    pub(super) fn person(&self, person: &ast::Text, faults: &mut Faults) {
        if person.node.trim().is_empty() {
            faults.push(
                Diagnostic::error(codes::NOBODY, "somebody must be named here", person.span, "nobody")
                    .help("write an address or an id that people know them by"),
            );
        }
    }

    /// A reason, unless it gives none, which is reported.
    pub(super) fn reason(&self, reason: &ast::Text, faults: &mut Faults) {
        if let Some(why) = vacuous_reason(&reason.node) {
            let message = format!("`{}` is no reason: {why}", reason.node);
            faults.push(
                Diagnostic::error(codes::EMPTY_REASON, message, reason.span, "says nothing that could be reviewed").help(
                    "say what makes this acceptable, so that a reviewer who does not know the case could agree or object",
                ),
            );
        }
    }
}

/// What a spec defines by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Definition {
    Class,
    Set,
    Duties,
    Mining,
    Role,
    MiningOrRole,
}

impl Definition {
    fn code(self) -> &'static str {
        match self {
            Self::Class => codes::UNKNOWN_CLASS,
            Self::Set => codes::UNKNOWN_SET,
            Self::Duties => codes::UNKNOWN_DUTIES,
            Self::Mining | Self::MiningOrRole => codes::UNKNOWN_MINING,
            Self::Role => codes::UNKNOWN_ROLE,
        }
    }

    /// Whether the definition may stand where the spec could not be read.
    fn may_be_in(self, broken: &Broken<'_>, name: &str) -> bool {
        match self {
            Self::Class => broken.may_have(name, "where"),
            Self::Set => broken.may_have("set", name) || broken.may_have("activity", name),
            Self::Duties => broken.may_have("duties", name),
            Self::Mining => broken.may_have("mining", name),
            Self::Role => broken.may_have("role", name),
            Self::MiningOrRole => broken.may_have("mining", name) || broken.may_have("role", name),
        }
    }
}

impl fmt::Display for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Class => "identity class",
            Self::Set => "set or activity",
            Self::Duties => "duties",
            Self::Mining => "mining block",
            Self::Role => "role",
            Self::MiningOrRole => "mining block or role",
        })
    }
}

impl Subject {
    /// Attributes that are there whatever the schema says.
    fn built_in(self) -> &'static [(&'static str, AttributeType)] {
        use AttributeType::{Boolean, Date, Text};
        match self {
            Self::Identity => &[("id", Text)],
            Self::Entitlement => &[("id", Text), ("application", Text), ("attribute", Text), ("value", Text)],
            Self::Assignment => &[
                ("origin", Text),
                ("exception", Boolean),
                ("inherited", Boolean),
                ("granted-at", Date),
                ("expires-at", Date),
            ],
        }
    }

    /// Whether every one of them has a value of a built-in attribute.
    pub(super) fn always_has(self, name: &str) -> bool {
        !matches!(name, "granted-at" | "expires-at") && self.built_in().iter().any(|(built_in, _)| *built_in == name)
    }

    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Identity => "identities",
            Self::Entitlement => "entitlements",
            Self::Assignment => "assignments",
        }
    }
}

/// Reports something said twice, with both places.
pub(super) fn said_twice(what: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::error(codes::SAID_TWICE, format!("{what} is said twice"), again, "said again")
        .label(first, "first said here")
        .help("keep one of them")
}
