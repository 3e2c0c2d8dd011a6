//! Rules of this family.

crate::rule::rules!();
