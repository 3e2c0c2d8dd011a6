//! The reference page of the language: what its examples mean is right too, not only how they read.

use adit_compiler::check::check;
use adit_snapshots::{AttributeType, Schema};

use crate::project::{project, render, schema, settings};

/// What an example leaves to the rest of a project: files, names and blocks that others on the page have, and classes. That it shows a set
/// nobody uses, or a target that is not written yet, is its point.
const LEFT_OUT: [&str; 10] = ["E1001", "E1105", "E1107", "E1109", "E1110", "E2104", "E2203", "E2207", "W2003", "W2006"];

#[test]
fn its_examples_mean_something() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/language.md")).unwrap();
    let blocks: Vec<&str> =
        page.split("```adit\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block).collect();
    assert!(blocks.len() > 15, "{}", blocks.len());
    for block in blocks {
        let classes = if block.contains("\nidentities {") || block.starts_with("identities {") { "" } else { CLASSES };
        let edition = if block.starts_with("edition") { "" } else { "edition 2026\n\n" };
        let text = format!("{edition}{block}{classes}");
        let project = project(&[("policy.adit", &text)]);
        let checked = check(&project, &schema_of_the_page(), &settings());
        let wrong = checked.diagnostics.iter().filter(|diagnostic| {
            let about_secondaries = diagnostic.code == "W2007" && block.starts_with("provision");
            !LEFT_OUT.contains(&diagnostic.code) && !about_secondaries
        });
        let wrong: Vec<String> = wrong.map(|diagnostic| render(&project, diagnostic)).collect();
        assert!(wrong.is_empty(), "{block}\n{}", wrong.join("\n"));
    }
}

const CLASSES: &str = r#"
identities {
  human        where kind in ["employee", "contractor"]
  service      where kind == "service-account"
  agent        where kind == "ai-agent"
  break-glass  where kind == "emergency"
}
"#;

/// The schema that the examples speak of.
fn schema_of_the_page() -> Schema {
    use AttributeType::{Boolean, Text};
    let mut schema = schema();
    schema.identity.insert("active".to_owned(), Boolean);
    schema.entitlement.insert("critical".to_owned(), Boolean);
    for name in ["activity", "environment", "tenant"] {
        schema.entitlement.insert(name.to_owned(), Text);
    }
    for (application, kind) in [("git", "permission"), ("iga", "right"), ("siem", "right")] {
        schema.applications.insert(application.to_owned(), [kind.to_owned()].into());
    }
    schema
}
