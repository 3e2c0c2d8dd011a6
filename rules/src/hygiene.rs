//! RM1xx: what is wrong with the data, before anything is concluded from it.

mod faults;

crate::rule::rules!(duplicate_identity, orphan_account, no_system_of_record, lineage_missing, dangling_reference);
