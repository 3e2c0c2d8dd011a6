//! Provisioning: the roles that people approved for exactly what they are, and nothing else. `docs/approvals.md` describes the
//! document.
//!
//! Unlike everything else that a build writes it names identities: whoever provisions must know whom.

mod withheld;

use std::collections::BTreeMap;

use adit_snapshots::Digest;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use withheld::{Missing, Withheld};

use crate::{
    approval::ApprovalState,
    canonical,
    compile::Compilation,
    condition::ConditionDocument,
    roles::{CandidateRole, RoleId, RoleOrigin},
    spec::{Provision, SecondaryFate, WhenLost},
};

/// The schema of the document.
pub const SCHEMA: &str = "adit.provisioning/1";

/// The whole document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisioningDocument {
    /// [`SCHEMA`].
    pub schema: String,
    /// The day that approvals were held against.
    pub as_of: Date,
    /// The digest of the snapshot.
    pub snapshot: Digest,
    /// The digest of the derivation that says how the roles came about.
    pub derivation: Digest,
    /// The approved roles, in the order of the derivation: a role after those that it inherits, if it was mined.
    pub roles: Vec<ProvisionedRole>,
}

/// One approved role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisionedRole {
    /// The digest of what it grants itself, shortened.
    pub id: RoleId,
    /// Its handle in the derivation.
    pub handle: String,
    /// The name that people gave it; its handle where they gave none.
    pub name: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The digest of what was approved.
    pub content: Digest,
    /// Who approved it, ascending.
    pub approved_by: Vec<String>,
    /// What it grants itself, ascending by id.
    pub entitlements: Vec<ProvisionedEntitlement>,
    /// Handles of the roles it inherits, all of them in this document.
    pub inherits: Vec<String>,
    /// Of a role that exists: what to change of it. The role keeps what it inherits, which is not repeated above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<ProvisionedChange>,
    /// Who gets it by rule; none where people are assigned one by one.
    pub rule: Option<ProvisionedRule>,
    /// Who holds it today, by id, ascending: directly or through a role that inherits it.
    pub members: Vec<String>,
    /// What happens when a holder stops meeting the rule.
    pub when_lost: WhenLost,
    /// The last day of a role that is kept for a transition only.
    pub until: Option<Date>,
}

/// An entitlement that a role grants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisionedEntitlement {
    /// Its id, as the source writes it.
    pub id: String,
    /// The application.
    pub application: String,
    /// The kind within the application.
    pub attribute: String,
    /// The value.
    pub value: String,
}

/// What to change of a role that exists. Nothing of either: the change has been made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisionedChange {
    /// The role's id in its own system.
    pub role: String,
    /// What it gains: ids, ascending.
    pub adds: Vec<String>,
    /// What it loses: ids, ascending. Whoever holds it keeps it, outside the role.
    pub removes: Vec<String>,
}

/// Who gets a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvisionedRule {
    /// In the language's words.
    pub text: String,
    /// The same as data: the scope and the rule, both of which must be met.
    pub condition: ConditionDocument,
}

impl ProvisioningDocument {
    /// The canonical text. The same document is the same bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }
}

/// What may be emitted, and what is withheld and why. `blocked` names, by role, the rules whose denied findings speak against it.
#[must_use]
pub fn provision(
    compilation: &Compilation<'_>,
    derivation: Digest,
    blocked: &BTreeMap<usize, Vec<String>>,
) -> (ProvisioningDocument, Vec<Withheld>) {
    let mut missing: Vec<Vec<Missing>> =
        (0..compilation.roles.len()).map(|role| missing(compilation, role, blocked)).collect();
    withhold_heirs(compilation, &mut missing);
    let mut document = ProvisioningDocument {
        schema: SCHEMA.to_owned(),
        as_of: compilation.as_of,
        snapshot: compilation.snapshot.digest.whole,
        derivation,
        roles: Vec::new(),
    };
    let mut withheld = Vec::new();
    let in_force =
        |number: usize| compilation.statuses.get(number).is_some_and(|status| status.state == ApprovalState::InForce);
    for (number, (role, missing)) in compilation.roles.iter().zip(missing).enumerate() {
        if in_force(number) {
            continue;
        }
        if missing.is_empty() {
            document.roles.extend(emitted(compilation, number, role));
        } else {
            withheld.push(Withheld { role: number, id: role.id.clone(), handle: role.handle.clone(), missing });
        }
    }
    (document, withheld)
}

