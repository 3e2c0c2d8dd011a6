//! Every format of findings and mistakes: what its readers need, held to standards where there are some.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{examples::with_example, support::Place};

/// Every format of `adit lint`, with the file that `--also` writes it to.
pub(crate) const FORMATS: [(&str, &str); 9] = [
    ("human", "lint.txt"),
    ("concise", "lint.lines"),
    ("json", "lint.json"),
    ("sarif", "lint.sarif"),
    ("junit", "lint.xml"),
    ("github", "lint.commands"),
    ("gitlab", "gitlab.json"),
    ("markdown", "lint.md"),
    ("dot", "lint.dot"),
];

/// A project with a conflict, a warning with a place, and a waived finding.
fn shop() -> Place {
    let place = Place::with_shop();
    let assignments = place.read("shop/snapshot/assignments.csv");
    place.write(
        "shop/snapshot/assignments.csv",
        assignments + "u01,erp:payment-run,direct\nu09,erp:purchase-order,direct\nu10,erp:purchase-order,direct\n",
    );
    place
}

/// The command that writes all formats into `folder`.
fn all_formats<'a>(project: &'a str, also: &'a [String]) -> Vec<&'a str> {
    let mut arguments = vec!["lint", project];
    arguments.extend(also.iter().flat_map(|also| ["--also", also.as_str()]));
    arguments
}

fn also(folder: &str) -> Vec<String> {
    FORMATS.iter().map(|(format, file)| format!("{format}={folder}/{file}")).collect()
}

#[test]
fn formats_read_well() {
    let place = shop();
    for format in ["concise", "sarif", "junit", "github", "gitlab", "markdown", "dot"] {
        let ran = place.run(&["lint", "shop", "--format", format]);
        assert_eq!(ran.code, 1, "{}", ran.all());
        // A rule's page, and which rules there are, change with the rules, not with the format.
        let out = match format {
            "sarif" => without_pages(&ran.out),
            "junit" => without_passed_rules(&ran.out),
            _ => ran.out,
        };
        insta::assert_snapshot!(format!("shop_{format}"), out);
    }
}

pub(crate) fn without_pages(sarif: &str) -> String {
    let mut document: Value = serde_json::from_str(sarif).unwrap();
    for rule in document.pointer_mut("/runs/0/tool/driver/rules").and_then(Value::as_array_mut).unwrap() {
        let page = rule.pointer("/help/markdown").and_then(Value::as_str).unwrap();
        assert!(page.contains("## What to do"), "{page}");
        rule.as_object_mut().unwrap().insert("help".to_owned(), Value::from("…"));
    }
    serde_json::to_string_pretty(&document).unwrap()
}

fn without_passed_rules(junit: &str) -> String {
    let (head, suites) = junit.split_once("  <testsuite ").unwrap();
    let (passed, others): (Vec<_>, Vec<_>) =
        suites.split("  <testsuite ").partition(|suite| suite.contains("name=\"no findings\""));
    assert!(passed.len() > 20);
    let head = head.split(" tests=").next().unwrap();
    format!("{head}…\n  <testsuite {}", others.join("  <testsuite "))
}

#[test]
fn one_run_writes_every_format_and_each_is_what_is_printed() {
    let place = shop();
    let also = also("reports");
    let ran = place.run(&all_formats("shop", &also));
    assert_eq!(ran.code, 1, "{}", ran.all());
    for (format, file) in FORMATS.iter().filter(|(format, _)| *format != "human") {
        let printed = place.run(&["lint", "shop", "--format", format]).out;
        assert_eq!(place.blank(&place.read(&format!("reports/{file}"))), printed, "{format}");
    }
}

#[test]
fn formats_are_the_same_wherever_they_are_made() {
    let place = with_example("acme");
    place.run(&all_formats("acme", &also("here")));
    let mut inside = place.command(&[]);
    inside.current_dir(place.path("acme/policy")).arg("lint").args(["--threads", "1"]);
    inside.args(also("../../there").iter().flat_map(|also| ["--also", also]));
    assert_eq!(inside.output().unwrap().status.code(), Some(1));
    for (format, file) in FORMATS.iter().filter(|(format, _)| !["human", "concise"].contains(format)) {
        assert_eq!(place.read(&format!("here/{file}")), place.read(&format!("there/{file}")), "{format}");
    }
}

