//! Every name that the spec defines, and the one place that may define it.

use std::collections::{BTreeMap, btree_map::Entry};

use adit_grammar::{Diagnostic, Span, ast};

use super::{codes, context::Faults};
use crate::resolve::Project;

/// All definitions, each kind ascending by name. Of two definitions of one name the first is kept.
#[derive(Default)]
pub(super) struct Names<'a> {
    /// The block that says who is who.
    pub(super) identities: Option<&'a ast::Identities>,
    /// The index of each class in that block.
    pub(super) classes: BTreeMap<&'a str, usize>,
    pub(super) separations: Vec<&'a ast::Separate>,
    pub(super) sets: BTreeMap<&'a str, &'a ast::Set>,
    pub(super) activities: BTreeMap<&'a str, &'a ast::Activity>,
    pub(super) duties: BTreeMap<&'a str, &'a ast::Duties>,
    pub(super) apart: Vec<&'a ast::Apart>,
    pub(super) sensitive: BTreeMap<&'a str, &'a ast::Sensitive>,
    pub(super) governance: BTreeMap<&'a str, &'a ast::Governance>,
    pub(super) packs: Vec<&'a ast::UsePack>,
    pub(super) minings: BTreeMap<&'a str, &'a ast::Mining>,
    pub(super) roles: BTreeMap<&'a str, &'a ast::Role>,
    pub(super) waivers: BTreeMap<&'a str, &'a ast::Waiver>,
    pub(super) provisions: BTreeMap<&'a str, &'a ast::Provision>,
    pub(super) expectations: Vec<&'a ast::Expect>,
}

impl<'a> Names<'a> {
    /// Collects every definition; reports what is defined twice.
    pub(super) fn collect(project: &'a Project, faults: &mut Faults) -> Self {
        let mut names = Self::default();
        // What `provision` names: mining blocks and roles together.
        let mut provisioned = BTreeMap::new();
        // What duties name: sets and activities together.
        let mut accesses = BTreeMap::new();
        let mut expectations = BTreeMap::new();
        for item in project.files.iter().flat_map(|file| &file.tree.items) {
            match item {
                ast::Item::Use(_) => {}
                ast::Item::UsePack(item) => names.packs.push(item),
                ast::Item::Identities(item) => names.identities(item, faults),
                ast::Item::Separate(item) => names.separations.push(item),
                ast::Item::Apart(item) => names.apart.push(item),
                ast::Item::Sensitive(item) => {
                    define(&mut names.sensitive, "sensitive", &item.name, item, |item| item.name.span, faults);
                }
                ast::Item::Governance(item) => {
                    define(&mut names.governance, "governance", &item.name, item, |item| item.name.span, faults);
                }
                ast::Item::Set(item) => {
                    if define(&mut accesses, "set or activity", &item.name, item.name.span, |span| *span, faults) {
                        names.sets.insert(&item.name.node, item);
                    }
                }
                ast::Item::Activity(item) => {
                    if define(&mut accesses, "set or activity", &item.name, item.name.span, |span| *span, faults) {
                        names.activities.insert(&item.name.node, item);
                    }
                }
                ast::Item::Duties(item) => {
                    define(&mut names.duties, "duties", &item.name, item, |item| item.name.span, faults);
                }
                ast::Item::Mining(item) => {
                    if define(&mut provisioned, "mining or role", &item.name, item.name.span, |span| *span, faults) {
                        names.minings.insert(&item.name.node, item);
                    }
                }
                ast::Item::Role(item) => {
                    if define(&mut provisioned, "mining or role", &item.name, item.name.span, |span| *span, faults) {
                        names.roles.insert(&item.name.node, item);
                    }
                }
                ast::Item::Waiver(item) => {
                    define(&mut names.waivers, "waiver", &item.id, item, |item| item.id.span, faults);
                }
                ast::Item::Provision(item) => {
                    define(&mut names.provisions, "provision", &item.name, item, |item| item.name.span, faults);
                }
                ast::Item::Expect(item) => {
                    define(&mut expectations, "expect", &item.title, item.title.span, |span| *span, faults);
                    names.expectations.push(item);
                }
            }
        }
        names
    }

    fn identities(&mut self, block: &'a ast::Identities, faults: &mut Faults) {
        if let Some(first) = self.identities {
            faults.push(
                Diagnostic::error(codes::DEFINED_TWICE, "`identities` is there twice", *block.span, "a second block")
                    .label(*first.span, "the first")
                    .help("one block says who is who, so that it can be read as a whole: move the classes into it"),
            );
            return;
        }
        self.identities = Some(block);
        let mut spans = BTreeMap::new();
        for (index, class) in block.classes.iter().enumerate() {
            if define(&mut spans, "class", &class.name, class.name.span, |span| *span, faults) {
                self.classes.insert(&class.name.node, index);
            }
        }
    }
}

/// Every name and its rank, which is its index in the spec.
pub(super) fn ranks<'a, T>(names: &BTreeMap<&'a str, T>) -> impl Iterator<Item = (&'a str, usize)> {
    names.keys().enumerate().map(|(rank, name)| (*name, rank))
}

/// Whether it is the first of its name; otherwise reported.
fn define<'a, T>(
    names: &mut BTreeMap<&'a str, T>,
    what: &str,
    name: &'a ast::Text,
    item: T,
    place: impl Fn(&T) -> Span,
    faults: &mut Faults,
) -> bool {
    match names.entry(&name.node) {
        Entry::Vacant(entry) => {
            entry.insert(item);
            true
        }
        Entry::Occupied(entry) => {
            faults.push(
                Diagnostic::error(
                    codes::DEFINED_TWICE,
                    format!("two definitions of {what} `{}`", name.node),
                    name.span,
                    "defined again",
                )
                .label(place(entry.get()), "first defined here")
                .help("order never matters, so neither can win: rename or remove one"),
            );
            false
        }
    }
}
