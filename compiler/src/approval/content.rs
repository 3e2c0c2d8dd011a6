//! What an approval is bound to: what a role grants, to whom, and why. Nothing else, so that nothing else makes it stale.

use adit_snapshots::Digest;
use serde::Serialize;

use crate::{compile::Compilation, roles::RoleOrigin, spec::Cutoff};

/// The content of one role, by names and not by numbers, so that it says the same in every snapshot in which it is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Content {
    /// The shape of this document.
    pub schema: &'static str,
    /// Every entitlement its members get, its own and inherited ones: ids as the source writes them, ascending.
    pub grants: Vec<String>,
    /// Everyone who would hold it, ids ascending.
    pub members: Vec<String>,
    /// The membership rule in the language's words; none where nobody gets it by rule.
    pub rule: Option<String>,
    /// The classes and the scope that the rule holds within, in the same words.
    pub within: String,
    /// Why.
    pub why: Reason,
}

/// Where a role comes from and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "origin", rename_all = "kebab-case")]
pub enum Reason {
    /// Mined.
    Mined {
        /// The mining block.
        mining: String,
        /// Whether it is the secondary policy of a cluster.
        secondary: bool,
        /// Its owner.
        owner: Option<String>,
        /// What it is written in.
        cites: Vec<String>,
        /// The lines that were drawn.
        cutoff: Cutoff,
    },
    /// A change to a role that exists.
    Existing {
        /// The role's id in its own system.
        role: String,
        /// The mining block that judged it.
        mining: String,
        /// Its owner.
        owner: Option<String>,
        /// What it is written in.
        cites: Vec<String>,
        /// The lines that were drawn.
        cutoff: Cutoff,
    },
    /// Written by people.
    Declared {
        /// The role's name.
        role: String,
        /// Its owner.
        owner: Option<String>,
        /// What it is written in.
        cites: Vec<String>,
    },
}

impl Content {
    /// The content of a role of a compilation; none for a number that no role has.
    #[must_use]
    pub fn of(compilation: &Compilation<'_>, number: usize) -> Option<Self> {
        let role = compilation.roles.get(number)?;
        let snapshot = compilation.snapshot;
        let why = match role.origin {
            RoleOrigin::Existing { mining, .. } => {
                let mining = compilation.spec.minings.get(mining)?;
                Reason::Existing {
                    role: role.id.0.clone(),
                    mining: mining.name.clone(),
                    owner: mining.owner.clone(),
                    cites: mining.cites.clone(),
                    cutoff: mining.cutoff.clone(),
                }
            }
            RoleOrigin::Primary { mining, .. } | RoleOrigin::Secondary { mining, .. } => {
                let mining = compilation.spec.minings.get(mining)?;
                Reason::Mined {
                    mining: mining.name.clone(),
                    secondary: matches!(role.origin, RoleOrigin::Secondary { .. }),
                    owner: mining.owner.clone(),
                    cites: mining.cites.clone(),
                    cutoff: mining.cutoff.clone(),
                }
            }
            RoleOrigin::Declared { role } => {
                let role = compilation.spec.roles.get(role)?;
                Reason::Declared { role: role.name.clone(), owner: role.owner.clone(), cites: role.cites.clone() }
            }
        };
        let grants = compilation.effective_grants(number);
        Some(Self {
            schema: "adit.content/1",
            grants: grants.into_iter().map(|grant| snapshot.entitlements.name(grant).to_owned()).collect(),
            members: role.members.iter().map(|&member| snapshot.identities.name(member).to_owned()).collect(),
            rule: compilation.rule(role).map(|rule| rule.to_string()),
            within: compilation.within(role).to_string(),
            why,
        })
    }

    /// What an approval of it must carry: the digest of this document as compact JSON.
    #[must_use]
    pub fn digest(&self) -> Digest {
        // Only texts, numbers and lists: there is nothing in it that JSON cannot say.
        serde_json::to_vec(self).map(|bytes| Digest::of(&bytes)).unwrap_or_default()
    }
}
