//! The reference page names everything there is.

use super::told;
use crate::{FaultKind, Manifest, MemoryFolder, Weight, read, table::Table};

fn page() -> String {
    page_of("snapshots.md")
}

fn page_of(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../docs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The examples in one language, in their order.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block).collect()
}

#[test]
fn the_small_one_is_read_as_it_stands() {
    let page = page();
    let (manifest, tables) = (blocks(&page, "toml"), blocks(&page, "csv"));
    let files = [("snapshot.toml", manifest[0]), ("people.csv", tables[0]), ("assignments.csv", tables[1])];
    let folder = MemoryFolder(files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).into());
    let snapshot = read(&folder, &()).unwrap();
    assert_eq!(told(&snapshot.faults), "");
    assert_eq!((snapshot.identities.len(), snapshot.assignments.len()), (1, 1));
}

#[test]
fn what_is_accepted_is_written_as_it_is_read() {
    let mut read = 0;
    for page in ["snapshots.md", "waivers.md"] {
        for block in blocks(&page_of(page), "toml").into_iter().filter(|block| block.contains("[[accept]]")) {
            let sources = "[[source]]\nid = \"hr\"\ntable = \"identities\"\nfile = \"people.csv\"\n";
            let manifest = Manifest::parse(&format!("extracted = 2026-11-20\n{sources}{block}")).unwrap();
            assert_eq!(manifest.accepted.len(), 1);
            read += 1;
        }
    }
    assert_eq!(read, 2);
}

#[test]
fn every_table_column_and_alias_is_documented() {
    let page = page();
    for table in Table::ALL {
        let start = format!("| `{}` |", table.name());
        let lines: String = page.lines().filter(|line| line.starts_with(&start)).collect();
        let attributes = table.attributes().iter().map(|(spec, _)| spec);
        for spec in table.columns().iter().chain(attributes) {
            let name = format!("`{}`", spec.name);
            assert!(lines.contains(&name), "{name} of {}", table.name());
            if spec.required {
                assert!(lines.contains(&format!("**{name}**")), "{name} of {} is required", table.name());
            }
            if !spec.aliases.is_empty() {
                let aliases = format!("{name} (`{}`)", spec.aliases.join("`, `"));
                let bold = format!("**{name}** (`{}`)", spec.aliases.join("`, `"));
                assert!(lines.contains(&aliases) || lines.contains(&bold), "{aliases} of {}", table.name());
            }
        }
    }
}

#[test]
fn every_fault_is_documented_with_its_weight() {
    let page = page();
    for kind in FaultKind::ALL {
        let weight = if kind.weight() == Weight::Stops { "stops" } else { "notes" };
        assert!(page.contains(&format!("\n| `{kind}` | {weight} |")), "{kind}");
    }
}
