//! What is known about assignments beyond that they stand: recorded exceptions and observed use.

use jiff::civil::Date;

use super::{EntitlementId, IdentityId};

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
