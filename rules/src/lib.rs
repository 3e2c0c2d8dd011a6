//! The linter: one file per rule, over a spec, a snapshot and the graph of a compilation.
//!
//! A rule is a declaration ([`Rule`]), a doc comment that is its page, and one function that reports [`Finding`]s. Findings are raw and
//! structured: they name identities by id, and only the caller turns them into text, with pseudonyms or without.

pub mod context;
pub mod control;
pub mod finding;
pub mod graph;
mod lint;
pub mod rule;
pub mod waivers;
mod words;

mod drift;
mod duties;
mod exceptions;
mod hygiene;
mod lifecycle;
mod scope;
mod specification;
mod structure;

pub use context::{Context, Record};
pub use finding::{CalledRoles, Confidence, Evidence, Finding, Node, Phrase, Severity, Subject, Verdict};
pub use graph::AccessGraph;
pub use lint::{Configuration, Level, Linted, lint};
pub use rule::{Check, Family, Rule, RuleCode, all, find};
pub use waivers::{Refusal, Suppressed, Suppression, WaiverRecord};
