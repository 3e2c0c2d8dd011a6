//! Learnability: how well attributes foretell each identity's role, by a decision tree.
//!
//! The tree is that of C4.5 (Quinlan, *C4.5: Programs for machine learning*, 1993), with the options of WEKA's J48, which is what the
//! suites use that people come from. It says how far the roles follow what is known of people; the rules that give a role to people
//! are another matter ([`crate::describe`]): a path of a tree is as long as the tree is deep, and says what someone is *not*.
//!
//! Records with equal attributes and equal role are one row with a count, so everything after reading costs as much as there are
//! different rows. Where we differ from J48:
//!
//! - a missing value is a value of its own (J48 divides the record among all branches);
//! - of a list, every value is a test of its own (J48 knows no lists);
//! - resampling draws from the records that a tree learns from, never from those it is tried on (WEKA's filter is applied before, so
//!   that copies of one record are on both sides, and the figures flatter);
//! - logarithms and estimated errors are rounded to whole numbers of 2⁻²⁰, so no host and no number of threads changes a tree.

mod entropy;
mod prune;
mod records;
mod rules;
mod split;
mod tree;
mod validate;

use adit_snapshots::Column;
use serde::{Deserialize, Serialize};

pub use self::{
    records::{Attribute, Records},
    rules::TreeRule,
    validate::{Band, Kappa, Validation},
};
pub use crate::membership::{Is, TreeTest};
use crate::{
    describe::Groups,
    matrix::AccessMatrix,
    measures::{self, MeasuredRole},
    spec::{Describe, Percent},
};

/// What a tree learned, and how far it can be trusted. `R` is what stands for a role: its place, or its handle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learnability<R> {
    /// Records that were learned from: an identity and its role.
    pub records: u64,
    /// How many of them differ.
    pub distinct: u64,
    /// Identities in no role, which no record speaks of.
    pub without_role: u64,
    /// Roles that some record is about.
    pub roles: u64,
    /// Tests in the tree.
    pub tests: u64,
    /// Tests on the longest path.
    pub depth: u64,
    /// Records that the tree assigns to their own role, having learned from them.
    pub correct: u64,
    /// `correct` of `records`.
    pub correctly_assigned: Percent,
    /// How it does on records that it has not seen; none where there are fewer records than folds.
    pub cross_validated: Option<Validation>,
    /// The paths of the tree, in the order of the tree.
    pub rules: Vec<TreeRule<R>>,
}

impl<R> Learnability<R> {
    /// The same, with something else in the place of roles.
    pub fn map<T>(&self, role: impl Fn(&R) -> T) -> Learnability<T> {
        let rule = |rule: &TreeRule<R>| TreeRule {
            number: rule.number,
            tests: rule.tests.clone(),
            role: role(&rule.role),
            records: rule.records,
            correct: rule.correct,
            confidence: rule.confidence,
        };
        Learnability {
            records: self.records,
            distinct: self.distinct,
            without_role: self.without_role,
            roles: self.roles,
            tests: self.tests,
            depth: self.depth,
            correct: self.correct,
            correctly_assigned: self.correctly_assigned,
            cross_validated: self.cross_validated.clone(),
            rules: self.rules.iter().map(rule).collect(),
        }
    }
}

/// Learns how far the roles of a population follow from these columns, as the settings have it: from the role that says most about each
/// identity, or from all of them. Roles are places in `roles`.
#[must_use]
pub fn of_roles(
    columns: &[(&str, &Column)],
    matrix: &AccessMatrix,
    roles: &[MeasuredRole<'_>],
    settings: &Describe,
) -> Option<Learnability<usize>> {
    let of_attributes: Vec<&Column> = columns.iter().map(|(_, column)| *column).collect();
    of_roles_within(&Groups::new(&of_attributes, &matrix.identities), columns, matrix, roles, settings)
}

/// The same where it is known who is alike in these columns.
pub(crate) fn of_roles_within(
    groups: &Groups,
    columns: &[(&str, &Column)],
    matrix: &AccessMatrix,
    roles: &[MeasuredRole<'_>],
    settings: &Describe,
) -> Option<Learnability<usize>> {
    let identities = &matrix.identities;
    let records = if settings.tree.per_role {
        Records::within(groups, columns, identities, measures::roles_by_row(matrix, roles).iter())
    } else {
        let primary = measures::primary_roles(matrix, roles);
        Records::within(groups, columns, identities, primary.iter().map(Option::as_slice))
    };
    learn(&records, settings)
}

/// Learns a tree from records and tries how well it does on those that it has not seen. None where there is no record.
///
/// The roles of [`TreeRule::role`] are the classes of the records.
#[must_use]
pub fn learn(records: &Records, settings: &Describe) -> Option<Learnability<usize>> {
    let weights = records.counts();
    let total: u64 = weights.iter().map(|&weight| u64::from(weight)).sum();
    if total == 0 {
        return None;
    }
    let tree = tree::Tree::learn(records, weights, settings);
    let rules = rules::rules(&tree, records);
    let correct = rules.iter().map(|rule| rule.correct).sum();
    Some(Learnability {
        records: total,
        distinct: records.len() as u64,
        without_role: records.without_role(),
        roles: records.classes_present(),
        tests: tree.root().tests(),
        depth: tree.root().depth(),
        correct,
        correctly_assigned: Percent::of(correct, total),
        cross_validated: validate::cross_validated(records, settings),
        rules,
    })
}

#[cfg(test)]
mod tests;
