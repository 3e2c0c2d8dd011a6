//! Large specs, and specs made to keep the checker busy, are checked in a moment.

use std::{collections::BTreeMap, fmt::Write as _, time::Instant};

use adit_compiler::{check::check, resolve::resolve};

use crate::project::{schema, settings};

/// Seconds after which it is no busy machine any more: some step grows far faster than what it reads.
const PATIENCE: u64 = 180;

/// A thousand files with a few items each, all used by one.
fn files(count: usize, entry: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut root = "edition 2026\nidentities { human where kind == \"employee\" }\n".to_owned();
    for n in 0..count {
        let _ = writeln!(root, "use \"part/{n}.adit\"");
        let text = format!(
            r#"edition 2026
set set-{n} = [ sap.tcode "A{n}", sap.tcode "B{n}" ]
duties duties-{n} "Number {n}" {{
  a = set-{n}
  b = [ sap.tcode "C{n}" ]
  at most 1 of a, b per identity
}}
mining mining-{n} {{
  scope {{ include identities human where department == "D{n}"; exclude identities where remote because "not in the office" }}
  mine {{ minable sap.tcode; cluster using cover {{ exact }} }}
  describe by title, department {{ }}
}}
provision mining-{n} {{ approval 1 of "owner-{n}@acme.example" }}
expect "claim {n}" {{ given identity {{ {entry} "AP" }}; then no role grants sap.tcode "F110" }}
"#
        );
        files.insert(format!("part/{n}.adit"), text);
    }
    files.insert("policy.adit".to_owned(), root);
    files
}

#[test]
fn a_thousand_files() {
    let started = Instant::now();
    let project = resolve(&files(1_000, "department"), &["policy.adit".to_owned()]);
    let resolved = started.elapsed();
    let checked = check(&project, &schema(), &settings());
    let took = started.elapsed();
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics.first());
    let spec = checked.spec.unwrap();
    assert_eq!((spec.files.len(), spec.minings.len(), spec.duties.len()), (1_001, 1_000, 1_000));
    println!("resolved in {resolved:?}, checked in {:?}", took.checked_sub(resolved).unwrap_or_default());
    assert!(took.as_secs() < PATIENCE, "{took:?}");
}

#[test]
fn a_thousand_mistakes() {
    let started = Instant::now();
    let mut files = files(1_000, "departmnet");
    for text in files.values_mut() {
        *text = text.replace("a = set-", "a = sett-");
    }
    let project = resolve(&files, &["policy.adit".to_owned()]);
    let checked = check(&project, &schema(), &settings());
    // An unknown attribute, an unknown set and an unused one in each file.
    assert_eq!(checked.diagnostics.len(), 3_000);
    assert!(started.elapsed().as_secs() < PATIENCE, "{:?}", started.elapsed());
}

/// Specs that somebody wrote to keep the checker busy.
#[test]
fn nothing_can_keep_it_busy() {
    let parts =
        |count: usize, part: &dyn Fn(usize) -> String, by: &str| (0..count).map(part).collect::<Vec<_>>().join(by);
    let long = "a".repeat(200_000);
    for (what, condition) in [
        ("many tests", parts(5_000, &|n| format!("title != \"v{n}\""), " and ")),
        ("many contradictions", parts(5_000, &|n| format!("title == \"v{n}\""), " and ")),
        ("many shapes", parts(2_000, &|n| format!("title like \"*{n}*a*b*c*\""), " and ")),
        ("many shapes left out", parts(2_000, &|n| format!("not title like \"*{n}*a*\""), " and ")),
        ("many alternatives", parts(5_000, &|n| format!("(title == \"v{n}\" or level == {n})"), " and ")),
        (
            "many numbers",
            format!("level >= 0 and level <= 5000 and {}", parts(5_000, &|n| format!("level != {n}"), " and ")),
        ),
        ("long shapes", format!("title like \"*{long}*\" and title like \"{long}*a\" and not title like \"*{long}?\"")),
        ("a long name", format!("{long} == \"x\"")),
    ] {
        let text = format!(
            "edition 2026\nidentities {{ human where kind == \"employee\" }}\nrole r {{ grants sap.tcode \"F110\"; where {condition} }}\n"
        );
        let started = Instant::now();
        let project = resolve(&BTreeMap::from([("policy.adit".to_owned(), text)]), &["policy.adit".to_owned()]);
        let parsed = started.elapsed();
        let _ = check(&project, &schema(), &settings());
        let took = started.elapsed();
        println!("{what}: parsed in {parsed:?}, all in {took:?}");
        assert!(took.as_secs() < PATIENCE, "{what}: {took:?}");
    }
}

/// Which role brings which duty is looked up: five thousand of each are 25 million pairs.
#[test]
fn five_thousand_roles_and_duties() {
    let mut text = "edition 2026\nidentities { human where kind == \"employee\" }\n".to_owned();
    for n in 0..5_000 {
        let _ = writeln!(
            text,
            "role r{n} {{ grants sap.tcode \"A{n}\"; where title == \"T{n}\" }}\n\
             duties d{n} {{ a = [ sap.tcode \"A{n}\" ]; b = [ sap.tcode \"B{n}\" ]; at most 1 of a, b per identity }}"
        );
    }
    let started = Instant::now();
    let project = resolve(&BTreeMap::from([("policy.adit".to_owned(), text)]), &["policy.adit".to_owned()]);
    let parsed = started.elapsed();
    let checked = check(&project, &schema(), &settings());
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics.first());
    assert_eq!(checked.spec.map(|spec| (spec.roles.len(), spec.duties.len())), Some((5_000, 5_000)));
    println!("parsed in {parsed:?}, all in {:?}", started.elapsed());
    assert!(started.elapsed().as_secs() < PATIENCE, "{:?}", started.elapsed());
}

#[test]
fn ten_thousand_names_that_nothing_has() {
    let mut text = "edition 2026\n".to_owned();
    for n in 0..10_000 {
        let _ = writeln!(
            text,
            "set set-{n} = [ sap.tcode \"A\" ]\nduties d{n} {{ a = sett-{n}; b = set-{n}; at most 1 of a, b per identity }}"
        );
    }
    let started = Instant::now();
    let project = resolve(&BTreeMap::from([("policy.adit".to_owned(), text)]), &["policy.adit".to_owned()]);
    let checked = check(&project, &schema(), &settings());
    println!("{:?}", started.elapsed());
    assert_eq!(checked.diagnostics.iter().filter(|fault| fault.code == "E1105").count(), 10_000);
    assert!(started.elapsed().as_secs() < PATIENCE, "{:?}", started.elapsed());
}
