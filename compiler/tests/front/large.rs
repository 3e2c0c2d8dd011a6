//! Large specs, and specs made to keep the checker busy: a step that grows faster than what it reads would never end here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use adit_compiler::{
    check::{Checked, check},
    resolve::resolve,
};

use crate::project::{schema, settings};

/// What is said of one file.
fn checked(text: String) -> Checked {
    let project = resolve(&BTreeMap::from([("policy.adit".to_owned(), text)]), &["policy.adit".to_owned()]);
    check(&project, &schema(), &settings())
}

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
    let project = resolve(&files(1_000, "department"), &["policy.adit".to_owned()]);
    let checked = check(&project, &schema(), &settings());
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics.first());
    let spec = checked.spec.unwrap();
    assert_eq!((spec.files.len(), spec.minings.len(), spec.duties.len()), (1_001, 1_000, 1_000));
}

#[test]
fn a_thousand_mistakes() {
    let mut files = files(1_000, "departmnet");
    for text in files.values_mut() {
        *text = text.replace("a = set-", "a = sett-");
    }
    let project = resolve(&files, &["policy.adit".to_owned()]);
    let checked = check(&project, &schema(), &settings());
    // An unknown attribute, an unknown set and an unused one in each file.
    assert_eq!(checked.diagnostics.len(), 3_000);
}

/// Specs that somebody wrote to keep the checker busy.
#[test]
fn nothing_can_keep_it_busy() {
    let parts =
        |count: usize, part: &dyn Fn(usize) -> String, by: &str| (0..count).map(part).collect::<Vec<_>>().join(by);
    let long = "a".repeat(200_000);
    for (what, expected, condition) in [
        ("many tests", &[][..], parts(5_000, &|n| format!("title != \"v{n}\""), " and ")),
        ("many contradictions", &["E2002"][..], parts(5_000, &|n| format!("title == \"v{n}\""), " and ")),
        ("many shapes", &[][..], parts(2_000, &|n| format!("title like \"*{n}*a*b*c*\""), " and ")),
        ("many shapes left out", &[][..], parts(2_000, &|n| format!("not title like \"*{n}*a*\""), " and ")),
        ("many alternatives", &[][..], parts(5_000, &|n| format!("(title == \"v{n}\" or level == {n})"), " and ")),
        (
            "many numbers",
            &[][..],
            format!("level >= 0 and level <= 5000 and {}", parts(5_000, &|n| format!("level != {n}"), " and ")),
        ),
        (
            "long shapes",
            &[][..],
            format!("title like \"*{long}*\" and title like \"{long}*a\" and not title like \"*{long}?\""),
        ),
        ("a long name", &["E1101"][..], format!("{long} == \"x\"")),
    ] {
        let text = format!(
            "edition 2026\nidentities {{ human where kind == \"employee\" }}\nrole r {{ grants sap.tcode \"F110\"; where {condition} }}\n"
        );
        let checked = checked(text);
        let codes: BTreeSet<&str> = checked.diagnostics.iter().map(|fault| fault.code).collect();
        assert_eq!(codes.into_iter().collect::<Vec<_>>(), expected, "{what}");
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
    let checked = checked(text);
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics.first());
    assert_eq!(checked.spec.map(|spec| (spec.roles.len(), spec.duties.len())), Some((5_000, 5_000)));
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
    let checked = checked(text);
    assert_eq!(checked.diagnostics.iter().filter(|fault| fault.code == "E1105").count(), 10_000);
}
