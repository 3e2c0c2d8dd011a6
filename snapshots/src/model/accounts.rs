//! Accounts, and what those of nobody hold.

use jiff::civil::Date;

use super::{EntitlementId, IdentityId};

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
