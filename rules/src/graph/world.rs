//! Small made-up worlds for tests: everything by number, nothing read from anywhere.

use adit_compiler::{
    approval::ApprovalFile,
    compile::Compilation,
    roles::{CandidateRole, Granted, RoleId, RoleOrigin},
    select::ClassOf,
    spec::{Access, Duties, DutyHolder, DutyLevel, DutySide, EntitlementName, KindName, Spec, Within},
};
use adit_grammar::Span;
use adit_snapshots::{
    Attribute, Column, EntitlementId, ExistingRole, GroupId, IdentityId, Member, Snapshot, TextColumn,
};
use jiff::civil::date;
use proptest::{collection, prelude::*};

/// Who holds what, and what must not meet.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    /// What each identity holds directly; their names sort as their numbers do.
    pub(crate) held: Vec<Vec<u32>>,
    /// How many entitlements there are.
    pub(crate) entitlements: u32,
    /// Members and nested groups of each group, and what it grants.
    pub(crate) groups: Vec<Holding>,
    /// Members of each existing role, roles it inherits, and what it grants.
    pub(crate) existing: Vec<Holding>,
    /// The same of candidate roles.
    pub(crate) roles: Vec<Holding>,
    /// The sides of each duties, and how many one identity may have.
    pub(crate) duties: Vec<(Vec<Vec<u32>>, u32)>,
    /// The company of each entitlement, if it has one; duties are within the same company unless this is empty.
    pub(crate) companies: Vec<Option<u32>>,
}

/// A group or role.
#[derive(Debug, Clone, Default)]
pub(crate) struct Holding {
    /// Identities.
    pub(crate) members: Vec<u32>,
    /// Of a group: the groups nested in it. Of a role: the roles it inherits.
    pub(crate) linked: Vec<u32>,
    /// Entitlements.
    pub(crate) grants: Vec<u32>,
}

impl World {
    /// Looks at the compilation of this world.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Compilation<'_>) -> T) -> T {
        let (spec, snapshot) = (self.spec(), self.snapshot());
        let approvals: [ApprovalFile; 0] = [];
        look(&Compilation {
            spec: &spec,
            snapshot: &snapshot,
            as_of: date(2026, 10, 1),
            classes: ClassOf::default(),
            populations: Vec::new(),
            roles: self.roles.iter().enumerate().map(|(index, role)| candidate(index, role)).collect(),
            statuses: Vec::new(),
            stray_approvals: Vec::new(),
            approvals: &approvals,
            failed_expectations: Vec::new(),
        })
    }

    fn spec(&self) -> Spec {
        let duties = self.duties.iter().enumerate().map(|(index, (sides, at_most))| Duties {
            name: format!("d{index:02}"),
            title: format!("duties {index}"),
            sides: sides.iter().enumerate().map(|(side, of)| named(side, of)).collect(),
            at_most: *at_most,
            per: DutyHolder::Identity,
            within: (!self.companies.is_empty())
                .then(|| Within { attribute: "company".to_owned(), span: Span::default() }),
            enforces: Vec::new(),
            owner: None,
            cites: Vec::new(),
            level: DutyLevel::Error,
            waivable: true,
            pack: None,
            span: Span::default(),
        });
        Spec { duties: duties.collect(), ..Spec::default() }
    }

    fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        snapshot.identities.ids = (0..self.held.len()).map(|id| format!("u{id:04}")).collect();
        snapshot.entitlements.ids = (0..self.entitlements).map(|id| format!("app:e{id:04}")).collect();
        let rows = self.entitlements as usize;
        let same = |text: &str| TextColumn { values: vec![text.to_owned()], codes: vec![0; rows] };
        snapshot.entitlements.application = same("app");
        snapshot.entitlements.attribute = same("right");
        snapshot.entitlements.value =
            TextColumn { values: (0..self.entitlements).map(value).collect(), codes: (0..self.entitlements).collect() };
        if !self.companies.is_empty() {
            let column = Column::Text(TextColumn {
                values: ["1000", "2000", "3000"].map(str::to_owned).to_vec(),
                codes: self.companies.iter().map(|company| company.unwrap_or(u32::MAX)).collect(),
            });
            snapshot.entitlements.attributes.push(Attribute { name: "company".to_owned(), column });
        }
        snapshot.assignments.starts.push(0);
        for held in &self.held {
            snapshot.assignments.entitlements.extend(held.iter().copied().map(EntitlementId));
            snapshot.assignments.starts.push(snapshot.assignments.entitlements.len());
        }
        for (index, group) in self.groups.iter().enumerate() {
            snapshot.groups.ids.push(format!("g{index:02}"));
            let identities = group.members.iter().map(|&id| Member::Identity(IdentityId(id)));
            snapshot
                .groups
                .members
                .push(identities.chain(group.linked.iter().map(|&id| Member::Group(GroupId(id)))).collect());
            snapshot.groups.grants.push(group.grants.iter().copied().map(EntitlementId).collect());
        }
        snapshot.roles = self.existing.iter().enumerate().map(|(index, role)| existing(index, role)).collect();
        snapshot
    }
}

