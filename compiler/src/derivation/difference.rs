//! Where two derivations part: the first stage, and in it the first object.
//!
//! A derivation is read as a list of exhibits: what a stage said of an object. The digest of a stage is that of its exhibits, so that
//! it and the search for a difference can never disagree on what belongs to a stage.

use std::{collections::BTreeMap, fmt};

use adit_snapshots::Digest;
use serde::{Deserialize, Serialize};

use super::{Derivation, PopulationRecord, RoleRecord, record::ordinals_digest};

/// The stages, in the order in which they build on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Tool, edition and the spec's files.
    Spec,
    /// The data.
    Snapshot,
    /// Classes, scopes and matrices.
    Select,
    /// Clusters and proofs.
    Mine,
    /// Roles: what they grant and to whom.
    Cut,
    /// Membership rules.
    Describe,
    /// Measures.
    Measure,
    /// Expectations.
    Expect,
}

/// The first difference between a recorded derivation and a fresh one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The stage, by its name in the document; `document` where all stages agree and only the form or the as-of date does not.
    pub stage: String,
    /// What of it: ``population `finance`: matrix``.
    pub object: String,
    /// What was recorded, shortened; `nothing` where the object is not there.
    pub recorded: String,
    /// What came out now.
    pub fresh: String,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Spec, Self::Snapshot, Self::Select, Self::Mine, Self::Cut, Self::Describe, Self::Measure, Self::Expect];
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Spec => "spec",
            Self::Snapshot => "snapshot",
            Self::Select => "select",
            Self::Mine => "mine",
            Self::Cut => "cut",
            Self::Describe => "describe",
            Self::Measure => "measure",
            Self::Expect => "expect",
        })
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stage, object, recorded, fresh } = self;
        write!(f, "first difference at stage `{stage}`, {object}: recorded {recorded}, now {fresh}")
    }
}

/// The first difference, if there is one.
pub(super) fn first(recorded: &Derivation, fresh: &Derivation) -> Option<Difference> {
    let in_stage = |stage: Stage| {
        let (old, new) = (recorded.exhibits(stage), fresh.exhibits(stage));
        let (by_name_old, by_name_new) = (by_name(&old), by_name(&new));
        old.iter().chain(&new).find_map(|(name, _)| {
            let (old, new) = (by_name_old.get(name.as_str()), by_name_new.get(name.as_str()));
            (old != new).then(|| difference(&stage.to_string(), name, old.copied(), new.copied()))
        })
    };
    Stage::ALL.into_iter().find_map(in_stage).or_else(|| {
        let parts: [(&str, String, String); 3] = [
            ("as-of date", recorded.as_of.to_string(), fresh.as_of.to_string()),
            ("stage digests", json(&recorded.stages), json(&fresh.stages)),
            ("digest", json(&recorded.digest), json(&fresh.digest)),
        ];
        let part = parts.into_iter().find(|(_, old, new)| old != new);
        part.map(|(name, old, new)| difference("document", name, Some(&old), Some(&new)))
    })
}

