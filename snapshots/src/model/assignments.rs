//! Who holds what, and how it came about.

use jiff::civil::Date;

use super::{EntitlementId, IdentityId};

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
