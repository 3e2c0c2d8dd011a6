//! One CSV of identities and entitlements, with no manifest.

use std::{borrow::Cow, collections::BTreeMap};

use rayon::{
    iter::{IntoParallelIterator, ParallelIterator},
    slice::ParallelSliceMut,
};

use super::{
    derived,
    faults::FaultLog,
    header::{Wanted, listed, plain},
    intern::Interner,
    matrix::{self, Pair},
    scan::{Input, Job, Part, header, place, scan},
};
use crate::{
    EntitlementId, FaultKind, Identities, IdentityId, Manifest, ReadError, Snapshot, Source, Texts, table::Table,
};

/// Words that name a holder, in the order of preference.
const HOLDERS: [&str; 9] =
    ["identity", "user", "account", "employee", "member", "grantee", "principal", "subject", "person"];
/// Words that name something held, in the order of preference.
const HELD: [&str; 8] = ["entitlement", "permission", "privilege", "role", "group", "application", "app", "access"];
/// Words of both lists: roles hold permissions.
const EITHER: [&str; 4] = ["role", "group", "application", "app"];

const HOLDER: usize = 0;
const ENTITLEMENT: usize = 1;

/// What a thread makes of its parts of the file: pairs of its own numbers, by part.
#[derive(Default)]
struct Local {
    identities: Interner,
    entitlements: Interner,
    parts: Vec<(usize, Vec<(u32, u32)>)>,
}

/// Reads the file into a snapshot of identities, entitlements and assignments.
pub(super) fn read(input: Input<'_>, file: &str, columns: Option<(&str, &str)>) -> Result<Snapshot, ReadError> {
    let mut source =
        Source { id: "table".to_owned(), table: Table::Assignments.name().to_owned(), ..Source::default() };
    file.clone_into(&mut source.file);
    let found = columns_of(input, &source)?;
    let (holder, held) = choose(file, &found, columns)?;
    source.columns = BTreeMap::from([("identity_id".to_owned(), holder), ("entitlement_id".to_owned(), held)]);

    let wanted =
        ["identity_id", "entitlement_id"].map(|name| Wanted { name: name.to_owned(), aliases: &[], required: true });
    let job = Job { table: Table::Assignments, source: &source, wanted: &wanted };
    let mut faults = FaultLog::default();
    let scanned = scan(input, job, &mut faults, Local::default, take)?;
    let mut locals = scanned.map(|scanned| scanned.states).unwrap_or_default();

    let (ids, identity_ranks) = unite(locals.iter().map(|local| &local.identities));
    let (entitlement_ids, entitlement_ranks) = unite(locals.iter().map(|local| &local.entitlements));
    let mut parts: Vec<(usize, Vec<Pair>)> = locals
        .iter_mut()
        .zip(identity_ranks)
        .zip(entitlement_ranks)
        .collect::<Vec<_>>()
        .into_par_iter()
        .flat_map_iter(|((local, identities), entitlements)| {
            std::mem::take(&mut local.parts)
                .into_iter()
                .map(move |(part, pairs)| (part, ranked(pairs, &identities, &entitlements)))
        })
        .collect();
    drop(locals);
    // In the order of the file: one that is sorted stays so.
    parts.sort_unstable_by_key(|(part, _)| *part);
    let parts = parts.into_iter().map(|(_, pairs)| pairs).collect();
    let (assignments, repeated) = matrix::assignments(ids.len(), parts);
    if repeated > 0 {
        faults.push(FaultKind::RepeatedRow, place(job, None, None), "", said_again(repeated));
    }
    Ok(Snapshot {
        manifest: Manifest { sources: vec![source], ..Manifest::default() },
        identities: Identities { ids, attributes: Vec::new() },
        entitlements: derived::entitlements(entitlement_ids, &[]),
        assignments,
        faults: faults.finish(&[]),
        ..Snapshot::default()
    })
}

/// The header of a file without a manifest, which must have one.
pub(super) fn columns_of(input: Input<'_>, source: &Source) -> Result<Vec<String>, ReadError> {
    let file = source.file.clone();
    match header(input, source) {
        Ok(found) if matches!(found.as_slice(), [] | [_]) && found.iter().all(|name| name.trim().is_empty()) => {
            Err(ReadError::Empty { file })
        }
        Ok(found) => Ok(found),
        Err(error) => Err(ReadError::File { file, error }),
    }
}

/// What is noted of rows that say nothing new.
pub(super) fn said_again(rows: u64) -> String {
    match rows {
        1 => "one row says exactly what another row says; it counts once".to_owned(),
        _ => format!("{rows} rows say exactly what another row says; each counts once"),
    }
}

/// Rows interned together.
const BATCH: usize = 256;

