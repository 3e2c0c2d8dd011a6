//! RM1xx: what is wrong with the data, before anything is concluded from it.

mod faults;

crate::rule::rules!(duplicate_identity);
