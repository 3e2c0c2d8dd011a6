//! RM3xx: who is mined with whom, and who answers for what is not a person.

crate::rule::rules!(mixed_identity_kinds, unclassified_identity, nhi_without_owner);
