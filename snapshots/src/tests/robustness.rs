//! Nothing that a file holds makes the reader panic, and the number of threads changes nothing.

use std::{
    io::{self, Read},
    sync::atomic::{AtomicU64, Ordering},
};

use proptest::prelude::*;

use super::{Fixture, told, told_assignments};
use crate::{Folder, Manifest, MemoryFolder, Progress, ReadError, read, read_table};

proptest! {
    #[test]
    fn any_bytes_are_read(
        identities in prop::collection::vec(any::<u8>(), 0..80),
        assignments in prop::collection::vec(any::<u8>(), 0..80),
    ) {
        for (head, held) in [("", ""), ("identity_id,department\n", "identity_id,entitlement_id,via\n")] {
            let snapshot = Fixture::new()
                .file("identities.csv", [head.as_bytes(), &identities].concat())
                .file("assignments.csv", [held.as_bytes(), &assignments].concat())
                .read();
            let _ = super::normalised(&snapshot);
        }
    }

    #[test]
    fn any_csv_of_awkward_letters_is_read(
        identities in "[a,;\"\n\r\t| \u{feff}é\0]{0,60}",
        members in "[ga,\"\n]{0,40}",
        held in "[a,\"\n>|]{0,60}",
    ) {
        let snapshot = Fixture::new()
            .file("identities.csv", format!("identity_id,email,start_date\n{identities}"))
            .file("group-members.csv", format!("group_id,member_id\n{members}"))
            .file("assignments.csv", format!("identity_id,entitlement_id,via\n{held}"))
            .read();
        let _ = super::normalised(&snapshot);
    }

    #[test]
    fn any_text_is_a_manifest_or_is_not(text in "[\\[\\]a-z=\"\n .{}0-9-]{0,80}") {
        let _ = Manifest::parse(&text);
    }

    #[test]
    fn any_bytes_are_a_table_or_are_not(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let folder = MemoryFolder([("t.csv".to_owned(), [b"user,role\n".as_slice(), &bytes].concat())].into());
        prop_assert!(read_table(&folder, "t.csv", None, &()).is_ok());
    }
}

/// Large enough for several blocks.
fn large() -> Fixture {
    let mut identities = String::from("identity_id,department\n");
    let mut assignments = String::from("identity_id,entitlement_id,via\n");
    for number in 0..40_000_u32 {
        identities.push_str(&format!("i{number:06},\"d\n{}\"\n", number % 7));
        for held in 0..3 {
            let to = (number * 7919 + held * 104_729) % 40_100;
            assignments.push_str(&format!("i{to:06},app{}:entitlement-{},g{}\n", held, to % 90, to % 5));
        }
    }
    Fixture::new().file("identities.csv", identities).file("assignments.csv", assignments)
}

#[test]
fn threads_change_nothing() {
    let fixture = large();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fixture.read())
    };
    let (one, eight) = (on(1), on(8));
    assert!(!one.faults.is_empty(), "some identities are unknown");
    assert_eq!(told(&one.faults), told(&eight.faults));
    assert_eq!(one.digest, eight.digest);
    assert_eq!(one.assignments.paths.rows, eight.assignments.paths.rows);
    assert_eq!(told_assignments(&one), told_assignments(&eight));
}

#[test]
fn lines_are_counted_across_blocks() {
    let mut rows = String::from("identity_id,department\n");
    for number in 0..400_000_u32 {
        rows.push_str(&format!("i{number:06},\"d\n\"\n"));
    }
    rows.push_str(",lost\n");
    let snapshot = Fixture::new().file("identities.csv", rows).read();
    insta::assert_snapshot!(told(&snapshot.faults), @"empty-key stops identities.csv:800002 (identity_id): expected a value for `identity_id`, found an empty field");
}

/// A file that breaks off.
struct Broken(MemoryFolder);

impl Folder for Broken {
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        struct Fails;
        impl Read for Fails {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the disk is gone"))
            }
        }
        let file = self.0.open(path)?;
        Ok(if path.ends_with(".csv") { Box::new(file.take(30).chain(Fails)) } else { file })
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.0.size(path)
    }
}

#[test]
fn a_file_that_breaks_off_is_an_error() {
    let folder = Broken(Fixture::new().file("identities.csv", "identity_id\n".repeat(20)).folder());
    insta::assert_snapshot!(read(&folder, &()).unwrap_err(), @"cannot read `identities.csv`: the disk is gone");
}

#[derive(Default)]
struct Watch {
    bytes: AtomicU64,
    stop: bool,
}

impl Progress for Watch {
    fn read(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.stop
    }
}

#[test]
fn progress_is_told_and_can_stop() {
    let folder = Fixture::new().file("identities.csv", "identity_id\na\nb\n").folder();
    let watch = Watch::default();
    read(&folder, &watch).unwrap();
    assert_eq!(watch.bytes.into_inner(), folder.size("identities.csv").unwrap());
    let stopped = read(&folder, &Watch { stop: true, ..Watch::default() });
    assert!(matches!(stopped, Err(ReadError::Cancelled)));
}
