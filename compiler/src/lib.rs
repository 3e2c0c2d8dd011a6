//! From a spec and a snapshot to a derivation, and from approvals to provisioning rules. Does no I/O of its own.
//!
//! The way through, one module per stage: [`resolve`] → [`check`] → [`select`] → [`mine`] → [`cut`] → [`describe`] →
//! [`derivation`] → (lint, elsewhere) → [`approval`] → [`provision`]; [`compile`] walks it.

mod address;
pub mod alike;
pub mod approval;
mod beside;
mod canonical;
mod chance;
pub mod check;
pub mod codes;
pub mod compile;
pub mod condition;
pub mod cut;
pub mod derivation;
pub mod describe;
mod encoded;
pub mod existing;
pub mod expectations;
pub mod explicit;
pub mod glob;
mod guide;
pub mod learn;
mod lookup;
pub mod matrix;
pub mod measures;
pub mod membership;
pub mod mine;
pub mod outliers;
pub mod packs;
pub mod preview;
mod progress;
pub mod provision;
pub mod quality;
pub mod resolve;
pub mod roles;
mod runs;
pub mod select;
mod select_error;
pub mod spec;
pub mod suggest;
pub mod sweep;
pub mod verify;

#[cfg(test)]
mod testing;
