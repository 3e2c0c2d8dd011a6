//! `adit explain`: the page of a rule or of a rule pack, and the rules that serve a control.

use adit_compiler::{
    packs::{self, Pack},
    suggest,
};
use adit_rules::{
    Family, Rule,
    control::{self, Control},
    rule,
};

use crate::{
    exit::Exit,
    failure::Failure,
    output::{markdown, text},
    report,
    session::Session,
    terminal::{Look, Paint},
};

/// Explain a rule or a pack: what it finds, why it matters, what to do
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The rule, by code or name: `RM502`, `toxic-combination`; or a pack: `aws-escalation`, `pack:ci-cd`; or a control: `AC-6(7)`, `NHI5`; without it, a list of all
    #[arg(value_name = "RULE", conflicts_with = "all")]
    rule: Option<String>,

    /// Print the pages of all rules
    #[arg(long)]
    all: bool,
}

pub(crate) fn run(arguments: &Arguments, session: &mut Session) -> Result<Exit, Failure> {
    if arguments.all {
        for (index, rule) in adit_rules::all().enumerate() {
            if index > 0 {
                session.out.line(&format!("\n{}\n", "─".repeat(session.look.width)));
            }
            page(rule, session);
        }
        return Ok(Exit::Fine);
    }
    match &arguments.rule {
        None => list(session),
        Some(word) => match pack(word) {
            Some(pack) => pack_page(pack, session),
            None => match control::control(word).filter(|_| adit_rules::find(word.trim()).is_none()) {
                Some(control) => control_page(&control, session),
                None => page(find(word)?, session),
            },
        },
    }
    Ok(Exit::Fine)
}

/// The pack of that name; `pack:` before it may be left out.
fn pack(word: &str) -> Option<&'static Pack> {
    let word = word.trim();
    packs::find(word.strip_prefix("pack:").unwrap_or(word))
}

fn pack_page(pack: &Pack, session: &mut Session) {
    let look = session.look;
    session.out.line(&look.paint(Paint::Bold, &format!("pack {}", pack.name)));
    session.out.text("\n");
    session.out.line(&text::wrap(&format!("{}.", pack.title), "", "", look));
    session.out.text("\n");
    session.out.text(&markdown::render(&pack.page(), look));
}

/// The rules that serve a control.
fn control_page(control: &Control, session: &mut Session) {
    let look = session.look;
    session.out.line(&look.paint(Paint::Bold, &control.cited.join(", ")));
    if let Some(note) = control.note {
        session.out.line(&text::wrap(note, "", "", look));
    }
    session.out.text("\n");
    for rule in control.rules() {
        session.out.line(&line(rule, look));
    }
    session.out.line("\n`adit explain RULE` prints a rule's page, which says what the control asks for.");
}

fn find(word: &str) -> Result<&'static Rule, Failure> {
    adit_rules::find(word.trim()).ok_or_else(|| {
        let (what, name, near, list) = match word.trim().strip_prefix("pack:") {
            Some(pack) => ("rule pack", pack, suggest::closest(pack, packs::names()), "all rule packs"),
            None => {
                let words = rule::names().chain(packs::names()).chain(control::ids());
                (
                    "rule, rule pack or control",
                    word,
                    suggest::closest(word, words),
                    "all rules and packs; a rule's page names its controls",
                )
            }
        };
        let help = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        Failure::usage(format!("there is no {what} `{name}`"), format!("{help}`adit explain` lists {list}"))
    })
}

fn page(rule: &Rule, session: &mut Session) {
    let look = session.look;
    let title = format!("{} {}", rule.code, rule.name);
    session.out.line(&look.paint(Paint::Bold, &title));
    let (level, confidence) = (report::level(rule.severity), report::confidence(rule.confidence));
    let waivable = if rule.waivable { "can be waived" } else { "cannot be waived" };
    let sure = format!("{level} by default, with {confidence} confidence");
    let facts = format!("{}  ·  {sure}  ·  {waivable}  ·  since {}", family(rule.family), rule.since);
    session.out.line(&look.paint(Paint::Dim, &text::wrap(&facts, "", "  ", look)));
    session.out.text("\n");
    session.out.line(&text::wrap(&rule.title(), "", "", look));
    session.out.text("\n");
    session.out.text(&markdown::render(&rule.page(), look));
    if !rule.aliases.is_empty() {
        session.out.line(&format!("\nAlso known as {}.", rule.aliases.join(", ")));
    }
}

/// A rule in one line.
fn line(rule: &Rule, look: Look) -> String {
    let room = look.width.saturating_sub(42).max(20);
    format!(
        "  {}  {:<30}  {}",
        look.paint(Paint::Cyan, rule.code),
        rule.name,
        look.paint(Paint::Dim, &text::clip(rule.title().trim_end_matches('.'), room))
    )
}

fn list(session: &mut Session) {
    let look = session.look;
    let mut current = None;
    for rule in adit_rules::all() {
        if current != Some(rule.family) {
            let gap = if current.is_some() { "\n" } else { "" };
            session.out.line(&format!("{gap}{}", look.paint(Paint::Bold, family(rule.family))));
            current = Some(rule.family);
        }
        session.out.line(&line(rule, look));
    }
    session.out.line(&format!("\n{}", look.paint(Paint::Bold, "Rule packs, for `use pack`")));
    for pack in packs::all() {
        let room = look.width.saturating_sub(32).max(20);
        session.out.line(&format!(
            "  {:<28}  {}",
            look.paint(Paint::Cyan, &pack.name),
            look.paint(Paint::Dim, &text::clip(&pack.title, room))
        ));
    }
    let more =
        "`adit explain NAME` prints the page of a rule or a pack; `adit explain --all` prints every rule's page.";
    session.out.line(&format!("\n{}", text::wrap(more, "", "", look)));
}

fn family(family: Family) -> &'static str {
    match family {
        Family::Hygiene => "Data hygiene",
        Family::Specification => "Specification",
        Family::Scope => "Scope and populations",
        Family::Structure => "Role structure",
        Family::Duties => "Duties and dangerous combinations",
        Family::Exceptions => "Exceptions and waivers",
        Family::Lifecycle => "Lifecycle and approval",
        Family::Drift => "Drift and reproducibility",
    }
}
