//! The examples that come with the project: each is a spec in order.

use std::path::{Path, PathBuf};

use adit_compiler::{
    check::{CheckSettings, check},
    resolve::{SpecSource, resolve},
};
use adit_snapshots::Manifest;

use crate::project::render_all;

struct Folder(PathBuf);

impl SpecSource for Folder {
    fn text(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(path)).map_err(|error| error.to_string())
    }
}

#[test]
fn acme() {
    let spec = spec("acme", "policy/acme.adit");
    assert_eq!(spec.minings.len(), 5);
    assert!(spec.classes.len() > 4 && !spec.duties.is_empty() && !spec.waivers.is_empty());
}

#[test]
fn birch() {
    let spec = spec("birch", "policy/birch.adit");
    assert_eq!((spec.minings.len(), spec.roles.len(), spec.waivers.len()), (4, 3, 0));
}

#[test]
fn rsa_clusters() {
    assert_eq!(spec("rsa-clusters", "policy.adit").minings.len(), 1);
}

fn spec(example: &str, root: &str) -> adit_compiler::spec::Spec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples").join(example);
    let manifest = std::fs::read_to_string(folder.join("snapshot/snapshot.toml")).unwrap();
    let schema = Manifest::parse(&manifest).unwrap().schema;
    let project = resolve(&Folder(folder), &[root.to_owned()]);
    let checked = check(&project, &schema, &CheckSettings::default());
    assert_eq!(render_all(&project, &checked.diagnostics), "");
    checked.spec.unwrap()
}
