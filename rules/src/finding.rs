//! What a rule reports: raw, structured, keyed by what it is about.

use adit_compiler::roles::RoleId;
use adit_grammar::Span;
use adit_snapshots::{EntitlementId, IdentityId};

use crate::Rule;

mod build;
mod fingerprint;
mod identity;
mod roles;
mod together;

pub use roles::CalledRoles;
pub(crate) use together::Tell;
pub use together::Together;

/// One finding.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// What it says of the claim that is held against the data.
    pub verdict: Verdict,
    /// What it is about. Two findings of one rule never have the same subject and entitlements.
    pub subject: Subject,
    /// The entitlements that are part of its identity: ascending, no repeats.
    pub entitlements: Vec<EntitlementId>,
    /// What is wrong, in one sentence.
    pub message: Phrase,
    /// The paths, supports and witnesses that prove it, most convincing first.
    pub evidence: Vec<Evidence>,
    /// What to do.
    pub help: String,
    /// Where in the spec, when it is about something written there.
    pub span: Option<Span>,
    /// The candidate roles it speaks against, where these are not those that its subject names. Ascending.
    pub against: Vec<RoleId>,
    /// The `[[accept]]` of `snapshot.toml` that takes the data fault it reports: an index into `Manifest::accepted`.
    pub accepted: Option<usize>,
    /// The findings that it tells as one, if it does.
    pub together: Option<Together>,
}

/// What a finding says of a claim. A claim that is met is no finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is not met.
    Violated,
    /// Nobody can know from this snapshot, or finding out would take too long. It does not count as met.
    NotDecidable,
}

/// How bad it is. The order is the order of harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Should be looked at; does not fail a build.
    Warning,
    /// Fails a build.
    Error,
}

/// How sure the rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The data leaves room for doubt.
    Low,
    /// Likely.
    Medium,
    /// Follows from the data.
    High,
}

/// What a finding is about. The order is the order of reports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Something written in the spec: its kind (`mining`, `duties`, `waiver`, …) and name.
    Spec(&'static str, String),
    /// A source of the snapshot, by id.
    Source(String),
    /// A candidate role: its id and its handle in this build. Only the id is part of the fingerprint.
    Role(RoleId, Handle),
    /// Two roles, each other's near-duplicates; smaller id first.
    RolePair((RoleId, Handle), (RoleId, Handle)),
    /// A candidate role, and an existing role by id that is nearly the same.
    RoleTwin(RoleId, Handle, String),
    /// A population of the build, by name.
    Population(String),
    /// A population of the build, by name, and an attribute of its identities.
    PopulationAttribute(String, String),
    /// An identity.
    Identity(IdentityId),
    /// Two identities that are one, smaller first.
    IdentityPair(IdentityId, IdentityId),
    /// An identity and the duties it breaks, by name.
    Conflict(IdentityId, String),
    /// A role and the duties (or pack pattern) it breaks, by name.
    RoleConflict(RoleId, Handle, String),
    /// An existing role, by id, and the duties (or pack pattern) it breaks, by name.
    ExistingRoleConflict(String, String),
    /// A group, by id, and the duties it breaks, by name.
    GroupConflict(String, String),
    /// An assignment.
    Assignment(IdentityId, EntitlementId),
    /// An entitlement.
    Entitlement(EntitlementId),
    /// An application, by name.
    Application(String),
    /// A table of the snapshot, and an id that its rows refer to and that no row defines. It may be a person's: shown as a pseudonym.
    Reference(String, String),
    /// A group, by id.
    Group(String),
    /// An account, by id. Accounts are named after people: shown as pseudonyms.
    Account(String),
    /// An account, by id, and the duties it breaks, by name.
    AccountConflict(String, String),
    /// An exception, by id.
    Exception(String),
    /// An approval file, by path.
    Approval(String),
    /// An existing role, by id.
    ExistingRole(String),
}

/// A role's handle: shown, but not part of what a subject is.
#[derive(Debug, Clone, Default)]
pub struct Handle(pub String);

/// A sentence whose names are still ids, so that whoever prints it decides how to name people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Phrase(pub Vec<Node>);

/// A word of a [`Phrase`], or a step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// Plain words.
    Text(String),
    /// An identity.
    Identity(IdentityId),
    /// An account, by id.
    Account(String),
    /// A group, by id.
    Group(String),
    /// An entitlement.
    Entitlement(EntitlementId),
    /// A candidate role, by handle.
    Role(String),
    /// An existing role, by id.
    ExistingRole(String),
    /// Duties, by name.
    Duties(String),
    /// An exception, by id.
    Exception(String),
    /// A person as some field names them: an address or an identity id. Shown as a pseudonym.
    Person(String),
}

/// A row of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// The shortest path that proves it, from holder to entitlement.
    Path(Vec<Node>),
    /// Someone it is true of.
    Witness(IdentityId),
    /// So many of so many.
    Count {
        /// What is counted.
        what: &'static str,
        /// How many.
        part: u64,
        /// Of how many, where that says something.
        of: Option<u64>,
    },
    /// An entitlement and how many of a role's members hold it.
    Support {
        /// The entitlement.
        entitlement: EntitlementId,
        /// How many hold it.
        held: u64,
        /// Of how many.
        of: u64,
    },
    /// A row of a source.
    Row {
        /// The file, relative to the snapshot.
        file: String,
        /// The line.
        row: Option<u64>,
        /// The column.
        column: Option<String>,
    },
    /// A group or role that all ways lead through, and a sentence that says so.
    Through(Node, Phrase),
    /// Anything else worth knowing.
    Note(Phrase),
}

impl PartialEq for Handle {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Handle {}
impl PartialOrd for Handle {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Handle {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}
impl std::hash::Hash for Handle {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}
