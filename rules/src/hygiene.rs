//! RM1xx: what is wrong with the data, before anything is concluded from it.

mod faults;
mod uses;

crate::rule::rules!(
    duplicate_identity,
    orphan_account,
    no_system_of_record,
    source_conflict,
    unfrozen_snapshot,
    lineage_missing,
    attribute_sparse,
    attribute_synonyms,
    dangling_reference,
    stale_source,
);
