//! How fast specs are read and formatted: `cargo run --release -p adit-grammar --example throughput [FILE]`.
//!
//! Without a file, a spec of some 4 MB is made from the tour of the language. The first run of each is printed apart: it
//! is the one a command pays for.
#![expect(clippy::print_stdout, reason = "its purpose")]

use std::{hint::black_box, time::Instant};

use adit_grammar::{FileId, MAX_FILE_BYTES, format, parse};

fn main() -> std::io::Result<()> {
    let text = match std::env::args().nth(1) {
        Some(path) => std::fs::read_to_string(path)?,
        None => generated(),
    };
    let megabytes = text.len() as f64 / 1e6;
    let parsed = parse(FileId(0), &text);
    println!("{megabytes:.2} MB, {} items, {} mistakes", parsed.file.items.len(), parsed.errors.len());
    measure("parse", megabytes, || drop(black_box(parse(FileId(0), black_box(&text)))));
    measure("format", megabytes, || drop(black_box(format(black_box(&text)))));
    Ok(())
}

fn generated() -> String {
    let tour = include_str!("../tests/language/tour.adit");
    let (edition, items) = tour.split_once('\n').unwrap_or_default();
    let copies = (MAX_FILE_BYTES - edition.len()) / (items.len() + 1);
    format!("{edition}\n{}", items.repeat(copies))
}

fn measure(what: &str, megabytes: f64, run: impl Fn()) {
    let mut seconds = (0..5).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed().as_secs_f64()
    });
    let cold = seconds.next().unwrap_or_default();
    let best = seconds.fold(cold, f64::min);
    println!("{what}: first {:.1} MB/s, best {:.1} MB/s", megabytes / cold, megabytes / best);
}
