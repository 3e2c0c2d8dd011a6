//! What lint does around the rules: levels, waivers, fingerprints, order.

use std::collections::BTreeMap;

use adit_rules::{Level, Severity, Suppression};

use crate::{fixture, pipeline, render};

/// Findings as `code severity fingerprint`, in the order of the report; those taken are marked with what takes them.
fn report(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut report = Vec::new();
    pipeline::with_lint(files, |compilation, linted| {
        let line = |finding: &adit_rules::Finding| {
            format!("{} {:?} {}", finding.rule.code, finding.severity, finding.fingerprint(compilation.snapshot))
        };
        report.extend(linted.findings.iter().map(line));
        for suppressed in &linted.waived {
            report.push(format!("{} {}", suppressed.by.title(compilation), line(&suppressed.finding)));
        }
    });
    report
}

fn fixture_of(rule: &str, name: &str) -> BTreeMap<String, String> {
    let fixtures = fixture::of(adit_rules::find(rule).unwrap());
    fixtures.into_iter().find(|fixture| fixture.name == name).unwrap().files
}

fn edited(
    mut files: BTreeMap<String, String>,
    path: &str,
    edit: impl FnOnce(&str) -> String,
) -> BTreeMap<String, String> {
    let text = edit(files.get(path).map_or("", String::as_str));
    files.insert(path.to_owned(), text);
    files
}

fn with_waiver(rule: &str, on: &str, people: (&str, &str)) -> String {
    let (requested, approved) = people;
    format!(
        "\nwaiver W-001 {{\n  rule {rule}\n  on {on}\n  because \"agreed with internal audit until the systems are merged\"\n  \
         requested \"{requested}\"\n  approved \"{approved}\" on 2026-03-01\n  expires 2026-12-31\n}}\n"
    )
}

/// Which waiver entries take how many findings of a rule's fixture.
fn taken(rule: &str, name: &str, on: &str, people: (&str, &str)) -> usize {
    let waiver = with_waiver(rule, on, people);
    let files = edited(fixture_of(rule, name), "policy.adit", |text| format!("{text}{waiver}"));
    let mut taken = 0;
    pipeline::with_lint(&files, |_, linted| {
        taken = linted.waived.iter().filter(|suppressed| suppressed.by == Suppression::Waiver(0)).count();
        let unused = linted.findings.iter().any(|finding| finding.rule.code == "RM707");
        let invalid = linted.findings.iter().any(|finding| finding.rule.code == "RM709");
        assert!(taken > 0 || unused || invalid, "a waiver that takes nothing is a finding");
        assert!(taken == 0 || !unused, "a waiver that takes something is used");
    });
    taken
}

const OTHERS: (&str, &str) = ("lead@acme.example", "ciso@acme.example");

#[test]
fn every_level_does_what_it_says() {
    let levels = [
        ("", [Severity::Warning].as_slice()),
        ("allow", &[]),
        ("warn", &[Severity::Warning]),
        ("deny", &[Severity::Error]),
    ];
    for (level, expected) in levels {
        let set = if level.is_empty() { String::new() } else { format!("[rules]\nlineage-missing = \"{level}\"\n") };
        let files = edited(fixture_of("RM106", "fires"), "adit.toml", |_| set);
        pipeline::with_lint(&files, |_, linted| {
            let of_rule = linted.findings.iter().filter(|finding| finding.rule.code == "RM106");
            let severities: Vec<_> = of_rule.map(|finding| finding.severity).collect();
            assert_eq!(severities, expected, "at level `{level}`");
        });
    }
}

#[test]
fn a_level_that_there_is_not_is_told_with_those_there_are() {
    let level = "error".parse::<Level>().unwrap_err();
    insta::assert_snapshot!(level, @"expected `allow`, `warn` or `deny`, found `error`");
}

