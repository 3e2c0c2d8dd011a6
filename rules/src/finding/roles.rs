//! Which candidate roles a finding speaks against: those are not provisioned while it stands as an error.

use adit_compiler::{
    compile::Compilation,
    roles::{CandidateRole, RoleOrigin},
};

use super::{Evidence, Finding, Node, Subject};

impl Finding {
    /// The candidate roles it speaks against, ascending: indices into `Compilation::roles`. Those it is about; those of the mining block,
    /// population or role of the spec it is about; and, where someone would break duties, those that would make them.
    #[must_use]
    pub fn speaks_against(&self, compilation: &Compilation<'_>) -> Vec<usize> {
        let roles = compilation.roles.iter().enumerate();
        roles.filter(|(_, role)| self.is_against(compilation, role)).map(|(number, _)| number).collect()
    }

    fn is_against(&self, compilation: &Compilation<'_>, role: &CandidateRole) -> bool {
        if !self.against.is_empty() {
            return self.against.binary_search(&role.id).is_ok();
        }
        let spec = compilation.spec;
        match (&self.subject, &role.origin) {
            (Subject::Role(id, _) | Subject::RoleTwin(id, _, _) | Subject::RoleConflict(id, _, _), _) => *id == role.id,
            (Subject::RolePair((one, _), (other, _)), _) => [one, other].contains(&&role.id),
            (Subject::Conflict(..), _) => self.leads_through(&role.handle),
            (Subject::Spec("mining", name), origin) => {
                origin.mining().and_then(|mining| spec.minings.get(mining)).is_some_and(|mining| mining.name == *name)
            }
            (Subject::Spec("role", name), RoleOrigin::Declared { role }) => {
                spec.roles.get(*role).is_some_and(|role| role.name == *name)
            }
            (Subject::Population(name) | Subject::PopulationAttribute(name, _), origin) => {
                let population = origin.population().and_then(|population| compilation.populations.get(population));
                population.is_some_and(|population| population.name == *name)
            }
            _ => false,
        }
    }

    /// Whether one of its paths leads through a candidate role.
    fn leads_through(&self, handle: &str) -> bool {
        let is_role = |node: &Node| matches!(node, Node::Role(role) if role == handle);
        self.evidence.iter().any(|row| matches!(row, Evidence::Path(nodes) if nodes.iter().any(is_role)))
    }
}

#[cfg(test)]
mod tests {
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
            assert!(finding.speaks_against(compilation).is_empty());
            let named = [2, 0].map(|role: usize| compilation.roles[role].id.clone());
            assert_eq!(finding.against(named).speaks_against(compilation), [0_usize, 2]);
        });
    }

    #[test]
    fn who_would_break_duties_speaks_against_the_role_that_makes_them() {
        let role = |members: &[u32], grants: &[u32]| Holding {
            members: members.to_vec(),
            linked: Vec::new(),
            grants: grants.to_vec(),
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
            let against: Vec<_> = conflicts.map(|finding| finding.speaks_against(compilation)).collect();
            assert_eq!(against, [vec![0], vec![]]);
        });
    }
}