/// Interns the rows of a part; a holder once for a run of its rows.
fn take(local: &mut Local, part: &mut Part<'_>) {
    let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(part.rows());
    let (mut holders, mut held): (Vec<Cow<'_, str>>, Vec<Cow<'_, str>>) = Default::default();
    let (mut runs, mut identities, mut entitlements) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let more = part.next();
        if more {
            let (Some(holder), Some(entitlement)) = (part.take(HOLDER), part.take(ENTITLEMENT)) else {
                let column = if part.get(HOLDER).is_none() { HOLDER } else { ENTITLEMENT };
                part.fault(FaultKind::EmptyKey, column, "", || "expected a name, found an empty field".to_owned());
                continue;
            };
            if holders.last() != Some(&holder) {
                holders.push(holder);
            }
            held.push(entitlement);
            runs.push(holders.len() - 1);
        }
        if !more || runs.len() == BATCH {
            local.identities.intern_all(&holders, &mut identities);
            local.entitlements.intern_all(&held, &mut entitlements);
            let identity = |run: usize| identities.get(run).copied().unwrap_or_default();
            pairs.extend(runs.iter().map(|&run| identity(run)).zip(entitlements.iter().copied()));
            holders.clear();
            held.clear();
            runs.clear();
        }
        if !more {
            break;
        }
    }
    local.parts.push((part.index, pairs));
}

fn ranked(pairs: Vec<(u32, u32)>, identities: &[u32], entitlements: &[u32]) -> Vec<Pair> {
    let rank = |ranks: &[u32], number: u32| ranks.get(number as usize).copied().unwrap_or_default();
    pairs
        .into_iter()
        .map(|(identity, entitlement)| {
            matrix::pair(IdentityId(rank(identities, identity)), EntitlementId(rank(entitlements, entitlement)))
        })
        .collect()
}

/// The distinct texts of several interners, ascending, and for each interner the rank of its every number.
pub(crate) fn unite<'a>(interners: impl Iterator<Item = &'a Interner>) -> (Texts, Vec<Vec<u32>>) {
    let interners: Vec<&Interner> = interners.collect();
    let mut texts: Vec<(&str, u32, u32)> = Vec::with_capacity(interners.iter().map(|interner| interner.len()).sum());
    for (which, interner) in (0_u32..).zip(&interners) {
        texts.extend(interner.iter().zip(0_u32..).map(|(text, number)| (text, which, number)));
    }
    texts.par_sort_unstable();
    let (mut ids, mut last) = (Texts::default(), None);
    let mut ranks: Vec<Vec<u32>> = interners.iter().map(|interner| vec![0; interner.len()]).collect();
    for (text, which, number) in texts {
        if last != Some(text) {
            ids.push(text);
            last = Some(text);
        }
        if let Some(slot) = ranks.get_mut(which as usize).and_then(|ranks| ranks.get_mut(number as usize)) {
            *slot = u32::try_from(ids.len() - 1).unwrap_or(u32::MAX);
        }
    }
    (ids, ranks)
}

/// Decides which column holds and which is held.
fn choose(file: &str, header: &[String], columns: Option<(&str, &str)>) -> Result<(String, String), ReadError> {
    let refuse = |message: String| Err(ReadError::Columns(message));
    if let Some((holder, held)) = columns {
        for name in [holder, held] {
            if !header.iter().any(|column| plain(column) == plain(name)) {
                return refuse(format!("expected a column `{name}` in `{file}`, found {}", listed(header)));
            }
        }
        if plain(holder) == plain(held) {
            return refuse(format!("expected two different columns, found `{holder}` twice"));
        }
        return Ok((holder.to_owned(), held.to_owned()));
    }
    let holder = best(header, &HOLDERS, None)
        .or_else(|| best(header, &EITHER, None).filter(|&role| best(header, &HELD, Some(role)).is_some()));
    let held = best(header, &HELD, holder);
    match (holder.and_then(|index| header.get(index)), held.and_then(|index| header.get(index))) {
        (Some(holder), Some(held)) => Ok((holder.clone(), held.clone())),
        (holder, _) => {
            let missing = match holder {
                None => AN_IDENTITY,
                Some(_) => "an entitlement (`permission`, `entitlement`, `role`, `group`, …)",
            };
            refuse(format!("{}; name the two columns", unnamed(file, header, missing)))
        }
    }
}

/// Decides which column names identities, where nothing is held: the one asked for if it is there, else the one that says so.
pub(super) fn holder(file: &str, header: &[String], column: Option<&str>) -> Result<String, ReadError> {
    let called = |name: &str| header.iter().position(|column| plain(column) == plain(name));
    let found = column.and_then(called).or_else(|| best(header, &HOLDERS, None)).or_else(|| called("id"));
    found
        .and_then(|index| header.get(index))
        .cloned()
        .ok_or_else(|| ReadError::Columns(unnamed(file, header, AN_IDENTITY)))
}

