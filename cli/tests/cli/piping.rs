//! Readers who go, and readers who cannot.

use std::{io::Read as _, process::Stdio};

use crate::support::{PETS, Place};

/// The reader takes a few bytes and goes: no panic, no message, and the verdict stands.
#[test]
fn a_reader_who_goes_is_no_failure() {
    let place = Place::new();
    let mut rows = String::from("user,permission\n");
    for row in 0..60_000 {
        rows.push_str(&format!("u{},p{row}\n", row % 3_000));
    }
    place.write("large.csv", rows);
    let mut child = place.command(&["mine", "large.csv", "--format", "json", "--out", "out"]).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 64]).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(place.read("out/mine.json").ends_with("}\n"));
}

#[test]
fn a_closed_pipe_keeps_the_verdict() {
    let place = Place::with_shop();
    place.edit("shop/adit.toml", "unapproved-emission = \"warn\"", "unapproved-emission = \"deny\"");
    let mut child = place.command(&["lint", "shop"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let place = Place::new();
    place.write("pets.csv", PETS);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = place.command(&["mine", "pets.csv"]).stdout(Stdio::from(full)).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("cannot write to standard output: the disk is full"), "{said}");
}

#[test]
fn nobody_listening_to_errors_is_no_panic() {
    let place = Place::new();
    let mut child = place.command(&["mine", "missing.csv"]).spawn().unwrap();
    drop(child.stderr.take());
    assert_eq!(child.wait().unwrap().code(), Some(3));
}
