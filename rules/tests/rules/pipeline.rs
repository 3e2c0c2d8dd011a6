//! The way through, from a fixture's files to what lint says.

use std::collections::BTreeMap;

use adit_compiler::{
    approval::{Approval, ApprovalFile},
    check::{CheckSettings, check},
    compile::{Compilation, compile},
    derivation::{Derivation, derive},
    provision::provision,
    resolve::{SpecSource, resolve},
    spec::Spec,
};
use adit_rules::{Configuration, Linted, Record, lint};
use adit_snapshots::{Manifest, MemoryFolder, Snapshot};
use jiff::civil::{Date, date};

/// The day of a fixture that does not say one.
const AS_OF: Date = date(2026, 10, 1);

/// Resolves, checks, reads, compiles and lints the project in `files`. Panics with the error where it is wrong.
pub(crate) fn with_lint(files: &BTreeMap<String, String>, look: impl FnOnce(&Compilation<'_>, &Linted)) {
    let as_of = files.get("as-of").map_or(AS_OF, |text| text.trim().parse().unwrap());
    let snapshot = snapshot(files);
    let spec = spec(files, &snapshot.manifest);
    let approvals = approvals(files, &spec, &snapshot, as_of);
    let compilation = compile(&spec, &snapshot, &approvals, as_of, &()).unwrap_or_else(|error| panic!("{error}"));
    look(&compilation, &lint(&compilation, &configuration(files), &record(files, &compilation, as_of)));
}

/// What an earlier build left behind: that of the project with the files under `before/` in the place of today's. `out/derivation.json`
/// holds lines `"this" -> "that"`: today's derivation, edited so, and with the digests that belong to it unless a line says `unsealed`.
fn record(files: &BTreeMap<String, String>, today: &Compilation<'_>, as_of: Date) -> Record {
    let mut record = Record::default();
    if files.keys().any(|path| path.starts_with("before/")) {
        let mut earlier = files.clone();
        earlier.extend(
            files.iter().filter_map(|(path, text)| Some((path.strip_prefix("before/")?.to_owned(), text.clone()))),
        );
        earlier.retain(|path, _| !path.starts_with("before/"));
        let snapshot = snapshot(&earlier);
        let spec = spec(&earlier, &snapshot.manifest);
        let approvals = approvals(&earlier, &spec, &snapshot, as_of);
        let compilation = compile(&spec, &snapshot, &approvals, as_of, &()).unwrap_or_else(|error| panic!("{error}"));
        let derivation = derive(&compilation);
        let (provisioning, _) = provision(&compilation, derivation.digest.unwrap(), &BTreeMap::new());
        record = Record {
            locked: Some(snapshot.digest.clone()),
            derivation: Some(Ok(derivation)),
            provisioning: Some(provisioning),
        };
    }
    if let Some(edits) = files.get("out/derivation.json") {
        let mut text = String::from_utf8(derive(today).to_bytes()).unwrap();
        for (from, to) in edits.lines().filter_map(|line| line.split_once(" -> ")) {
            assert!(text.contains(from), "`{from}` is not in the derivation:\n{text}");
            text = text.replacen(from, to, 1);
        }
        record.derivation = Some(if edits.lines().any(|line| line == "unsealed") {
            Derivation::parse(text.as_bytes())
        } else {
            Ok(serde_json::from_str::<Derivation>(&text).unwrap().sealed())
        });
    }
    record
}

/// The checked spec: every `.adit` file outside the snapshot is a root. Waivers are not held against a day nor rules looked up: lint does.
fn spec(files: &BTreeMap<String, String>, manifest: &Manifest) -> Spec {
    let roots: Vec<String> =
        files.keys().filter(|path| path.ends_with(".adit") && !path.starts_with("before/")).cloned().collect();
    let project = resolve(&Texts(files), &roots);
    let checked = check(&project, &manifest.schema, &CheckSettings::default());
    checked.spec.unwrap_or_else(|| {
        let errors: Vec<_> = checked.diagnostics.iter().map(|error| format!("{}: {error}", error.code)).collect();
        panic!("{}", errors.join("\n"))
    })
}

struct Texts<'a>(&'a BTreeMap<String, String>);

impl SpecSource for Texts<'_> {
    fn text(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }
}

fn snapshot(files: &BTreeMap<String, String>) -> Snapshot {
    let inside = |(path, text): (&String, &String)| {
        path.strip_prefix("snapshot/").map(|path| (path.to_owned(), text.clone().into_bytes()))
    };
    let folder = MemoryFolder(files.iter().filter_map(inside).collect());
    adit_snapshots::read(&folder, &()).unwrap_or_else(|error| panic!("{error}"))
}

/// The approval files. `content = "current"` stands for the digest of the role as it is, by its handle: fixtures are about what rules
/// say, not about digests.
fn approvals(files: &BTreeMap<String, String>, spec: &Spec, snapshot: &Snapshot, as_of: Date) -> Vec<ApprovalFile> {
    let unsigned = compile(spec, snapshot, &[], as_of, &()).unwrap_or_else(|error| panic!("{error}"));
    let current = |text: &str| -> Option<String> {
        let name = text.lines().find_map(|line| line.strip_prefix("role = \"")?.strip_suffix('"'))?;
        let number = unsigned.roles.iter().position(|role| role.handle == name)?;
        Some(unsigned.statuses[number].content.to_string())
    };
    files
        .iter()
        .filter(|(path, _)| path.starts_with("approvals/"))
        .map(|(path, text)| {
            let text = text.replace("\"current\"", &format!("\"{}\"", current(text).unwrap_or_default()));
            let approval: Approval = toml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            ApprovalFile { path: path.clone(), approval }
        })
        .collect()
}

/// The `[rules]` of a fixture's `adit.toml`.
fn configuration(files: &BTreeMap<String, String>) -> Configuration {
    let mut configuration = Configuration::default();
    let Some(text) = files.get("adit.toml") else { return configuration };
    let table: toml::Table = text.parse().unwrap();
    for (rule, level) in table.get("rules").and_then(toml::Value::as_table).into_iter().flatten() {
        configuration.rules.insert(adit_rules::find(rule).unwrap().code, level.as_str().unwrap().parse().unwrap());
    }
    configuration
}
