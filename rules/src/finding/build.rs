//! Making findings and sentences, a few words at a time.

use adit_compiler::roles::{CandidateRole, RoleId};
use adit_grammar::Span;
use adit_snapshots::{EntitlementId, IdentityId};

use super::{Confidence, Evidence, Finding, Handle, Node, Phrase, Severity, Subject, Verdict};
use crate::Rule;

impl Rule {
    /// A finding of this rule, as bad and as sure as the rule says.
    pub(crate) fn finding(&'static self, subject: Subject, message: Phrase, help: impl Into<String>) -> Finding {
        Finding {
            rule: self,
            severity: self.severity,
            confidence: self.confidence,
            verdict: Verdict::Violated,
            subject,
            entitlements: Vec::new(),
            message,
            evidence: Vec::new(),
            help: help.into(),
            span: None,
            against: Vec::new(),
            accepted: None,
            together: None,
        }
    }
}

impl Finding {
    /// Makes these entitlements part of what it is, in any order.
    #[must_use]
    pub(crate) fn entitlements(mut self, entitlements: impl IntoIterator<Item = EntitlementId>) -> Self {
        self.entitlements.extend(entitlements);
        self.entitlements.sort_unstable();
        self.entitlements.dedup();
        self
    }

    /// Adds a row of evidence.
    #[must_use]
    pub(crate) fn evidence(mut self, evidence: Evidence) -> Self {
        self.evidence.push(evidence);
        self
    }

    /// Adds rows of evidence.
    #[must_use]
    pub(crate) fn evidences(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// Adds a count: `part` of `of`.
    #[must_use]
    pub(crate) fn count(self, what: &'static str, part: u64, of: Option<u64>) -> Self {
        self.evidence(Evidence::Count { what, part, of })
    }

    /// Adds someone it is true of.
    #[must_use]
    pub(crate) fn witness(self, identity: IdentityId) -> Self {
        self.evidence(Evidence::Witness(identity))
    }

    /// Adds a remark.
    #[must_use]
    pub(crate) fn note(self, note: Phrase) -> Self {
        self.evidence(Evidence::Note(note))
    }

    /// Adds a group or role that all ways lead through, and a remark that says so.
    #[must_use]
    pub(crate) fn through(self, holder: Node, note: Phrase) -> Self {
        self.evidence(Evidence::Through(holder, note))
    }

    /// Says how bad it is, where that differs from what the rule says.
    #[must_use]
    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Says how sure the rule is, where that differs from what the rule says.
    #[must_use]
    pub(crate) fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Says that nobody can know: a warning of low confidence, unless the project lets what is not decided fail.
    #[must_use]
    pub(crate) fn undecided(mut self) -> Self {
        self.verdict = Verdict::NotDecidable;
        self.severity(Severity::Warning).confidence(Confidence::Low)
    }

    /// Says where in the spec it is.
    #[must_use]
    pub(crate) fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Says which candidate roles it speaks against, in any order, where it is about more or something else.
    #[must_use]
    pub(crate) fn against(mut self, roles: impl IntoIterator<Item = RoleId>) -> Self {
        self.against.extend(roles);
        self.against.sort_unstable();
        self.against.dedup();
        self
    }

    /// Says which `[[accept]]` of `snapshot.toml` takes the fault it reports, if any.
    #[must_use]
    pub(crate) fn accepted(mut self, acceptance: Option<usize>) -> Self {
        self.accepted = acceptance;
        self
    }
}

impl Subject {
    /// The name of a population or an application.
    #[must_use]
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Population(name) | Self::Application(name) => Some(name),
            _ => None,
        }
    }

    /// A candidate role.
    #[must_use]
    pub(crate) fn role(role: &CandidateRole) -> Self {
        Self::Role(role.id.clone(), Handle(role.handle.clone()))
    }

    /// Two candidate roles, in the one order that a pair has.
    #[must_use]
    pub(crate) fn role_pair(a: &CandidateRole, b: &CandidateRole) -> Self {
        let mut pair = [a, b].map(|role| (role.id.clone(), Handle(role.handle.clone())));
        pair.sort_by(|(a, _), (b, _)| a.cmp(b));
        let [first, second] = pair;
        Self::RolePair(first, second)
    }

    /// Two identities, in the one order that a pair has.
    #[must_use]
    pub(crate) fn identity_pair(a: IdentityId, b: IdentityId) -> Self {
        Self::IdentityPair(a.min(b), a.max(b))
    }
}

impl Confidence {
    /// One step less sure.
    #[must_use]
    pub(crate) fn lowered(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

impl Phrase {
    /// A sentence that begins with these words.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(vec![Node::Text(text.into())])
    }

    /// Adds words.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.node(Node::Text(text.into()))
    }

    /// Adds a name.
    #[must_use]
    pub fn node(mut self, node: Node) -> Self {
        self.0.push(node);
        self
    }

    /// Adds another phrase.
    #[must_use]
    pub fn phrase(mut self, phrase: Self) -> Self {
        self.0.extend(phrase.0);
        self
    }

    /// Adds the first few of these names, and how many more there are: `` `A`, `B` and 3 more``.
    #[must_use]
    pub fn listed(mut self, names: impl IntoIterator<Item = Node>, few: usize) -> Self {
        let mut names = names.into_iter();
        for (index, name) in names.by_ref().take(few).enumerate() {
            self = if index > 0 { self.text(", ") } else { self }.node(name);
        }
        match names.count() {
            0 => self,
            more => self.text(format!(" and {more} more")),
        }
    }

    /// Adds an identity.
    #[must_use]
    pub fn identity(self, identity: IdentityId) -> Self {
        self.node(Node::Identity(identity))
    }

    /// Adds an entitlement.
    #[must_use]
    pub fn entitlement(self, entitlement: EntitlementId) -> Self {
        self.node(Node::Entitlement(entitlement))
    }

    /// Adds a candidate role by handle.
    #[must_use]
    pub fn role(self, handle: impl Into<String>) -> Self {
        self.node(Node::Role(handle.into()))
    }
}
