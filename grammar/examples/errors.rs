//! Prints what the parser says about the files given, or about standard input.
#![allow(clippy::print_stdout, reason = "an example talks to its user")]
fn main() {
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let parsed = adit_grammar::parse(adit_grammar::FileId(0), &text);
        for e in &parsed.errors {
            println!("{} {}", e.code, e);
            for l in &e.labels {
                let before = &text[..l.span.range().start.min(text.len())];
                println!(
                    "  {}:{} {} | {:?}",
                    before.matches('\n').count() + 1,
                    before.len() - before.rfind('\n').map_or(0, |i| i + 1) + 1,
                    l.text,
                    &text[l.span.range()].chars().take(60).collect::<String>()
                );
            }
            if let Some(h) = &e.help {
                println!("  help: {h}");
            }
        }
        println!(
            "{} items, {} comments, {} errors",
            parsed.file.items.len(),
            parsed.file.comments.len(),
            parsed.errors.len()
        );
        if std::env::var("TREE").is_ok() {
            println!("{:#?}", parsed.file);
        }
    }
}
