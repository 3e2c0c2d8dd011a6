//! The access graph of a compilation, on petgraph.

use adit_compiler::compile::Compilation;

/// Identities, groups, entitlements, roles, duties and exceptions, and what connects them.
#[derive(Debug)]
pub struct AccessGraph<'a> {
    compilation: &'a Compilation<'a>,
}

impl<'a> AccessGraph<'a> {
    /// The graph of a compilation.
    #[must_use]
    pub fn new(compilation: &'a Compilation<'a>) -> Self {
        Self { compilation }
    }

    /// What it is the graph of.
    #[must_use]
    pub fn compilation(&self) -> &'a Compilation<'a> {
        self.compilation
    }
}
