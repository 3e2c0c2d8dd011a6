//! Groups, what is in them and what they grant.

use super::{EntitlementId, IdentityId};

/// A group: its rank among all group ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct GroupId(pub u32);

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
