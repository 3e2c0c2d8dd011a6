//! Which candidate roles a finding speaks against: those are not provisioned while it stands as an error.

use adit_compiler::{
    compile::Compilation,
    roles::{RoleId, RoleOrigin},
    spec::Spec,
};
use rustc_hash::FxHashMap;

use super::{Evidence, Finding, Node, Subject};

/// The candidate roles by what findings call them: for whoever has many findings and many roles.
#[derive(Debug)]
pub struct CalledRoles<'a> {
    by_id: FxHashMap<&'a str, Vec<usize>>,
    by_handle: FxHashMap<&'a str, Vec<usize>>,
    by_population: FxHashMap<&'a str, Vec<usize>>,
    by_mining: FxHashMap<&'a str, Vec<usize>>,
    declared: FxHashMap<&'a str, Vec<usize>>,
}

impl<'a> CalledRoles<'a> {
    /// Those of a build.
    #[must_use]
    pub fn of(compilation: &'a Compilation<'a>) -> Self {
        let roles = || compilation.roles.iter().enumerate();
        let spec: &Spec = compilation.spec;
        Self {
            by_id: by(roles().map(|(number, role)| (Some(role.id.0.as_str()), number))),
            by_handle: by(roles().map(|(number, role)| (Some(role.handle.as_str()), number))),
            by_population: by(roles().map(|(number, role)| {
                let population =
                    role.origin.population().and_then(|population| compilation.populations.get(population));
                (population.map(|population| population.name.as_str()), number)
            })),
            by_mining: by(roles().map(|(number, role)| {
                let mining = role.origin.mining().and_then(|mining| spec.minings.get(mining));
                (mining.map(|mining| mining.name.as_str()), number)
            })),
            declared: by(roles().map(|(number, role)| match role.origin {
                RoleOrigin::Declared { role } => (spec.roles.get(role).map(|role| role.name.as_str()), number),
                _ => (None, number),
            })),
        }
    }

    /// Those of that id, ascending: every one that grants the same.
    pub(crate) fn with_id(&self, id: &RoleId) -> &[usize] {
        found(&self.by_id, &id.0)
    }
}

/// Numbers by name, ascending.
fn by<'a>(named: impl Iterator<Item = (Option<&'a str>, usize)>) -> FxHashMap<&'a str, Vec<usize>> {
    let mut numbers: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (name, number) in named {
        if let Some(name) = name {
            numbers.entry(name).or_default().push(number);
        }
    }
    numbers
}

fn found<'n>(numbers: &'n FxHashMap<&str, Vec<usize>>, name: &str) -> &'n [usize] {
    numbers.get(name).map_or(&[], Vec::as_slice)
}

impl Finding {
    /// The candidate roles it speaks against, ascending: indices into `Compilation::roles`. Those it is about; those of the mining block,
    /// population or role of the spec it is about; and, where someone would break duties, those that would make them.
    #[must_use]
    pub fn speaks_against(&self, roles: &CalledRoles<'_>) -> Vec<usize> {
        let mut against: Vec<usize> = if self.against.is_empty() {
            self.about_roles(roles)
        } else {
            self.against.iter().flat_map(|id| roles.with_id(id)).copied().collect()
        };
        against.sort_unstable();
        against.dedup();
        against
    }

    fn about_roles(&self, roles: &CalledRoles<'_>) -> Vec<usize> {
        match &self.subject {
            Subject::Role(id, _) | Subject::RoleTwin(id, _, _) | Subject::RoleConflict(id, _, _) => {
                roles.with_id(id).to_vec()
            }
            Subject::RolePair((one, _), (other, _)) => [roles.with_id(one), roles.with_id(other)].concat(),
            Subject::Conflict(..) => self.led_through(roles),
            Subject::Spec("mining", name) => found(&roles.by_mining, name).to_vec(),
            Subject::Spec("role", name) => found(&roles.declared, name).to_vec(),
            Subject::Population(name) | Subject::PopulationAttribute(name, _) => {
                found(&roles.by_population, name).to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// The roles that its paths lead through.
    fn led_through(&self, roles: &CalledRoles<'_>) -> Vec<usize> {
        let nodes = self.evidence.iter().filter_map(|row| match row {
            Evidence::Path(nodes) => Some(nodes),
            _ => None,
        });
        let handles = nodes.flatten().filter_map(|node| match node {
            Node::Role(handle) => Some(handle),
            _ => None,
        });
        handles.flat_map(|handle| found(&roles.by_handle, handle)).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::CalledRoles;
    use crate::{
        Configuration, Record,
        graph::world::{Holding, World},
        lint,
    };

    #[test]
    fn what_says_which_roles_it_speaks_against_speaks_against_no_other() {
        let role = |grants: &[u32]| Holding { grants: grants.to_vec(), ..Holding::default() };
        let world = World { entitlements: 3, roles: vec![role(&[0]), role(&[1]), role(&[2])], ..World::default() };
        world.look(|compilation| {
            let rule = crate::rule::find("RM404").unwrap();
            let about = crate::Subject::Population("staff".to_owned());
            let finding = rule.finding(about, crate::Phrase::new("x"), "y");
            let roles = CalledRoles::of(compilation);
            assert!(finding.speaks_against(&roles).is_empty());
            let named = [2, 0].map(|role: usize| compilation.roles[role].id.clone());
            assert_eq!(finding.against(named).speaks_against(&roles), [0_usize, 2]);
        });
    }

    #[test]
    fn who_would_break_duties_speaks_against_the_role_that_makes_them() {
        let role = |members: &[u32], grants: &[u32]| Holding {
            members: members.to_vec(),
            grants: grants.to_vec(),
            ..Holding::default()
        };
        let world = World {
            held: vec![vec![0], vec![0, 1], vec![2]],
            entitlements: 3,
            // The first brings identity 0 its second side; identity 1 has both already; the last has nothing to do with it.
            roles: vec![role(&[0], &[1]), role(&[1], &[2]), role(&[2], &[2])],
            duties: vec![(vec![vec![0], vec![1]], 1)],
            ..World::default()
        };
        world.look(|compilation| {
            let linted = lint(compilation, &Configuration::default(), &Record::default());
            let conflicts = linted.findings.iter().filter(|finding| finding.rule.code == "RM503");
            let roles = CalledRoles::of(compilation);
            let against: Vec<_> = conflicts.map(|finding| finding.speaks_against(&roles)).collect();
            assert_eq!(against, [vec![0], vec![]]);
        });
    }
}
