//! How fast a file of assignments is read, beside a plain loop of the `csv` crate over the same file.
//!
//! `cargo run --release --example read_speed -- FILE.csv` reads one CSV of pairs;
//! `… -- FOLDER FILE` reads the snapshot in FOLDER, whose assignments are in FILE.
//! With `ONLY_ADIT` or `ONLY_PLAIN` in the environment, it does one of both once: for `time` and `perf`.

#![expect(clippy::print_stdout, reason = "an example prints its figures")]

use std::{error::Error, path::Path, time::Instant};

use adit_snapshots::{DiskFolder, Snapshot, read, read_table};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, file) = match arguments.as_slice() {
        [file] => (None, file),
        [folder, file] => (Some(folder), file),
        _ => return Err("expected FILE, or FOLDER and FILE".into()),
    };
    let path = folder.map_or_else(|| Path::new(file).to_owned(), |folder| Path::new(folder).join(file));
    if std::env::var_os("ONLY_PLAIN").is_some() {
        println!("plain {:.2} s", plain_read(&path)?);
        return Ok(());
    }
    let skip_plain = std::env::var_os("ONLY_ADIT").is_some();
    for _ in 0..if skip_plain { 1 } else { 3 } {
        let plain = if skip_plain { 1.0 } else { plain_read(&path)? };
        let started = Instant::now();
        let snapshot = match folder {
            None => read_table(&DiskFolder(".".into()), file, None, &())?,
            Some(folder) => read(&DiskFolder(folder.into()), &())?,
        };
        let took = started.elapsed().as_secs_f64();
        println!("plain {plain:.2} s, read and frozen {took:.2} s, {:.2} times; {}", took / plain, summary(&snapshot));
    }
    Ok(())
}

fn plain_read(path: &Path) -> Result<f64, Box<dyn Error>> {
    let started = Instant::now();
    let mut reader = csv::Reader::from_path(path)?;
    let mut record = csv::ByteRecord::new();
    let mut bytes = 0;
    while reader.read_byte_record(&mut record)? {
        bytes += record.as_slice().len();
    }
    assert!(bytes > 0, "the file has rows");
    Ok(started.elapsed().as_secs_f64())
}

fn summary(snapshot: &Snapshot) -> String {
    format!(
        "{} identities, {} entitlements, {} assignments, {} faults, {}",
        snapshot.identities.len(),
        snapshot.entitlements.len(),
        snapshot.assignments.len(),
        snapshot.faults.len(),
        snapshot.digest.whole.short(12)
    )
}
