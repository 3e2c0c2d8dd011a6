//! SARIF 2.1.0 (OASIS Standard, errata 01), one run.
//!
//! Held against the schema of OASIS in the tests. Nothing in it depends on the machine: no time, no host, no absolute path.

use adit_rules::{Confidence, Severity, Verdict};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{Details, Mark, Rule};
use crate::{
    output,
    report::{self, Place, Responsible},
};

/// The name of the folder that all paths are relative to.
const ROOT: &str = "%SRCROOT%";

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Value,
    automation_details: Value,
    original_uri_base_ids: Value,
    column_kind: &'static str,
    results: Results<'a>,
}

/// Results, each made when it is written: there may be many.
struct Results<'a> {
    rules: &'a [Rule],
    marks: &'a [Mark<'a>],
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.marks.iter().map(|mark| result(mark, self.rules)))
    }
}

/// The whole document, ended by a newline. `run` names the run among others of the same repository: `lint/acme`.
pub(crate) fn render(run: &str, rules: &[Rule], marks: &[Mark<'_>]) -> String {
    let driver = json!({
        "name": "adit",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": rules.iter().map(rule).collect::<Vec<_>>(),
    });
    let root = "The folder named by --root; the repository, or the project, where none was named.";
    output::json(&Document {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: json!({ "driver": driver }),
            automation_details: json!({ "id": format!("adit/{run}/") }),
            original_uri_base_ids: json!({ ROOT: { "description": { "text": root } } }),
            column_kind: "unicodeCodePoints",
            results: Results { rules, marks },
        }],
    })
}

fn rule(rule: &Rule) -> Value {
    let mut properties = json!({ "tags": rule.tags, "precision": report::confidence(rule.confidence) });
    if let Some(danger) = rule.danger {
        set(&mut properties, "security-severity", danger);
    }
    let mut value = json!({
        "id": rule.code,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.summary },
        "helpUri": rule.address,
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties,
    });
    if let Some(name) = rule.name {
        set(&mut value, "name", name);
    }
    if let Some(page) = &rule.page {
        set(&mut value, "help", json!({ "text": page, "markdown": page }));
    }
    value
}

fn result(mark: &Mark<'_>, rules: &[Rule]) -> Value {
    // `open` is a result whose rule was evaluated on too little information to decide (3.27.9), and has no level then (3.27.10). One that
    // the project has fail is a failure like any other.
    let is_open = mark.is_undecided() && mark.severity != Severity::Error;
    let (kind, level) = if is_open { ("open", "none") } else { ("fail", level(mark.severity)) };
    let mut value = json!({
        "ruleId": mark.code,
        "level": level,
        "kind": kind,
        "message": message(mark),
        "locations": [location(mark)],
        "partialFingerprints": {
            "adit/v1": mark.fingerprint,
            // The one name that GitHub reads; without it, findings of one rule on one line would be one to it.
            "primaryLocationLineHash": format!("{}:1", mark.fingerprint),
        },
    });
    if let Some(index) = rules.iter().position(|rule| rule.code == mark.code) {
        set(&mut value, "ruleIndex", index);
    }
    if !mark.related.is_empty() {
        let related: Vec<_> = mark
            .related
            .iter()
            .enumerate()
            .map(|(id, (place, text))| {
                let mut location = json!({ "id": id, "physicalLocation": physical(place) });
                if !text.is_empty() {
                    set(&mut location, "message", json!({ "text": text }));
                }
                location
            })
            .collect();
        set(&mut value, "relatedLocations", related);
    }
    if let Some(details) = &mark.finding {
        add_details(&mut value, mark, details);
    }
    value
}

