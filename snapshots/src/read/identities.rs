//! The tables of identities, entitlements and accounts.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{
    columns,
    context::{Context, Ids},
    derived,
    faults::FaultLog,
    header::Wanted,
    keyed::{Keyed, Values},
    rows::{Rows, gather, gather_fixed},
    values,
};
use crate::{
    Account, Attribute, AttributeType, Entitlements, Fault, FaultKind, Identities, IdentityId, Place, ReadError,
    table::{ColumnSpec, Table},
};

/// Reads the identities, and finds those who are there twice.
pub(crate) fn read(context: Context<'_>, faults: &mut FaultLog) -> Result<Identities, ReadError> {
    let table = AttributeTable::new(Table::Identities, context.manifest.schema.identity.iter());
    let rows = gather(context, Table::Identities, table.wanted(), faults)?;
    let keyed = Keyed::new(&rows, 0, faults);
    let identities = Identities { ids: keyed.ids(), attributes: table.read(&rows, &keyed, faults) };
    super::duplicates::find(&identities, &keyed, context.manifest.extracted, faults);
    Ok(identities)
}

/// Reads the entitlements; `None` when no source has them.
pub(crate) fn read_entitlements(
    context: Context<'_>,
    faults: &mut FaultLog,
) -> Result<Option<Entitlements>, ReadError> {
    const APPLICATION: usize = 1;
    const ATTRIBUTE: usize = 2;
    const VALUE: usize = 3;
    if !context.has(Table::Entitlements) {
        return Ok(None);
    }
    let table = AttributeTable::new(Table::Entitlements, context.manifest.schema.entitlement.iter());
    let rows = gather(context, Table::Entitlements, table.wanted(), faults)?;
    let keyed = Keyed::new(&rows, 0, faults);
    let ids = keyed.ids();
    let mut column = |column: usize| {
        let Values { texts, conflicts } = keyed.values(column);
        faults.take(conflicts);
        texts
    };
    let (applications, attributes, values) = (column(APPLICATION), column(ATTRIBUTE), column(VALUE));
    let application =
        columns::text(applications.into_iter().zip(&ids).enumerate().map(|(index, (application, id))| {
            let system =
                || keyed.rows(index).filter(|row| !row.has(APPLICATION)).map(|row| row.source().system.as_str());
            let system = || system().filter(|system| !system.is_empty()).min();
            application.or_else(|| derived::application(id)).or_else(system)
        }));
    let attribute = columns::text(attributes.into_iter().map(|attribute| attribute.or(Some(derived::ATTRIBUTE))));
    let value = columns::text(values.into_iter().zip(&ids).map(|(value, id)| value.or(Some(id))));
    let attributes = table.read(&rows, &keyed, faults);
    Ok(Some(Entitlements { ids, application, attribute, value, attributes }))
}

/// Reads the accounts and joins them to identities; the entitlements of each are counted later.
pub(crate) fn read_accounts(
    context: Context<'_>,
    identities: &Ids,
    faults: &mut FaultLog,
) -> Result<Vec<Account>, ReadError> {
    const SYSTEM: usize = 1;
    const IDENTITY: usize = 2;
    const ENABLED: usize = 3;
    const INTERACTIVE: usize = 4;
    const CREATED: usize = 5;
    const LAST_LOGIN: usize = 6;
    let rows = gather_fixed(context, Table::Accounts, faults)?;
    let keyed = Keyed::new(&rows, 0, faults);
    let mut found = Vec::new();
    let mut column = |column: usize| {
        let Values { texts, conflicts } = keyed.values(column);
        found.extend(conflicts);
        texts
    };
    let (systems, owners) = (column(SYSTEM), column(IDENTITY));
    let (enabled, interactive) = (column(ENABLED), column(INTERACTIVE));
    let (created, last_login) = (column(CREATED), column(LAST_LOGIN));
    let mut enabled = columns::parsed(&keyed, ENABLED, &enabled, values::boolean, &mut found).into_iter();
    let mut interactive = columns::parsed(&keyed, INTERACTIVE, &interactive, values::boolean, &mut found).into_iter();
    let mut created = columns::parsed(&keyed, CREATED, &created, values::date, &mut found).into_iter();
    let mut last_login = columns::parsed(&keyed, LAST_LOGIN, &last_login, values::date, &mut found).into_iter();
    faults.take(found);
    let accounts =
        keyed.ids().into_iter().zip(systems).zip(owners).enumerate().map(|(index, ((id, system), owner))| {
            let default =
                || keyed.rows(index).filter(|row| !row.has(SYSTEM)).map(|row| row.source().system.as_str()).min();
            let identity = owner.and_then(|owner| identities.find(owner)).map(IdentityId);
            if identity.is_none() {
                let message = match owner {
                    None => "expected the identity it belongs to, found an empty field".to_owned(),
                    Some(owner) => identities.dangling(owner).1,
                };
                let row = owner.map_or_else(|| keyed.rows(index).next(), |owner| keyed.row_of(index, IDENTITY, owner));
                if let Some(row) = row {
                    row.fault(faults, FaultKind::OrphanAccount, IDENTITY, &id, message);
                }
            }
            Account {
                system: system.or_else(default).unwrap_or_default().to_owned(),
                identity,
                unknown_identity: owner.filter(|_| identity.is_none()).map(str::to_owned),
                enabled: enabled.next().flatten(),
                interactive: interactive.next().flatten(),
                created: created.next().flatten(),
                last_login: last_login.next().flatten(),
                entitlements: 0,
                id,
            }
        });
    Ok(accounts.collect())
}

