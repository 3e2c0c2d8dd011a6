use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::spec::{Access, DeclaredRole, Duties, EntitlementName, KindName};

/// Which roles of a spec bring what: looked up by what duties name, so that a thousand duties are not held against every role.
pub(super) struct Bringers<'a> {
    /// The roles that grant an entitlement themselves.
    granting: HashMap<(&'a KindName, &'a str), Vec<usize>>,
    /// The roles of a name.
    called: HashMap<&'a str, Vec<usize>>,
    /// For each role, those that inherit it directly.
    heirs: Vec<Vec<usize>>,
}

impl<'a> Bringers<'a> {
    /// Of all roles of a spec.
    pub(super) fn new(roles: &'a [DeclaredRole]) -> Self {
        let mut bringers =
            Self { granting: HashMap::new(), called: HashMap::new(), heirs: vec![Vec::new(); roles.len()] };
        for (role, declared) in roles.iter().enumerate() {
            bringers.called.entry(&declared.name).or_default().push(role);
            for granted in &declared.grants {
                bringers.granting.entry(named(granted)).or_default().push(role);
            }
            for &parent in &declared.inherits {
                if let Some(heirs) = bringers.heirs.get_mut(parent) {
                    heirs.push(role);
                }
            }
        }
        bringers
    }

    /// For every role that brings any of the duties, ascending: which, ascending. By what it is called or grants by name, or what it inherits
    /// is or does, however far up; of the entitlements only those that count. What a condition on entitlements takes in is known only with data.
    pub(super) fn of(&self, duties: &Duties, counts: impl Fn(&EntitlementName) -> bool) -> BTreeMap<usize, Vec<usize>> {
        let mut brings: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (side, duty) in duties.sides.iter().enumerate() {
            for role in self.with_heirs(self.directly(&duty.access, &counts)) {
                brings.entry(role).or_default().push(side);
            }
        }
        brings
    }

    fn directly(&self, access: &Access, counts: impl Fn(&EntitlementName) -> bool) -> Vec<usize> {
        let granted = access.entitlements.iter().filter(|name| counts(name));
        let granting = granted.filter_map(|name| self.granting.get(&named(name)));
        let called = access.roles.iter().filter_map(|role| self.called.get(role.name.as_str()));
        granting.chain(called).flatten().copied().collect()
    }

    /// These roles and all that inherit them, each once; cycles are followed once.
    fn with_heirs(&self, roles: Vec<usize>) -> BTreeSet<usize> {
        let (mut all, mut todo) = (BTreeSet::new(), roles);
        while let Some(role) = todo.pop() {
            if all.insert(role) {
                todo.extend(self.heirs.get(role).into_iter().flatten());
            }
        }
        all
    }
}

fn named(entitlement: &EntitlementName) -> (&KindName, &str) {
    (&entitlement.kind, &entitlement.value)
}
