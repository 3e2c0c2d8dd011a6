//! From the names of a spec to what the snapshot and the build have of them.

use adit_compiler::{
    compile::Compilation,
    condition::Evaluator,
    packs,
    roles::RoleOrigin,
    spec::{Access, EntitlementName, RoleName},
};
use adit_snapshots::EntitlementId;
use rustc_hash::FxHashMap;

use super::{Holder, SideAccess};

/// The entitlements that names mean. Several records may share a name; then it means all of them.
pub(super) struct Names<'a> {
    compilation: &'a Compilation<'a>,
    entitlements: FxHashMap<[&'a str; 3], Vec<EntitlementId>>,
    /// Only where something is said by a condition.
    evaluator: Option<Evaluator<'a>>,
}

impl<'a> Names<'a> {
    /// What these name.
    pub(super) fn of(compilation: &'a Compilation<'a>, accesses: &[&'a Access]) -> Self {
        let named = accesses.iter().flat_map(|access| &access.entitlements);
        let mut ids: FxHashMap<_, Vec<_>> = named.map(|name| (key(name), Vec::new())).collect();
        if !ids.is_empty() {
            let entitlements = &compilation.snapshot.entitlements;
            for id in entitlements.iter() {
                if let Some(ids) = ids.get_mut(&entitlements.parts(id)) {
                    ids.push(id);
                }
            }
        }
        let conditional = accesses.iter().any(|access| !access.conditions.is_empty());
        Self { compilation, entitlements: ids, evaluator: conditional.then(|| Evaluator::new(compilation.snapshot)) }
    }

    /// What is known of some access, and what is not.
    pub(super) fn access(&self, access: &'a Access) -> (SideAccess, Vec<String>) {
        let mut known = SideAccess::default();
        let mut unknown = Vec::new();
        for name in &access.entitlements {
            match self.entitlements.get(&key(name)).map_or(&[][..], Vec::as_slice) {
                [] => unknown.push(format!(
                    "no entitlement is `{}.{} \"{}\"`",
                    name.kind.application, name.kind.attribute, name.value
                )),
                ids => known.entitlements.extend_from_slice(ids),
            }
        }
        for condition in &access.conditions {
            match self.evaluator.as_ref().map(|evaluator| evaluator.entitlements(condition)) {
                Some(Ok(met)) => {
                    let ids = met.iter().filter_map(|row| u32::try_from(row).ok()).map(EntitlementId);
                    known.entitlements.extend(ids);
                }
                Some(Err(error)) => unknown.push(error.to_string()),
                None => {}
            }
        }
        for role in &access.roles {
            match self.roles(role) {
                roles if roles.is_empty() => unknown.push(format!("no role is called `{}`", role.name)),
                roles => known.roles.extend(roles),
            }
        }
        known.entitlements.sort_unstable();
        known.entitlements.dedup();
        known.roles.sort_unstable();
        known.roles.dedup();
        (known, unknown)
    }

    /// Every entitlement that stands for a value of a pack: the same in either case of letters, or a wildcard that takes it in.
    pub(super) fn stands_for(&self, access: &Access) -> SideAccess {
        let entitlements = &self.compilation.snapshot.entitlements;
        let is_wanted = |id: &EntitlementId| {
            let [application, attribute, value] = entitlements.parts(*id);
            access
                .entitlements
                .iter()
                .any(|name| name.kind.is([application, attribute]) && packs::matches(value, &name.value))
        };
        let entitlements = entitlements.iter().filter(is_wanted).collect();
        SideAccess { entitlements, roles: Vec::new() }
    }

    /// Every role of that name: of the spec where it says so, else of the data or of the build.
    fn roles(&self, named: &RoleName) -> Vec<Holder> {
        let name = Some(named.name.as_str());
        let existing = self.compilation.snapshot.roles.iter().enumerate();
        let existing = existing
            .filter(|(_, role)| !named.declared && [Some(role.id.as_str()), role.name.as_deref()].contains(&name))
            .map(|(index, _)| Holder::ExistingRole(index));
        let candidates = self.compilation.roles.iter().enumerate();
        let candidates = candidates
            .filter(|(_, role)| {
                let is_declared = matches!(role.origin, RoleOrigin::Declared { .. });
                let names = [Some(role.handle.as_str()), role.name.as_deref(), Some(role.id.0.as_str())];
                if named.declared { is_declared && role.handle == named.name } else { names.contains(&name) }
            })
            .map(|(index, _)| Holder::Role(index));
        existing.chain(candidates).collect()
    }
}

fn key(name: &EntitlementName) -> [&str; 3] {
    [&name.kind.application, &name.kind.attribute, &name.value]
}
