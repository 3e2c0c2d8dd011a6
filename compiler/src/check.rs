//! From syntax trees and the schema of a snapshot to a checked spec, without any data.
//!
//! Everything that can be wrong with a spec before its data is seen is found here, all of it in one run: names that nothing has,
//! values of the wrong type, conditions that nothing or everything meets, numbers that contradict each other, waivers that
//! nobody should have signed. What the language has and this version does not run is an error too, and says so.
//!
//! A spec is only handed on when there is no error; every later stage may rely on what [`crate::spec`] says of it.

mod access;
pub mod alone;
mod broken;
mod classes;
mod conditions;
mod context;
mod cutoffs;
mod defaults;
mod descriptions;
mod domain;
mod duties;
mod entitlements;
mod existing_roles;
mod expectations;
mod governance;
mod joiners;
mod logic;
mod minings;
mod names;
mod packs;
mod provisions;
mod reasons;
mod roles;
mod scopes;
mod settings;
mod strategies;
mod unicode;
mod values;
mod waivers;

use adit_grammar::{Diagnostic, Severity};
use adit_snapshots::{Digest, Schema};
use jiff::civil::Date;

pub use joiners::{Facts, Joint, Ruled, is_decided_without_data, joint};
pub use reasons::vacuous_reason;

use crate::{
    codes,
    resolve::Project,
    spec::{Spec, SpecFile},
    suggest,
};
use context::{Context, Faults};

/// What the checker is told besides the spec and the schema.
#[derive(Debug, Clone, Default)]
pub struct CheckSettings {
    /// The day that waivers are held against; without it none is too old.
    pub as_of: Option<Date>,
    /// How long a waiver may last, in days.
    pub max_waiver_days: Option<u32>,
    /// Every rule of the linter. When there is none, rules that waivers name are not looked up.
    pub rules: Vec<RuleName>,
}

/// A rule of the linter, as waivers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleName {
    /// `RM503`
    pub code: &'static str,
    /// `sod-user-union`
    pub name: &'static str,
    /// Other ids people know.
    pub aliases: &'static [&'static str],
    /// Whether its findings may be waived at all.
    pub waivable: bool,
    /// How long a waiver of its findings may last, in days, where that is less than for others.
    pub max_days: Option<u32>,
}

/// What came of a check.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The spec, if there was no error.
    pub spec: Option<Spec>,
    /// Everything found, what [`crate::resolve`] found included; in source order, what has no place first.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks a whole project against a schema.
#[must_use]
pub fn check(project: &Project, schema: &Schema, settings: &CheckSettings) -> Checked {
    let mut faults = project.diagnostics.clone();
    let context = Context::new(project, schema, settings, &mut faults);
    let spec = spec(&context, &mut faults);
    unicode::check(&context, &mut faults);
    faults.sort_by(|a, b| order(a).cmp(&order(b)));
    faults.dedup();
    let failed = faults.iter().any(|fault| fault.severity == Severity::Error);
    Checked { spec: spec.filter(|_| !failed), diagnostics: faults }
}

/// Checks one part after the other; `None` as soon as one of them could not be made, which has been reported.
fn spec(context: &Context<'_>, faults: &mut Faults) -> Option<Spec> {
    let classes = classes::check(context, faults);
    let separated = classes::separated(context, faults);
    let duties = duties::check(context, faults);
    let apart = governance::apart(context, faults);
    let sensitive = governance::sensitive(context, faults);
    let governance = governance::governance(context, faults);
    let packs = packs::check(context, faults);
    let of_packs = packs.as_deref().map(|used| packs::duties(context, used));
    let duties = duties.zip(of_packs).map(|(own, of_packs)| [own, of_packs].concat());
    let minings = minings::check(context, classes.as_deref(), faults);
    let roles = roles::check(context, faults);
    let waivers = waivers::check(context, faults);
    if let (Some(duties), Some(classes), Some(roles)) = (&duties, &classes, &roles) {
        joiners::check(duties, classes, roles, faults);
    }
    let provisions = provisions::check(context, faults);
    let expectations = expectations::check(context, faults);
    access::check(context, faults);
    Some(Spec {
        files: context
            .project
            .files
            .iter()
            .map(|file| SpecFile { path: file.path.clone(), digest: digest(&file.text) })
            .collect(),
        classes: classes?,
        separated,
        apart: apart?,
        duties: duties?,
        sensitive: sensitive?,
        governance: governance?,
        packs: packs?,
        minings: minings?,
        roles: roles?,
        waivers: waivers?,
        provisions: provisions?,
        expectations: expectations?,
    })
}

/// Of the text with one kind of line breaks.
fn digest(text: &str) -> Digest {
    match text.contains('\r') {
        true => Digest::of(text.replace("\r\n", "\n").replace('\r', "\n").as_bytes()),
        false => Digest::of(text.as_bytes()),
    }
}

/// Without a place first, then by place; at one place by code.
fn order(fault: &Diagnostic) -> (bool, adit_grammar::Span, &'static str) {
    (!fault.labels.is_empty(), fault.span(), fault.code)
}
