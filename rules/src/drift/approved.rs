//! What people approved, in the ids of this snapshot: the roles that are approved now, and those that were when last provisioned.

use std::collections::BTreeMap;

use adit_compiler::{approval::ApprovalState, provision::ProvisioningDocument};
use adit_snapshots::{EntitlementId, IdentityId};

use crate::context::Context;

/// An approved role.
pub(super) struct Approved {
    /// The name that people gave it, or its handle.
    pub(super) name: String,
    /// Who holds it, as far as the snapshot still knows them; ascending.
    pub(super) members: Vec<IdentityId>,
    /// What it grants itself, as far as the snapshot still knows it; ascending.
    pub(super) grants: Vec<EntitlementId>,
    /// The same with what it inherits.
    pub(super) effective: Vec<EntitlementId>,
    /// Entitlements it grants that the snapshot does not know any more.
    pub(super) unknown: u64,
    /// Grants that were not held when it was last provisioned, to the same members; none where nobody recorded it.
    pub(super) not_held: Option<u64>,
    /// Where that is said.
    pub(super) source: Source,
}

/// Where it is said what was approved.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// This build: people signed for exactly what it is now.
    ThisBuild,
    /// The `provisioning.json` of the last build.
    LastBuild,
}

impl Source {
    /// In words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::ThisBuild => "held against the role as it is approved now",
            Self::LastBuild => "held against the role as it was last provisioned",
        }
    }
}

/// Every approved role: as it is approved now, or else as it was last provisioned. Ascending by name.
pub(super) fn approved(context: &Context<'_>) -> Vec<Approved> {
    let mut by_name: BTreeMap<String, Approved> = BTreeMap::new();
    if let Some(document) = &context.record.provisioning {
        by_name.extend(provisioned(context, document).map(|role| (role.name.clone(), role)));
    }
    let compilation = context.compilation;
    for (number, (role, status)) in compilation.roles.iter().zip(&compilation.statuses).enumerate() {
        if matches!(status.state, ApprovalState::Approved { .. }) {
            let name = role.called().to_owned();
            let effective = compilation.effective_grants(number);
            let earlier = by_name.get(&name);
            let same = earlier.filter(|then| then.members == role.members && then.effective == effective);
            let now = Approved {
                not_held: same.and_then(|earlier| earlier.not_held),
                members: role.members.clone(),
                grants: role.grants.iter().map(|granted| granted.entitlement).collect(),
                effective,
                unknown: 0,
                source: Source::ThisBuild,
                name: name.clone(),
            };
            by_name.insert(name, now);
        }
    }
    by_name.into_values().collect()
}

fn provisioned<'a>(
    context: &'a Context<'_>,
    document: &'a ProvisioningDocument,
) -> impl Iterator<Item = Approved> + 'a {
    let (identities, entitlements) = (&context.snapshot.identities, &context.snapshot.entitlements);
    let by_handle: BTreeMap<&str, usize> =
        document.roles.iter().enumerate().map(|(place, role)| (role.handle.as_str(), place)).collect();
    document.roles.iter().enumerate().map(move |(place, role)| {
        let known = |ids: &mut dyn Iterator<Item = &'a str>| -> Vec<EntitlementId> {
            let mut known: Vec<_> = ids.filter_map(|id| entitlements.find(id)).collect();
            known.sort_unstable();
            known.dedup();
            known
        };
        let (mut todo, mut seen, mut all) = (vec![place], vec![false; document.roles.len()], Vec::new());
        while let Some(next) = todo.pop() {
            let (Some(seen), Some(role)) = (seen.get_mut(next), document.roles.get(next)) else { continue };
            if !std::mem::replace(seen, true) {
                all.extend(role.entitlements.iter().map(|held| held.id.as_str()));
                todo.extend(role.inherits.iter().filter_map(|handle| by_handle.get(handle.as_str())));
            }
        }
        all.sort_unstable();
        all.dedup();
        let effective = known(&mut all.iter().copied());
        let mut members: Vec<_> = role.members.iter().filter_map(|id| identities.find(id)).collect();
        members.sort_unstable();
        Approved {
            name: role.name.clone(),
            members,
            grants: known(&mut role.entitlements.iter().map(|held| held.id.as_str())),
            unknown: (all.len() - effective.len()) as u64,
            effective,
            not_held: not_held(context, document, &role.handle),
            source: Source::LastBuild,
        }
    })
}

/// What a role granted that was not held when it was provisioned, as the derivation of that build has it: of it and of all it inherits.
fn not_held(context: &Context<'_>, document: &ProvisioningDocument, handle: &str) -> Option<u64> {
    let derivation = context.record.derivation.as_ref()?.as_ref().ok()?;
    if derivation.digest != Some(document.derivation) {
        return None;
    }
    let find = |handle: &str| derivation.roles.iter().position(|role| role.handle == handle);
    let (mut todo, mut seen, mut count) = (vec![find(handle)?], vec![false; derivation.roles.len()], 0);
    while let Some(next) = todo.pop() {
        let (Some(seen), Some(role)) = (seen.get_mut(next), derivation.roles.get(next)) else { continue };
        if !std::mem::replace(seen, true) {
            count += role.over_grants.count;
            todo.extend(role.inherits.iter().filter_map(|handle| find(handle)));
        }
    }
    Some(count)
}
