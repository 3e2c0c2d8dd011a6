//! Addresses of people, as they are compared: who signs, asks or profits is the same in any case of letters.

/// An address without blanks around it, in lower case.
pub(crate) fn key(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Whether two addresses are the same.
pub(crate) fn same(left: &str, right: &str) -> bool {
    key(left) == key(right)
}
