//! The table of entitlements.

use super::{
    attributes::AttributeTable,
    columns,
    context::Context,
    derived,
    faults::FaultLog,
    keyed::{Keyed, Values},
    rows::gather,
};
use crate::{Entitlements, ReadError, Texts, table::Table};

/// Reads the entitlements; `None` when no source has them.
pub(crate) fn read(context: Context<'_>, faults: &mut FaultLog) -> Result<Option<Entitlements>, ReadError> {
    const APPLICATION: usize = 1;
    const ATTRIBUTE: usize = 2;
    const VALUE: usize = 3;
    if !context.has(Table::Entitlements) {
        return Ok(None);
    }
    let table = AttributeTable::new(Table::Entitlements, context.manifest.schema.entitlement.iter());
    let rows = gather(context, Table::Entitlements, table.wanted(), faults)?;
    let keyed = Keyed::new(&rows, 0, faults);
    let ids: Texts = keyed.ids().collect();
    let mut column = |column: usize| {
        let Values { texts, conflicts } = keyed.values(column);
        faults.take(conflicts);
        texts
    };
    let (applications, attributes, values) = (column(APPLICATION), column(ATTRIBUTE), column(VALUE));
    let application =
        columns::text(applications.into_iter().zip(ids.iter()).enumerate().map(|(index, (application, id))| {
            application.or_else(|| derived::application(id)).or_else(|| keyed.system(index, APPLICATION))
        }));
    let attribute = columns::text(attributes.into_iter().map(|attribute| attribute.or(Some(derived::ATTRIBUTE))));
    let value = columns::text(values.into_iter().zip(ids.iter()).map(|(value, id)| value.or(Some(id))));
    let attributes = table.read(&rows, &keyed, faults);
    Ok(Some(Entitlements { ids, application, attribute, value, attributes }))
}