/// What speaks against a role itself.
fn missing(compilation: &Compilation<'_>, number: usize, blocked: &BTreeMap<usize, Vec<String>>) -> Vec<Missing> {
    let mut missing = Vec::new();
    let (Some(role), Some(status)) = (compilation.roles.get(number), compilation.statuses.get(number)) else {
        return vec![Missing::Provision];
    };
    let provision = compilation.provision(role);
    if let (RoleOrigin::Secondary { .. }, Some(provision)) = (&role.origin, provision) {
        match provision.secondary {
            SecondaryFate::Remove => missing.push(Missing::Removed),
            SecondaryFate::KeepUntil { date } if date < compilation.as_of => missing.push(Missing::Ended { on: date }),
            SecondaryFate::KeepUntil { .. } | SecondaryFate::Keep => {}
        }
    }
    match (&status.state, provision) {
        (ApprovalState::Approved { .. }, Some(_)) => {}
        (ApprovalState::Pending { signed, needed, rejected }, Some(_)) => missing.push(Missing::Signatures {
            signed: *signed,
            needed: *needed,
            open: status.open.clone(),
            rejected: rejected.clone(),
        }),
        (ApprovalState::Stale { approved }, Some(_)) => {
            missing.push(Missing::Fresh { approved: *approved, content: status.content });
        }
        (ApprovalState::Expired { on }, Some(_)) => missing.push(Missing::Expired { on: *on }),
        (ApprovalState::Withdrawn { to, on }, Some(_)) => missing.push(Missing::Withdrawn { to: *to, on: *on }),
        (ApprovalState::InForce, _) => {}
        (ApprovalState::NotProvisioned, _) | (_, None) => missing.push(Missing::Provision),
    }
    // The spec's claims are about all roles together: while one does not hold, nothing that is emitted would be what the spec says.
    let unmet =
        compilation.failed_expectations.iter().filter_map(|(index, _)| compilation.spec.expectations.get(*index));
    let titles: Vec<String> = unmet.map(|expectation| expectation.title.clone()).collect();
    if !titles.is_empty() {
        missing.push(Missing::Expected { titles });
    }
    if let Some(rules) = blocked.get(&number).filter(|rules| !rules.is_empty()) {
        missing.push(Missing::Clean { rules: rules.clone() });
    }
    missing
}

/// A role is withheld when any role it inherits is: its members would get what nobody approved.
fn withhold_heirs(compilation: &Compilation<'_>, missing: &mut [Vec<Missing>]) {
    let mut changed = true;
    while changed {
        changed = false;
        for (number, role) in compilation.roles.iter().enumerate() {
            let held_back = |parent: &&usize| missing.get(**parent).is_some_and(|missing| !missing.is_empty());
            let parent = role.inherits.iter().find(held_back).and_then(|&parent| compilation.roles.get(parent));
            let Some(parent) = parent.map(|parent| parent.handle.clone()) else { continue };
            if let Some(own) = missing.get_mut(number)
                && !own.iter().any(|missing| matches!(missing, Missing::Parent { .. }))
            {
                own.push(Missing::Parent { handle: parent });
                changed = true;
            }
        }
    }
}

fn emitted(compilation: &Compilation<'_>, number: usize, role: &CandidateRole) -> Option<ProvisionedRole> {
    let status = compilation.statuses.get(number)?;
    let Provision { when_lost, secondary, .. } = compilation.provision(role)?;
    let ApprovalState::Approved { by } = &status.state else { return None };
    let (identities, entitlements) = (&compilation.snapshot.identities, &compilation.snapshot.entitlements);
    Some(ProvisionedRole {
        id: role.id.clone(),
        handle: role.handle.clone(),
        name: role.called().to_owned(),
        owner: compilation.owner(role).map(str::to_owned),
        content: status.content,
        approved_by: by.clone(),
        entitlements: role
            .grants
            .iter()
            .map(|granted| {
                let row = granted.entitlement.0 as usize;
                let text = |column: &adit_snapshots::TextColumn| column.get(row).unwrap_or_default().to_owned();
                ProvisionedEntitlement {
                    id: entitlements.name(granted.entitlement).to_owned(),
                    application: text(&entitlements.application),
                    attribute: text(&entitlements.attribute),
                    value: text(&entitlements.value),
                }
            })
            .collect(),
        inherits: role
            .inherits
            .iter()
            .filter_map(|&parent| compilation.roles.get(parent))
            .map(|parent| parent.handle.clone())
            .collect(),
        changes: role.change().map(|change| ProvisionedChange {
            role: role.id.0.clone(),
            adds: change.added.iter().map(|&it| entitlements.name(it).to_owned()).collect(),
            removes: change.dropped.iter().map(|it| entitlements.name(it.entitlement).to_owned()).collect(),
        }),
        rule: compilation.membership(role).map(|condition| ProvisionedRule {
            text: condition.to_string(),
            condition: ConditionDocument::from(&condition),
        }),
        members: role.members.iter().map(|&member| identities.name(member).to_owned()).collect(),
        when_lost: when_lost.clone(),
        until: match (&role.origin, secondary) {
            (RoleOrigin::Secondary { .. }, SecondaryFate::KeepUntil { date }) => Some(*date),
            _ => None,
        },
    })
}

#[cfg(test)]
mod tests;
