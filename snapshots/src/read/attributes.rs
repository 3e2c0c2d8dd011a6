//! The attributes of identities and entitlements: which columns they are, and what is in them.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{columns, faults::FaultLog, header::Wanted, keyed::Keyed, rows::Rows};
use crate::{
    Attribute, AttributeType, Fault, FaultKind, Place,
    table::{ColumnSpec, Table},
};

/// The columns of a table that has attributes: its fixed ones, those of the schema, and those that need no word in it.
pub(super) struct AttributeTable {
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
    pub(super) fn new<'a>(table: Table, schema: impl Iterator<Item = (&'a String, &'a AttributeType)>) -> Self {
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

    pub(super) fn wanted(&self) -> Vec<Wanted> {
        let fixed = self.table.columns().iter().map(|spec: &ColumnSpec| Wanted::from(spec));
        fixed.chain(self.attributes.iter().map(|(wanted, ..)| wanted.clone())).collect()
    }

    pub(super) fn read(&self, rows: &Rows<'_>, keyed: &Keyed<'_>, faults: &mut FaultLog) -> Vec<Attribute> {
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
