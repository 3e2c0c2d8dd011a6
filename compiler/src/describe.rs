//! Membership rules: who gets a role, in attribute words.
//!
//! A rule is any of a few conjunctions of up to three tests `attribute == value` (for a list, `attribute has value`). A conjunction is
//! sound when, of the identities of the population that meet it, at least the demanded share are members, and those members are at least
//! as many as demanded. Only the most general sound conjunctions are considered: none has a test that it could do without. Of
//! them the one that takes in the most members not yet taken in comes next, until none takes in enough new ones.
//!
//! No statistics are claimed beyond the counts, which are exact.

mod conjunctions;
mod explain;
mod groups;
mod items;
mod search;

use std::sync::Arc;

use adit_grammar::Span;
use adit_snapshots::{AttributeType, Column, IdentityId, Snapshot};

use crate::{
    membership::{Clause, Is, MembershipRule, TreeTest},
    select_error::SelectError,
    spec::{Condition, Describe, Mining, Test},
};
pub(crate) use conjunctions::Conjunctions;
pub use explain::{Explained, Explainer};
pub(crate) use groups::Groups;
pub(crate) use items::Items;
use search::Search;

/// Finds membership rules within one population.
#[derive(Debug)]
pub struct Describer<'a> {
    settings: &'a Describe,
    groups: Arc<Groups>,
}

impl<'a> Describer<'a> {
    /// For the identities of a population (ascending). `mining` is the block whose `describe` it is.
    ///
    /// # Errors
    /// When the snapshot lacks an attribute that rules may speak of.
    pub fn new(
        snapshot: &Snapshot,
        population: &[IdentityId],
        mining: &Mining,
        settings: &'a Describe,
    ) -> Result<Self, SelectError> {
        Ok(Self::over(&columns(snapshot, mining, settings)?, population, settings))
    }

    /// The same with the columns of the attributes at hand, in the order in which the settings name them.
    #[must_use]
    pub fn over(columns: &[&Column], population: &[IdentityId], settings: &'a Describe) -> Self {
        Self::within(Arc::new(Groups::new(columns, population)), settings)
    }

    /// The same where it is known who is alike in these attributes.
    pub(crate) fn within(groups: Arc<Groups>, settings: &'a Describe) -> Self {
        Self { settings, groups }
    }

    /// The rule of a role, given its members as positions in the population, ascending. None where no conjunction is sound.
    #[must_use]
    pub fn rule(&self, members: &[u32]) -> Option<MembershipRule> {
        let search = Search::new(&self.groups, members, self.settings);
        let all = search.conjunctions();
        // The best come first. More than people can read is no rule that they could sign.
        let conjunctions = all.get(..self.settings.max_clauses as usize).unwrap_or(&all);
        let clauses: Vec<Clause> = conjunctions
            .iter()
            .map(|found| Clause {
                tests: found
                    .items
                    .as_slice()
                    .iter()
                    .filter_map(|&item| {
                        let (attribute, value) = self.groups.item(item)?;
                        Some((self.settings.by.get(attribute)?.clone(), value.to_owned()))
                    })
                    .collect(),
                members: found.members,
                matched: found.matched,
            })
            .collect();
        if clauses.is_empty() {
            return None;
        }
        let members_matched = search.members_met(conjunctions);
        Some(MembershipRule {
            members_matched,
            members: count(members.len()),
            matched: search.identities_met(conjunctions),
            clauses_left_out: count(all.len() - clauses.len()),
            members_left_out: search.members_met(&all) - members_matched,
            clauses,
        })
    }
}

/// The columns of the attributes that rules may speak of.
///
/// # Errors
/// When the snapshot lacks one.
pub(crate) fn columns<'a>(
    snapshot: &'a Snapshot,
    mining: &Mining,
    settings: &Describe,
) -> Result<Vec<&'a Column>, SelectError> {
    settings
        .by
        .iter()
        .map(|name| {
            if name == "id" {
                return Err(SelectError::NotDecidable {
                    message: "a membership rule cannot speak of `id`: it would be a list of names".to_owned(),
                    help: "take `id` out of `describe by`".to_owned(),
                    span: mining.span,
                });
            }
            snapshot.identities.attribute(name).ok_or_else(|| SelectError::NotDecidable {
                message: format!(
                    "mining `{}` describes roles by `{name}`, but in this snapshot identities have no such column",
                    mining.name
                ),
                help: format!("add a column `{name}` to the identities table, or take it out of `describe by`"),
                span: mining.span,
            })
        })
        .collect()
}

/// A rule as a condition; `has` for the attributes that are lists.
pub(crate) fn condition(rule: &MembershipRule, snapshot: &Snapshot) -> Condition {
    Condition::any(rule.clauses.iter().map(|clause| all_of(&clause.tests, snapshot)))
}

/// A rule in the language's own words.
#[must_use]
pub fn rule_text(rule: &MembershipRule, snapshot: &Snapshot) -> String {
    condition(rule, snapshot).to_string()
}

/// Tests that are all to be met, in the same words; `everyone` where there are none.
#[must_use]
pub fn tests_text(tests: &[(String, String)], snapshot: &Snapshot) -> String {
    all_of(tests, snapshot).to_string()
}

fn all_of(tests: &[(String, String)], snapshot: &Snapshot) -> Condition {
    let test = |(attribute, value): &(String, String)| {
        let (kind, test) = match is_list(snapshot, attribute) {
            true => (AttributeType::List, Test::Has(value.clone())),
            false => (AttributeType::Text, Test::In(vec![value.clone()])),
        };
        Condition::Test { attribute: attribute.clone(), kind, test, span: Span::default() }
    };
    Condition::all(tests.iter().map(test))
}

/// Tests with how each is made, as the rule table of a tree has them.
#[must_use]
pub fn made(tests: &[(String, String)], snapshot: &Snapshot) -> Vec<TreeTest> {
    let test = |(attribute, value): &(String, String)| TreeTest {
        attribute: attribute.clone(),
        is: if is_list(snapshot, attribute) { Is::Has } else { Is::Equal },
        value: value.clone(),
    };
    tests.iter().map(test).collect()
}

/// What a rule leaves out, as the end of a sentence; nothing where it leaves nothing out.
#[must_use]
pub fn left_out_text(rule: &MembershipRule) -> Option<String> {
    let clauses = match rule.clauses_left_out {
        0 => return None,
        1 => "1 more clause".to_owned(),
        clauses => format!("{clauses} more clauses"),
    };
    let members = if rule.members_left_out == 1 { "member" } else { "members" };
    Some(format!("{clauses} for {} {members} left out: `clauses at most` allows no more", rule.members_left_out))
}

/// Whether an attribute of identities is a list, and so tested by `has`.
fn is_list(snapshot: &Snapshot, attribute: &str) -> bool {
    matches!(snapshot.identities.attribute(attribute), Some(Column::List { .. }))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