#[test]
fn a_waiver_is_on_a_finding_when_every_entry_is_met() {
    let cases = [
        ("RM304", "fires", "identity \"svc-none\"", 1),
        ("RM304", "fires", "identity \"SVC-NONE\"", 1),
        ("RM304", "fires", "identity \"svc-ok\"", 0),
        ("RM403", "fires", "role sales", 1),
        ("RM403", "fires", "role sales, role treasury", 0),
        ("RM402", "fires", "role \"SAP_AP_CLERK\"", 1),
        ("RM402", "fires", "role \"AP clerk\"", 1),
        ("RM402", "fires", "role clerk", 2),
        ("RM404", "fires", "mining everyone", 1),
        ("RM404", "fires", "mining everyone, entitlement \"sap:F110\"", 1),
        ("RM404", "fires", "entitlement \"sap.tcode \\\"F110\\\"\"", 1),
        ("RM404", "fires", "entitlement \"sap:XK01\"", 0),
        ("RM404", "fires", "application sap", 1),
        ("RM407", "fires", "group \"GG-A\"", 1),
        ("RM102", "fires", "account \"sap:TMP04\"", 1),
        ("RM102", "fires", "application sap", 3),
        ("RM102", "fires", "identity \"u-9\"", 1),
        ("RM103", "fires", "attribute \"department\"", 1),
        ("RM109", "fires", "source \"exceptions\"", 1),
        ("RM506", "fires", "governance access-desk", 2),
        ("RM506", "fires", "governance access-desk, role helpdesk", 1),
        ("RM507", "fires", "separation environment", 1),
        ("RM508", "fires", "sensitive payment-run", 3),
        ("RM508", "fires", "sensitive payment-run, role treasury-desk", 1),
        ("RM106", "fires", "population \"everyone\"", 1),
        ("RM106", "fires", "mining everyone", 1),
        ("RM107", "fires", "population clerks", 2),
        ("RM107", "fires", "mining clerks, attribute \"desk\"", 1),
        ("RM101", "fires", "identity \"x-0007\"", 1),
        ("RM101", "fires", "identity \"rose.vale@acme.example\"", 1),
    ];
    for (rule, name, on, expected) in cases {
        assert_eq!(taken(rule, name, on, OTHERS), expected, "{rule} on {on}");
    }
}

#[test]
fn whoever_benefits_neither_asks_nor_approves() {
    // The member of a role may ask for a waiver on it, for the others too, but not approve it.
    assert_eq!(taken("RM404", "fires", "mining everyone", ("u-1", "ciso@acme.example")), 1);
    assert_eq!(taken("RM404", "fires", "mining everyone", ("lead@acme.example", "u-1")), 0);
    assert_eq!(taken("RM102", "fires", "account \"sap:LEFT\"", ("lead@acme.example", "u-9")), 0);
    assert_eq!(taken("RM102", "fires", "account \"sap:LEFT\"", ("u-9", "ciso@acme.example")), 0);
}

#[test]
fn the_last_day_of_a_waiver_counts() {
    let waiver = with_waiver("RM304", "identity \"svc-none\"", OTHERS);
    let files = edited(fixture_of("RM304", "fires"), "policy.adit", |text| format!("{text}{waiver}"));
    let taken = |day: &str| {
        let files = edited(files.clone(), "as-of", |_| day.to_owned());
        report(&files).iter().filter(|line| line.starts_with("waiver W-001")).count()
    };
    assert_eq!((taken("2026-12-31"), taken("2027-01-01")), (1, 0));
    assert_eq!((taken("2026-03-01"), taken("2026-02-28")), (1, 0));
}

#[test]
fn neither_rows_in_another_order_nor_others_change_a_fingerprint() {
    for (rule, name) in [("RM304", "fires"), ("RM402", "fires"), ("RM404", "fires"), ("RM101", "fires")] {
        let files = fixture_of(rule, name);
        let before = report(&files);
        let mut shuffled = files.clone();
        for (path, text) in &mut shuffled {
            if path.ends_with(".csv") {
                let mut lines: Vec<&str> = text.lines().collect();
                lines.get_mut(1..).unwrap().reverse();
                *text = lines.join("\n") + "\n";
            }
        }
        assert_eq!(before, report(&shuffled), "{rule}: rows in another order");

        let spaced = edited(files.clone(), "policy.adit", |text| text.replace('\n', "\n\n// a remark\n"));
        assert_eq!(before, report(&spaced), "{rule}: the spec written otherwise");

        // Someone whose id comes first, and who is out of scope: every rank moves by one.
        let columns = files["snapshot/identities.csv"].lines().next().unwrap().split(',').count();
        let row = format!("aaa,employee{}\n", ",".repeat(columns - 2));
        let policy =
            |text: &str| text.replace("where kind == \"employee\"", "where kind == \"employee\" and not id == \"zzz\"");
        let more = edited(files, "snapshot/identities.csv", |text| {
            let (head, rest) = text.split_once('\n').unwrap();
            format!("{head}\n{row}{rest}")
        });
        let more = edited(more, "policy.adit", policy);
        let of_rule = |report: &[String]| -> Vec<String> {
            report.iter().filter(|line| line.starts_with(rule)).cloned().collect()
        };
        assert_eq!(of_rule(&before), of_rule(&report(&more)), "{rule}: another identity");
    }
}

