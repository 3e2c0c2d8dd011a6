//! The table of identities.

use super::{attributes::AttributeTable, context::Context, duplicates, faults::FaultLog, keyed::Keyed, rows::gather};
use crate::{Identities, ReadError, table::Table};

/// Reads the identities, and finds those who are there twice.
pub(crate) fn read(context: Context<'_>, faults: &mut FaultLog) -> Result<Identities, ReadError> {
    let table = AttributeTable::new(Table::Identities, context.manifest.schema.identity.iter());
    let rows = gather(context, Table::Identities, table.wanted(), faults)?;
    let keyed = Keyed::new(&rows, 0, faults);
    let identities = Identities { ids: keyed.ids().collect(), attributes: table.read(&rows, &keyed, faults) };
    duplicates::find(&identities, &keyed, context.manifest.extracted, faults);
    Ok(identities)
}
