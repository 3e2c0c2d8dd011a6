//! What is known of identities, in a CSV of its own beside the CSV of who has what.

use std::{cmp::Ordering, collections::BTreeMap};

use super::{
    context::Context,
    faults::FaultLog,
    header::plain,
    identities,
    plain::{columns_of, holder},
    scan::Input,
};
use crate::{
    AttributeType, Column, Identities, Manifest, NO_VALUE, ReadError, Schema, Snapshot, Source, TextColumn, Texts,
    table::Table,
};

/// Reads the file into a snapshot of identities and nothing else. Every column but the one that names them is a text attribute.
pub(super) fn read(input: Input<'_>, file: &str, column: Option<&str>) -> Result<Snapshot, ReadError> {
    let mut source =
        Source { id: "attributes".to_owned(), table: Table::Identities.name().to_owned(), ..Source::default() };
    file.clone_into(&mut source.file);
    let found = columns_of(input, &source)?;
    let key = holder(file, &found, column)?;
    let attributes = found.iter().filter(|name| **name != key).map(|name| (plain(name), AttributeType::Text));
    let schema = Schema { identity: attributes.filter(|(name, _)| !name.is_empty()).collect(), ..Schema::default() };
    source.columns = BTreeMap::from([("identity_id".to_owned(), key)]);
    let manifest = Manifest { sources: vec![source], schema, ..Manifest::default() };
    let mut faults = FaultLog::default();
    let identities = identities::read(Context { input, manifest: &manifest }, &mut faults)?;
    Ok(Snapshot { manifest, identities, faults: faults.finish(&[]), ..Snapshot::default() })
}

/// Who has what and what is known of whom, together.
#[derive(Debug)]
pub struct Joined {
    /// Every identity that is in either: those who hold nothing too.
    pub snapshot: Snapshot,
    /// Identities of whom nothing is known.
    pub unknown: u64,
    /// Identities that hold nothing.
    pub idle: u64,
}

impl Snapshot {
    /// The same assignments, with the identities of `known` and their attributes: for two snapshots that were read from one CSV each.
    #[must_use]
    pub fn joined(self, known: Self) -> Joined {
        let (ids, places) = united(&self.identities.ids, &known.identities.ids);
        let mut assignments = self.assignments;
        let mut starts = vec![0];
        let mut end = 0;
        for (holder, _) in &places {
            if let Some(holder) = *holder {
                end = assignments.starts.get(holder + 1).copied().unwrap_or(end);
            }
            starts.push(end);
        }
        assignments.starts = starts;
        let of: Vec<Option<usize>> = places.iter().map(|(_, known)| *known).collect();
        let mut attributes = known.identities.attributes;
        for attribute in &mut attributes {
            attribute.column = attribute.column.at(&of);
        }
        let mut manifest = self.manifest;
        manifest.sources.extend(known.manifest.sources);
        manifest.schema.identity.extend(known.manifest.schema.identity);
        let snapshot = Self {
            manifest,
            identities: Identities { ids, attributes },
            assignments,
            faults: [self.faults, known.faults].concat(),
            ..self
        };
        let count = |wanting: fn(&(Option<usize>, Option<usize>)) -> bool| {
            places.iter().filter(|places| wanting(places)).count() as u64
        };
        Joined { unknown: count(|(_, known)| known.is_none()), idle: count(|(holder, _)| holder.is_none()), snapshot }
    }
}

/// The place of an identity in each of two lists.
type Places = (Option<usize>, Option<usize>);