/// Everything that every rule says of a project, without the numbers of rows.
fn said(files: &BTreeMap<String, String>, threads: usize) -> String {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let mut said = String::new();
    pool.install(|| {
        pipeline::with_lint(files, |compilation, linted| {
            said = adit_rules::all().map(|rule| render::of_rule(rule, compilation, linted)).collect();
        });
    });
    let without_row = |line: &str| match line.split_once(".csv:") {
        Some((file, rest)) if line.starts_with("  at: ") => {
            format!("{file}.csv{}", rest.trim_start_matches(|letter: char| letter.is_ascii_digit()))
        }
        _ => line.to_owned(),
    };
    said.lines().map(without_row).collect::<Vec<_>>().join("\n")
}

#[test]
fn rows_in_any_order_on_any_number_of_threads_say_the_same() {
    for rule in adit_rules::all() {
        let Some(fixture) = fixture::of(rule).into_iter().find(|fixture| fixture.name == "fires") else { continue };
        let before = said(&fixture.files, 1);
        for (turn, threads) in [(1, 4), (7, 2)] {
            let mut shuffled = fixture.files.clone();
            for (_, text) in shuffled.iter_mut().filter(|(path, _)| path.ends_with(".csv")) {
                let mut lines: Vec<&str> = text.lines().collect();
                let rows = lines.get_mut(1..).unwrap();
                rows.reverse();
                rows.rotate_left(turn % rows.len().max(1));
                *text = lines.join("\n") + "\n";
            }
            assert_eq!(before, said(&shuffled, threads), "{}", rule.code);
        }
    }
}

/// A role's id is what it grants: two populations may yield one id, and then there is one finding.
#[test]
fn roles_that_grant_the_same_are_one_finding() {
    let both = "
mining sales {
  scope {
    include identities human where department == \"Sales\"
  }
  mine {
    minable sap.tcode
    cluster using entitlement-overlap { common at least 50%; identities at least 2; entitlements at least 1 }
  }
}
";
    let files = edited(fixture_of("RM404", "fires"), "policy.adit", |text| {
        text.replace("include identities human", "include identities human where department == \"Finance\"") + both
    });
    let files = edited(files, "snapshot/identities.csv", |text| {
        text.replace("u-3,employee,active,Sales", "u-3,employee,active,Finance")
            + "v-1,employee,active,Sales\nv-2,employee,active,Sales\n"
    });
    let files = edited(files, "snapshot/assignments.csv", |text| {
        text.to_owned() + "v-1,sap:XK01,direct\nv-1,sap:FB60,direct\nv-2,sap:XK01,direct\nv-2,sap:F110,direct\n"
    });
    pipeline::with_lint(&files, |compilation, linted| {
        assert_eq!(compilation.roles.len(), 2);
        let mut found = linted.findings.iter().filter(|finding| finding.rule.code == "RM404");
        let finding = found.next().unwrap();
        assert!(found.next().is_none());
        let handles: Vec<_> = compilation.roles.iter().map(|role| role.handle.as_str()).collect();
        let said = format!("{:?} {:?}", finding.message, finding.evidence);
        assert!(handles.iter().all(|handle| said.contains(handle)), "{handles:?} in {said}");
    });
}

#[test]
fn errors_come_first_then_codes_then_subjects() {
    pipeline::with_lint(&fixture_of("RM407", "fires"), |_, linted| {
        let order: Vec<_> = linted.findings.iter().map(|finding| (finding.severity, finding.rule.code)).collect();
        assert!(order.is_sorted_by(|a, b| (b.0, a.1) <= (a.0, b.1)), "{order:?}");
        assert!(order.len() > 3);
    });
}
