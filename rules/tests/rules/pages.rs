//! `docs/rules.md`, a page per rule in `docs/rules/`, and the book's table of contents are made from the rules' doc comments and the other
//! pages. `UPDATE_DOCS=1` writes them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::{Path, PathBuf},
};

use adit_compiler::packs::{self, Pack, PackKind};
use adit_rules::{Confidence, Family, Rule, Severity};

const PREFACE: &str = "\
# Lint rules

<!-- Made from the doc comments in `rules/src`: edit those, then run `UPDATE_DOCS=1 cargo test -p adit-rules --test rules`. -->

`adit lint` holds the spec, the snapshot and the mined roles against these rules. `adit explain CODE` shows a rule's page
in the terminal. A rule is named by its code, its name or an alias, everywhere. Its level is set in `adit.toml`; single
findings are waived in the spec, see [waivers.md](waivers.md).

```toml
[rules]
role-explosion = \"deny\"     # allow: not run · warn: at most a warning · deny: always an error
RM106 = \"allow\"
```

An *error* fails the build; a *warning* does not. A role with an error that stands is not provisioned. Every finding has a
fingerprint, made of the rule and the names of what it is about, never of lines or order: it stays when the spec is
reformatted or the export comes in another order.
";

const PACKS: &str = "\
# Rule packs

<!-- Made from `compiler/packs`: edit those, then run `UPDATE_DOCS=1 cargo test -p adit-rules --test rules`. -->

Well-known conflicts that ship with the tool, each with its risk and its source. A spec takes one by name,
`use pack \"aws-escalation\"`, and says `for application.attribute` where the project keeps such entitlements elsewhere.
`adit explain PACK` shows a pack's page in the terminal. A pack's version goes up when a pattern changes its meaning.
They are starting points: what does not fit a project is waived there, or written as [`duties`](language.md#duties) of
its own.

| Pack | What it is about | Held against | Speaks of | Patterns | Version |
|---|---|---|---|---|---|
";

/// The pages that people write, in the order to read them. A page that is not listed comes after them.
const CHAPTERS: [(&str, &[&str]); 4] = [
    ("Use", &["commands", "configuration", "exit-codes", "in-pull-requests"]),
    ("Write", &["language", "spec-errors", "snapshots", "how-it-mines"]),
    ("Govern", &["baselines", "waivers", "personas", "approvals"]),
    ("Read", &["formats", "derivation", "benchmarks"]),
];

#[test]
fn docs_are_up_to_date() {
    let docs = docs();
    let expected = documents();
    let made: BTreeSet<PathBuf> = ["rules", "packs"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(docs.join(folder)).ok())
        .flat_map(|entries| entries.map(|entry| entry.unwrap().path()))
        .collect();
    let stale = made.iter().filter(|path| !expected.contains_key(*path));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        stale.for_each(|path| std::fs::remove_file(path).unwrap());
        ["rules", "packs"].iter().for_each(|folder| std::fs::create_dir_all(docs.join(folder)).unwrap());
        for (path, text) in &expected {
            std::fs::write(path, text).unwrap();
        }
        return;
    }
    let differs = |(path, text): &(&PathBuf, &String)| std::fs::read_to_string(path).unwrap_or_default() != **text;
    let wrong: Vec<_> = stale.chain(expected.iter().filter(differs).map(|(path, _)| path)).collect();
    assert!(
        wrong.is_empty(),
        "not what the rules say: {wrong:?}; run `UPDATE_DOCS=1 cargo test -p adit-rules --test rules`"
    );
}

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// Every page that is made, by path.
fn documents() -> BTreeMap<PathBuf, String> {
    let docs = docs();
    let mut pages: BTreeMap<_, _> =
        adit_rules::all().map(|rule| (docs.join(format!("rules/{}.md", rule.code)), page(rule))).collect();
    pages.insert(docs.join("rules.md"), index());
    pages.insert(docs.join("packs.md"), packs_index());
    pages.extend(packs::all().iter().map(|pack| (docs.join(format!("packs/{}.md", pack.name)), pack_page(pack))));
    pages.insert(docs.join("SUMMARY.md"), summary());
    pages
}