/// The columns of a table that has attributes: its fixed ones, those of the schema, and those that need no word in it.
struct AttributeTable {
    table: Table,
    attributes: Vec<(Wanted, AttributeType, Declared)>,
}

/// Whether the schema speaks of an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Declared {
    Yes,
    No,
}

impl AttributeTable {
    fn new<'a>(table: Table, schema: impl Iterator<Item = (&'a String, &'a AttributeType)>) -> Self {
        let standard = || table.attributes().iter();
        let fixed = |name: &str| name == "id" || table.columns().iter().any(|column| column.name == name);
        let aliases =
            |name: &str| standard().find(|(spec, _)| spec.name == name).map_or(&[] as &[_], |(s, _)| s.aliases);
        let mut attributes: Vec<(Wanted, AttributeType, Declared)> = schema
            .filter(|(name, _)| !fixed(name))
            .map(|(name, kind)| {
                (Wanted { name: name.clone(), aliases: aliases(name), required: false }, *kind, Declared::Yes)
            })
            .collect();
        for (spec, kind) in standard() {
            if attributes.iter().all(|(wanted, ..)| wanted.name != spec.name) {
                attributes.push((spec.into(), *kind, Declared::No));
            }
        }
        attributes.sort_by(|(a, ..), (b, ..)| a.name.cmp(&b.name));
        Self { table, attributes }
    }

    fn wanted(&self) -> Vec<Wanted> {
        let fixed = self.table.columns().iter().map(|spec: &ColumnSpec| Wanted::from(spec));
        fixed.chain(self.attributes.iter().map(|(wanted, ..)| wanted.clone())).collect()
    }

    fn read(&self, rows: &Rows<'_>, keyed: &Keyed<'_>, faults: &mut FaultLog) -> Vec<Attribute> {
        let first = self.table.columns().len();
        let columns: Vec<_> = self.attributes.iter().enumerate().map(|(offset, spec)| (first + offset, spec)).collect();
        for (column, (wanted, _, declared)) in &columns {
            if *declared == Declared::Yes && !rows.has(*column) && rows.any_source() {
                let place = Place {
                    table: self.table.name().to_owned(),
                    file: String::new(),
                    row: None,
                    column: Some(wanted.name.clone()),
                };
                let message = format!(
                    "expected a column `{}`, which the schema declares, found none in any source: conditions on it \
                     cannot be decided",
                    wanted.name
                );
                faults.push(FaultKind::AbsentAttribute, place, wanted.name.clone(), message);
            }
        }
        let read: Vec<(Attribute, Vec<Fault>)> = columns
            .into_par_iter()
            .filter(|(column, _)| rows.has(*column))
            .map(|(column, (wanted, kind, _))| {
                let (values, faults) = columns::typed(keyed, column, *kind);
                (Attribute { name: wanted.name.clone(), column: values }, faults)
            })
            .collect();
        let mut attributes = Vec::with_capacity(read.len());
        for (attribute, found) in read {
            attributes.push(attribute);
            faults.take(found);
        }
        attributes
    }
}
