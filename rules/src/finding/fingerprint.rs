//! A finding's name for life: what it is about, never where or in which order it was found.

use adit_snapshots::{Digest, Snapshot};

use super::{Finding, Subject};

impl Finding {
    /// 16 hex digits of the SHA-256 of the rule's code, the names of what it is about, and the entitlements that are part of it,
    /// ascending. Neither a line, nor a rank among ids, nor a role's handle takes part, so a finding keeps its fingerprint when
    /// the spec is reformatted, rows are shuffled, or unrelated identities come and go.
    #[must_use]
    pub fn fingerprint(&self, snapshot: &Snapshot) -> String {
        let mut parts = vec![self.rule.code.to_owned()];
        parts.extend(self.subject.names(snapshot));
        let mut entitlements: Vec<_> =
            self.entitlements.iter().map(|&id| snapshot.entitlements.name(id).to_owned()).collect();
        entitlements.sort_unstable();
        parts.extend(entitlements);
        let mut bytes = Vec::new();
        for part in parts {
            // Lengths first, so that no two lists of names run together to the same bytes.
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        Digest::of(&bytes).short(16)
    }
}

impl Subject {
    /// Its kind, in the words of a waiver's `on`: `role`, `identity`, `duties`, …
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Spec(kind, _) => kind,
            Self::Source(_) => "source",
            Self::Role(..) => "role",
            Self::RolePair(..) => "role pair",
            Self::RoleTwin(..) => "role and existing role",
            Self::Population(_) => "population",
            Self::PopulationAttribute(..) => "population attribute",
            Self::Identity(_) => "identity",
            Self::IdentityPair(..) => "identity pair",
            Self::Conflict(..) => "conflict",
            Self::RoleConflict(..) => "role conflict",
            Self::ExistingRoleConflict(..) => "existing role conflict",
            Self::GroupConflict(..) => "group conflict",
            Self::Assignment(..) => "assignment",
            Self::Entitlement(_) => "entitlement",
            Self::Application(_) => "application",
            Self::Reference(..) => "reference",
            Self::Group(_) => "group",
            Self::Account(_) => "account",
            Self::AccountConflict(..) => "account conflict",
            Self::Exception(_) => "exception",
            Self::Approval(_) => "approval",
            Self::ExistingRole(_) => "existing role",
        }
    }

    /// Its kind and the names it consists of, none of which depends on this build.
    fn names(&self, snapshot: &Snapshot) -> Vec<String> {
        let identity = |id| snapshot.identities.name(id).to_owned();
        let entitlement = |id| snapshot.entitlements.name(id).to_owned();
        let mut names = vec![self.kind().to_owned()];
        match self {
            Self::Spec(_, name)
            | Self::Source(name)
            | Self::Population(name)
            | Self::Group(name)
            | Self::Account(name)
            | Self::Exception(name)
            | Self::Approval(name)
            | Self::Application(name)
            | Self::ExistingRole(name) => names.push(name.clone()),
            Self::Role(role, _) => names.push(role.0.clone()),
            Self::RolePair((a, _), (b, _)) => names.extend([a.0.clone(), b.0.clone()]),
            Self::RoleTwin(role, _, existing) => names.extend([role.0.clone(), existing.clone()]),
            Self::PopulationAttribute(population, attribute) => names.extend([population.clone(), attribute.clone()]),
            Self::Reference(table, id) => names.extend([table.clone(), id.clone()]),
            Self::Identity(id) => names.push(identity(*id)),
            Self::IdentityPair(a, b) => names.extend([identity(*a), identity(*b)]),
            Self::Conflict(id, duties) => names.extend([identity(*id), duties.clone()]),
            Self::RoleConflict(role, _, duties) => names.extend([role.0.clone(), duties.clone()]),
            Self::ExistingRoleConflict(holder, duties)
            | Self::GroupConflict(holder, duties)
            | Self::AccountConflict(holder, duties) => {
                names.extend([holder.clone(), duties.clone()]);
            }
            Self::Assignment(id, held) => names.extend([identity(*id), entitlement(*held)]),
            Self::Entitlement(id) => names.push(entitlement(*id)),
        }
        names
    }
}
