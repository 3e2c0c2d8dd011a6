//! Prints the canonical layout of a file.
#![allow(clippy::print_stdout, reason = "an example talks to its user")]
fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        match adit_grammar::format(&text) {
            Ok(f) => {
                print!("{f}");
                if adit_grammar::format(&f).unwrap() != f {
                    println!("NOT IDEMPOTENT");
                }
            }
            Err(e) => println!("{e:?}"),
        }
    }
}
