//! What would be mined, before anything is: counts of each population that show bad input at a glance.

use std::collections::{BTreeMap, BTreeSet};

use adit_snapshots::{IdentityId, Snapshot};

use crate::{
    condition::Evaluator,
    encoded::Encoded,
    matrix::AccessMatrix,
    select::{self, SelectError, Selection},
    spec::{KindName, Mining, Percent, Spec},
};

/// A column that more of its population hold than this is near-constant.
pub const NEARLY_ALL: Percent = Percent(9_900);

/// A column that fewer of its population hold than this is sparse.
pub const FEW: Percent = Percent(100);

/// One population as it would be mined.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Index into `Spec::minings`.
    pub mining: usize,
    /// Who has what within the scope, and what was left out.
    pub selection: Selection,
    /// Every kind that is minable, in the order of the spec: those with nothing in scope too.
    pub kinds: Vec<KindCount>,
    /// Columns that tell roles apart badly.
    pub columns: OddColumns,
    /// Rows of identities that hold nothing, ascending.
    pub empty: Vec<u32>,
    /// The attributes that guide or describe, in the order in which they are named.
    pub attributes: Vec<AttributeCount>,
}

/// How many entitlements of a kind there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindCount {
    /// The kind.
    pub kind: KindName,
    /// In the snapshot, held or not.
    pub known: u64,
    /// In the matrix.
    pub in_scope: u64,
}

/// Columns by what is odd about them, each list ascending. Constant, near-constant and sparse exclude each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OddColumns {
    /// Held by all.
    pub constant: Vec<u32>,
    /// Held by more than [`NEARLY_ALL`], but not by all.
    pub near_constant: Vec<u32>,
    /// Held by one identity, or by fewer than [`FEW`].
    pub sparse: Vec<u32>,
    /// Columns that the same identities hold: groups of at least two, by their first column.
    pub identical: Vec<Vec<u32>>,
}

/// An attribute, counted over a population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeCount {
    /// Its name.
    pub name: String,
    /// Whether it shapes clusters.
    pub guides: bool,
    /// Whether membership rules may speak of it.
    pub describes: bool,
    /// Its values; none where the identities of the snapshot have no such column.
    pub values: Option<ValueCount>,
}

/// The values of an attribute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValueCount {
    /// Identities that have at least one.
    pub identities: u64,
    /// Different values.
    pub distinct: u64,
    /// Identities that have several.
    pub several: u64,
    /// Values that differ only in blanks or case, as written: groups of at least two, ascending.
    pub alike: Vec<Vec<String>>,
}

/// Every population of every mining block, in the order of the spec.
///
/// # Errors
/// When an identity is in no class or in two, or a condition of a scope cannot be decided.
pub fn preview(spec: &Spec, snapshot: &Snapshot) -> Result<Vec<Preview>, SelectError> {
    let evaluator = Evaluator::new(snapshot);
    let classes = select::classify(spec, &evaluator)?;
    let mut previews = Vec::new();
    for (number, mining) in spec.minings.iter().enumerate() {
        for selection in select::populations(spec, mining, &classes, &evaluator)? {
            let matrix = &selection.matrix;
            previews.push(Preview {
                mining: number,
                kinds: kinds(mining, snapshot, matrix),
                columns: OddColumns::of(matrix),
                empty: (0..).zip(&matrix.identities).map(|(row, _)| row).filter(|&row| is_empty(matrix, row)).collect(),
                attributes: attributes(mining, snapshot, &matrix.identities),
                selection,
            });
        }
    }
    Ok(previews)
}

impl OddColumns {
    fn of(matrix: &AccessMatrix) -> Self {
        let everyone = matrix.height() as u64;
        let columns = || (0_u32..).zip(&matrix.entitlements).map(|(column, _)| column);
        let mut odd = Self::default();
        for column in columns() {
            let holders = matrix.column(column as usize).len() as u64;
            if holders == everyone {
                odd.constant.push(column);
            } else if NEARLY_ALL.exceeded_by(holders, everyone) {
                odd.near_constant.push(column);
            } else if holders == 1 || !FEW.met_by(holders, everyone) {
                odd.sparse.push(column);
            }
        }
        let holders = |column: u32| matrix.column(column as usize);
        let mut sorted: Vec<u32> = columns().collect();
        sorted.sort_by_key(|&column| (holders(column), column));
        let groups = sorted.chunk_by(|&one, &other| holders(one) == holders(other));
        odd.identical = groups.filter(|group| group.len() > 1).map(<[u32]>::to_vec).collect();
        odd.identical.sort_unstable();
        odd
    }
}

fn is_empty(matrix: &AccessMatrix, row: u32) -> bool {
    matrix.row(row as usize).is_empty()
}

fn kinds(mining: &Mining, snapshot: &Snapshot, matrix: &AccessMatrix) -> Vec<KindCount> {
    let entitlements = &snapshot.entitlements;
    let of_kind = |kind: &KindName| {
        let application = entitlements.application.code(&kind.application);
        let attribute = entitlements.attribute.code(&kind.attribute);
        move |row: usize| {
            application.is_some()
                && entitlements.application.codes.get(row).copied() == application
                && attribute.is_some()
                && entitlements.attribute.codes.get(row).copied() == attribute
        }
    };
    let count = |kind: &KindName| {
        let is = of_kind(kind);
        KindCount {
            kind: kind.clone(),
            known: (0..entitlements.len()).filter(|&row| is(row)).count() as u64,
            in_scope: matrix.entitlements.iter().filter(|entitlement| is(entitlement.0 as usize)).count() as u64,
        }
    };
    mining.minable.iter().map(count).collect()
}

fn attributes(mining: &Mining, snapshot: &Snapshot, population: &[IdentityId]) -> Vec<AttributeCount> {
    let describing: &[String] = mining.describe.as_ref().map_or(&[], |describe| &describe.by);
    let mut seen = BTreeSet::new();
    let named = mining.guided_by.iter().chain(describing).filter(|name| seen.insert(name.as_str()));
    named
        .map(|name| AttributeCount {
            name: name.clone(),
            guides: mining.guided_by.contains(name),
            describes: describing.contains(name),
            values: snapshot
                .identities
                .attribute(name)
                .map(|column| values(&Encoded::new(column, population), population)),
        })
        .collect()
}

fn values(column: &Encoded<'_>, population: &[IdentityId]) -> ValueCount {
    let mut count = ValueCount::default();
    let mut seen = vec![false; column.values.len()];
    for &identity in population {
        let mut own = 0_u64;
        column.codes(identity, |code| {
            own += 1;
            if let Some(seen) = seen.get_mut(code as usize) {
                *seen = true;
            }
        });
        count.identities += u64::from(own > 0);
        count.several += u64::from(own > 1);
    }
    let mut folded: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (value, _) in column.values.iter().zip(&seen).filter(|(_, seen)| **seen) {
        count.distinct += 1;
        folded.entry(value.trim().to_lowercase()).or_default().push(value.clone().into_owned());
    }
    count.alike = folded.into_values().filter(|values| values.len() > 1).collect();
    count
}

#[cfg(test)]
mod tests;
