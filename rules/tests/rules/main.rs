//! Every rule on its fixtures, the registry, the framework, and the pages made from the rules' docs.

mod fixture;
mod fixtures;
mod framework;
mod pages;
mod pipeline;
mod registry;
mod render;
