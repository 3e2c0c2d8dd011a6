//! Every rule on its fixtures, the registry, the framework, and the pages made from the rules' docs.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

mod fixture;
mod fixtures;
mod framework;
mod law;
mod links;
mod pages;
mod pipeline;
mod registry;
mod render;
mod together;
