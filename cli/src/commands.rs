//! One file per command: its arguments, and what it does with them.

pub(crate) mod approve;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod consolidate;
pub(crate) mod explain;
pub(crate) mod fmt;
pub(crate) mod freeze;
pub(crate) mod init;
pub(crate) mod lint;
pub(crate) mod man;
pub(crate) mod mine;
pub(crate) mod outliers;
pub(crate) mod preview;
pub(crate) mod sweep;
pub(crate) mod verify;
