//! The binary from outside: what people read, what machines read, and the exit code of each way a run can end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod adopting;
mod baselines;
mod comparing;
mod consolidating;
mod discovering;
mod documented;
mod examples;
mod explaining;
mod failures;
mod formats;
mod formatting;
mod interrupting;
mod layers;
mod mining;
mod piping;
mod previewing;
mod privacy;
mod projects;
mod support;
mod sweeping;
mod verifying;
