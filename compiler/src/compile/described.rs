//! What attributes say of the roles of a population: who gets each by rule, what comes nearest to its members, and how well roles can be
//! foretold.

use std::sync::Arc;

use adit_snapshots::{Column, IdentityId, Snapshot};
use rayon::prelude::*;

use crate::{
    cut::CutRole,
    describe::{self, Describer, Explained, Explainer, Groups},
    learn::{self, Learnability},
    matrix::AccessMatrix,
    measures::MeasuredRole,
    membership::MembershipRule,
    select_error::SelectError,
    spec::{Describe, Mining},
};

/// An attribute of identities: its name and its column.
type Attribute<'a> = (&'a str, &'a Column);

/// The attributes that the roles of a mining block are described by.
pub(super) struct Attributes<'a> {
    /// Those that rules speak of, and how.
    by: Option<(&'a Describe, Vec<Attribute<'a>>)>,
    /// Those that shape or describe roles, in the order in which they are named.
    known: Vec<Attribute<'a>>,
}

/// The same, with who of a population is alike in them.
#[derive(Default)]
pub(super) struct Describing<'a> {
    describer: Option<Describer<'a>>,
    explainer: Option<Explainer>,
    learner: Option<Learner<'a>>,
}

/// What a tree is learned by.
struct Learner<'a> {
    settings: &'a Describe,
    attributes: &'a [Attribute<'a>],
    groups: Arc<Groups>,
}

/// What is said of one role.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) rule: Option<MembershipRule>,
    pub(super) explained: Option<Explained>,
}

impl<'a> Attributes<'a> {
    /// # Errors
    /// When the snapshot lacks an attribute that rules may speak of.
    pub(super) fn new(snapshot: &'a Snapshot, mining: &'a Mining) -> Result<Self, SelectError> {
        let by = match &mining.describe {
            Some(settings) => {
                let columns = describe::columns(snapshot, mining, settings)?;
                Some((settings, settings.by.iter().map(String::as_str).zip(columns).collect()))
            }
            None => None,
        };
        let mut known: Vec<Attribute<'_>> = Vec::new();
        for name in mining.guided_by.iter().chain(mining.describe.iter().flat_map(|describe| &describe.by)) {
            // Those that there are not have been reported.
            let column = snapshot.identities.attribute(name);
            known.extend(
                column.filter(|_| known.iter().all(|(other, _)| other != name)).map(|column| (name.as_str(), column)),
            );
        }
        Ok(Self { by, known })
    }

    /// Finds out who of a population (ascending) is alike.
    pub(super) fn over(&self, population: &[IdentityId]) -> Describing<'_> {
        let grouped = |attributes: &[Attribute<'_>]| {
            let columns: Vec<&Column> = attributes.iter().map(|(_, column)| *column).collect();
            Arc::new(Groups::new(&columns, population))
        };
        let learner = self.by.as_ref().map(|(settings, attributes)| Learner {
            settings,
            attributes,
            groups: grouped(attributes),
        });
        let known = names(&self.known);
        let explainer = (!known.is_empty()).then(|| {
            let same = learner.as_ref().filter(|learner| names(learner.attributes) == known);
            let groups = same.map_or_else(|| grouped(&self.known), |learner| Arc::clone(&learner.groups));
            Explainer::within(groups, &known)
        });
        let describer =
            learner.as_ref().map(|learner| Describer::within(Arc::clone(&learner.groups), learner.settings));
        Describing { describer, explainer, learner }
    }
}

fn names<'a>(attributes: &[Attribute<'a>]) -> Vec<&'a str> {
    attributes.iter().map(|(name, _)| *name).collect()
}

impl Describing<'_> {
    /// What is said of each role and its child.
    pub(super) fn tell(&self, roles: &[CutRole]) -> Vec<[Told; 2]> {
        let tell = |role: &CutRole| Told {
            rule: self.describer.as_ref().and_then(|describer| describer.rule(&role.members)),
            explained: self.explainer.as_ref().and_then(|explainer| explainer.explain(&role.members)),
        };
        roles.par_iter().map(|role| [tell(role), role.secondary.as_deref().map(tell).unwrap_or_default()]).collect()
    }

    /// Learns a tree, where the mining block says what roles are described by. Roles are places in `roles`.
    pub(super) fn learn(&self, matrix: &AccessMatrix, roles: &[MeasuredRole<'_>]) -> Option<Learnability<usize>> {
        let Learner { settings, attributes, groups } = self.learner.as_ref()?;
        learn::of_roles_within(groups, attributes, matrix, roles, settings)
    }
}
