//! Settings as the language says them.

use adit_grammar::ast::{Setting, SettingPart};

use super::begins;
use crate::spec::{
    AttributesOf, Cutoff, Describe, DutyLevel, Percent, Pruning, RoleCount, Similarity, Strategy, Weights,
};

/// A setting: the words that any form of it begins with, and how it is said.
pub(super) type Said = (&'static str, String);

/// Those that a block does not say.
pub(super) fn missing(all: Vec<Said>, written: &[Setting]) -> Vec<String> {
    let unsaid = all.into_iter().filter(|(words, _)| !written.iter().any(|setting| begins(setting, words)));
    unsaid.map(|(_, sentence)| sentence).collect()
}

/// All settings of a strategy that can be said. What attributes do is nothing where none guide it.
pub(super) fn strategy(strategy: &Strategy, guided: bool, written: &[Setting]) -> Vec<Said> {
    match strategy {
        Strategy::Attributes(attributes) => vec![members(attributes.min_members)],
        Strategy::Cobweb(cobweb) => vec![
            ("acuity", format!("acuity {} identities", cobweb.acuity)),
            ("cutoff", format!("cutoff {}", cobweb.cutoff)),
            seed(cobweb.seed),
            ("detail", format!("detail {}", cobweb.detail)),
        ],
        Strategy::Cover(cover) => {
            let departs = ["deviation", "over-grant"].map(|words| written.iter().any(|setting| begins(setting, words)));
            let mut all = vec![match departs {
                [false, false] => ("exact", "exact".to_owned()),
                _ => ("over-grant", "over-grant none".to_owned()),
            }];
            all.push(search(cover.max_nodes));
            all
        }
        Strategy::Em(em) => {
            let roles = match em.roles {
                RoleCount::Fixed(count) => format!("roles {count}"),
                RoleCount::AutoUpTo(most) => format!("roles auto, at most {most}"),
            };
            vec![
                ("roles", roles),
                ("iterations", format!("iterations at most {}", em.max_iterations)),
                seed(em.seed),
                ("detail", format!("detail {}", em.detail)),
            ]
        }
        Strategy::EntitlementOverlap(overlap) => vec![
            ("common", format!("common at least {}", overlap.common)),
            ("identities", format!("identities at least {}", overlap.min_identities)),
            ("entitlements", format!("entitlements at least {}", overlap.min_entitlements)),
        ],
        Strategy::ExistingRoles(_) => Vec::new(),
        Strategy::Hierarchy(hierarchy) => {
            vec![("weights", weights(&hierarchy.weights)), search(hierarchy.max_nodes)]
        }
        Strategy::Layers(layers) => {
            vec![("support", format!("support at least {}", layers.support)), members(layers.min_members)]
        }
        Strategy::Similarity(similarity) => self::similarity(similarity, guided),
    }
}

/// `roles auto` without a limit: where it stands, and the limit that applies.
pub(super) fn open_number<'a>(strategy: &Strategy, written: &'a [Setting]) -> Option<(&'a Setting, String)> {
    let Strategy::Em(em) = strategy else { return None };
    let RoleCount::AutoUpTo(most) = em.roles else { return None };
    let setting = written.iter().find(|setting| begins(setting, "roles auto"))?;
    let limited = setting.parts.iter().any(|part| matches!(part, SettingPart::Value(_)));
    (!limited).then(|| (setting, format!(", at most {most}")))
}

/// A cut-off. That there is none cannot be said.
pub(super) fn cutoff(cutoff: &Cutoff) -> Vec<Said> {
    let mut all = Vec::new();
    if cutoff.decides() {
        all.push(("primary", format!("primary at least {} of members", cutoff.primary)));
    }
    all.push(members(cutoff.min_members));
    all
}

/// How membership is described.
pub(super) fn describe(describe: &Describe, written: &[Setting]) -> Vec<Said> {
    let mut all = vec![
        ("confidence", format!("confidence at least {}", describe.confidence)),
        members(describe.min_members),
        ("clauses", format!("clauses at most {}", describe.max_clauses)),
    ];
    let said = |words: &str| written.iter().any(|setting| begins(setting, words));
    if let Pruning::Confidence { confidence, .. } = describe.tree.pruning
        && !said("folds")
        && !said("unpruned")
    {
        all.push(("prune", format!("prune confidence {confidence}")));
    }
    let each = if describe.tree.per_role { "role" } else { "identity" };
    all.push(("one row per", format!("one row per {each}")));
    all.push(seed(describe.tree.seed));
    all
}

pub(super) fn level(level: DutyLevel) -> &'static str {
    match level {
        DutyLevel::Error => "level error",
        DutyLevel::Warning => "level warning",
    }
}

fn members(least: u32) -> Said {
    ("members", format!("members at least {least}"))
}

fn seed(seed: u64) -> Said {
    ("seed", format!("seed {seed}"))
}

fn search(nodes: u64) -> Said {
    ("search", format!("search at most {nodes} nodes"))
}

fn weights(weights: &Weights) -> String {
    let mut all: Vec<String> = [weights.roles, weights.user_assignments, weights.permission_assignments]
        .map(|weight| weight.to_string())
        .into();
    match (weights.role_edges, weights.direct_assignments) {
        (None, None) => {}
        (edges, direct) => {
            all.push(edges.map_or_else(|| "none".to_owned(), |weight| weight.to_string()));
            all.extend(direct.map(|weight| weight.to_string()));
        }
    }
    format!("weights {}", all.join(", "))
}

fn similarity(similarity: &Similarity, guided: bool) -> Vec<Said> {
    let mut all = Vec::new();
    if similarity.alike > Percent(0) {
        all.push(("alike", format!("alike at least {}", similarity.alike)));
    }
    all.push(members(similarity.min_members));
    all.push(("overlap", format!("overlap at least {}", similarity.overlap)));
    let (least, most) = (similarity.min_popularity, similarity.max_popularity);
    all.push(("popularity", format!("popularity at least {least}, at most {most}")));
    let most = similarity.max_entitlements.map(|most| format!(", at most {most}")).unwrap_or_default();
    all.push(("entitlements", format!("entitlements at least {}{most}", similarity.min_entitlements)));
    if guided {
        let attributes = match similarity.attributes {
            AttributesOf::Agree => "attributes agree".to_owned(),
            AttributesOf::Weigh(share) => format!("attributes weigh {share}"),
        };
        all.push(("attributes", attributes));
    }
    all
}