fn value(id: u32) -> String {
    format!("e{id:04}")
}

fn named(side: usize, of: &[u32]) -> DutySide {
    let kind = KindName { application: "app".to_owned(), attribute: "right".to_owned() };
    let name = |&id: &u32| EntitlementName { kind: kind.clone(), value: value(id), span: Span::default() };
    let access = Access { entitlements: of.iter().map(name).collect(), ..Access::default() };
    DutySide { name: format!("side{side}"), access }
}

fn existing(index: usize, role: &Holding) -> ExistingRole {
    ExistingRole {
        id: format!("x{index:02}"),
        entitlements: role.grants.iter().copied().map(EntitlementId).collect(),
        members: role.members.iter().copied().map(IdentityId).collect(),
        inherits: role.linked.iter().map(|&id| id as usize).collect(),
        ..ExistingRole::default()
    }
}

fn candidate(index: usize, role: &Holding) -> CandidateRole {
    let granted = |&id: &u32| Granted { entitlement: EntitlementId(id), held: 0, of: 0, margin: None };
    CandidateRole {
        id: RoleId(format!("r-{index:02}")),
        handle: format!("r{index:02}"),
        name: None,
        origin: RoleOrigin::Declared { role: index },
        grants: role.grants.iter().map(granted).collect(),
        inherits: role.linked.iter().map(|&id| id as usize).collect(),
        members: role.members.iter().copied().map(IdentityId).collect(),
        over_grants: Vec::new(),
        rule: None,
        measures: None,
        explained: None,
    }
}

/// Any small world; groups and roles may contain each other.
pub(crate) fn any() -> impl Strategy<Value = World> {
    let set = |of: u32, at_most: usize| {
        collection::btree_set(0..of, 0..=at_most).prop_map(|set| set.into_iter().collect::<Vec<_>>())
    };
    let holding = move || {
        (set(6, 3), set(4, 2), set(10, 2)).prop_map(|(members, linked, grants)| Holding { members, linked, grants })
    };
    let four = move || collection::vec(holding(), 4);
    let duties =
        (collection::vec(collection::btree_set(0_u32..12, 1..4), 2..5), 0_u32..3).prop_map(|(sides, at_most)| {
            let at_most = at_most.min(u32::try_from(sides.len()).unwrap() - 1);
            (sides.into_iter().map(|side| side.into_iter().collect()).collect(), at_most)
        });
    (collection::vec(set(10, 3), 6), four(), four(), four(), collection::vec(duties, 0..4)).prop_map(
        |(held, groups, existing, roles, duties)| World {
            held,
            entitlements: 10,
            groups,
            existing,
            roles,
            duties,
            ..World::default()
        },
    )
}
