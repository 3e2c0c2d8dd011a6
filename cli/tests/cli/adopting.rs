//! What brings Adit into an estate: completions, manual pages, the schema, `--fix`, and the scripts of hooks and templates.

use std::{fs, process::Command};

use crate::support::Place;

#[test]
fn every_shell_completes_every_command() {
    let place = Place::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = place.run(&["completions", shell]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        for word in ["lint", "update-baseline", "completions"] {
            assert!(ran.out.contains(word), "{shell} does not know {word}");
        }
    }
    assert_eq!(place.run(&["completions", "cmd"]).code, 2);
}

#[test]
fn every_command_has_a_manual_page() {
    let place = Place::new();
    let ran = place.run(&["man", "share/man1"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let help = place.run(&["--help"]).out;
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    let names: Vec<_> = commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).collect();
    assert!(names.len() > 10, "{help}");
    for name in names.iter().filter_map(|line| line.split_whitespace().next()) {
        let page = place.read(&format!("share/man1/adit-{name}.1"));
        assert!(page.contains(".SH SYNOPSIS") && page.contains(&format!("adit {name}")), "{page}");
    }
    assert!(place.read("share/man1/adit.1").contains(".TH"));
    assert!(place.write("file", "").run(&["man", "file"]).code == 2);
}

#[test]
fn the_schema_takes_what_init_writes_and_refuses_what_the_tool_refuses() {
    let place = Place::with_shop();
    let schema: serde_json::Value = serde_json::from_str(&place.run(&["config", "--schema"]).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let takes = |text: &str| validator.is_valid(&toml::from_str::<serde_json::Value>(text).unwrap());
    assert!(takes(&place.read("shop/adit.toml")));
    // What is printed with every default is a configuration again, and says the same.
    let explicit = place.run(&["config", "shop"]).out;
    assert!(takes(&explicit), "{explicit}");
    place.write("shop/adit.toml", &explicit);
    assert_eq!(place.run(&["config", "shop"]).out, explicit);
    for wrong in [
        "[baseline]\nmax_days = -1",
        "[rules]\nRM101 = \"off\"",
        "[waivers]\nmax_days = \"90d\"",
        "[nonsense]",
        "[lint]\npersona = 7",
    ] {
        let text = format!("[project]\nname = \"x\"\n{wrong}\n");
        assert!(!takes(&text), "{wrong}");
        place.write("shop/adit.toml", &text);
        assert_eq!(place.run(&["config", "shop"]).code, 2, "{wrong}");
    }
}

#[test]
fn fixing_changes_the_layout_and_nothing_else() {
    let place = Place::with_shop();
    let tidy = place.read("shop/policy.adit");
    place.write("shop/policy.adit", tidy.replace("\n  ", "\n      ").replace(" = ", "   =  "));
    let messy = place.read("shop/policy.adit");
    assert_ne!(messy, tidy);
    let fixed = place.run(&["check", "shop", "--fix"]);
    assert_eq!(fixed.code, 0, "{}", fixed.all());
    assert!(fixed.err.contains("formatted shop/policy.adit"), "{}", fixed.err);
    assert_eq!(place.read("shop/policy.adit"), tidy);
    // A second time there is nothing to do.
    assert_eq!(place.run(&["check", "shop/adit.toml", "--fix"]).err, "");
    place.write("shop/policy.adit", &messy);
    assert!(place.run(&["lint", "shop", "--fix"]).err.contains("formatted"));
    assert_eq!(place.read("shop/policy.adit"), tidy);
    // One that cannot be read is not touched, nor is any other; the mistake is told as ever.
    place.write("shop/policy.adit", &messy).write("shop/other.adit", "edition 2026\nset = =\n");
    let broken = place.run(&["check", "shop", "--fix"]);
    assert!(broken.err.contains("nothing was formatted"), "{}", broken.all());
    assert_eq!(place.read("shop/policy.adit"), messy);
}

#[test]
fn a_missing_expiry_is_suggested_and_never_written() {
    let place = Place::with_shop();
    place.edit(
        "shop/policy.adit",
        "edition 2026\n",
        "edition 2026\n\nwaiver W-1 {\n  rule       role-explosion\n  on         mining staff\n  because    \"agreed for the pilot, until its end\"\n  \
         requested  \"a@shop.example\"\n  approved   \"b@shop.example\" on 2026-01-01\n}\n",
    );
    let before = place.read("shop/policy.adit");
    let ran = place.run(&["check", "shop", "--fix"]);
    assert_eq!(ran.code, 2);
    assert!(ran.all().contains("add `expires DATE`"), "{}", ran.all());
    assert_eq!(place.read("shop/policy.adit"), before);
}

fn template(name: &str) -> serde_yaml_ng::Value {
    let path = format!("{}/../{name}", env!("CARGO_MANIFEST_DIR"));
    serde_yaml_ng::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A shop in a repository with a remote of its own, and a commit on top of it that adds a conflict.
fn cloned() -> Place {
    let place = Place::new();
    let git = |folder: &str, arguments: &[&str]| {
        let who = ["-c", "user.name=x", "-c", "user.email=x@shop.example", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").arg("-C").arg(place.path(folder)).args(who).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    assert_eq!(place.run(&["init", "origin/shop"]).code, 0);
    git("origin", &["init", "-q", "-b", "main"]);
    git("origin", &["add", "."]);
    git("origin", &["commit", "-q", "-m", "a shop"]);
    git(".", &["clone", "-q", "origin", "clone"]);
    place
}

/// Runs a script of a template in the clone, as its runner does: bash, failing on the first command that does.
fn script(place: &Place, script: &str, variables: &[(&str, &str)]) -> (i32, String) {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_adit")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", script])
        .current_dir(place.path("clone"))
        .env("PATH", path)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code().unwrap(), said)
}

fn conflict(place: &Place) {
    let file = "clone/shop/snapshot/assignments.csv";
    place.write(file, place.read(file) + "u07,erp:purchase-order,direct\nu07,erp:payment-run,direct\n");
}

#[test]
fn the_action_fails_on_what_is_new_and_leaves_its_reports() {
    let place = cloned();
    let action = template("action.yml");
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    let temp = place.path("temp");
    fs::create_dir(&temp).unwrap();
    let summary = place.path("summary.md");
    let variables = [
        ("ADIT_PROJECT", "shop"),
        ("ADIT_PERSONA", "author"),
        ("ADIT_AGAINST", "main"),
        ("ADIT_BASELINE", ""),
        ("ADIT_SARIF", "adit.sarif"),
        ("ADIT_SECRET", ""),
        ("RUNNER_TEMP", temp.to_str().unwrap()),
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
        ("GITHUB_ACTION_PATH", "nowhere"),
    ];
    let run = || {
        steps.iter().fold((0, String::new()), |(code, said), step| {
            if code != 0 {
                return (code, said);
            }
            let (code, more) = script(&place, step["run"].as_str().unwrap(), &variables);
            (code, said + &more)
        })
    };
    let (code, said) = run();
    assert_eq!(code, 0, "{said}");
    conflict(&place);
    let (code, said) = run();
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("::error"), "{said}");
    let sarif: serde_json::Value = serde_json::from_str(&place.read("clone/adit.sarif")).unwrap();
    assert!(!sarif["runs"][0]["results"].as_array().unwrap().is_empty());
    assert!(place.read("summary.md").contains("RM503"), "{}", place.read("summary.md"));
}

#[test]
fn the_gitlab_job_fails_on_what_is_new_and_leaves_its_reports() {
    let place = cloned();
    let job = template("ci/gitlab/adit.gitlab-ci.yml");
    let lines: Vec<_> = ["before_script", "script"]
        .iter()
        .flat_map(|key| job["adit"][*key].as_sequence().unwrap())
        .map(|line| line.as_str().unwrap())
        .collect();
    let variables = [
        ("ADIT_PROJECT", "shop"),
        ("ADIT_PERSONA", "author"),
        ("ADIT_BASELINE", ""),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
    ];
    let (code, said) = script(&place, &lines.join("\n"), &variables);
    assert_eq!(code, 0, "{said}");
    conflict(&place);
    let (code, said) = script(&place, &lines.join("\n"), &variables);
    assert_eq!(code, 1, "{said}");
    let quality: serde_json::Value = serde_json::from_str(&place.read("clone/gl-code-quality-report.json")).unwrap();
    assert!(!quality.as_array().unwrap().is_empty());
    assert!(place.read("clone/adit-junit.xml").contains("<testsuite"));
}

#[test]
fn the_hooks_pass_on_a_new_project_and_stop_a_conflict() {
    let place = cloned();
    let hooks = template(".pre-commit-hooks.yaml");
    let run = |place: &Place| {
        hooks
            .as_sequence()
            .unwrap()
            .iter()
            .map(|hook| {
                let files = if hook["pass_filenames"].as_bool() == Some(false) { "" } else { "policy.adit" };
                script(place, &format!("cd shop && {} {files}", hook["entry"].as_str().unwrap()), &[])
            })
            .collect::<Vec<_>>()
    };
    assert!(run(&place).iter().all(|(code, _)| *code == 0), "{:?}", run(&place));
    conflict(&place);
    let codes: Vec<_> = run(&place).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, [0, 0, 1]);
}
