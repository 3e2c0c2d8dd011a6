//! The reference of `adit.toml` in `docs/configuration.md` is what the schema says: every key, its type, its default.

use std::{fmt::Write as _, path::Path};

use serde_json::Value;

use super::{Config, schema};

const BEGIN: &str = "<!-- Made from the schema: run `UPDATE_DOCS=1 cargo test -p adit reference`. -->\n";
const END: &str = "<!-- The end of what is made. -->\n";

#[test]
fn the_reference_is_what_the_schema_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let expected = format!("{before}{BEGIN}\n{}\n{END}{after}", reference().trim());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, expected).unwrap();
        return;
    }
    assert!(
        page == expected,
        "docs/configuration.md is not what the schema says; run `UPDATE_DOCS=1 cargo test -p adit reference`"
    );
}

#[test]
fn the_examples_are_taken() {
    for name in ["configuration.md", "waivers.md"] {
        let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(name)).unwrap();
        let blocks = page.split("```toml\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block);
        // What is accepted stands in `snapshot.toml`.
        for block in blocks.filter(|block| !block.contains("[[accept]]")) {
            let project = if block.contains("[project]") { "" } else { "[project]\nname = \"acme\"\n" };
            let text = format!("{project}{block}");
            assert!(Config::parse(name, &text).is_ok(), "{name}: {:?}", Config::parse(name, &text).err());
        }
    }
}

fn reference() -> String {
    let schema = schema().to_value();
    let mut text = String::new();
    for (name, table) in schema["properties"].as_object().unwrap() {
        table_of(&schema, name, table, &mut text);
    }
    text
}

fn table_of(schema: &Value, name: &str, table: &Value, text: &mut String) {
    let about = table["description"].as_str().unwrap_or_default();
    let _ = writeln!(text, "\n#### `[{name}]`\n\n{about}.\n\n| Key | Is | Default | |\n|---|---|---|---|");
    let resolved = resolve(schema, table);
    let keys = resolved["properties"].as_object();
    let required = resolved["required"].as_array();
    let mut below = Vec::new();
    for (key, value) in keys.into_iter().flatten() {
        if resolve(schema, value)["additionalProperties"].is_object() {
            below.push((key, value));
            continue;
        }
        let needed = required.is_some_and(|needed| needed.iter().any(|needed| needed == key));
        let default = match &value["default"] {
            Value::Null if needed => "required".to_owned(),
            Value::Null => "none".to_owned(),
            default => format!("`{default}`"),
        };
        let about = value["description"].as_str().unwrap_or_default();
        let _ = writeln!(text, "| `{key}` | {} | {default} | {about} |", type_of(schema, value));
    }
    if let Some(each) = resolved["additionalProperties"].as_object().map(|each| Value::Object(each.clone())) {
        let each = resolve(schema, &each);
        if each["properties"].is_object() {
            let fields = each["properties"].as_object().unwrap();
            for (field, value) in fields {
                let about = value["description"].as_str().unwrap_or_default();
                let default =
                    if value["default"].is_null() { "none".to_owned() } else { format!("`{}`", value["default"]) };
                let _ = writeln!(text, "| *rule* `.{field}` | {} | {default} | {about} |", type_of(schema, value));
            }
        } else {
            let _ = writeln!(
                text,
                "| *rule* | {} | the rule's own | {} |",
                type_of(schema, each),
                each["description"].as_str().unwrap_or_default()
            );
        }
    }
    for (key, value) in below {
        table_of(schema, &format!("{name}.{key}"), value, text);
    }
}

/// The definition that a value refers to, or itself.
fn resolve<'a>(schema: &'a Value, value: &'a Value) -> &'a Value {
    let name = value["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
    name.map_or(value, |name| &schema["$defs"][name])
}

fn type_of(schema: &Value, value: &Value) -> String {
    let value = resolve(schema, value);
    if let Some(choices) = value["oneOf"].as_array() {
        let words: Vec<_> = choices
            .iter()
            .map(|choice| {
                format!(
                    "`{}`: {}",
                    choice["const"].as_str().unwrap(),
                    choice["description"].as_str().unwrap_or_default()
                )
            })
            .collect();
        return words.join(" · ");
    }
    let kind = match &value["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap(),
        kind => kind.as_str().unwrap(),
    };
    match kind {
        "string" => "text".to_owned(),
        "integer" => "a number".to_owned(),
        "boolean" => "`true` or `false`".to_owned(),
        "array" => "a list of texts".to_owned(),
        other => other.to_owned(),
    }
}
