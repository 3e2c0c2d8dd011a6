//! The way through: from a checked spec and a snapshot to everything that is linted, recorded and emitted.

mod declared;
mod described;
mod discovered;
mod guides;
mod merged;
mod mined;
mod within;

pub(crate) use self::mined::clusters;

use adit_snapshots::{Digest, EntitlementId, IdentityId, Snapshot};
use jiff::civil::Date;

use crate::{
    approval::{self, ApprovalFile, RoleStatus},
    condition::Evaluator,
    cut::Cut,
    existing, expectations,
    learn::Learnability,
    matrix::AccessMatrix,
    measures::Measures,
    mine::{LowerBound, MineError, Progress, Unassigned},
    quality::Quality,
    roles::{CandidateRole, LeftAlone, RoleOrigin},
    select::{self, ClassOf, Excluded, SelectError},
    spec::{Condition, Provision, Provisioned, Spec, Strategy},
};

/// Everything a build found out. Linted by `rules`, recorded by [`crate::derivation`], emitted by [`crate::provision`].
#[derive(Debug)]
pub struct Compilation<'a> {
    /// The spec.
    pub spec: &'a Spec,
    /// The data.
    pub snapshot: &'a Snapshot,
    /// The day that waivers and approvals are held against.
    pub as_of: Date,
    /// The class of each identity (index into `Spec::classes`), by identity.
    pub classes: ClassOf,
    /// The populations that were mined, by mining block, then by class.
    pub populations: Vec<Population>,
    /// Every candidate role: mined ones by mining block and size, then declared ones.
    pub roles: Vec<CandidateRole>,
    /// What approvals say of each role; same length as `roles`.
    pub statuses: Vec<RoleStatus>,
    /// Approval files that are about no role of this build: stale, or about another project.
    pub stray_approvals: Vec<usize>,
    /// The approval files, as given.
    pub approvals: &'a [ApprovalFile],
    /// Expectations that do not hold: index into `Spec::expectations` and why.
    pub failed_expectations: Vec<(usize, String)>,
}

/// Identities mined together, and what came of it.
#[derive(Debug)]
pub struct Population {
    /// Index into `Spec::minings`.
    pub mining: usize,
    /// The classes its identities are of (indices into `Spec::classes`); never two separated ones.
    pub classes: Vec<usize>,
    /// `finance-analysts`, or `finance-analysts (service)` where a mining block has several.
    pub name: String,
    /// Who has what within the scope.
    pub matrix: AccessMatrix,
    /// What was left out, with reasons and counts.
    pub excluded: Vec<Excluded>,
    /// The strategy's proof of how few roles there can be.
    pub bound: Option<LowerBound>,
    /// What the strategy could not do.
    pub notes: Vec<String>,
    /// What the cut did to each cluster.
    pub cut: Cut,
    /// The measures of its roles, and of the two trivial policies.
    pub measures: Measures,
    /// How good its roles are beyond that; none where it was not asked for.
    pub quality: Option<Quality>,
    /// How well attributes foretell its roles; a role is its place in [`Compilation::roles`]. None where roles are not described, or nobody
    /// has one.
    pub learnability: Option<Learnability<usize>>,
    /// The digest of the matrix: names of identities and entitlements and who holds what.
    pub digest: Digest,
    /// The digest of the clusters that the strategy found.
    pub clusters: Digest,
    /// Rows that are in no cluster, and how near they came; ascending by row.
    pub unassigned: Vec<Unassigned>,
    /// Existing roles that were looked at and that nothing is proposed for.
    pub left_alone: Vec<LeftAlone>,
    /// For `entitlement-overlap`: the columns that count as common, ascending.
    pub filter: Option<Vec<u32>>,
}

/// Why a build stopped before it had anything to lint.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// The spec cannot be applied to this data.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// A strategy gave up.
    #[error("mining `{mining}`: {error}")]
    Mine {
        /// The mining block.
        mining: String,
        /// Why.
        error: crate::mine::MineError,
    },
}

/// Selects, mines, cuts, describes, measures and holds approvals against the result.
///
/// # Errors
/// See [`CompileError`].
pub fn compile<'a>(
    spec: &'a Spec,
    snapshot: &'a Snapshot,
    approvals: &'a [ApprovalFile],
    as_of: Date,
    progress: &dyn Progress,
) -> Result<Compilation<'a>, CompileError> {
    compile_to(Depth::Quality, spec, snapshot, approvals, as_of, progress)
}

/// How far populations are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What roles cost and explain. A derivation of it is not that of a build.
    Roles,
    /// How good they are beyond that, too: [`Population::quality`], for which some identities are mined several times more, and on which nothing
    /// rests but the record.
    Quality,
}