#[test]
fn nothing_is_written_when_one_format_cannot_be() {
    let place = shop();
    place.write("taken/x", "");
    let ran = place.run(&["lint", "shop", "--also", "json=new/lint.json", "--also", "sarif=taken"]);
    assert_eq!(ran.code, 2, "{}", ran.all());
    assert!(!place.path("new").exists());
    let mut said = String::new();
    for wrong in [["json"].as_slice(), &["xml=x"], &["json="], &["json=a", "--also", "sarif=a"]] {
        let ran = place.run(&[["lint", "shop", "--also"].as_slice(), wrong].concat());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.all());
        said.push_str(&ran.err);
    }
    insta::assert_snapshot!(said);
}

#[test]
fn sarif_is_that_of_oasis() {
    let acme = with_example("acme");
    let document = oasis(&acme.run(&["lint", "acme", "--format", "sarif"]).out);
    let results = document["runs"][0]["results"].as_array().unwrap();
    let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(results.len() > 30);
    for result in results {
        assert_eq!(rules[result["ruleIndex"].as_u64().unwrap() as usize]["id"], result["ruleId"]);
    }
    let suppressed: Vec<_> = results.iter().filter(|result| result["suppressions"][0].is_object()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["status"], "accepted");
    assert!(suppressed[0]["suppressions"][0]["justification"].as_str().unwrap().contains("W-012"));
    let tags = rules.iter().flat_map(|rule| rule["properties"]["tags"].as_array().unwrap());
    assert!(tags.clone().any(|tag| tag == "NIST SP 800-53 r5 AC-5"), "{:?}", tags.collect::<Vec<_>>());

    oasis(&acme.run(&["check", "acme", "--format", "sarif"]).out);
    acme.edit("acme/policy/acme.adit", "department", "departmnet");
    let document = oasis(&acme.run(&["check", "acme", "--format", "sarif"]).out);
    assert!(!document["runs"][0]["results"].as_array().unwrap().is_empty());
}

/// The group that everyone in a conflict has one of the duties through stands out in a picture, and has its own kind of evidence.
#[test]
fn what_all_ways_lead_through_is_marked() {
    let place = with_example("acme");
    let lint: Value = serde_json::from_str(&place.run(&["lint", "acme", "--format", "json"]).out).unwrap();
    let proofs = |finding: &Value| finding["evidence"].as_array().unwrap().clone();
    let through = |finding: &&Value| proofs(finding).iter().any(|proof| proof["kind"] == "through");
    let finding = lint["findings"].as_array().unwrap().iter().find(through).unwrap();
    let names: BTreeSet<String> = proofs(finding)
        .iter()
        .filter(|proof| proof["kind"] == "through")
        .map(|proof| proof["through"]["name"].as_str().unwrap().to_owned())
        .collect();
    let fingerprint = finding["fingerprint"].as_str().unwrap();
    let dot = place.run(&["lint", "acme", "--format", "dot", "--finding", fingerprint]).out;
    let marked: Vec<&str> = dot.lines().filter(|line| line.contains("peripheries=2")).collect();
    assert_eq!(marked.len(), names.len(), "{dot}");
    assert!(names.iter().all(|name| marked.iter().any(|line| line.contains(name.as_str()))), "{dot}");
    let sarif = oasis(&place.run(&["lint", "acme", "--format", "sarif", "--finding", fingerprint]).out);
    let nodes = sarif["runs"][0]["results"][0]["graphs"][0]["nodes"].as_array().unwrap().clone();
    assert_eq!(nodes.iter().filter(|node| node["properties"]["dominates"] == true).count(), names.len());
}

/// Duties that nobody can decide, and everything else about the shop as it is.
fn undecided_shop() -> Place {
    let place = shop();
    let duties = "\nduties other-hands \"Nobody does both\" {\n  sell = [ erp.function \"sale\" ]\n  fly  = [ erp.function \"pilot\" ]\n  at most 1 of sell, fly per identity\n}\n";
    let policy = place.read("shop/policy.adit") + duties;
    place.write("shop/policy.adit", policy);
    place
}