impl Derivation {
    /// The digest of what a stage made.
    pub(super) fn stage_digest(&self, stage: Stage) -> Digest {
        let mut bytes = Vec::new();
        for text in self.exhibits(stage).into_iter().flat_map(|(object, text)| [object, text]) {
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        Digest::of(&bytes)
    }

    /// What a stage said, object by object.
    fn exhibits(&self, stage: Stage) -> Vec<(String, String)> {
        match stage {
            Stage::Spec => {
                let tool = format!("{} {}, edition {}", self.tool.name, self.tool.version, self.edition);
                let files =
                    self.spec.files.iter().map(|file| (format!("file `{}`", file.path), file.digest.to_string()));
                std::iter::once(("tool".to_owned(), tool)).chain(files).collect()
            }
            Stage::Snapshot => {
                let tables =
                    self.snapshot.tables.iter().map(|(name, digest)| (format!("table `{name}`"), digest.to_string()));
                let whole = [
                    ("extraction date".to_owned(), self.snapshot.extracted.to_string()),
                    ("digest".to_owned(), self.snapshot.digest.to_string()),
                ];
                tables.chain(whole).collect()
            }
            Stage::Select => {
                let classes =
                    self.classes.iter().map(|class| (format!("class `{}`", class.name), json(&class.identities)));
                let populations = self.populations.iter().flat_map(|population| {
                    fields(
                        "population",
                        &population.name,
                        [
                            ("classes", json(&(&population.mining, &population.classes))),
                            ("parameters", json(&population.parameters)),
                            ("counts", json(&population.in_scope)),
                            ("exclusions", json(&population.excluded)),
                            ("matrix", json(&population.matrix)),
                        ],
                    )
                });
                classes.chain(populations).collect()
            }
            Stage::Mine => self
                .populations
                .iter()
                .flat_map(|PopulationRecord { name, clustering, .. }| {
                    fields(
                        "population",
                        name,
                        [
                            ("clusters", json(&(clustering.clusters, clustering.digest, clustering.common))),
                            ("lower bound", json(&clustering.bound)),
                            ("unassigned identities", json(&clustering.unassigned)),
                            ("notes", json(&clustering.notes)),
                        ],
                    )
                })
                .collect(),
            Stage::Cut => {
                let cuts = self
                    .populations
                    .iter()
                    .map(|population| (format!("population `{}`: counts", population.name), json(&population.cut)));
                let left = self.populations.iter().map(|population| {
                    (format!("population `{}`: roles left alone", population.name), json(&population.left_alone))
                });
                cuts.chain(left).chain(self.roles.iter().flat_map(cut_role)).collect()
            }
            Stage::Describe => self
                .roles
                .iter()
                .flat_map(|role| {
                    fields(
                        "role",
                        &role.handle,
                        [("membership rule", json(&role.rule)), ("content for approval", json(&role.content))],
                    )
                })
                .chain(self.populations.iter().flat_map(|PopulationRecord { name, learnability, .. }| {
                    fields("population", name, [("learnability", json(learnability))])
                }))
                .collect(),
            Stage::Measure => self
                .populations
                .iter()
                .flat_map(|PopulationRecord { name, measures, quality, .. }| {
                    [
                        (format!("population `{name}`"), json(measures)),
                        (format!("population `{name}`: quality"), json(quality)),
                    ]
                })
                .chain(self.roles.iter().map(|role| (format!("role `{}`", role.handle), json(&role.measures))))
                .collect(),
            Stage::Expect => self
                .expectations
                .iter()
                .zip(1..)
                .map(|(claim, number)| (format!("expectation {number} `{}`", claim.title), json(&claim.failed)))
                .collect(),
        }
    }
}

fn cut_role(role: &RoleRecord) -> impl Iterator<Item = (String, String)> + use<> {
    let members = format!("{} with digest {}", role.members.count, role.members.digest);
    // Not the list, which may be long, but its digest as it is: a list that was changed does not hide behind the digest beside it.
    let list = ordinals_digest(&role.members.identities).to_string();
    fields(
        "role",
        &role.handle,
        [
            ("id", role.id.to_string()),
            ("origin", json(&role.origin)),
            ("entitlements", json(&role.grants)),
            ("change", json(&role.change)),
            ("inherits", json(&role.inherits)),
            ("members", members),
            ("list of members", list),
            ("over-grants", json(&role.over_grants)),
        ],
    )
}

fn fields<const N: usize>(
    kind: &str,
    name: &str,
    fields: [(&str, String); N],
) -> impl Iterator<Item = (String, String)> + use<N> {
    let named: Vec<(String, String)> =
        fields.into_iter().map(|(field, text)| (format!("{kind} `{name}`: {field}"), text)).collect();
    named.into_iter()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn by_name(exhibits: &[(String, String)]) -> BTreeMap<&str, &str> {
    exhibits.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

/// Both sides, shortened to what is around the place where they part.
fn difference(stage: &str, object: &str, recorded: Option<&str>, fresh: Option<&str>) -> Difference {
    let same = match (recorded, fresh) {
        (Some(old), Some(new)) => old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count(),
        _ => 0,
    };
    let shorten = |text: Option<&str>| text.map_or_else(|| "nothing".to_owned(), |text| excerpt(text, same));
    Difference {
        stage: stage.to_owned(),
        object: object.to_owned(),
        recorded: shorten(recorded),
        fresh: shorten(fresh),
    }
}

fn excerpt(text: &str, same: usize) -> String {
    const BEFORE: usize = 24;
    const SHOWN: usize = 96;
    let skipped = if text.chars().count() <= SHOWN { 0 } else { same.saturating_sub(BEFORE) };
    let shown: String = text.chars().skip(skipped).take(SHOWN).collect();
    let before = if skipped > 0 { "…" } else { "" };
    let after = if text.chars().count() > skipped + SHOWN { "…" } else { "" };
    format!("`{before}{shown}{after}`")
}
