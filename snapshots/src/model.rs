//! The frozen data: columns of integers, every id dense and in the order of its text.
//!
//! Sorting ids makes everything after independent of the order of rows and files: identity 17 is the
//! 18th identity by name, whatever source it came from.

use jiff::civil::Date;

use crate::{Fault, Manifest, SnapshotDigest, Weight};

/// One frozen snapshot.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Where the data came from, and its schema.
    pub manifest: Manifest,
    /// Everyone who can hold access.
    pub identities: Identities,
    /// Their accounts in each system.
    pub accounts: Accounts,
    /// Everything that can be held.
    pub entitlements: Entitlements,
    /// Groups and their nesting.
    pub groups: Groups,
    /// Who holds what: nested groups expanded, accounts joined to identities.
    pub assignments: Assignments,
    /// What accounts of nobody hold, directly or by groups; sorted. It is in no row of `assignments`.
    pub orphaned: Vec<OrphanAssignment>,
    /// Recorded exceptions.
    pub exceptions: Vec<ExceptionRecord>,
    /// Observed use; `None` when no source has it.
    pub usage: Option<Usage>,
    /// Roles that exist already, sorted by id.
    pub roles: Vec<ExistingRole>,
    /// What is wrong with the data, ordered by table, row and kind.
    pub faults: Vec<Fault>,
    /// The digest of the logical content, as a whole and by table.
    pub digest: SnapshotDigest,
}

/// An identity: its rank among all identity ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct IdentityId(pub u32);

/// An entitlement: its rank among all entitlement ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EntitlementId(pub u32);

/// A group: its rank among all group ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct GroupId(pub u32);

/// The code of a missing value in a [`TextColumn`].
pub const NO_VALUE: u32 = u32::MAX;

/// What a status says of someone who is no longer there.
const GONE: [&str; 12] = [
    "inactive",
    "terminated",
    "disabled",
    "leaver",
    "left",
    "suspended",
    "deleted",
    "deprovisioned",
    "retired",
    "former",
    "closed",
    "archived",
];

/// Every identity and its attributes.
#[derive(Debug, Clone, Default)]
pub struct Identities {
    /// Ids, ascending by bytes; an [`IdentityId`] is an index into it.
    pub ids: Vec<String>,
    /// Attributes, ascending by name; each has one value per identity. Canonical names where a source has them:
    /// `kind`, `status`, `display_name`, `employee_id`, `email`, `owner_id`, `manager_id`, `workloads`, `start_date`, `end_date`.
    pub attributes: Vec<Attribute>,
}

/// Every entitlement.
#[derive(Debug, Clone, Default)]
pub struct Entitlements {
    /// Ids, ascending by bytes; an [`EntitlementId`] is an index into it.
    pub ids: Vec<String>,
    /// The application each belongs to (`sap`).
    pub application: TextColumn,
    /// The kind within the application (`tcode`).
    pub attribute: TextColumn,
    /// The value (`F110`); `application.attribute "value"` is how the language names it.
    pub value: TextColumn,
    /// Other columns, ascending by name: `name`, `owner_id`, `classification`, `risk`, `tier`, `environment`, …
    pub attributes: Vec<Attribute>,
}

/// A named column with one value per row.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Its canonical name.
    pub name: String,
    /// Its values.
    pub column: Column,
}

/// The values of an attribute.
#[derive(Debug, Clone)]
pub enum Column {
    /// One text, or none.
    Text(TextColumn),
    /// Any number of texts: `starts[i]..starts[i + 1]` are row `i`'s codes, ascending.
    List {
        /// Distinct values, ascending.
        values: Vec<String>,
        /// One more than there are rows.
        starts: Vec<u32>,
        /// Codes into `values`.
        codes: Vec<u32>,
    },
    /// Dates.
    Date(Vec<Option<Date>>),
    /// True or false.
    Boolean(Vec<Option<bool>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
}

/// Texts by dictionary: equal codes, equal texts; order of codes is order of texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    /// Distinct values, ascending.
    pub values: Vec<String>,
    /// One per row; [`NO_VALUE`] where there is none.
    pub codes: Vec<u32>,
}

/// Accounts, joined to identities.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// Sorted by id.
    pub rows: Vec<Account>,
}

