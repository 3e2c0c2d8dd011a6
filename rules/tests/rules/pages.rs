//! `docs/rules.md` is made from the rules' doc comments. `UPDATE_DOCS=1` writes it.

use std::{fmt::Write as _, path::Path};

use adit_rules::{Confidence, Family, Rule, Severity};

const PREFACE: &str = "\
# Lint rules

<!-- Made from the doc comments in `rules/src`: edit those, then run `UPDATE_DOCS=1 cargo test -p adit-rules --test rules`. -->

`adit lint` holds the spec, the snapshot and the mined roles against these rules. `adit explain CODE` shows a rule's page in
the terminal. A rule is named by its code, its name or an alias, everywhere. Its level is set in `adit.toml`; single findings
are waived in the spec, see [waivers.md](waivers.md).

```toml
[rules]
role-explosion = \"deny\"     # allow: not run · warn: at most a warning · deny: always an error
RM106 = \"allow\"
```

An *error* fails the build; a *warning* does not. A role with an error that stands is not provisioned. Every finding has a
fingerprint, made of the rule and the names of what it is about, never of lines or order: it stays when the spec is
reformatted or the export comes in another order.
";

#[test]
fn docs_are_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
    let expected = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/rules.md is not what the rules say; run `UPDATE_DOCS=1 cargo test -p adit-rules --test rules`"
    );
}

fn document() -> String {
    let mut text = PREFACE.to_owned();
    for family in Family::ALL {
        let _ = writeln!(text, "\n## {}\n\n| Code | Name | Level | What it finds |\n|---|---|---|---|", family.title());
        for rule in adit_rules::all().filter(|rule| rule.family == family) {
            let anchor = format!("{}-{}", rule.code.to_ascii_lowercase(), rule.name);
            let _ =
                writeln!(text, "| [{}](#{anchor}) | `{}` | {} | {} |", rule.code, rule.name, level(rule), rule.title());
        }
    }
    text.push_str("\n# Pages\n");
    for rule in adit_rules::all() {
        page(&mut text, rule);
    }
    text
}

fn page(text: &mut String, rule: &Rule) {
    let confidence = match rule.confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    };
    let waivable = if rule.waivable { "can be waived" } else { "cannot be waived" };
    let aliases: Vec<_> = rule.aliases.iter().map(|alias| format!("`{alias}`")).collect();
    let aliases = if aliases.is_empty() { String::new() } else { format!(" · also {}", aliases.join(", ")) };
    let _ = writeln!(text, "\n## {} {}\n", rule.code, rule.name);
    let _ = writeln!(text, "**{}**\n", rule.title());
    let _ = writeln!(text, "{} · {confidence} confidence · {waivable} · since {}{aliases}\n", level(rule), rule.since);
    let mut fenced = false;
    for line in rule.page().lines() {
        fenced ^= line.starts_with("```");
        let deeper = if line.starts_with("## ") && !fenced { "#" } else { "" };
        let _ = writeln!(text, "{deeper}{line}");
    }
}

fn level(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
