//! The reference page names everything there is.

use crate::{FaultKind, Weight, table::Table};

fn page() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/snapshots.md")).unwrap()
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
