//! How fast a decision tree is learned and cross-validated, on the file that WEKA's J48 reads: records of nominal attributes, the last of
//! them the class.
//!
//! `cargo run --release --example learn -- FILE.arff [binary]`. `benches/peers.sh` holds it beside J48.

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::{error::Error, fs, time::Instant};

use adit_compiler::{
    learn::{Records, learn},
    spec::{Describe, Percent, TreeSettings},
};
use adit_snapshots::{Column, IdentityId, TextColumn};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("expected an ARFF file")?;
    let binary = std::env::args().nth(2).is_some_and(|word| word == "binary");
    let text = fs::read_to_string(&path)?;
    let (head, data) = text.split_once("@data\n").ok_or("expected a line `@data`")?;
    let names: Vec<&str> = head
        .lines()
        .filter_map(|line| line.strip_prefix("@attribute "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let mut columns: Vec<Vec<&str>> = vec![Vec::new(); names.len()];
    for line in data.lines() {
        columns.iter_mut().zip(line.split(',')).for_each(|(column, value)| column.push(value));
    }
    let columns: Vec<TextColumn> = columns.into_iter().map(encoded).collect();
    let (classes, columns) = columns.split_last().ok_or("expected an attribute")?;
    let classes: Vec<Vec<u32>> = classes.codes.iter().map(|&class| vec![class]).collect();
    let columns: Vec<Column> = columns.iter().cloned().map(Column::Text).collect();
    let columns: Vec<(&str, &Column)> = names.iter().copied().zip(&columns).collect();
    let everyone: Vec<IdentityId> = (0..).take(classes.len()).map(IdentityId).collect();
    let settings = Describe {
        by: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
        confidence: Percent(8_000),
        min_members: 2,
        max_clauses: 12,
        tree: TreeSettings { binary, ..TreeSettings::default() },
    };
    let start = Instant::now();
    let records = Records::new(&columns, &everyone, classes.iter().map(Vec::as_slice));
    let collapsed = start.elapsed();
    let learned = learn(&records, &settings).ok_or("no record")?;
    println!(
        "{} records, {} distinct, collapsed in {collapsed:?}, with 11 trees in {:?}",
        learned.records,
        learned.distinct,
        start.elapsed()
    );
    println!("{} rules, {} tests, depth {}", learned.rules.len(), learned.tests, learned.depth);
    let tried = learned.cross_validated.as_ref().map(|validation| validation.kappa);
    println!("{} of its own records, kappa of others {tried:?}", learned.correctly_assigned);
    Ok(())
}

fn encoded(texts: Vec<&str>) -> TextColumn {
    let mut values: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    values.sort_unstable();
    values.dedup();
    let code = |text: &&str| {
        let found = values.binary_search_by(|value| value.as_str().cmp(text));
        found.ok().and_then(|code| u32::try_from(code).ok()).unwrap_or(u32::MAX)
    };
    TextColumn { codes: texts.iter().map(code).collect(), values }
}
