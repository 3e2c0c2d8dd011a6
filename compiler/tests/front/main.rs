//! From text to a checked spec: resolving, checking, and what people are told.

mod conditions;
mod docs;
mod examples;
mod laws;
mod project;
mod resolving;
mod speed;
mod tour;
mod what_people_read;
