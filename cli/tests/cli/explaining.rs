//! Help, `adit explain`, colours.

use crate::support::Place;

#[test]
fn the_help_reads_well() {
    insta::assert_snapshot!(Place::new().run(&["--help"]).all());
}

#[test]
fn the_help_of_every_command_reads_well() {
    let place = Place::new();
    let mut text = String::new();
    for command in
        ["init", "check", "fmt", "freeze", "preview", "mine", "lint", "explain", "build", "approve", "verify"]
    {
        let ran = place.run(&[command, "-h"]);
        assert_eq!(ran.code, 0, "{}", ran.all());
        text.push_str(&format!("$ adit {command} -h\n{}\n", ran.out));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn explains_a_rule_by_code_name_and_alias() {
    let place = Place::new();
    let by_code = place.run(&["explain", "RM503"]);
    assert_eq!(by_code.code, 0, "{}", by_code.all());
    for word in ["rm503", "sod-user-union", "toxic-combination"] {
        assert_eq!(place.run(&["explain", word]).out, by_code.out, "{word}");
    }
    for heading in ["What it finds", "Why it matters", "What to do", "References"] {
        assert!(by_code.out.contains(&format!("\n{heading}\n")), "{}", by_code.out);
    }
}

#[test]
fn a_control_lists_the_rules_that_serve_it() {
    let place = Place::new();
    let today = place.run(&["explain", "PR.AA-01"]);
    assert!(today.code == 0 && today.out.contains("NIST CSF 2.0 PR.AA-01\n"), "{}", today.all());
    assert!(today.out.contains("RM101  duplicate-identity"), "{}", today.out);
    let former = place.run(&["explain", "pr.ac-4"]);
    assert!(former.out.contains("an id of NIST CSF 1.1; in 2.0 it is PR.AA-05"), "{}", former.all());
    assert!(former.out.contains("RM404  over-grant"), "{}", former.out);
    assert_ne!(place.run(&["explain", "AC-66"]).code, 0);
}

#[test]
fn explains_a_pack() {
    let place = Place::new();
    let pack = place.run(&["explain", "ci-cd"]);
    assert_eq!(place.run(&["explain", "pack:ci-cd"]).out, pack.out);
    insta::assert_snapshot!("pack", pack.all());
    let unknown = place.run(&["explain", "pack:aws-escalations"]);
    assert_eq!(unknown.code, 2);
    insta::assert_snapshot!(unknown.err, @r"
      × there is no rule pack `aws-escalations`
      help: did you mean `aws-escalation`? `adit explain` lists all rule packs
    ");
    let list = place.run(&["explain"]).out;
    assert!(list.contains("sap-procure-to-pay"), "{list}");
}

#[test]
fn what_is_not_known_gets_a_hint_where_something_was_meant() {
    let place = Place::new();
    let mut said = String::new();
    for word in
        ["sod-user-onion", "aws-escalatoin", "PR.AA-99", "orphan", "RM999", "E9999", "nonsense", "pack:zzz", "AWS-99"]
    {
        let ran = place.run(&["explain", word]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{word}");
        said.push_str(&format!("$ adit explain {word}\n{}\n", ran.err.trim_end()));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_code_is_a_code_however_it_is_written() {
    let place = Place::new();
    let rule = place.run(&["explain", "RM503"]).out;
    assert_eq!(place.run(&["explain", "rm-503"]).out, rule);
    for (family, first) in [("RM5", "RM501"), ("rm5xx", "RM501"), ("duties", "RM501"), ("hygiene", "RM101")] {
        let ran = place.run(&["explain", family]);
        assert!(ran.code == 0 && ran.out.contains(first) && !ran.out.contains("RM401"), "{}", ran.all());
    }
}

#[test]
fn explains_what_is_wrong_with_a_spec() {
    let place = Place::new();
    insta::assert_snapshot!("spec_error", place.run(&["explain", "e1101"]).all());
    insta::assert_snapshot!("syntax_error", place.run(&["explain", "E0004"]).all());
    assert!(place.run(&["explain", "W2003"]).out.starts_with("W2003\n"));
}

#[test]
fn explains_a_pattern_of_a_pack() {
    insta::assert_snapshot!("pattern", Place::new().run(&["explain", "AWS-03"]).all());
}

#[test]
fn lists_every_rule_and_explains_all() {
    let place = Place::new();
    let (list, all) = (place.run(&["explain"]).out, place.run(&["explain", "--all"]).out);
    let codes: Vec<_> = list.split_whitespace().filter(|word| word.starts_with("RM") && word.len() == 5).collect();
    assert!(codes.len() >= 24, "{list}");
    for code in codes {
        assert!(all.contains(&format!("{code} ")), "{code}");
    }
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let place = Place::with_shop();
    let plain = place.run(&["build", "shop"]);
    assert!(!plain.out.contains('\x1b'));
    let coloured = place.run(&["build", "shop", "--color", "always"]);
    assert!(coloured.out.contains("\x1b["));
    let mut stripped = String::new();
    let mut rest = coloured.out.as_str();
    while let Some(at) = rest.find('\x1b') {
        stripped.push_str(&rest[..at]);
        rest = &rest[at + rest[at..].find('m').unwrap() + 1..];
    }
    let body = |text: &str| text.split("\nwrote ").next().unwrap().to_owned();
    assert_eq!(body(&(stripped + rest)), body(&plain.out), "colour changes no word and no line");
    let error = place.run(&["check", "--color", "always", "nowhere.adit"]);
    assert!(error.err.contains("\x1b["), "{}", error.err);
    assert!(place.run(&["--color=always", "chekc"]).err.contains("\x1b["));
    assert!(!place.run(&["--color=never", "chekc"]).err.contains('\x1b'));
}
