//! The access graph of a compilation, on petgraph.

/// Identities, groups, entitlements, roles, duties and exceptions, and what connects them.
#[derive(Debug, Default)]
pub struct AccessGraph {}
