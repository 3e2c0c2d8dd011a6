//! How fast a decision tree is learned and cross-validated, on an enterprise with planted roles: each identity's job role, foretold from
//! its kind, department, title and location.
//!
//! `cargo run --release --example learn -- FOLDER`, where FOLDER has users.csv, truth_roles.csv and truth_user_roles.csv.

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::{collections::BTreeMap, error::Error, fs, time::Instant};

use adit_compiler::{
    learn::{Records, learn},
    spec::{Describe, Percent, TreeSettings},
};
use adit_snapshots::{Column, IdentityId, TextColumn};

const BY: [&str; 4] = ["department", "title", "location", "kind"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("expected a folder")?;
    let read = |name: &str| fs::read_to_string(format!("{folder}/{name}"));
    let (users, roles, held) = (read("users.csv")?, read("truth_roles.csv")?, read("truth_user_roles.csv")?);
    let fields = |line: &'_ str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let mut jobs: Vec<String> = roles
        .lines()
        .map(fields)
        .filter(|row| row.get(1).is_some_and(|kind| kind == "job"))
        .filter_map(|row| row.into_iter().next())
        .collect();
    jobs.dedup();
    let jobs: BTreeMap<String, u32> = jobs.into_iter().zip(0..).collect();
    let mut lines = users.lines().map(fields);
    let header = lines.next().ok_or("users.csv is empty")?;
    let mut people: Vec<Vec<String>> = lines.collect();
    people.sort();
    let place_of: BTreeMap<&str, usize> =
        people.iter().zip(0..).filter_map(|(row, place)| Some((row.first()?.as_str(), place))).collect();
    let mut classes = vec![Vec::new(); people.len()];
    for line in held.lines() {
        let Some((user, role)) = line.split_once(',') else { continue };
        if let (Some(&place), Some(&job)) = (place_of.get(user), jobs.get(role))
            && let Some(classes) = classes.get_mut(place)
        {
            classes.push(job);
        }
    }
    let column = |name: &str| {
        let place = header.iter().position(|other| other == name)?;
        let texts: Vec<&str> = people.iter().filter_map(|row| row.get(place)).map(String::as_str).collect();
        let mut values: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        values.sort();
        values.dedup();
        let code = |text: &&str| {
            values.binary_search_by(|value| value.as_str().cmp(text)).ok().and_then(|code| u32::try_from(code).ok())
        };
        let codes = texts.iter().map(|text| code(text).unwrap_or(u32::MAX)).collect();
        Some(Column::Text(TextColumn { values, codes }))
    };
    let columns: Vec<(&str, Column)> = BY.into_iter().filter_map(|name| Some((name, column(name)?))).collect();
    let columns: Vec<(&str, &Column)> = columns.iter().map(|(name, column)| (*name, column)).collect();
    let everyone: Vec<IdentityId> = (0..).take(people.len()).map(IdentityId).collect();
    let binary = std::env::args().nth(2).is_some_and(|word| word == "binary");
    let tree = TreeSettings { binary, ..TreeSettings::default() };
    let settings = Describe { by: BY.map(str::to_owned).to_vec(), confidence: Percent(8_000), min_members: 2, tree };
    let start = Instant::now();
    let records = Records::new(&columns, &everyone, &classes);
    let collapsed = start.elapsed();
    let learned = learn(&records, &settings).ok_or("nobody has a job")?;
    println!(
        "{} records, {} distinct, collapsed in {collapsed:?}, all in {:?}",
        learned.records,
        learned.distinct,
        start.elapsed()
    );
    println!("{} rules, {} tests, depth {}", learned.rules.len(), learned.tests, learned.depth);
    println!("{:?} {:?}", learned.correctly_assigned, learned.cross_validated);
    Ok(())
}
