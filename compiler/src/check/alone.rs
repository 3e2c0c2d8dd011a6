//! A strategy and a cut-off checked alone: for mining without a project, where the same words are used.

use std::collections::BTreeMap;

use adit_grammar::{
    Diagnostic, Severity,
    ast::{self, ClusterUsing, Setting},
};
use adit_snapshots::Schema;

use super::{
    CheckSettings,
    context::{Context, Faults},
    cutoffs, defaults, descriptions, strategies,
};
use crate::{
    resolve::Project,
    spec::{Cutoff, Describe, Strategy},
};

/// Checks `cluster using …`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn strategy(written: &ClusterUsing) -> Result<Strategy, Vec<Diagnostic>> {
    alone(|context, faults| strategies::check(context, written, faults).strategy)
}

/// Checks the settings of a cut-off for what a strategy found.
///
/// # Errors
/// Everything that is wrong with them.
pub fn cutoff(written: &[Setting], strategy: &Strategy) -> Result<Cutoff, Vec<Diagnostic>> {
    alone(|context, faults| cutoffs::check(context, written, Some(strategy), None, faults))
}

/// Checks `describe by … { … }` against the attributes that a schema has.
///
/// # Errors
/// Everything that is wrong with it.
pub fn describe(written: &ast::Describe, schema: &Schema) -> Result<Describe, Vec<Diagnostic>> {
    within(schema, |context, faults| descriptions::check(context, written, &BTreeMap::new(), faults))
}

/// Why the strategy as it is written cannot do without attributes of identities, as the end of a sentence; none where it can.
#[must_use]
pub fn needs_attributes(written: &ClusterUsing, strategy: &Strategy) -> Option<&'static str> {
    strategies::needs_guides(written, strategy)
}

/// The cut-off that holds where nothing is said.
#[must_use]
pub fn default_cutoff(strategy: &Strategy) -> Cutoff {
    defaults::cutoff(strategy)
}

fn alone<T>(check: impl FnOnce(&Context<'_>, &mut Faults) -> Option<T>) -> Result<T, Vec<Diagnostic>> {
    within(&Schema::default(), check)
}

fn within<T>(
    schema: &Schema,
    check: impl FnOnce(&Context<'_>, &mut Faults) -> Option<T>,
) -> Result<T, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let (project, settings) = (Project::default(), CheckSettings::default());
    let context = Context::new(&project, schema, &settings, &mut faults);
    let checked = check(&context, &mut faults);
    let failed = faults.iter().any(|fault| fault.severity == Severity::Error);
    checked.filter(|_| !failed).ok_or(faults)
}
