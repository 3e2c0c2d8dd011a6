//! The mining input as a table: what `adit preview --export` writes. Documented in `docs/formats.md`.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use adit_compiler::preview::Preview;
use adit_snapshots::{Column, EntitlementId};

use super::Previewed;
use crate::{interrupt, privacy::Names};

/// A column of an attribute.
enum Field<'a> {
    /// Its one value.
    Value(&'a str, &'a Column),
    /// Whether it has this value among several: values and where they start, the codes, and the one that is meant.
    Has { starts: &'a [u32], codes: &'a [u32], code: u32 },
}

/// Writes a row for each identity of each population: population, identity, attributes, entitlements. A cell of an entitlement that is
/// not mined in a population is empty there.
pub(crate) fn write(previewed: &Previewed<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let fields = fields(previewed);
    let matrices = || previewed.populations.iter().map(|preview| &preview.selection.matrix);
    let entitlements: BTreeSet<EntitlementId> = matrices().flat_map(|matrix| &matrix.entitlements).copied().collect();

    csv.write_field("population")?;
    csv.write_field("identity")?;
    fields.iter().try_for_each(|(header, _)| csv.write_field(header))?;
    entitlements.iter().try_for_each(|&id| csv.write_field(previewed.snapshot.entitlements.name(id)))?;
    csv.write_record(None::<&[u8]>)?;

    for preview in previewed.populations {
        let matrix = &preview.selection.matrix;
        let columns: BTreeMap<EntitlementId, u32> = matrix.entitlements.iter().copied().zip(0..).collect();
        let columns: Vec<Option<u32>> = entitlements.iter().map(|id| columns.get(id).copied()).collect();
        for (called, row) in previewed.called(preview, rows(previewed, preview)) {
            if interrupt::requested() {
                // What is written so far is dropped by whoever commits it.
                return Ok(());
            }
            let Some(&identity) = matrix.identities.get(row as usize) else { continue };
            csv.write_field(&preview.selection.name)?;
            csv.write_field(called)?;
            for (_, field) in &fields {
                csv.write_field(field.of(identity.0 as usize, previewed.names))?;
            }
            let mut held = matrix.row(row as usize).iter().peekable();
            for column in &columns {
                csv.write_field(match column {
                    None => "",
                    Some(column) if held.next_if(|held| *held == column).is_some() => "1",
                    Some(_) => "0",
                })?;
            }
            csv.write_record(None::<&[u8]>)?;
        }
    }
    csv.flush()
}

/// The rows of a population that were asked for.
fn rows(previewed: &Previewed<'_>, preview: &Preview) -> Vec<u32> {
    match &previewed.only {
        Some(only) => only.iter().filter_map(|&identity| Previewed::row(preview, identity)).collect(),
        None => (0..).zip(&preview.selection.matrix.identities).map(|(row, _)| row).collect(),
    }
}

/// The attributes that guide or describe anywhere, by name; one of several values has a column for each.
fn fields<'a>(previewed: &'a Previewed<'_>) -> Vec<(String, Field<'a>)> {
    let attributes = previewed.populations.iter().flat_map(|preview| &preview.attributes);
    let named: BTreeSet<&str> = attributes.map(|attribute| attribute.name.as_str()).collect();
    let mut fields = Vec::new();
    for name in named {
        match previewed.snapshot.identities.attribute(name) {
            Some(Column::List { values, starts, codes }) => fields.extend((0..).zip(values).map(|(code, value)| {
                (format!("{name}={}", previewed.names.value(name, value)), Field::Has { starts, codes, code })
            })),
            Some(column) => fields.push((name.to_owned(), Field::Value(name, column))),
            None => {}
        }
    }
    fields
}

impl Field<'_> {
    fn of(&self, row: usize, names: &Names<'_>) -> String {
        match self {
            Self::Value(name, column) => column.display(row).map(|value| names.value(name, &value)).unwrap_or_default(),
            Self::Has { starts, codes, code } => {
                let run = match (starts.get(row), starts.get(row + 1)) {
                    (Some(&start), Some(&end)) => codes.get(start as usize..end as usize).unwrap_or(&[]),
                    _ => &[],
                };
                u8::from(run.binary_search(code).is_ok()).to_string()
            }
        }
    }
}