/// One account in one system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id across systems.
    pub id: String,
    /// The system it is in.
    pub system: String,
    /// Who it belongs to; `None` is an orphan.
    pub identity: Option<IdentityId>,
    /// The identity id the source gave, if it names nobody known.
    pub unknown_identity: Option<String>,
    /// Whether it can be used; `None` where the source does not say.
    pub enabled: Option<bool>,
    /// Whether people log in with it.
    pub interactive: Option<bool>,
    /// Created on.
    pub created: Option<Date>,
    /// Last login.
    pub last_login: Option<Date>,
    /// How many entitlements are held through it, directly or by groups.
    pub entitlements: u32,
}

/// What an account holds that belongs to nobody known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrphanAssignment {
    /// Index into [`Accounts::rows`].
    pub account: u32,
    /// What it holds.
    pub entitlement: EntitlementId,
}

/// Groups, sorted by id, and what is in them.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    /// Ids, ascending; a [`GroupId`] is an index into it.
    pub ids: Vec<String>,
    /// Direct members of each group, sorted.
    pub members: Vec<Vec<Member>>,
    /// Accounts that are direct members of each group, as indices into [`Accounts::rows`], sorted. Their identities
    /// are in `members`; those of nobody known are only here.
    pub accounts: Vec<Vec<u32>>,
    /// What each group itself grants, sorted.
    pub grants: Vec<Vec<EntitlementId>>,
    /// Groups that contain themselves through others: of each knot of groups the shortest cycle through its smallest
    /// id, which comes first.
    pub cycles: Vec<Vec<GroupId>>,
}

/// A direct member of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// An identity (an account's member is its identity).
    Identity(IdentityId),
    /// A nested group: its members are members too.
    Group(GroupId),
}

/// Who holds what: one entry per identity and entitlement, however many ways lead there.
///
/// `entitlements[starts[i]..starts[i + 1]]` is what identity `i` holds, ascending. The index into `entitlements` is the
/// *assignment's* number, and the key of `grants`.
#[derive(Debug, Clone, Default)]
pub struct Assignments {
    /// One more than there are identities.
    pub starts: Vec<usize>,
    /// Entitlements held, ascending within each identity.
    pub entitlements: Vec<EntitlementId>,
    /// How each assignment came about; `None` when no source says anything beyond identity and entitlement.
    pub grants: Option<Grants>,
    /// Interned paths of groups.
    pub paths: Paths,
}

/// The ways to each assignment: `rows[starts[a]..starts[a + 1]]` for assignment number `a`, never empty, sorted.
#[derive(Debug, Clone, Default)]
pub struct Grants {
    /// One more than there are assignments.
    pub starts: Vec<usize>,
    /// Every way.
    pub rows: Vec<Grant>,
}

/// One way in which an identity holds an entitlement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Where it comes from.
    pub origin: Origin,
    /// The groups it comes through: first the one the holder is a member of, last the one that grants;
    /// [`PathId::DIRECT`] when none.
    pub path: PathId,
    /// Index into [`Accounts::rows`], when it is held by an account.
    pub account: Option<u32>,
    /// Granted on.
    pub granted_at: Option<Date>,
    /// Granted by.
    pub granted_by: Option<String>,
    /// The ticket it was asked for in.
    pub ticket: Option<String>,
    /// Ends on.
    pub expires_at: Option<Date>,
}

/// Where an assignment comes from, as its source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Origin {
    /// Given to the identity itself.
    Direct,
    /// Through a group or another role.
    Inherited,
    /// By an assignment rule.
    Rule,
    /// By a request.
    Request,
    /// As an exception.
    Exception,
    /// The source does not say.
    #[default]
    Unknown,
}

/// A path of groups, interned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct PathId(pub u32);

impl PathId {
    /// No group at all.
    pub const DIRECT: Self = Self(0);
}

/// Every path of groups, as names: a source may name groups that the snapshot has no table of.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    /// Sorted; the first is the empty path.
    pub rows: Vec<Vec<String>>,
}

