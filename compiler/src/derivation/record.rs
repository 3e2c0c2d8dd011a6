//! From a compilation to its record.

use adit_snapshots::{Digest, EntitlementId, IdentityId, Snapshot};
use rayon::prelude::*;

use super::{
    BoundRecord, ChangeRecord, ClassRecord, ClauseRecord, ClosestRecord, ClusteringRecord, Counts, Derivation, EDITION,
    ExpectationRecord, ExplainedRecord, FoundRecord, GrantRecord, KernelRecord, LeftAloneRecord, MembersRecord,
    OriginRecord, OverGrantsRecord, Parameters, PopulationRecord, RoleMeasuresRecord, RoleRecord, RuleRecord, SCHEMA,
    SnapshotRecord, SpecRecord, Tool, UnassignedRecord,
};
use crate::{
    compile::{Compilation, Population},
    describe::made,
    measures::RoleMeasures,
    mine::LowerBound,
    roles::{CandidateRole, Granted, LeftAlone, RoleOrigin, WhyLeft},
    select::label,
    spec::{Mining, ScopeLine},
};

/// Everything but the digests of stages and document.
pub(super) fn record(compilation: &Compilation<'_>) -> Derivation {
    let Compilation { spec, snapshot, .. } = compilation;
    let mut failed = compilation.failed_expectations.iter().peekable();
    Derivation {
        schema: SCHEMA.to_owned(),
        tool: Tool::this(),
        edition: EDITION,
        as_of: compilation.as_of,
        stages: Vec::new(),
        spec: SpecRecord { files: spec.files.clone() },
        snapshot: SnapshotRecord {
            extracted: snapshot.manifest.extracted,
            digest: snapshot.digest.whole,
            tables: snapshot.digest.tables.clone(),
        },
        classes: classes(compilation),
        populations: compilation
            .populations
            .iter()
            .enumerate()
            .filter_map(|(number, record)| population(compilation, number, record))
            .collect(),
        roles: (compilation.roles.par_iter().enumerate())
            .map(|(number, record)| role(compilation, number, record))
            .collect(),
        expectations: spec
            .expectations
            .iter()
            .enumerate()
            .map(|(number, expectation)| ExpectationRecord {
                title: expectation.title.clone(),
                failed: failed.next_if(|(failed, _)| *failed == number).map(|(_, why)| why.clone()),
            })
            .collect(),
        digest: None,
    }
}

fn classes(compilation: &Compilation<'_>) -> Vec<ClassRecord> {
    let mut counts = vec![0; compilation.spec.classes.len()];
    for &class in &compilation.classes.0 {
        if let Some(count) = counts.get_mut(usize::from(class)) {
            *count += 1;
        }
    }
    let classes = compilation.spec.classes.iter().zip(counts);
    classes.map(|(class, identities)| ClassRecord { name: class.name.clone(), identities }).collect()
}

fn population(compilation: &Compilation<'_>, number: usize, population: &Population) -> Option<PopulationRecord> {
    let mining = compilation.spec.minings.get(population.mining)?;
    let name = |&class: &usize| compilation.spec.classes.get(class).map(|class| class.name.clone());
    let matrix = &population.matrix;
    Some(PopulationRecord {
        name: population.name.clone(),
        mining: mining.name.clone(),
        classes: population.classes.iter().filter_map(name).collect(),
        parameters: parameters(compilation, number, mining),
        in_scope: Counts {
            identities: matrix.height() as u64,
            entitlements: matrix.width() as u64,
            assignments: matrix.assignments() as u64,
        },
        excluded: population.excluded.clone(),
        matrix: population.digest,
        clustering: ClusteringRecord {
            clusters: population.cut.clusters,
            digest: population.clusters,
            common: population.filter.as_ref().map(|columns| columns.len() as u64),
            bound: population.bound.as_ref().map(|bound| self::bound(population, bound)),
            unassigned: population
                .unassigned
                .iter()
                .map(|unassigned| UnassignedRecord {
                    identity: identity(population, unassigned.row),
                    why: unassigned.shortfall.to_string(),
                    common: unassigned.best_common,
                    of: unassigned.of,
                    with: unassigned.with.map(|row| identity(population, row)),
                    with_of: unassigned.with_of,
                })
                .collect(),
            notes: population.notes.clone(),
        },
        cut: population.cut.clone(),
        left_alone: population.left_alone.iter().map(|left| left_alone(compilation, left)).collect(),
        measures: population.measures.clone(),
        quality: population.quality.clone(),
        learnability: population.learnability.as_ref().map(|learned| learned.map(|&role| handle(compilation, role))),
    })
}

fn parameters(compilation: &Compilation<'_>, population: usize, mining: &Mining) -> Parameters {
    let lines = |lines: &[ScopeLine]| lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>();
    // Taken apart whole, so that no setting which a mining block gains can be forgotten here.
    let Mining {
        name: _,
        title: _,
        owner: _,
        cites: _,
        review_every: _,
        scope,
        minable,
        guided_by,
        never_by,
        ignore_fewer_than,
        ignore_more_than,
        strategy,
        unseeded: _,
        cutoff,
        describe,
        span: _,
    } = mining;
    Parameters {
        within: compilation.within_population(population).to_string(),
        scope: [lines(&scope.entitlements), lines(&scope.except_entitlements), lines(&scope.except_assignments)]
            .concat(),
        minable: minable.clone(),
        guided_by: guided_by.clone(),
        never_by: never_by.clone(),
        ignore_fewer_than: *ignore_fewer_than,
        ignore_more_than: *ignore_more_than,
        strategy: strategy.clone(),
        cutoff: cutoff.clone(),
        describe: describe.clone(),
    }
}

