//! The rule table: every path of a tree as one line.

use std::fmt;

use adit_grammar::quoted;
use serde::{Deserialize, Serialize};

use super::{
    records::{Kind, Records},
    split::Split,
    tree::{Node, Tree, divided, rows},
};
use crate::{
    membership::{Is, TreeTest},
    spec::Percent,
};

/// A path of the tree: whoever meets all tests is taken to have the role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeRule<R> {
    /// Its number, from 1, in the order of the tree.
    pub number: u64,
    /// What must be met; nothing where the tree is a single leaf.
    pub tests: Vec<TreeTest>,
    /// The role that it foretells.
    pub role: R,
    /// Records that meet the tests.
    pub records: u64,
    /// Those of them that are of the role.
    pub correct: u64,
    /// `correct` of `records`.
    pub confidence: Percent,
}

impl<R> fmt::Display for TreeRule<R> {
    /// In the language's own words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.tests.is_empty() {
            return f.write_str("everyone");
        }
        for (index, test) in self.tests.iter().enumerate() {
            if index > 0 {
                f.write_str(" and ")?;
            }
            test.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for TreeTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attribute, value, .. } = self;
        match self.is {
            Is::Equal => write!(f, "{attribute} == {}", quoted(value)),
            Is::NotEqual => write!(f, "{attribute} != {}", quoted(value)),
            Is::Has => write!(f, "{attribute} has {}", quoted(value)),
            Is::HasNot => write!(f, "not {attribute} has {}", quoted(value)),
            Is::AtMost => write!(f, "{attribute} <= {value}"),
            Is::MoreThan => write!(f, "{attribute} > {value}"),
            Is::Missing => write!(f, "{attribute} is missing"),
            Is::NotMissing => write!(f, "{attribute} is not missing"),
            Is::Other => write!(f, "{attribute} is none of those"),
        }
    }
}

/// The paths that some record takes, in the order of the tree, with the counts of all records.
pub(super) fn rules(tree: &Tree, records: &Records) -> Vec<TreeRule<usize>> {
    let mut table = Table { records, path: Vec::new(), rules: Vec::new() };
    table.add(tree.root(), rows(records, records.counts()));
    table.rules
}

struct Table<'a> {
    records: &'a Records,
    path: Vec<TreeTest>,
    rules: Vec<TreeRule<usize>>,
}

impl Table<'_> {
    fn add(&mut self, node: &Node, rows: Vec<u32>) {
        let Some(split) = node.split else {
            self.end(node, &rows);
            return;
        };
        let mut unknown = Vec::new();
        for (code, rows) in divided(split, self.records, &rows) {
            match node.children.binary_search_by_key(&code, |(code, _)| *code) {
                Ok(place) => {
                    let Some((_, child)) = node.children.get(place) else { continue };
                    self.path.extend(self.test(split, code));
                    self.add(child, rows);
                    self.path.pop();
                }
                Err(_) => unknown.extend(rows),
            }
        }
        if let (false, Split::Each { attribute }) = (unknown.is_empty(), split) {
            let attribute = self.records.attributes().get(attribute).map(|attribute| attribute.name.clone());
            self.path.push(TreeTest { attribute: attribute.unwrap_or_default(), is: Is::Other, value: String::new() });
            self.end(node, &unknown);
            self.path.pop();
        }
    }

    fn end(&mut self, node: &Node, rows: &[u32]) {
        let weight = |row: &u32| u64::from(self.records.counts().get(*row as usize).copied().unwrap_or_default());
        let records: u64 = rows.iter().map(weight).sum();
        let correct = rows.iter().filter(|&&row| self.records.class(row) == node.class).map(weight).sum();
        if records > 0 {
            let number = self.rules.len() as u64 + 1;
            let (tests, role) = (simplified(&self.path), node.class as usize);
            self.rules.push(TreeRule {
                number,
                tests,
                role,
                records,
                correct,
                confidence: Percent::of(correct, records),
            });
        }
    }

    /// What a branch says.
    fn test(&self, split: Split, branch: u32) -> Option<TreeTest> {
        let (attribute, code, yes) = match split {
            Split::Each { attribute } => (attribute, branch, true),
            Split::Has { attribute, code } | Split::AtMost { attribute, code } => (attribute, code, branch == 0),
        };
        let attribute = self.records.attributes().get(attribute)?;
        let value = attribute.values.get(code as usize);
        let is = match (split, attribute.kind, value.is_some(), yes) {
            (_, _, false, true) => Is::Missing,
            (_, _, false, false) => Is::NotMissing,
            (Split::AtMost { .. }, _, true, true) => Is::AtMost,
            (Split::AtMost { .. }, _, true, false) => Is::MoreThan,
            (_, Kind::List, true, true) => Is::Has,
            (_, Kind::List, true, false) => Is::HasNot,
            (_, _, true, true) => Is::Equal,
            (_, _, true, false) => Is::NotEqual,
        };
        Some(TreeTest { attribute: attribute.name.clone(), is, value: value.cloned().unwrap_or_default() })
    }
}

/// A path without the tests that a later one makes needless: what equals one value is no other, and only the last limit of a number counts.
fn simplified(path: &[TreeTest]) -> Vec<TreeTest> {
    let needless = |place: usize, test: &TreeTest| {
        path.iter().skip(place + 1).filter(|later| later.attribute == test.attribute).any(|later| match test.is {
            Is::NotEqual | Is::NotMissing => matches!(later.is, Is::Equal | Is::Missing),
            Is::AtMost | Is::MoreThan => later.is == test.is,
            _ => false,
        })
    };
    path.iter().enumerate().filter(|(place, test)| !needless(*place, test)).map(|(_, test)| test.clone()).collect()
}
