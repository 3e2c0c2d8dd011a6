//! Discovery on existing roles: who holds a role as it stands is a cluster, and the cut decides what the role should grant.
//!
//! Nothing is searched for. The memberships come in as the one guide, a code for each role; the clusters come in the order of the codes,
//! those without a row among them, so that a cluster's place says which role it is. What a cluster may grant is whatever any of its
//! rows has: Oracle's "entitlements discovery on legacy roles" looks no further either.

use crate::{
    mine::{Cluster, Clustering, MineError, MineInput, Progress, Shortfall, Strategy, Unassigned, held_by_any},
    spec::ExistingRoles,
};

impl Strategy for ExistingRoles {
    fn mine(&self, input: &MineInput<'_>, progress: &dyn Progress) -> Result<Clustering, MineError> {
        let Some(roles) = input.guides.first() else { return Ok(Clustering::default()) };
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); roles.distinct];
        let mut unassigned = Vec::new();
        for (row, held) in (0_u32..).zip(&roles.of_row) {
            for &role in held {
                members.get_mut(role as usize).into_iter().for_each(|members| members.push(row));
            }
            if held.is_empty() {
                let of = u32::try_from(input.matrix.row(row as usize).len()).unwrap_or(u32::MAX);
                let shortfall = if of == 0 { Shortfall::HoldsNothing } else { Shortfall::HasNoRole };
                unassigned.push(Unassigned { row, best_common: 0, of, with: None, with_of: 0, shortfall });
            }
        }
        let mut clusters = Vec::with_capacity(members.len());
        for members in members {
            if progress.cancelled() {
                return Err(MineError::Cancelled);
            }
            let entitlements = held_by_any(input.matrix, &members);
            clusters.push(Cluster::flat(members, entitlements));
        }
        Ok(Clustering { clusters, bound: None, unassigned, notes: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{matrix::tests::matrix, mine::Guide};

    #[test]
    fn every_role_is_a_cluster_of_its_members() {
        let matrix = matrix(3, &[vec![0, 1], vec![1], vec![2], vec![]]);
        let roles = Guide { name: "role".into(), distinct: 3, of_row: vec![vec![0, 2], vec![0], vec![], vec![]] };
        let input = MineInput { guides: &[roles], ..MineInput::from(&matrix) };
        let found = ExistingRoles::default().mine(&input, &()).unwrap();
        let clusters = [(vec![0, 1], vec![0, 1]), (vec![], vec![]), (vec![0], vec![0, 1])];
        assert_eq!(found.clusters, clusters.map(|(members, entitlements)| Cluster::flat(members, entitlements)));
        let why: Vec<_> = found.unassigned.iter().map(|row| (row.row, row.shortfall)).collect();
        assert_eq!(why, [(2, Shortfall::HasNoRole), (3, Shortfall::HoldsNothing)]);
    }
}