#[test]
fn what_is_not_decidable_passes_in_no_format() {
    let place = undecided_shop();
    let out = |format: &str| place.run(&["lint", "shop", "--persona", "auditor", "--format", format]).out;
    let json: Value = serde_json::from_str(&out("json")).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let undecided: Vec<_> = findings.iter().filter(|it| it["verdict"] == "not-decidable").collect();
    assert!(!undecided.is_empty() && undecided.len() < findings.len());
    let fingerprints: Vec<&str> = undecided.iter().map(|it| it["fingerprint"].as_str().unwrap()).collect();

    let sarif = oasis(&out("sarif"));
    let open: Vec<_> =
        sarif["runs"][0]["results"].as_array().unwrap().iter().filter(|it| it["kind"] == "open").collect();
    let open_ones: Vec<&str> = open.iter().map(|it| it["partialFingerprints"]["adit/v1"].as_str().unwrap()).collect();
    assert_eq!(open_ones, fingerprints);
    for result in open {
        assert_eq!(result["level"], "none");
        assert_eq!(result["properties"]["verdict"], "not-decidable");
        assert!(result["properties"]["reason"].as_str().unwrap().contains("cannot be decided"), "{result}");
    }
    let junit = out("junit");
    assert_eq!(junit.matches("<skipped message=\"not decidable: ").count(), undecided.len());
    assert_eq!(out("concise").matches(", not decidable)\n").count(), undecided.len());
    assert_eq!(out("github").matches(" (not decidable)::").count(), undecided.len());
    assert_eq!(out("gitlab").matches("\"description\": \"not decidable: ").count(), undecided.len());
    assert!(out("markdown").contains("*not decidable:* "));

    place.edit("shop/adit.toml", "[rules]", "[lint]\nundecided = \"deny\"\n\n[rules]");
    let sarif = oasis(&out("sarif"));
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let failing: Vec<_> = results.iter().filter(|it| it["properties"]["verdict"] == "not-decidable").collect();
    assert_eq!(failing.len(), undecided.len());
    assert!(failing.iter().all(|it| it["kind"] == "fail" && it["level"] == "error"));
    assert!(out("junit").contains("message=\"not decidable: "));
}

/// A SARIF document that the schema of OASIS takes.
fn oasis(text: &str) -> Value {
    let schema: Value = serde_json::from_str(include_str!("../data/sarif-schema-2.1.0.json")).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let document = serde_json::from_str(text).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path)).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    document
}

#[test]
fn junit_counts_what_is_there() {
    let text = with_example("acme").run(&["lint", "acme", "--format", "junit"]).out;
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    let count = |name: &str| root.descendants().filter(|node| node.has_tag_name(name)).count().to_string();
    for (attribute, element) in [("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")] {
        assert_eq!(root.attribute(attribute), Some(count(element).as_str()), "{attribute}");
    }
    for suite in root.children().filter(|node| node.has_tag_name("testsuite")) {
        let failures = suite.descendants().filter(|node| node.has_tag_name("failure")).count();
        assert_eq!(suite.attribute("failures"), Some(failures.to_string().as_str()));
        let names: Vec<_> = suite.children().filter_map(|node| node.attribute("name")).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "names of cases differ");
    }
}

#[test]
fn every_format_for_tools_has_every_finding_once() {
    let place = with_example("acme");
    let out = |format: &str| place.run(&["lint", "acme", "--format", format]).out;
    let lint: Value = serde_json::from_str(&out("json")).unwrap();
    let findings: BTreeSet<_> =
        lint["findings"].as_array().unwrap().iter().map(|found| found["fingerprint"].as_str().unwrap()).collect();
    let gitlab: Value = serde_json::from_str(&out("gitlab")).unwrap();
    let issues: BTreeSet<_> =
        gitlab.as_array().unwrap().iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(issues, findings);
    let github = out("github");
    assert_eq!(github.lines().count(), findings.len());
    assert!(
        github.lines().all(|line| ["::error ", "::warning ", "::notice "].iter().any(|begin| line.starts_with(begin)))
    );
    assert_eq!(out("concise").lines().count(), findings.len());
}

