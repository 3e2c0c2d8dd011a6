//! The attributes that shape the clusters of a mining block, as codes.

use adit_snapshots::{IdentityId, Snapshot};

use super::discovered;
use crate::{
    mine::Guide,
    select::SelectError,
    spec::{Mining, Strategy},
};

/// What `guided by` names, in that order, for the identities of a population (ascending); the memberships where existing roles are given.
pub(super) fn guides(
    snapshot: &Snapshot,
    population: &[IdentityId],
    mining: &Mining,
) -> Result<Vec<Guide>, SelectError> {
    if let Strategy::ExistingRoles(_) = mining.strategy {
        return Ok(vec![discovered::guide(&discovered::wanted(snapshot, mining)?, population)]);
    }
    let guide = |name: &String| {
        let column = snapshot.identities.attribute(name).ok_or_else(|| SelectError::NotDecidable {
            message: format!(
                "mining `{}` is guided by `{name}`, but in this snapshot identities have no such column",
                mining.name
            ),
            help: format!("add a column `{name}` to the identities table, or take it out of `guided by`"),
            span: mining.span,
        })?;
        Ok(Guide::new(name, column, population))
    };
    mining.guided_by.iter().map(guide).collect()
}