/// The same as far as is asked for; [`compile`] goes all the way.
///
/// # Errors
/// See [`CompileError`].
pub fn compile_to<'a>(
    depth: Depth,
    spec: &'a Spec,
    snapshot: &'a Snapshot,
    approvals: &'a [ApprovalFile],
    as_of: Date,
    progress: &dyn Progress,
) -> Result<Compilation<'a>, CompileError> {
    let evaluator = Evaluator::new(snapshot);
    let classes = select::classify(spec, &evaluator)?;
    let mut compilation = Compilation {
        spec,
        snapshot,
        as_of,
        classes,
        populations: Vec::new(),
        roles: Vec::new(),
        statuses: Vec::new(),
        stray_approvals: Vec::new(),
        approvals,
        failed_expectations: Vec::new(),
    };
    let mut looked_at = merged::LookedAt::new();
    for (number, mining) in spec.minings.iter().enumerate() {
        let mut found = Vec::new();
        let selections = select::populations(spec, mining, &compilation.classes, &evaluator)?;
        let mut given = discovered::given(snapshot, mining, &selections)?;
        for selection in selections {
            if matches!(mining.strategy, Strategy::ExistingRoles(_)) {
                looked_at.insert(compilation.populations.len(), selection.looked_at.clone());
            }
            let (population, roles) = mined::mine(spec, number, snapshot, selection, &mut given, depth, progress)?;
            found.extend(roles.into_iter().map(|role| (compilation.populations.len(), role)));
            compilation.populations.push(population);
        }
        mined::add(&mut compilation, number, mining, found);
    }
    merged::merge(&mut compilation, &looked_at)?;
    declared::add(&mut compilation, &evaluator)?;
    if progress.cancelled() {
        return Err(CompileError::Mine { mining: String::new(), error: MineError::Cancelled });
    }
    approval::judge(&mut compilation);
    compilation.failed_expectations = expectations::failed(&compilation, &evaluator);
    Ok(compilation)
}

impl Compilation<'_> {
    /// Everything a role grants, its own and inherited, ascending. Follows cycles once. What an existing role inherits counts as it stands.
    #[must_use]
    pub fn effective_grants(&self, role: usize) -> Vec<EntitlementId> {
        let mut seen = vec![false; self.roles.len()];
        let mut todo = vec![role];
        let mut grants = Vec::new();
        while let Some(next) = todo.pop() {
            let (Some(seen), Some(role)) = (seen.get_mut(next), self.roles.get(next)) else { continue };
            if !std::mem::replace(seen, true) {
                grants.extend(role.grants.iter().map(|granted| granted.entitlement));
                todo.extend(&role.inherits);
                grants.extend(
                    role.change().into_iter().flat_map(|it| existing::inherited(&self.snapshot.roles, it.role)),
                );
            }
        }
        grants.sort_unstable();
        grants.dedup();
        grants
    }

    /// The index of an identity's class in `Spec::classes`.
    #[must_use]
    pub fn class_of(&self, identity: IdentityId) -> Option<usize> {
        self.classes.0.get(identity.0 as usize).map(|&class| class as usize)
    }

    /// The provision that speaks of a role, if one does.
    #[must_use]
    pub fn provision(&self, role: &CandidateRole) -> Option<&Provision> {
        let of = match &role.origin {
            RoleOrigin::Declared { role } => Provisioned::Role(*role),
            mined => Provisioned::Mining(mined.mining()?),
        };
        self.spec.provisions.iter().find(|provision| provision.of == of)
    }

    /// Who answers for a role: the owner that its mining block or its declaration names.
    #[must_use]
    pub fn owner(&self, role: &CandidateRole) -> Option<&str> {
        match &role.origin {
            RoleOrigin::Declared { role } => self.spec.roles.get(*role)?.owner.as_deref(),
            mined => self.spec.minings.get(mined.mining()?)?.owner.as_deref(),
        }
    }

    /// The membership rule of a role as a condition: of a mined role what was found, of a declared one what was written. None where
    /// nobody gets the role by rule. Holds within [`Self::within`] only.
    #[must_use]
    pub fn rule(&self, role: &CandidateRole) -> Option<Condition> {
        within::rule(self, role)
    }

    /// Whom a role is for at all: the classes and the scope of the population that it was mined from, but for lines that exclude
    /// whoever used nothing, as nobody who joins has used anything yet. A declared role is for everyone.
    #[must_use]
    pub fn within(&self, role: &CandidateRole) -> Condition {
        within::within(self, role)
    }

    /// Everything that must be met to get a role: [`Self::within`] and [`Self::rule`]. None where nobody gets it by rule.
    #[must_use]
    pub fn membership(&self, role: &CandidateRole) -> Option<Condition> {
        Some(Condition::all([self.within(role), self.rule(role)?]))
    }

    /// [`Self::membership`] with every test in the type that the schema gives its attribute, as proofs need it: a learned rule tests the
    /// text of everything.
    #[must_use]
    pub fn membership_in_types(&self, role: &CandidateRole) -> Option<Condition> {
        within::membership_in_types(self, role)
    }

    /// Whom a population is drawn from: its classes, and what the scope says of identities.
    #[must_use]
    pub fn within_population(&self, population: usize) -> Condition {
        within::within_population(self, population)
    }
}

#[cfg(test)]
mod tests;
