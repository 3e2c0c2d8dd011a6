//! Which strategy to use, in the words of the language.

use std::sync::Arc;

use adit_compiler::{
    check::alone,
    matrix::AccessMatrix,
    spec::{Cutoff, Strategy},
};
use adit_grammar::{Diagnostic, FileId};
use adit_snapshots::Entitlements;

use crate::{
    exit::Exit,
    failure::{Failure, Problem},
    output::text,
};

/// A strategy and its settings, before any data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Using {
    /// What the spec would say.
    pub(crate) strategy: Strategy,
    /// How clusters become roles; none where the strategy says itself what each role grants, and nothing else was asked for.
    pub(crate) cutoff: Option<Cutoff>,
    /// The entitlements that count as shared, ascending and without repeats; all when absent.
    pub(crate) filter: Option<Vec<String>>,
}

impl Using {
    /// From what stands after `cluster using` and within `cutoff { … }`.
    pub(super) fn new(using: &str, cutoff: Option<&str>, filter: Option<&[String]>) -> Result<Self, Failure> {
        let sentence = format!("cluster using {using}");
        let strategy = adit_grammar::parse_cluster_using(FileId(0), &sentence)
            .and_then(|written| alone::strategy(&written))
            .map_err(|faults| refused("--using", &sentence, &faults))?;
        let weighed = (!strategy.weighed().is_empty()).then_some("its settings weigh them");
        if let Some(why) = strategy.needs_guides().or(weighed) {
            return Err(Failure::usage(
                format!("`{}` lacks attributes of identities to go by: {why}", strategy.name()),
                "mine in a project, with `guided by` in the spec, or leave out what asks for attributes",
            ));
        }
        let cutoff = match cutoff {
            None => (!strategy.decides_grants()).then(|| alone::default_cutoff(&strategy)),
            Some(settings) => {
                let sentence = format!("cutoff {{ {settings} }}");
                let cutoff = adit_grammar::parse_cutoff(FileId(0), &sentence)
                    .and_then(|written| alone::cutoff(&written, &strategy))
                    .map_err(|faults| refused("--cutoff", &sentence, &faults))?;
                Some(cutoff)
            }
        };
        if filter.is_some() && !matches!(strategy, Strategy::EntitlementOverlap(_)) {
            return Err(Failure::usage(
                format!("`--filter` is a setting of `entitlement-overlap`, but the strategy is `{}`", strategy.name()),
                "use it with `--using entitlement-overlap`, or leave out `--filter`",
            ));
        }
        let filter = filter.map(|names| {
            let mut names: Vec<_> = names.iter().map(|name| name.trim().to_owned()).collect();
            names.sort_unstable();
            names.dedup();
            names
        });
        Ok(Self { strategy, cutoff, filter })
    }

    /// The columns of the filter, ascending; refuses one that speaks of entitlements nobody holds.
    pub(super) fn columns(
        &self,
        entitlements: &Entitlements,
        matrix: &AccessMatrix,
    ) -> Result<Option<Vec<u32>>, Failure> {
        self.filter.as_ref().map(|names| columns(names, entitlements, matrix)).transpose()
    }
}

/// What is wrong with the words of an option, shown in the statement that they are part of.
fn refused(option: &str, sentence: &str, faults: &[Diagnostic]) -> Failure {
    let text = Arc::from(sentence);
    Failure::Problems {
        exit: Exit::Usage,
        problems: faults.iter().map(|fault| Problem::diagnostic(fault, |_| Some((option, &text)))).collect(),
    }
}

/// The columns of the named entitlements, ascending.
fn columns(names: &[String], entitlements: &Entitlements, matrix: &AccessMatrix) -> Result<Vec<u32>, Failure> {
    let mut columns = Vec::with_capacity(names.len());
    for name in names {
        let column = entitlements
            .find(name)
            .and_then(|id| matrix.entitlements.binary_search(&id).ok())
            .and_then(|column| u32::try_from(column).ok());
        let Some(column) = column else {
            let near = text::nearest(name, entitlements.ids.iter().map(String::as_str));
            let help = near.map_or_else(
                || "name entitlements as the file writes them".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Failure::usage(format!("`--filter` names `{name}`, which nobody holds in this file"), help));
        };
        columns.push(column);
    }
    columns.sort_unstable();
    Ok(columns)
}
