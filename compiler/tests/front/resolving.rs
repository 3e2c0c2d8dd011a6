//! From roots to all files of a project.

use std::collections::BTreeMap;

use adit_compiler::resolve::{Project, resolve};

use crate::project::{project, render_all};

fn paths(project: &Project) -> Vec<&str> {
    project.files.iter().map(|file| file.path.as_str()).collect()
}

fn said(files: &[(&str, &str)]) -> String {
    let project = project(files);
    render_all(&project, &project.diagnostics)
}

#[test]
fn each_file_once_in_order_of_paths() {
    let files = [
        ("z.adit", "edition 2026\nuse \"b/b.adit\"\nuse \"a.adit\""),
        ("a.adit", "edition 2026\nuse \"b/c.adit\""),
        ("b/b.adit", "edition 2026\nuse \"c.adit\"\nuse \"../a.adit\""),
        ("b/c.adit", "edition 2026"),
        ("unused.adit", "edition 2026"),
    ];
    let project = project(&files);
    assert_eq!(render_all(&project, &project.diagnostics), "");
    assert_eq!(paths(&project), ["a.adit", "b/b.adit", "b/c.adit", "z.adit"]);
    for (index, file) in project.files.iter().enumerate() {
        assert_eq!(file.id.0 as usize, index);
        assert!(file.tree.items.iter().all(|item| item.span().file == file.id));
    }
}

#[test]
fn roots_may_repeat_and_use_each_other() {
    let source: BTreeMap<String, String> = [("a.adit", "edition 2026\nuse \"b.adit\""), ("b.adit", "edition 2026")]
        .map(|(p, t)| (p.into(), t.into()))
        .into();
    let roots = ["b.adit", "./a.adit", "x/../a.adit"].map(str::to_owned);
    let project = resolve(&source, &roots);
    assert_eq!(paths(&project), ["a.adit", "b.adit"]);
    assert!(project.diagnostics.is_empty());
}

#[test]
fn a_root_that_is_not_there_has_no_place() {
    let source: BTreeMap<String, String> = BTreeMap::new();
    let project = resolve(&source, &["policy.adit".to_owned(), "../policy.adit".to_owned()]);
    let messages: Vec<_> = project.diagnostics.iter().map(|fault| (fault.code, fault.message.as_str())).collect();
    assert_eq!(
        messages,
        [
            ("E1001", "cannot read `policy.adit`: no such file"),
            ("E1001", "cannot read `../policy.adit`: leaves the project")
        ]
    );
    assert!(project.diagnostics.iter().all(|fault| fault.labels.is_empty()));
}

#[test]
fn uses_that_lead_nowhere() {
    let files = [
        (
            "policy/acme.adit",
            r#"edition 2026
use "dutys.adit"
use "../../duties.adit"
use "/etc/duties.adit"
use "..\duties.adit"
use "*.adit"
use "duties.adit"
use "./duties.adit"
use "nothing-like-it.adit"
"#,
        ),
        ("policy/duties.adit", "edition 2026"),
    ];
    let said = said(&files);
    insta::assert_snapshot!(said);
}

#[test]
fn circles() {
    let said = said(&[
        ("a.adit", "edition 2026\nuse \"b.adit\"\nuse \"a.adit\""),
        ("b.adit", "edition 2026\nuse \"c.adit\"\nuse \"d.adit\""),
        ("c.adit", "edition 2026\nuse \"d.adit\"\nuse \"b.adit\""),
        ("d.adit", "edition 2026"),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn a_long_chain_does_not_exhaust_the_stack() {
    let files: BTreeMap<String, String> = (0..20_000)
        .map(|n| (format!("{n}.adit"), format!("edition 2026\nuse \"{}.adit\"", (n + 1) % 20_000)))
        .collect();
    let project = resolve(&files, &["7.adit".to_owned()]);
    assert_eq!(project.files.len(), 20_000);
    assert_eq!(project.diagnostics.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["E1005"]);
    assert!(project.diagnostics[0].message.len() < 1_000, "a circle of 20,000 files is not spelled out");
}
