//! Covers and certificates, held against who holds what by the independent checker.

use adit_compiler::{
    matrix::AccessMatrix,
    mine::LowerBound,
    verify::{
        BoundFault, ClaimedHeir, ClaimedRole, CoverFault, PolicyFault, Upkeep, Verdict, check_bound, check_cover,
        check_policy,
    },
};

use super::{Protocol, differs};
use crate::{failure::Failure, text::number};

/// Choices to try when a kernel has to be searched through again.
const MAX_NODES: u64 = 20_000_000;

/// How rows and columns are called.
pub(super) struct Called<'a> {
    /// The name of a row.
    pub(super) row: &'a dyn Fn(u32) -> String,
    /// The name of a column.
    pub(super) column: &'a dyn Fn(u32) -> String,
}

/// That roles grant exactly what is held.
pub(super) fn cover(
    what: &str,
    matrix: &AccessMatrix,
    roles: &[ClaimedRole<'_>],
    called: &Called<'_>,
    protocol: &mut Protocol<'_>,
) -> Result<(), Failure> {
    let rows = rows(matrix);
    check_cover(&rows, roles).map_err(|fault| no_cover(what, fault, called))?;
    let how = format!(
        "{} roles grant exactly the {} assignments held",
        number(roles.len() as u64),
        number(matrix.assignments() as u64)
    );
    protocol.holds(what, &how);
    Ok(())
}

/// That nothing is granted through any edge that is not held, and that there is as much to keep up as claimed.
pub(super) fn policy(
    what: &str,
    matrix: &AccessMatrix,
    roles: &[ClaimedHeir<'_>],
    (claimed, wsc): (Upkeep, u64),
    called: &Called<'_>,
    protocol: &mut Protocol<'_>,
) -> Result<(), Failure> {
    let help = "the result was changed, or made by a tool with a mistake: make it again from its data";
    let found = check_policy(&rows(matrix), roles).map_err(|fault| match fault {
        PolicyFault::Cover(fault) => no_cover(what, fault, called),
        PolicyFault::LacksHeir { row, .. } => {
            differs(format!("{what}: `{}` inherits a role that does not list them", (called.row)(row)), help)
        }
        PolicyFault::NoSuchRole { .. } | PolicyFault::Circle { .. } => differs(format!("{what}: {fault}"), help),
    })?;
    let Upkeep { roles, user_assignments, permission_assignments, hierarchy_edges, direct_assignments } = found;
    let sum = roles + user_assignments + permission_assignments + hierarchy_edges + direct_assignments;
    if found != claimed || sum != wsc {
        return Err(differs(format!("{what}: it says {}, and {} is what was counted", number(wsc), number(sum)), help));
    }
    protocol.holds(
        what,
        &format!(
            "{} = {} roles + {} of identities + {} of entitlements + {} inheritances + {} outside, counted anew along every edge",
            number(sum),
            number(roles),
            number(user_assignments),
            number(permission_assignments),
            number(hierarchy_edges),
            number(direct_assignments)
        ),
    );
    Ok(())
}

fn no_cover(what: &str, fault: CoverFault, called: &Called<'_>) -> Failure {
    let message = match fault {
        CoverFault::OverGrant { row, column, .. } => format!(
            "{what} is no exact cover: a role grants `{}` to `{}`, who does not hold it",
            (called.column)(column),
            (called.row)(row)
        ),
        CoverFault::UnderGrant { row, column } => format!(
            "{what} is no exact cover: no role grants `{}` to `{}`, who holds it",
            (called.column)(column),
            (called.row)(row)
        ),
        CoverFault::NoSuchRow { .. } => format!("{what} is no exact cover: {fault}"),
    };
    differs(message, "the result was changed, or made by a tool with a mistake: make it again from its data")
}

/// That fewer roles cannot do.
pub(super) fn bound(
    what: &str,
    matrix: &AccessMatrix,
    bound: &LowerBound,
    called: &Called<'_>,
    protocol: &mut Protocol<'_>,
) -> Result<(), Failure> {
    let pair = |(row, column): (u32, u32)| format!("`{}` holds `{}`", (called.row)(row), (called.column)(column));
    let verdict = check_bound(&rows(matrix), bound, MAX_NODES).map_err(|fault| {
        let why = match fault {
            BoundFault::NotHeld(one) => format!("it rests on the assignment {}, which is not there", pair(one)),
            BoundFault::Twice(one) => format!("it counts {} twice", pair(one)),
            BoundFault::Compatible { one, other } => {
                format!("one role can grant both {} and {}", pair(one), pair(other))
            }
            BoundFault::KernelLacks(one) => format!("its kernel lacks {}", pair(one)),
            BoundFault::TooWeak { .. } | BoundFault::Refuted { .. } => fault.to_string(),
        };
        differs(format!("{what} proves nothing: {why}"), "the proof was changed: make the result again from its data")
    })?;
    match verdict {
        Verdict::FoolingSet => protocol.holds(
            what,
            &format!("{} assignments, no two of which fit into one role", number(bound.fooling_set.len() as u64)),
        ),
        Verdict::Exhausted { nodes } => protocol.holds(
            what,
            &format!(
                "no {} roles can do it: searched through again, {} choices",
                number(u64::from(bound.roles).saturating_sub(1)),
                number(nodes)
            ),
        ),
        Verdict::NotProved { proved, nodes } => protocol.open(
            what,
            &format!(
                "at least {} of {} roles proved again in {} choices; the rest rests on the miner's own search",
                number(proved.into()),
                number(bound.roles.into()),
                number(nodes)
            ),
        ),
    }
    Ok(())
}

fn rows(matrix: &AccessMatrix) -> Vec<&[u32]> {
    (0..matrix.height()).map(|row| matrix.row(row)).collect()
}