#[test]
fn one_finding_can_be_looked_at() {
    let place = with_example("acme");
    let lint: Value = serde_json::from_str(&place.run(&["lint", "acme", "--format", "json"]).out).unwrap();
    let conflict =
        lint["findings"].as_array().unwrap().iter().find(|found| found["rule"] == "RM503").unwrap()["fingerprint"]
            .as_str()
            .unwrap();
    let ran = place.run(&["lint", "acme", "--format", "dot", "--finding", &conflict[..8]]);
    assert_eq!(ran.code, 1, "the exit code is that of all findings");
    insta::assert_snapshot!("acme_evidence_of_one_finding", ran.out);
    assert_eq!(place.run(&["lint", "acme", "--format", "concise", "--finding", conflict]).out.lines().count(), 1);
    let waived = lint["waived"][0]["fingerprint"].as_str().unwrap();
    let ran = place.run(&["lint", "acme", "--format", "dot", "--finding", waived]);
    assert!(ran.out.contains("style=dashed"), "{}", ran.all());
    let ran = place.run(&["lint", "acme", "--finding", "zzz"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{}", ran.all());
}

#[test]
fn findings_are_told_to_who_listens() {
    insta::assert_snapshot!("shop_told", shop().run(&["lint", "shop", "--error-format", "plain"]).out);
    let told = with_example("acme").run(&["lint", "acme", "--error-format", "plain"]);
    let drawn: BTreeSet<char> =
        told.all().replace("sha256:…", "").chars().filter(|letter| !letter.is_ascii() || *letter == '`').collect();
    assert!(drawn.is_empty(), "{drawn:?}");
    let shop = Place::with_shop();
    shop.edit("shop/policy.adit", "status == \"active\"", "statsu == \"active\"");
    insta::assert_snapshot!("mistake_told", shop.run(&["check", "shop", "--error-format", "plain"]).all());
    let told = shop.run(&["lint", "nowhere", "--error-format", "plain"]);
    insta::assert_snapshot!("failure_told", told.err);
}

#[test]
fn doubtful_findings_are_counted_where_they_are_not_shown() {
    let place = Place::with_shop();
    // Duties about something that no source knows: whether someone breaks them cannot be decided, and the rule says so in doubt.
    let policy = place.read("shop/policy.adit");
    // There are two more, which somebody could do both of: otherwise the duties would be vacuous, and there is no doubt about that.
    let duties = "duties ghost \"Nobody does two of these\" {\n  one = [ erp.function \"ghost\" ]\n  two = [ erp.function \"payment-run\" ]\n  three = [ erp.function \"repair-order\" ]\n  at most 1 of one, two, three per identity\n}\n";
    place.write("shop/policy.adit", format!("{policy}\n{duties}"));
    let by = |persona: &str| {
        let ran = place.run(&["lint", "shop", "--persona", persona]);
        assert_eq!(ran.code, 0, "{}", ran.all());
        ran.out
    };
    let (author, reviewer, auditor) = (by("author"), by("reviewer"), by("auditor"));
    assert!(reviewer.contains("not decidable: duties `ghost` cannot be decided"), "{reviewer}");
    assert!(!author.contains("duties `ghost` cannot be decided"), "{author}");
    assert!(author.contains("not shown to persona `author`"), "{author}");
    assert!(auditor.contains("ghost"));
    let lint: Value =
        serde_json::from_str(&place.run(&["lint", "shop", "--persona", "author", "--format", "json"]).out).unwrap();
    assert_ne!(lint["summary"]["hidden"], 0);
    place.edit("shop/adit.toml", "[rules]", "[lint]\npersona = \"author\"\n\n[rules]");
    assert_eq!(place.run(&["lint", "shop"]).out, author, "adit.toml says who it is for");
    // What nobody can know is not kept: a project may let it fail, for whoever is told.
    place.edit("shop/adit.toml", "[lint]\n", "[lint]\nundecided = \"deny\"\n");
    let denied = place.run(&["lint", "shop", "--format", "json"]);
    assert_eq!(denied.code, 1, "{}", denied.all());
    let lint: Value = serde_json::from_str(&denied.out).unwrap();
    let ghost = lint["findings"].as_array().unwrap().iter().find(|it| it["subject"]["duties"] == "ghost").unwrap();
    assert_eq!((&ghost["level"], &ghost["verdict"]), (&"error".into(), &"not-decidable".into()));
}

#[test]
fn mistakes_are_marked_where_tools_look() {
    let place = Place::with_shop();
    place.edit("shop/policy.adit", "status == \"active\"", "statsu == \"active\"");
    let mut said = String::new();
    for format in ["concise", "github", "gitlab", "sarif"] {
        let ran = place.run(&["check", "shop", "--format", format]);
        assert_eq!(ran.code, 2, "{}", ran.all());
        said.push_str(&format!("--- {format}\n{}", ran.out));
    }
    insta::assert_snapshot!(said);
}

/// A name that would end a command, a cell, an element or a placeholder, begin a link, or call everybody.
const HOSTILE: &str = "pay<b>|[x](http://y)@all::error%0A]]>&{0}";

#[test]
fn no_name_can_break_a_format() {
    let place = shop();
    for file in ["snapshot/entitlements.csv", "snapshot/assignments.csv", "policy.adit"] {
        place.edit(&format!("shop/{file}"), "payment-run", HOSTILE);
    }
    // And one that would move the cursor, or turn the line around.
    place.edit("shop/adit.toml", "name = \"shop\"", "name = \"sh\\u001b[31m\\r\\u202eop\"");
    place.edit(
        "shop/policy.adit",
        "Nobody orders goods and pays for them",
        "Nobody <b>orders</b> | `and` @all [x](http://y)",
    );
    let out = |format: &str| {
        let output = place.command(&["lint", "shop", "--format", format]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let lint: Value = serde_json::from_str(&out("json")).unwrap();
    let findings = lint["findings"].as_array().unwrap().len();
    assert!(findings > 3);
    for format in ["human", "concise", "junit", "github", "markdown", "dot"] {
        let text = out(format);
        assert!(
            !text.chars().any(|letter| (letter.is_control() && letter != '\n') || letter == '\u{202e}'),
            "{format}: {text:?}"
        );
    }
    let sarif: Value = serde_json::from_str(&out("sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), findings);
    let document = out("junit");
    let document = roxmltree::Document::parse(&document).unwrap();
    assert!(document.descendants().any(|node| node.text().is_some_and(|text| text.contains(HOSTILE))));
    let commands = out("github");
    assert!(commands.lines().count() == findings && commands.lines().all(|line| line.starts_with("::")), "{commands}");
    let comment = out("markdown");
    for (index, part) in comment.split('`').enumerate().filter(|(index, _)| index % 2 == 0) {
        for active in ["<b>", "x](http", "@all"] {
            assert!(!part.contains(active), "part {index}: {part}");
        }
    }
    let graph = out("dot");
    assert!(graph.lines().all(|line| line.replace("\\\"", "").matches('"').count() % 2 == 0), "{graph}");
}

#[test]
fn a_comment_is_never_longer_than_a_comment_may_be() {
    let place = shop();
    let long = format!("payment-run-{}", "of-the-very-long-name-".repeat(900));
    for file in ["snapshot/entitlements.csv", "snapshot/assignments.csv", "policy.adit"] {
        place.edit(&format!("shop/{file}"), "payment-run", &long);
    }
    let comment = place.run(&["lint", "shop", "--format", "markdown"]).out;
    assert!(comment.len() <= 60_000, "{}", comment.len());
    assert!(comment.contains("too long for a comment"), "{comment}");
    assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
    assert!(comment.contains("| error | RM503"), "every rule is in the table: {comment}");
}

#[test]
fn what_the_baseline_keeps_back_is_in_reports_for_machines() {
    let place = with_example("acme");
    let baseline = ["--baseline", "baseline.json"];
    let lint = |more: &[&str]| place.run(&[["lint", "acme"].as_slice(), &baseline, more].concat());
    assert_eq!(lint(&["--update-baseline"]).code, 1, "some findings are never hidden");
    let sarif: Value = serde_json::from_str(&lint(&["--format", "sarif"]).out).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let known: Vec<_> = results.iter().filter(|result| result["baselineState"] == "unchanged").collect();
    assert!(known.len() > 30);
    assert!(known.iter().all(|result| result["suppressions"][0]["status"] == "underReview"));
    let junit = lint(&["--format", "junit"]).out;
    let document = roxmltree::Document::parse(&junit).unwrap();
    let skipped = document.descendants().filter(|node| node.has_tag_name("skipped")).count();
    assert_eq!(document.root_element().attribute("skipped"), Some(skipped.to_string().as_str()));
    assert!(skipped > known.len(), "and those that somebody took responsibility for");
    assert!(lint(&["--format", "markdown"]).out.contains("baseline"));
    let told = lint(&["--error-format", "plain", "--show-baselined"]).out;
    assert!(told.contains("Baselined since 2026-10-31: sod-user-union,"), "{told}");
    assert!(told.replace("sha256:…", "").is_ascii() && !told.contains('`'), "{told}");
    let standing = lint(&["--format", "concise"]).out.lines().count();
    assert_eq!(results.len() - known.len() - 1, standing, "all but what is known and what is waived");
}
