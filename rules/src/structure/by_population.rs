//! Findings on the roles of one population, told as one where there are many.

use std::collections::{BTreeMap, BTreeSet};

use adit_compiler::roles::{CandidateRole, RoleId};

use crate::{Finding, Subject, context::Context, finding::Tell};

/// The findings, each with the role it is on: those on so many roles of one population as one, the others by themselves.
pub(super) fn told<'a>(
    context: &Context<'_>,
    findings: impl IntoIterator<Item = (&'a CandidateRole, Finding)>,
    many: usize,
    tell: Tell,
) -> Vec<Finding> {
    let mut by_population: BTreeMap<Option<&str>, Vec<Finding>> = BTreeMap::new();
    for (role, finding) in findings {
        by_population.entry(name_of(context, role)).or_default().push(finding);
    }
    let mut told = Vec::new();
    for (population, findings) in by_population {
        match population.filter(|_| findings.len() >= many) {
            Some(name) => {
                let subject = Subject::Population(name.to_owned());
                told.push(Finding::together(context, subject, findings, tell));
            }
            None => told.extend(findings),
        }
    }
    told
}

/// The roles of a population that some findings are on, and how many roles it has.
pub(super) fn roles<'a>(
    context: &Context<'a>,
    population: &Subject,
    parts: &[Finding],
) -> (Vec<&'a CandidateRole>, u64) {
    let meant: BTreeSet<&RoleId> = parts
        .iter()
        .filter_map(|part| match &part.subject {
            Subject::Role(id, _) => Some(id),
            _ => None,
        })
        .collect();
    let is_its = |role: &&CandidateRole| name_of(context, role) == population.name();
    let all: Vec<&CandidateRole> = context.proposed().map(|(_, role)| role).filter(is_its).collect();
    let of = all.len() as u64;
    (all.into_iter().filter(|role| meant.contains(&role.id)).collect(), of)
}

fn name_of<'a>(context: &Context<'a>, role: &CandidateRole) -> Option<&'a str> {
    let population = role.origin.population()?;
    context.compilation.populations.get(population).map(|population| population.name.as_str())
}