/// Two ascending lists as one, and the places of each element in both.
fn united(one: &Texts, other: &Texts) -> (Texts, Vec<Places>) {
    let (mut ids, mut places) = (Texts::default(), Vec::with_capacity(one.len().max(other.len())));
    let (mut one, mut other) = (one.iter().enumerate().peekable(), other.iter().enumerate().peekable());
    loop {
        let first = match (one.peek(), other.peek()) {
            (Some((_, a)), Some((_, b))) => a.cmp(b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return (ids, places),
        };
        let left = if first.is_le() { one.next() } else { None };
        let right = if first.is_ge() { other.next() } else { None };
        places.push((left.map(|(place, _)| place), right.map(|(place, _)| place)));
        if let Some((_, id)) = left.or(right) {
            ids.push(id);
        }
    }
}

impl Column {
    /// The values of these rows, in this order; none where there is no row.
    fn at(&self, rows: &[Option<usize>]) -> Self {
        fn each<T: Copy>(values: &[Option<T>], rows: &[Option<usize>]) -> Vec<Option<T>> {
            rows.iter().map(|row| row.and_then(|row| values.get(row).copied().flatten())).collect()
        }
        match self {
            Self::Text(TextColumn { values, codes }) => Self::Text(TextColumn {
                values: values.clone(),
                codes: rows.iter().map(|row| row.and_then(|row| codes.get(row).copied()).unwrap_or(NO_VALUE)).collect(),
            }),
            Self::List { values, starts, codes } => {
                let (mut new_starts, mut new_codes) = (vec![0], Vec::new());
                for row in rows {
                    let ends = row.and_then(|row| Some((*starts.get(row)? as usize, *starts.get(row + 1)? as usize)));
                    let held = ends.and_then(|(start, end)| codes.get(start..end)).unwrap_or(&[]);
                    new_codes.extend_from_slice(held);
                    new_starts.push(u32::try_from(new_codes.len()).unwrap_or(u32::MAX));
                }
                Self::List { values: values.clone(), starts: new_starts, codes: new_codes }
            }
            Self::Date(values) => Self::Date(each(values, rows)),
            Self::Boolean(values) => Self::Boolean(each(values, rows)),
            Self::Integer(values) => Self::Integer(each(values, rows)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IdentityId, MemoryFolder, read_attributes, read_table};

    fn folder(text: &str) -> MemoryFolder {
        MemoryFolder(BTreeMap::from([("a.csv".to_owned(), text.as_bytes().to_vec())]))
    }

    fn known(text: &str, column: Option<&str>) -> Result<Snapshot, ReadError> {
        read_attributes(&folder(text), "a.csv", column, &())
    }

    #[test]
    fn whoever_is_in_either_file_is_there() {
        let holders = read_table(&folder("user,permission\nu3,b\nu1,a\nu1,b\n"), "a.csv", None, &()).unwrap();
        let alone = holders.compute_digest().whole;
        let known = known("Job Title,user\nclerk,u2\n,u3\nboss,u4\n", None).unwrap();
        let Joined { snapshot, unknown, idle } = holders.joined(known);
        assert_eq!(snapshot.identities.ids, Texts::from_iter(["u1", "u2", "u3", "u4"]));
        assert_eq!((unknown, idle), (1, 2));
        assert_eq!(snapshot.assignments.starts, [0, 2, 2, 3, 3]);
        let titles: Vec<_> = (0..4).map(|row| snapshot.identities.text("job_title", IdentityId(row))).collect();
        assert_eq!(titles, [None, Some("clerk"), None, Some("boss")]);
        assert_ne!(snapshot.compute_digest().whole, alone, "the digest covers what is known");
    }

    #[test]
    fn the_column_of_identities_is_found_or_asked_for() {
        assert_eq!(known("id,department\nu1,x\n", None).unwrap().identities.ids, Texts::from_iter(["u1"]));
        assert_eq!(known("who,department\nu1,x\n", Some("WHO")).unwrap().identities.ids, Texts::from_iter(["u1"]));
        insta::assert_snapshot!(
            known("who,department\nu1,x\n", None).unwrap_err(),
            @"expected a column of `a.csv` that names an identity (`user`, `identity`, `account`, …), found `who`, `department`"
        );
        insta::assert_snapshot!(known("", None).unwrap_err(), @"`a.csv` is empty");
    }
}