/// A recorded exception: someone keeps something for a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionRecord {
    /// Its id.
    pub id: String,
    /// Who.
    pub identity: IdentityId,
    /// What.
    pub entitlement: EntitlementId,
    /// Why.
    pub reason: Option<String>,
    /// Approved by (an identity id or an address, as the source has it).
    pub approver: Option<String>,
    /// Granted on.
    pub granted_at: Option<Date>,
    /// Ends on (inclusive).
    pub expires_at: Option<Date>,
    /// What makes it bearable.
    pub compensating_control: Option<String>,
}

/// Observed use, sorted by identity and entitlement.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    /// One per identity and entitlement used (several accounts merged: earliest, latest, sum).
    pub rows: Vec<UsageRecord>,
}

/// How often an identity used an entitlement within the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRecord {
    /// Who.
    pub identity: IdentityId,
    /// What; `None` is use of an account's system as a whole.
    pub entitlement: Option<EntitlementId>,
    /// First seen.
    pub first: Option<Date>,
    /// Last seen.
    pub last: Option<Date>,
    /// How many times.
    pub count: u64,
    /// Length of the window, in days.
    pub window_days: Option<u32>,
}

/// A role that exists already in a target system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExistingRole {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its owner, as the source has it.
    pub owner: Option<String>,
    /// What it grants itself, sorted.
    pub entitlements: Vec<EntitlementId>,
    /// Who holds it directly, sorted.
    pub members: Vec<IdentityId>,
    /// Roles it inherits: indices into [`Snapshot::roles`], sorted.
    pub inherits: Vec<usize>,
}

impl Snapshot {
    /// The faults that make results wrong and that no acceptance takes which still holds on `as_of`: the last day of
    /// an acceptance is the day it `expires`.
    pub fn stopping_faults(&self, as_of: Date) -> impl Iterator<Item = &Fault> {
        let holds = move |entry: usize| self.manifest.accepted.get(entry).is_some_and(|entry| entry.expires >= as_of);
        self.faults
            .iter()
            .filter(|fault| fault.kind.weight() == Weight::Stops)
            .filter(move |fault| !fault.accepted.is_some_and(holds))
    }

    /// Entries of `[[accept]]` that take no fault, by index: what they took is gone, or is more than they allow.
    pub fn idle_acceptances(&self) -> impl Iterator<Item = usize> {
        let takes = |entry: usize| self.faults.iter().any(|fault| fault.accepted == Some(entry));
        (0..self.manifest.accepted.len()).filter(move |&entry| !takes(entry))
    }
}

impl Identities {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id as the source writes it; empty for an id of another snapshot.
    #[must_use]
    pub fn name(&self, identity: IdentityId) -> &str {
        self.ids.get(identity.0 as usize).map_or("", String::as_str)
    }

    /// The identity of that id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<IdentityId> {
        rank(&self.ids, id).map(IdentityId)
    }

    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Column> {
        attribute(&self.attributes, name)
    }

    /// A text attribute's value for an identity.
    #[must_use]
    pub fn text(&self, name: &str, identity: IdentityId) -> Option<&str> {
        self.attribute(name)?.text(identity.0 as usize)
    }

    /// Whether nothing says that an identity has left: its `status` is no word for that, and its `end_date` is not before `on`.
    #[must_use]
    pub fn is_active(&self, identity: IdentityId, on: Date) -> bool {
        let status = self.text("status", identity).map(str::trim);
        let gone = status.is_some_and(|status| GONE.iter().any(|gone| gone.eq_ignore_ascii_case(status)));
        let end = match self.attribute("end_date") {
            Some(Column::Date(dates)) => dates.get(identity.0 as usize).copied().flatten(),
            _ => None,
        };
        !gone && end.is_none_or(|end| end >= on)
    }

    /// All identities, ascending.
    pub fn iter(&self) -> impl Iterator<Item = IdentityId> + use<> {
        (0..u32::try_from(self.ids.len()).unwrap_or(u32::MAX)).map(IdentityId)
    }
}

impl Entitlements {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The id as the source writes it; empty for an id of another snapshot.
    #[must_use]
    pub fn name(&self, entitlement: EntitlementId) -> &str {
        self.ids.get(entitlement.0 as usize).map_or("", String::as_str)
    }

