//! Which strategy to use, in the words of the language.

use std::sync::Arc;

use adit_compiler::{check::alone, matrix::AccessMatrix, spec::Strategy, suggest};
use adit_grammar::{Diagnostic, FileId};
use adit_snapshots::{Entitlements, Schema};

use crate::{
    exit::Exit,
    failure::{Failure, Problem},
    output::mine::Using,
};

/// A strategy and its settings, in the words of the options and nothing read yet but the schema of the attributes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Words<'a> {
    /// What stands after `cluster using`.
    pub(crate) using: &'a str,
    /// What stands within `cutoff { … }`.
    pub(crate) cutoff: Option<&'a str>,
    /// Names of entitlements.
    pub(crate) filter: Option<&'a [String]>,
    /// Names of attributes, as the file or the schema has them.
    pub(crate) guided_by: &'a [String],
    /// What stands after `describe by`.
    pub(crate) describe_by: Option<&'a str>,
}

impl Using {
    /// From the words of the options; `schema` says which attributes there are.
    pub(crate) fn new(words: Words<'_>, schema: &Schema) -> Result<Self, Failure> {
        let Words { using, cutoff, filter, guided_by, describe_by } = words;
        let sentence = format!("cluster using {using}");
        let written = adit_grammar::parse_cluster_using(FileId(0), &sentence)
            .map_err(|faults| refused("--using", &sentence, &faults))?;
        let strategy = alone::strategy(&written).map_err(|faults| refused("--using", &sentence, &faults))?;
        let guided_by = attributes("--guided-by", guided_by, schema.identity.keys().map(String::as_str))?;
        guidable(&strategy, alone::needs_attributes(&written, &strategy), &guided_by)?;
        let describe = describe_by.map(|by| {
            let sentence = format!("describe by {by}");
            adit_grammar::parse_describe(FileId(0), &sentence)
                .and_then(|written| alone::describe(&written, schema))
                .map_err(|faults| refused("--describe-by", &sentence, &faults))
        });
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
        Ok(Self { strategy, cutoff, filter, guided_by, describe: describe.transpose()? })
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

/// The attributes that an option names as the data has them, each once.
pub(crate) fn attributes<'a>(
    option: &str,
    names: &[String],
    there_are: impl Iterator<Item = &'a str> + Clone,
) -> Result<Vec<String>, Failure> {
    let mut known: Vec<String> = Vec::new();
    for name in names {
        let wanted = name.trim().to_lowercase().replace([' ', '-', '.'], "_");
        if !there_are.clone().any(|name| name == wanted) {
            let near = suggest::closest(&wanted, there_are.clone());
            let help = near.map_or_else(
                || "name columns of what is known of identities".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(Failure::usage(format!("`{option}` names `{}`, which no column is called", name.trim()), help));
        }
        if known.contains(&wanted) {
            let message = format!("`{option}` names `{wanted}` twice");
            return Err(Failure::usage(message, "name every attribute once"));
        }
        known.push(wanted);
    }
    Ok(known)
}

/// Holds what a strategy asks of attributes against those that are to guide it.
fn guidable(strategy: &Strategy, needs: Option<&str>, guided_by: &[String]) -> Result<(), Failure> {
    let name = strategy.name();
    if let (Some(why), true) = (needs, guided_by.is_empty()) {
        return Err(Failure::usage(
            format!("`{name}` lacks attributes of identities to go by: {why}"),
            "name their file and columns: `--attributes FILE.csv --guided-by department,title`",
        ));
    }
    if let Some((why, _)) = strategy.unguidable().filter(|_| !guided_by.is_empty()) {
        return Err(Failure::usage(
            format!("attributes cannot guide `{name}`: {why}"),
            "leave it out: `--attributes` alone shows how well attributes explain the roles",
        ));
    }
    if let Some((weighed, _)) = strategy.weighed().iter().find(|(weighed, _)| !guided_by.contains(weighed)) {
        return Err(Failure::usage(
            format!("`{name}` weighs `{weighed}`, but is not guided by it"),
            format!("add `{weighed}` to `--guided-by`, or take its weight out"),
        ));
    }
    Ok(())
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
            let near = suggest::closest(name, entitlements.ids.iter());
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
