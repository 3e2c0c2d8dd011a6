//! The whole reader over folders in memory.

mod digests;
mod docs;
mod faults;
mod groups;
mod reading;
mod robustness;

use std::fmt::Write as _;

use crate::{EntitlementId, Entitlements, Fault, MemoryFolder, Snapshot, Weight, read, write_normalised};

/// A folder of files; `snapshot.toml` lists one source for each CSV, with the table of its name before any `@`.
#[derive(Debug, Clone, Default)]
struct Fixture {
    files: Vec<(String, Vec<u8>)>,
    /// More keys of the manifest, before and after the sources.
    top: String,
    more: String,
    /// More keys of a source, by file.
    keys: Vec<(String, String)>,
}

impl Fixture {
    fn new() -> Self {
        Self { top: "extracted = 2026-11-20\n".to_owned(), ..Self::default() }
    }

    /// Adds a file: `identities.csv`, or `identities@2.csv` for a second one.
    fn file(mut self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.push((name.to_owned(), text.as_ref().to_vec()));
        self
    }

    fn top(mut self, text: &str) -> Self {
        self.top.push_str(text);
        self
    }

    fn more(mut self, text: &str) -> Self {
        self.more.push_str(text);
        self
    }

    fn key(mut self, file: &str, line: &str) -> Self {
        self.keys.push((file.to_owned(), line.to_owned()));
        self
    }

    fn folder(&self) -> MemoryFolder {
        let mut manifest = self.top.clone();
        for (file, _) in &self.files {
            let id = file.trim_end_matches(".csv");
            let table = id.split('@').next().unwrap();
            write!(manifest, "[[source]]\nid = \"{id}\"\ntable = \"{table}\"\nfile = \"{file}\"\n").unwrap();
            for (_, line) in self.keys.iter().filter(|(name, _)| name == file) {
                writeln!(manifest, "{line}").unwrap();
            }
        }
        manifest.push_str(&self.more);
        let mut folder = MemoryFolder(self.files.iter().cloned().collect());
        folder.0.insert("snapshot.toml".to_owned(), manifest.into_bytes());
        folder
    }

    fn read(&self) -> Snapshot {
        read(&self.folder(), &()).unwrap()
    }
}

/// The faults as people read them.
fn told(faults: &[Fault]) -> String {
    let line = |fault: &Fault| {
        let weight = if fault.kind.weight() == Weight::Stops { "stops" } else { "notes" };
        let accepted = fault.accepted.map(|entry| format!(" (accepted by entry {entry})")).unwrap_or_default();
        format!("{} {weight} {}: {}{accepted}\n", fault.kind, fault.place, fault.message)
    };
    faults.iter().map(line).collect()
}

/// Who holds what, and how.
fn told_assignments(snapshot: &Snapshot) -> String {
    let mut text = String::new();
    for identity in snapshot.identities.iter() {
        for (number, &held) in snapshot.assignments.of(identity).zip(snapshot.assignments.held(identity)) {
            let (identity, held) = (snapshot.identities.name(identity), snapshot.entitlements.name(held));
            let _ = write!(text, "{identity} {held}");
            for grant in snapshot.assignments.grants(number) {
                let path = snapshot.assignments.path(grant.path).join(">");
                let account = grant.account.map(|account| snapshot.accounts.rows[account as usize].id.clone());
                let _ = write!(text, " [{:?}", grant.origin);
                for part in [
                    (!path.is_empty()).then_some(path),
                    account,
                    grant.granted_at.map(|day| day.to_string()),
                    grant.granted_by.clone(),
                    grant.ticket.clone(),
                    grant.expires_at.map(|day| format!("until {day}")),
                ]
                .into_iter()
                .flatten()
                {
                    let _ = write!(text, " {part}");
                }
                text.push(']');
            }
            text.push('\n');
        }
    }
    text
}

/// An entitlement's application, attribute and value.
fn told_entitlement(entitlements: &Entitlements, entitlement: EntitlementId) -> String {
    let [application, attribute, value] = entitlements.parts(entitlement);
    format!("{application}.{attribute} \"{value}\"")
}

/// What a snapshot reads back as when it is written down.
fn normalised(snapshot: &Snapshot) -> Snapshot {
    let mut folder = MemoryFolder::default();
    write_normalised(snapshot, &mut folder).unwrap();
    read(&folder, &()).unwrap()
}