    /// The entitlement of that id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<EntitlementId> {
        rank(&self.ids, id).map(EntitlementId)
    }

    /// The attribute of that name.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Column> {
        attribute(&self.attributes, name)
    }

    /// A text attribute's value for an entitlement.
    #[must_use]
    pub fn text(&self, name: &str, entitlement: EntitlementId) -> Option<&str> {
        self.attribute(name)?.text(entitlement.0 as usize)
    }

    /// The language's name for it: `sap.tcode "F110"`.
    #[must_use]
    pub fn label(&self, entitlement: EntitlementId) -> String {
        let row = entitlement.0 as usize;
        let part = |column: &TextColumn| column.get(row).unwrap_or("").to_owned();
        format!("{}.{} \"{}\"", part(&self.application), part(&self.attribute), part(&self.value))
    }

    /// All entitlements, ascending.
    pub fn iter(&self) -> impl Iterator<Item = EntitlementId> + use<> {
        (0..u32::try_from(self.ids.len()).unwrap_or(u32::MAX)).map(EntitlementId)
    }
}

impl Assignments {
    /// How many assignments there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entitlements.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entitlements.is_empty()
    }

    /// The numbers of an identity's assignments.
    #[must_use]
    pub fn of(&self, identity: IdentityId) -> std::ops::Range<usize> {
        let at = |i: usize| self.starts.get(i).copied().unwrap_or(self.entitlements.len());
        at(identity.0 as usize)..at(identity.0 as usize + 1)
    }

    /// What an identity holds, ascending.
    #[must_use]
    pub fn held(&self, identity: IdentityId) -> &[EntitlementId] {
        self.entitlements.get(self.of(identity)).unwrap_or(&[])
    }

    /// The number of the assignment of `entitlement` to `identity`.
    #[must_use]
    pub fn find(&self, identity: IdentityId, entitlement: EntitlementId) -> Option<usize> {
        let range = self.of(identity);
        let held = self.entitlements.get(range.clone())?;
        held.binary_search(&entitlement).ok().map(|offset| range.start + offset)
    }

    /// The ways to an assignment; empty when the sources say nothing.
    #[must_use]
    pub fn grants(&self, assignment: usize) -> &[Grant] {
        let Some(grants) = &self.grants else { return &[] };
        let (Some(&start), Some(&end)) = (grants.starts.get(assignment), grants.starts.get(assignment + 1)) else {
            return &[];
        };
        grants.rows.get(start..end).unwrap_or(&[])
    }

    /// The names of the groups on a path.
    #[must_use]
    pub fn path(&self, path: PathId) -> &[String] {
        self.paths.rows.get(path.0 as usize).map_or(&[], Vec::as_slice)
    }
}

impl TextColumn {
    /// The text of a row, if it has one.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        let code = *self.codes.get(row)?;
        self.values.get(code as usize).map(String::as_str)
    }

    /// The code of a text, if any row has it.
    #[must_use]
    pub fn code(&self, text: &str) -> Option<u32> {
        rank(&self.values, text)
    }
}

impl Column {
    /// The text of a row of a text column.
    #[must_use]
    pub fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Text(column) => column.get(row),
            _ => None,
        }
    }

    /// A row's value as text, whatever its type; lists joined by `|`.
    #[must_use]
    pub fn display(&self, row: usize) -> Option<String> {
        match self {
            Self::Text(column) => column.get(row).map(str::to_owned),
            Self::List { values, starts, codes } => {
                let range = *starts.get(row)? as usize..*starts.get(row + 1)? as usize;
                let texts: Vec<_> =
                    codes.get(range)?.iter().filter_map(|&c| values.get(c as usize)).map(String::as_str).collect();
                (!texts.is_empty()).then(|| texts.join("|"))
            }
            Self::Date(dates) => (*dates.get(row)?).map(|date| date.to_string()),
            Self::Boolean(flags) => (*flags.get(row)?).map(|flag| flag.to_string()),
            Self::Integer(numbers) => (*numbers.get(row)?).map(|number| number.to_string()),
        }
    }
}

fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Column> {
    let index = attributes.binary_search_by(|attribute| attribute.name.as_str().cmp(name)).ok()?;
    attributes.get(index).map(|attribute| &attribute.column)
}

fn rank(sorted: &[String], text: &str) -> Option<u32> {
    sorted.binary_search_by(|probe| probe.as_str().cmp(text)).ok().and_then(|index| u32::try_from(index).ok())
}