/// What only findings of the linter have.
fn add_details(value: &mut Value, mark: &Mark<'_>, details: &Details<'_>) {
    let subject: Map<String, Value> =
        details.subject.iter().map(|(kind, name)| ((*kind).to_owned(), json!(name))).collect();
    let mut properties = json!({
        "confidence": report::confidence(details.confidence),
        "subject": subject,
        "verdict": report::verdict(details.verdict),
    });
    if details.verdict == Verdict::NotDecidable {
        set(&mut properties, "reason", &mark.message);
        set(&mut properties, "severity", report::level(mark.severity));
    }
    set(value, "properties", properties);
    set(value, "rank", rank(details.confidence));
    let taken = details.responsible.map(suppression);
    let known = details.since.map(|since| {
        // Nobody gave a reason: a baseline is no acceptance.
        json!({ "kind": "external", "status": "underReview", "justification": format!("in the baseline since {since}") })
    });
    let suppressions: Vec<_> = taken.into_iter().chain(known).collect();
    // An empty array says that it was looked for: the finding stands.
    set(value, "suppressions", suppressions);
    if let Some(state) = details.baseline {
        set(value, "baselineState", state.word());
    }
    if !details.graph.nodes.is_empty() {
        let (nodes, steps) = (&details.graph.nodes, &details.graph.steps);
        let node = |(id, word): (usize, &&report::Word)| {
            let mut properties = json!({ "kind": word.kind.word() });
            if details.graph.dominating.contains(&id) {
                set(&mut properties, "dominates", true);
            }
            json!({ "id": id.to_string(), "label": { "text": word.name }, "properties": properties })
        };
        let edge = |(id, (from, to)): (usize, &(usize, usize))| json!({ "id": id.to_string(), "sourceNodeId": from.to_string(), "targetNodeId": to.to_string() });
        let graph = json!({
            "description": { "text": "the paths that prove it" },
            "nodes": nodes.iter().enumerate().map(node).collect::<Vec<_>>(),
            "edges": steps.iter().enumerate().map(edge).collect::<Vec<_>>(),
        });
        set(value, "graphs", [graph]);
    }
}

fn suppression(responsible: &Responsible) -> Value {
    let until = responsible.until.map(|day| format!(", until {day}")).unwrap_or_default();
    let justification = format!("{} ({}, {}{until})", responsible.because, responsible.title, responsible.owner);
    json!({ "kind": "external", "status": "accepted", "justification": justification })
}

fn message(mark: &Mark<'_>) -> Value {
    let mut text = mark.message.clone();
    for proof in &mark.proofs {
        text.push_str(&format!("\n- {proof}"));
    }
    if let Some(help) = mark.help {
        text.push_str(&format!("\nhelp: {help}"));
    }
    json!({ "text": escaped(&text) })
}

/// Text as a SARIF message: square brackets would be links, braces placeholders.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '[' | ']' => escaped.extend(['\\', letter]),
            '{' | '}' => escaped.extend([letter, letter]),
            _ => escaped.push(letter),
        }
    }
    escaped
}

fn location(mark: &Mark<'_>) -> Value {
    let mut location = json!({ "physicalLocation": physical(&mark.place) });
    if let Some(details) = &mark.finding {
        let logical = |(kind, name): &(&'static str, String)| json!({ "kind": kind, "fullyQualifiedName": name });
        set(&mut location, "logicalLocations", details.subject.iter().map(logical).collect::<Vec<_>>());
    }
    location
}

fn physical(place: &Place) -> Value {
    let mut region = json!({ "startLine": place.line });
    if (place.end_line, place.end_column) > (place.line, place.column) {
        set(&mut region, "startColumn", place.column);
        set(&mut region, "endLine", place.end_line);
        set(&mut region, "endColumn", place.end_column);
    }
    json!({ "artifactLocation": { "uri": uri(&place.file), "uriBaseId": ROOT }, "region": region })
}

/// A relative path as a URI reference (RFC 3986): what is not unreserved is percent-encoded, `/` between names aside.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// From 0 to 100: what to look at first.
fn rank(confidence: Confidence) -> u8 {
    match confidence {
        Confidence::High => 90,
        Confidence::Medium => 60,
        Confidence::Low => 30,
    }
}

fn set(value: &mut Value, key: &str, content: impl Serialize) {
    if let (Some(map), Ok(content)) = (value.as_object_mut(), serde_json::to_value(content)) {
        map.insert(key.to_owned(), content);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("policy/acme.adit"), "policy/acme.adit");
        assert_eq!(uri("a b/ü%.adit"), "a%20b/%C3%BC%25.adit");
        assert_eq!(uri("c:x"), "c%3Ax");
    }

    #[test]
    fn names_are_no_links_and_no_placeholders() {
        assert_eq!(escaped("see [here](x) and {0}"), "see \\[here\\](x) and {{0}}");
    }
}
