//! What people and machines read: one file per format.

pub(crate) mod faults;
pub(crate) mod lint_human;
pub(crate) mod lint_json;
pub(crate) mod markdown;
pub(crate) mod mine_human;
pub(crate) mod mine_json;
pub(crate) mod names;
pub(crate) mod problems;
pub(crate) mod roles_csv;
pub(crate) mod text;
