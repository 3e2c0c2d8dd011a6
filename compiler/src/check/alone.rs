//! A strategy and a cut-off checked alone: for mining without a project, where the same words are used.

use adit_grammar::{
    Diagnostic, Severity,
    ast::{ClusterUsing, Setting},
};
use adit_snapshots::Schema;

use super::{
    CheckSettings,
    context::{Context, Faults},
    cutoffs, defaults, strategies,
};
use crate::{
    resolve::Project,
    spec::{Cutoff, Strategy},
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

/// The cut-off that holds where nothing is said.
#[must_use]
pub fn default_cutoff(strategy: &Strategy) -> Cutoff {
    defaults::cutoff(strategy)
}

fn alone<T>(check: impl FnOnce(&Context<'_>, &mut Faults) -> Option<T>) -> Result<T, Vec<Diagnostic>> {
    let mut faults = Vec::new();
    let (project, schema, settings) = (Project::default(), Schema::default(), CheckSettings::default());
    let context = Context::new(&project, &schema, &settings, &mut faults);
    let checked = check(&context, &mut faults);
    let failed = faults.iter().any(|fault| fault.severity == Severity::Error);
    checked.filter(|_| !failed).ok_or(faults)
}
