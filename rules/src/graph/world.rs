//! Small made-up worlds for tests: everything by number, nothing read from anywhere.

use std::collections::BTreeSet;

use adit_compiler::{
    approval::ApprovalFile,
    compile::Compilation,
    roles::{CandidateRole, Granted, RoleId, RoleOrigin},
    select::ClassOf,
    spec::{
        Access, Condition, Duties, DutyHolder, DutyLevel, DutySide, EntitlementName, KindName, RoleName, Spec, Test,
        Within,
    },
};
use adit_grammar::Span;
use adit_snapshots::{
    Account, Attribute, AttributeType, Column, EntitlementId, ExistingRole, GroupId, IdentityId, Member,
    OrphanAssignment, Snapshot, TextColumn, Usage, UsageRecord,
};
use jiff::civil::date;

pub(crate) use self::any::{any, any_form, any_with_accounts};

mod any;
mod ways;

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
    /// The company of each entitlement, if it has one. Duties without a form are within the same company unless this is empty.
    pub(crate) companies: Vec<Option<u32>>,
    /// How each of the duties is written and counted; those beyond are by name and per identity.
    pub(crate) forms: Vec<Form>,
    /// Whose each account is, and what it holds directly.
    pub(crate) accounts: Vec<(Option<u32>, Vec<u32>)>,
    /// Entitlements that the catalogue calls privileged. Where there are any, use was observed for 90 days, and the first identity used
    /// nothing but the last entitlement, the others nothing at all.
    pub(crate) privileged: Vec<u32>,
}

/// How duties are written and counted.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// Whose are counted together.
    pub(crate) per: DutyHolder,
    /// Whether they are within the same company.
    pub(crate) within: bool,
    /// Whether their sides are activities: whatever the catalogue says that of.
    pub(crate) by_activity: bool,
    /// Existing roles that are on each side too; sides beyond have none.
    pub(crate) roles: Vec<Vec<u32>>,
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
    /// Of a group: accounts that are in it.
    pub(crate) accounts: Vec<u32>,
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
            sides: sides.iter().enumerate().map(|(side, of)| self.side(index, side, of)).collect(),
            at_most: *at_most,
            per: self.form(index).per,
            within: self.form(index).within.then(|| Within { attribute: "company".to_owned(), span: Span::default() }),
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

    /// How some duties are written and counted.
    pub(crate) fn form(&self, duties: usize) -> Form {
        let plain = || Form {
            per: DutyHolder::Identity,
            within: !self.companies.is_empty(),
            by_activity: false,
            roles: Vec::new(),
        };
        self.forms.get(duties).cloned().unwrap_or_else(plain)
    }

    fn side(&self, duties: usize, side: usize, of: &[u32]) -> DutySide {
        let form = self.form(duties);
        let mut written = named(side, of);
        if form.by_activity {
            written.access.entitlements.clear();
            written.access.conditions.push(Condition::Test {
                attribute: "activity".to_owned(),
                kind: AttributeType::List,
                test: Test::Has(activity(duties, side)),
                span: Span::default(),
            });
        }
        let roles = form.roles.get(side).into_iter().flatten();
        written.access.roles.extend(roles.map(|role| RoleName {
            name: format!("x{role:02}"),
            declared: false,
            span: Span::default(),
        }));
        written
    }

    /// The activities that the catalogue has, and what it says of each entitlement.
    fn activities(&self) -> Column {
        let all = || {
            self.duties.iter().enumerate().flat_map(|(index, (sides, _))| {
                sides.iter().enumerate().map(move |(side, of)| (activity(index, side), of))
            })
        };
        let mut values: Vec<String> = all().map(|(name, _)| name).collect();
        values.sort_unstable();
        let (mut starts, mut codes) = (vec![0], Vec::new());
        for entitlement in 0..self.entitlements {
            let mut own: Vec<u32> = all()
                .filter(|(_, of)| of.contains(&entitlement))
                .map(|(name, _)| u32::try_from(values.binary_search(&name).unwrap()).unwrap())
                .collect();
            own.sort_unstable();
            codes.extend(own);
            starts.push(u32::try_from(codes.len()).unwrap());
        }
        Column::List { values, starts, codes }
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
        if self.forms.iter().any(|form| form.by_activity) {
            snapshot.entitlements.attributes.push(Attribute { name: "activity".to_owned(), column: self.activities() });
        }
        if !self.companies.is_empty() {
            let column = Column::Text(TextColumn {
                values: ["1000", "2000", "3000"].map(str::to_owned).to_vec(),
                codes: self.companies.iter().map(|company| company.unwrap_or(u32::MAX)).collect(),
            });
            snapshot.entitlements.attributes.push(Attribute { name: "company".to_owned(), column });
        }
        snapshot.assignments = self.assignments();
        for (number, (owner, held)) in (0..).zip(&self.accounts) {
            let account = Account {
                id: format!("a{number:02}"),
                system: "app".to_owned(),
                identity: owner.map(IdentityId),
                unknown_identity: None,
                enabled: None,
                interactive: None,
                created: None,
                last_login: None,
                entitlements: 0,
            };
            snapshot.accounts.rows.push(account);
            if owner.is_none() {
                let row = |held| OrphanAssignment { account: number, entitlement: EntitlementId(held) };
                let through = self.paths_of(number).into_keys();
                let through = through.flat_map(|group| self.groups[group as usize].grants.clone());
                let all: BTreeSet<u32> = held.iter().copied().chain(through).collect();
                snapshot.orphaned.extend(all.into_iter().map(row));
            }
        }
        for (index, group) in self.groups.iter().enumerate() {
            snapshot.groups.ids.push(format!("g{index:02}"));
            let owned = group.accounts.iter().filter_map(|&account| self.accounts.get(account as usize)?.0);
            let identities: BTreeSet<u32> = group.members.iter().copied().chain(owned).collect();
            let identities = identities.into_iter().map(|id| Member::Identity(IdentityId(id)));
            snapshot
                .groups
                .members
                .push(identities.chain(group.linked.iter().map(|&id| Member::Group(GroupId(id)))).collect());
            snapshot.groups.accounts.push(group.accounts.clone());
            snapshot.groups.grants.push(group.grants.iter().copied().map(EntitlementId).collect());
        }
        snapshot.roles = self.existing.iter().enumerate().map(|(index, role)| existing(index, role)).collect();
        if let (false, Some(last)) = (self.privileged.is_empty(), self.entitlements.checked_sub(1)) {
            let flags = (0..self.entitlements).map(|id| Some(self.privileged.contains(&id))).collect();
            snapshot
                .entitlements
                .attributes
                .push(Attribute { name: "privileged".to_owned(), column: Column::Boolean(flags) });
            snapshot.entitlements.attributes.sort_by(|a, b| a.name.cmp(&b.name));
            let used = UsageRecord {
                identity: IdentityId(0),
                entitlement: Some(EntitlementId(last)),
                first: None,
                last: None,
                count: 90,
                window_days: Some(90),
            };
            snapshot.usage = Some(Usage { rows: vec![used] });
        }
        snapshot
    }
}

fn activity(duties: usize, side: usize) -> String {
    format!("d{duties:02}s{side}")
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
