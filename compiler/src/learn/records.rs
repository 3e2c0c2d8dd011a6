//! Records: an identity's attributes and its role, equal ones counted.

use adit_snapshots::{Column, IdentityId};
use rustc_hash::FxHashMap;

use crate::{describe::Groups, encoded::Encoded};

/// An attribute that a tree may test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
    /// The values, in the order of their codes; numbers ascend. One code more stands for a missing value, but in a list.
    pub values: Vec<String>,
}

/// What the values of an attribute are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of several texts.
    Text,
    /// A whole number: a test asks whether it is at most so much. A missing number counts as larger than all.
    Number,
    /// Any number of texts.
    List,
}

/// All records of a population, equal ones made one row.
#[derive(Debug, Default)]
pub struct Records {
    attributes: Vec<Attribute>,
    /// By attribute: the codes of tuple `t` are `codes[starts[t]..starts[t + 1]]`, ascending; one code but in lists.
    columns: Vec<Codes>,
    /// The tuple of attribute values of each row.
    tuples: Vec<u32>,
    /// The class of each row.
    classes: Vec<u32>,
    /// How many records each row stands for.
    counts: Vec<u32>,
    /// One more than the largest class.
    width: u32,
    without_role: u64,
}

#[derive(Debug, Default)]
struct Codes {
    starts: Vec<u32>,
    codes: Vec<u32>,
}

impl Records {
    /// The records of a population (ascending): the classes of each identity, a record for each class.
    ///
    /// `columns` are names and columns of the attributes of identities.
    #[must_use]
    pub fn new<'r>(
        columns: &[(&str, &Column)],
        population: &[IdentityId],
        roles: impl IntoIterator<Item = &'r [u32]>,
    ) -> Self {
        let of_attributes: Vec<&Column> = columns.iter().map(|(_, column)| *column).collect();
        Self::within(&Groups::new(&of_attributes, population), columns, population, roles)
    }

    /// The same where it is known who is alike in these attributes: the groups become the tuples.
    pub(crate) fn within<'r>(
        groups: &Groups,
        columns: &[(&str, &Column)],
        population: &[IdentityId],
        roles: impl IntoIterator<Item = &'r [u32]>,
    ) -> Self {
        let mut records = Self::default();
        for (name, column) in columns {
            let values = Values::new(column, population);
            let mut codes = Codes { starts: vec![0], codes: Vec::new() };
            for identity in groups.firsts().iter().filter_map(|&first| population.get(first as usize)) {
                values.codes(*identity, |code| codes.codes.push(code));
                codes.starts.push(number(codes.codes.len()));
            }
            records.columns.push(codes);
            let (kind, values) = (values.kind, values.texts());
            records.attributes.push(Attribute { name: (*name).to_owned(), kind, values });
        }
        let mut rows: FxHashMap<(u32, u32), usize> = FxHashMap::default();
        for (&tuple, roles) in groups.of_each().iter().zip(roles) {
            records.without_role += u64::from(roles.is_empty());
            for &class in roles {
                let row = *rows.entry((tuple, class)).or_insert_with(|| {
                    records.tuples.push(tuple);
                    records.classes.push(class);
                    records.counts.push(0);
                    records.counts.len() - 1
                });
                if let Some(count) = records.counts.get_mut(row) {
                    *count += 1;
                }
                records.width = records.width.max(class + 1);
            }
        }
        records
    }

    /// How many rows differ.
    pub(super) fn len(&self) -> usize {
        self.counts.len()
    }

    /// The attributes, in the order in which they were given.
    pub(super) fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// How many records each row stands for.
    pub(super) fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The class of a row.
    pub(super) fn class(&self, row: u32) -> u32 {
        self.classes.get(row as usize).copied().unwrap_or_default()
    }

    /// The codes of a row in an attribute, ascending.
    pub(super) fn codes(&self, attribute: usize, row: u32) -> &[u32] {
        let Some(column) = self.columns.get(attribute) else { return &[] };
        let tuple = self.tuples.get(row as usize).map_or(usize::MAX - 1, |&tuple| tuple as usize);
        match (column.starts.get(tuple), column.starts.get(tuple + 1)) {
            (Some(&start), Some(&end)) => column.codes.get(start as usize..end as usize).unwrap_or(&[]),
            _ => &[],
        }
    }

    /// The one code of a row in an attribute that is no list.
    pub(super) fn code(&self, attribute: usize, row: u32) -> u32 {
        self.codes(attribute, row).first().copied().unwrap_or(u32::MAX)
    }

    /// One more than the largest class.
    pub(super) fn classes(&self) -> usize {
        self.width as usize
    }

    /// How many classes some record is of.
    pub(super) fn classes_present(&self) -> u64 {
        let mut present = vec![false; self.classes()];
        for &class in &self.classes {
            if let Some(present) = present.get_mut(class as usize) {
                *present = true;
            }
        }
        present.into_iter().filter(|&present| present).count() as u64
    }

    /// Identities that no record speaks of.
    pub(super) fn without_role(&self) -> u64 {
        self.without_role
    }
}

/// The values of one attribute, by code.
struct Values<'a> {
    kind: Kind,
    encoded: Encoded<'a>,
    /// For numbers: the rank of each code.
    ranks: Option<Vec<u32>>,
}

impl<'a> Values<'a> {
    fn new(column: &'a Column, population: &[IdentityId]) -> Self {
        let encoded = Encoded::new(column, population);
        let kind = match column {
            Column::List { .. } => Kind::List,
            Column::Integer(_) => Kind::Number,
            _ => Kind::Text,
        };
        let ranks = (kind == Kind::Number).then(|| {
            let mut order: Vec<(i64, u32)> =
                encoded.values.iter().map(|text| text.parse().unwrap_or(0)).zip(0..).collect();
            order.sort_unstable();
            let mut ranks = vec![0; order.len()];
            for ((_, code), rank) in order.into_iter().zip(0..) {
                if let Some(slot) = ranks.get_mut(code as usize) {
                    *slot = rank;
                }
            }
            ranks
        });
        Self { kind, encoded, ranks }
    }

    fn texts(&self) -> Vec<String> {
        let mut texts: Vec<(u32, String)> =
            (0..).zip(&self.encoded.values).map(|(code, text)| (self.ranked(code), text.to_string())).collect();
        texts.sort_unstable();
        texts.into_iter().map(|(_, text)| text).collect()
    }

    fn ranked(&self, code: u32) -> u32 {
        self.ranks.as_ref().and_then(|ranks| ranks.get(code as usize).copied()).unwrap_or(code)
    }

    /// The codes of an identity; a missing value has the code after the last, but in a list none.
    fn codes(&self, identity: IdentityId, mut take: impl FnMut(u32)) {
        let mut any = false;
        self.encoded.codes(identity, |code| {
            any = true;
            take(self.ranked(code));
        });
        if !any && self.kind != Kind::List {
            take(number(self.encoded.values.len()));
        }
    }
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