fn bound(population: &Population, bound: &LowerBound) -> BoundRecord {
    let pairs = |assignments: &[(u32, u32)]| {
        let entitlement = |column: u32| {
            population.matrix.entitlements.get(column as usize).map_or(u32::MAX, |&EntitlementId(ordinal)| ordinal)
        };
        assignments.iter().map(|&(row, column)| (identity(population, row), entitlement(column))).collect()
    };
    BoundRecord {
        roles: bound.roles,
        fooling_set: pairs(&bound.fooling_set),
        kernel: bound
            .kernel
            .as_ref()
            .map(|kernel| KernelRecord { nodes: kernel.nodes, assignments: pairs(&kernel.assignments) }),
    }
}

fn role(compilation: &Compilation<'_>, number: usize, role: &CandidateRole) -> RoleRecord {
    let population = |population: usize| {
        compilation.populations.get(population).map(|population| population.name.clone()).unwrap_or_default()
    };
    let members: Vec<u32> = role.members.iter().map(|&IdentityId(ordinal)| ordinal).collect();
    RoleRecord {
        id: role.id.clone(),
        handle: role.handle.clone(),
        origin: match role.origin {
            RoleOrigin::Primary { population: number, .. } => OriginRecord::Primary { population: population(number) },
            RoleOrigin::Secondary { population: number, .. } => {
                OriginRecord::Secondary { population: population(number) }
            }
            RoleOrigin::Existing { population: number, .. } => {
                OriginRecord::Existing { population: population(number), role: role.id.0.clone() }
            }
            RoleOrigin::Declared { .. } => OriginRecord::Declared,
        },
        content: compilation.statuses.get(number).map(|status| status.content).unwrap_or_default(),
        grants: grants(compilation, &role.grants),
        change: role.change().map(|change| ChangeRecord {
            added: change.added.iter().map(|&added| compilation.snapshot.entitlements.name(added).to_owned()).collect(),
            dropped: grants(compilation, &change.dropped),
            out_of_scope: change.out_of_scope,
        }),
        inherits: role
            .inherits
            .iter()
            .filter_map(|&parent| compilation.roles.get(parent))
            .map(|parent| parent.handle.clone())
            .collect(),
        members: MembersRecord { count: members.len() as u64, digest: ordinals_digest(&members), identities: members },
        over_grants: OverGrantsRecord {
            count: role.over_grants.len() as u64,
            pairs: role.over_grants.iter().map(|(identity, entitlement)| (identity.0, entitlement.0)).collect(),
        },
        rule: compilation
            .rule(role)
            .map(|rule| RuleRecord { text: rule.to_string(), found: found(role, compilation.snapshot) }),
        measures: role.measures.as_ref().map(|measures| role_measures(compilation, role, measures)),
    }
}

fn grants(compilation: &Compilation<'_>, grants: &[Granted]) -> Vec<GrantRecord> {
    let entitlements = &compilation.snapshot.entitlements;
    grants
        .iter()
        .map(|granted| GrantRecord {
            id: entitlements.name(granted.entitlement).to_owned(),
            entitlement: label(compilation.snapshot, granted.entitlement),
            ordinal: granted.entitlement.0,
            held: granted.held,
            of: granted.of,
            margin: granted.margin,
        })
        .collect()
}

fn left_alone(compilation: &Compilation<'_>, left: &LeftAlone) -> LeftAloneRecord {
    let role = compilation.snapshot.roles.get(left.role);
    LeftAloneRecord {
        role: role.map(|role| role.id.clone()).unwrap_or_default(),
        why: left.why.to_string(),
        grants: match &left.why {
            WhyLeft::Nothing { dropped } => grants(compilation, dropped),
            _ => Vec::new(),
        },
    }
}

fn role_measures(compilation: &Compilation<'_>, role: &CandidateRole, measures: &RoleMeasures) -> RoleMeasuresRecord {
    RoleMeasuresRecord {
        density: measures.density,
        exclusive_entitlements: measures.exclusive_entitlements,
        also_granted: measures.also_granted,
        closest: measures.closest.map(|closest| ClosestRecord {
            role: handle(compilation, closest.role),
            common: closest.common,
            either: closest.either,
        }),
        explained: role.explained.as_ref().map(|found| ExplainedRecord::new(found, compilation.snapshot)),
    }
}

fn handle(compilation: &Compilation<'_>, role: usize) -> String {
    compilation.roles.get(role).map(|role| role.handle.clone()).unwrap_or_default()
}

fn found(role: &CandidateRole, snapshot: &Snapshot) -> Option<FoundRecord> {
    let rule = role.rule.as_ref()?;
    Some(FoundRecord {
        members: rule.members,
        members_matched: rule.members_matched,
        matched: rule.matched,
        clauses: rule
            .clauses
            .iter()
            .map(|clause| ClauseRecord {
                tests: made(&clause.tests, snapshot),
                members: clause.members,
                matched: clause.matched,
                confidence: clause.confidence(),
            })
            .collect(),
        clauses_left_out: rule.clauses_left_out,
        members_left_out: rule.members_left_out,
    })
}

/// The digest of members: every ordinal as four bytes, the least first.
pub(super) fn ordinals_digest(ordinals: &[u32]) -> Digest {
    Digest::of(&ordinals.iter().flat_map(|ordinal| ordinal.to_le_bytes()).collect::<Vec<_>>())
}

fn identity(population: &Population, row: u32) -> u32 {
    population.matrix.identities.get(row as usize).map_or(u32::MAX, |&IdentityId(ordinal)| ordinal)
}