/// The list of all rules.
fn index() -> String {
    let mut text = PREFACE.to_owned();
    for family in Family::ALL {
        let _ = writeln!(text, "\n## {}\n\n| Code | Name | Level | What it finds |\n|---|---|---|---|", family.title());
        for rule in adit_rules::all().filter(|rule| rule.family == family) {
            let code = rule.code;
            let _ =
                writeln!(text, "| [{code}](rules/{code}.md) | `{}` | {} | {} |", rule.name, level(rule), rule.title());
        }
    }
    text
}

/// The list of all packs.
fn packs_index() -> String {
    let mut text = PACKS.to_owned();
    for pack in packs::all() {
        let Pack { name, title, version, target, patterns, .. } = pack;
        let held = match pack.kind {
            PackKind::Duties => "everybody and every role",
            PackKind::Escalation => "every role",
        };
        let count = patterns.len();
        let _ = writeln!(text, "| [`{name}`](packs/{name}.md) | {title} | {held} | `{target}` | {count} | {version} |");
    }
    text
}

fn pack_page(pack: &Pack) -> String {
    format!("# Pack {}\n\n**{}.** One of the [rule packs](../packs.md).\n\n{}", pack.name, pack.title, pack.page())
}

/// The table of contents, in the form of mdBook.
fn summary() -> String {
    let mut text = String::from(
        "# Summary\n\n<!-- Made: run `UPDATE_DOCS=1 cargo test -p adit-rules --test rules`. -->\n\n[Adit](index.md)\n",
    );
    let mut pages = written();
    pages.retain(|page, _| !["index", "rules", "packs", "SUMMARY"].contains(&page.as_str()));
    let mut part = |name: &str, chapters: Vec<(String, String)>| {
        if !chapters.is_empty() {
            let _ = writeln!(text, "\n# {name}\n");
        }
        for (page, title) in chapters {
            let _ = writeln!(text, "- [{title}]({page}.md)");
        }
    };
    for (name, chapters) in CHAPTERS {
        part(name, chapters.iter().filter_map(|page| pages.remove_entry(*page)).collect());
    }
    part("More", pages.into_iter().collect());
    text.push_str("\n# Rules\n\n- [All rules](rules.md)\n");
    for rule in adit_rules::all() {
        let _ = writeln!(text, "  - [{} {}](rules/{}.md)", rule.code, rule.name, rule.code);
    }
    text.push_str("\n# Rule packs\n\n- [All packs](packs.md)\n");
    for pack in packs::all() {
        let _ = writeln!(text, "  - [{}](packs/{}.md)", pack.name, pack.name);
    }
    text
}

/// Every page in `docs`, by name, with its title.
fn written() -> BTreeMap<String, String> {
    let pages = std::fs::read_dir(docs()).unwrap().map(|entry| entry.unwrap().path());
    pages
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(&name).to_owned();
            (name, title)
        })
        .collect()
}

fn page(rule: &Rule) -> String {
    let confidence = match rule.confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    };
    let waivable = if rule.waivable { "can be waived" } else { "cannot be waived" };
    let aliases: Vec<_> = rule.aliases.iter().map(|alias| format!("`{alias}`")).collect();
    let aliases = if aliases.is_empty() { String::new() } else { format!(" · also {}", aliases.join(", ")) };
    let mut text = format!("# {} {}\n\n", rule.code, rule.name);
    let _ = writeln!(text, "**{}**\n", rule.title());
    let _ = writeln!(
        text,
        "[{}](../rules.md) · {} · {confidence} confidence · {waivable} · since {}{aliases}\n",
        rule.family.title(),
        level(rule),
        rule.since
    );
    text.push_str(rule.page().trim_end());
    text.push('\n');
    text
}

fn level(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