const AN_IDENTITY: &str = "an identity (`user`, `identity`, `account`, …)";

fn unnamed(file: &str, header: &[String], missing: &str) -> String {
    format!("expected a column of `{file}` that names {missing}, found {}", listed(header))
}

/// The column that the first of the words names, if any does.
fn best(header: &[String], words: &[&str], taken: Option<usize>) -> Option<usize> {
    let names = |column: &str, word: &str| {
        words_of(column)
            .any(|part| part.strip_prefix(word).is_some_and(|rest| ["", "s", "id", "ids", "name"].contains(&rest)))
    };
    words.iter().find_map(|word| {
        header.iter().enumerate().position(|(index, column)| Some(index) != taken && names(column, word))
    })
}

/// The words of a column name, in lower case: `userId`, `user_id` and `User ID` have the same.
fn words_of(name: &str) -> impl Iterator<Item = String> {
    let mut spaced = String::new();
    let mut lower = false;
    for letter in name.chars() {
        if lower && letter.is_uppercase() {
            spaced.push('_');
        }
        lower = letter.is_lowercase();
        spaced.push(letter);
    }
    plain(&spaced).split('_').map(str::to_owned).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::MemoryFolder;

    fn table(text: &str, columns: Option<(&str, &str)>) -> Result<Snapshot, ReadError> {
        let folder = MemoryFolder(BTreeMap::from([("a.csv".to_owned(), text.as_bytes().to_vec())]));
        read(Input { folder: &folder, progress: &() }, "a.csv", columns)
    }

    fn held(snapshot: &Snapshot) -> Vec<(&str, Vec<&str>)> {
        snapshot
            .identities
            .iter()
            .map(|identity| {
                let held = snapshot.assignments.held(identity).iter();
                (snapshot.identities.name(identity), held.map(|&held| snapshot.entitlements.name(held)).collect())
            })
            .collect()
    }

    #[test]
    fn ids_are_ranked_and_rows_united() {
        let snapshot = table("user,permission\nu2,b\nu1,b\nu2,a\nu2,b\n\n", None).unwrap();
        assert_eq!(held(&snapshot), [("u1", vec!["b"]), ("u2", vec!["a", "b"])]);
        assert_eq!(snapshot.assignments.starts, [0, 1, 3]);
        assert!(snapshot.assignments.grants.is_none());
        assert_eq!(snapshot.entitlements.parts(EntitlementId(0)), ["", "entitlement", "a"]);
        insta::assert_snapshot!(snapshot.faults[0].message, @"one row says exactly what another row says; it counts once");
    }

    #[test]
    fn the_header_names_the_columns() {
        let chosen = |header: &str| table(&format!("{header}\n1,2,3\n"), None).map(|s| format!("{:?}", held(&s)));
        assert_eq!(chosen("role,permission,x").unwrap(), r#"[("1", ["2"])]"#);
        assert_eq!(chosen("x,Entitlement ID,userName").unwrap(), r#"[("3", ["2"])]"#);
        assert_eq!(chosen("group,user,role").unwrap(), r#"[("2", ["3"])]"#);
        assert_eq!(chosen("account_id,x,APP").unwrap(), r#"[("1", ["3"])]"#);
        insta::assert_snapshot!(
            chosen("approver,id,role").unwrap_err(),
            @"expected a column of `a.csv` that names an identity (`user`, `identity`, `account`, …), found `approver`, `id`, `role`; name the two columns"
        );
        insta::assert_snapshot!(chosen("user,colour,size").unwrap_err(), @"expected a column of `a.csv` that names an entitlement (`permission`, `entitlement`, `role`, `group`, …), found `user`, `colour`, `size`; name the two columns");
    }

    #[test]
    fn columns_may_be_named() {
        let text = "who;what\n1;2\n";
        assert_eq!(held(&table(text, Some(("what", "WHO"))).unwrap()), [("2", vec!["1"])]);
        insta::assert_snapshot!(table(text, Some(("user", "what"))).unwrap_err(), @"expected a column `user` in `a.csv`, found `who`, `what`");
        insta::assert_snapshot!(table(text, Some(("who", "who"))).unwrap_err(), @"expected two different columns, found `who` twice");
        insta::assert_snapshot!(table("", Some(("who", "what"))).unwrap_err(), @"`a.csv` is empty");
    }

    #[test]
    fn a_file_that_is_not_there_is_an_error() {
        let error = read(Input { folder: &MemoryFolder::default(), progress: &() }, "b.csv", None).unwrap_err();
        insta::assert_snapshot!(error, @"cannot read `b.csv`: entity not found");
    }
}
