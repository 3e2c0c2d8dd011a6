//! From text to a checked spec: resolving, checking, and what people are told.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail like tests"
)]

mod conditions;
mod docs;
mod examples;
mod large;
mod laws;
mod project;
mod reference;
mod resolving;
mod tour;
mod what_people_read;
