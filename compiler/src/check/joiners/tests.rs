use adit_grammar::Span;
use proptest::{collection::vec, prelude::*};

use super::bringers::Bringers;
use crate::spec::{Access, DeclaredRole, Duties, DutyHolder, DutyLevel, DutySide, EntitlementName, KindName, RoleName};

/// What roles grant and duties name comes from so few that they meet.
const NAMES: usize = 5;

fn entitlement(number: usize) -> EntitlementName {
    let kind = KindName { application: "sap".to_owned(), attribute: ["tcode", "profile"][number % 2].to_owned() };
    EntitlementName { kind, value: format!("E{}", number / 2), span: Span::default() }
}

fn role(number: usize, grants: &[usize], inherits: &[usize]) -> DeclaredRole {
    DeclaredRole {
        name: format!("role-{number}"),
        title: String::new(),
        owner: None,
        cites: Vec::new(),
        grants: grants.iter().map(|&name| entitlement(name)).collect(),
        inherits: inherits.to_vec(),
        condition: None,
        span: Span::default(),
    }
}

fn duties(sides: &[(Vec<usize>, Vec<usize>)]) -> Duties {
    let side = |(entitlements, roles): &(Vec<usize>, Vec<usize>)| DutySide {
        name: "side".to_owned(),
        access: Access {
            entitlements: entitlements.iter().map(|&name| entitlement(name)).collect(),
            roles: roles
                .iter()
                .map(|number| RoleName { name: format!("role-{number}"), declared: true, span: Span::default() })
                .collect(),
            ..Access::default()
        },
    };
    Duties {
        name: "duties".to_owned(),
        title: String::new(),
        sides: sides.iter().map(side).collect(),
        at_most: 1,
        per: DutyHolder::Identity,
        within: None,
        enforces: Vec::new(),
        owner: None,
        cites: Vec::new(),
        level: DutyLevel::Error,
        waivable: true,
        pack: None,
        span: Span::default(),
    }
}

/// Every role held against every duty, word for word.
fn slowly(roles: &[DeclaredRole], duties: &Duties) -> Vec<(usize, Vec<usize>)> {
    let is_on = |role: usize, side: &DutySide| {
        with_parents(roles, role).into_iter().map(|role| &roles[role]).any(|role| {
            let grants = |name: &EntitlementName| {
                name.value != "E0"
                    && role.grants.iter().any(|held| (&held.kind, &held.value) == (&name.kind, &name.value))
            };
            side.access.entitlements.iter().any(grants) || side.access.roles.iter().any(|name| name.name == role.name)
        })
    };
    let brings = |role| (0..duties.sides.len()).filter(|&side| is_on(role, &duties.sides[side])).collect::<Vec<_>>();
    (0..roles.len()).map(|role| (role, brings(role))).filter(|(_, brings)| !brings.is_empty()).collect()
}

fn with_parents(roles: &[DeclaredRole], role: usize) -> Vec<usize> {
    let mut all = vec![role];
    let mut next = 0;
    while let Some(&role) = all.get(next) {
        let new: Vec<usize> = roles[role].inherits.iter().copied().filter(|parent| !all.contains(parent)).collect();
        all.extend(new);
        next += 1;
    }
    all
}

proptest! {
    /// Roles that grant, are named and inherit at random, in circles too, bring what holding each against each duty says.
    #[test]
    fn looked_up_as_if_one_by_one(
        roles in vec((vec(0..2 * NAMES, 0..3), vec(0..NAMES, 0..3)), NAMES),
        sides in vec((vec(0..2 * NAMES, 0..3), vec(0..NAMES, 0..2)), 2..4),
    ) {
        let roles: Vec<DeclaredRole> =
            roles.iter().enumerate().map(|(number, (grants, inherits))| role(number, grants, inherits)).collect();
        let duties = duties(&sides);
        let found: Vec<_> = Bringers::new(&roles).of(&duties, |name| name.value != "E0").into_iter().collect();
        prop_assert_eq!(found, slowly(&roles, &duties));
    }
}
