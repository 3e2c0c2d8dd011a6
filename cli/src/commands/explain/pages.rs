//! How each is printed.

use adit_compiler::packs::{self, Pack, Pattern};
use adit_grammar::codes::Code;
use adit_rules::{Family, Rule, control::Control};

use crate::{
    output::markdown,
    report,
    session::Session,
    terminal::{Look, Paint},
    text,
};

/// The page of every mistake that the checker finds, with an example of each; a test holds it against the checker.
const SPEC_ERRORS: &str = include_str!("../../../../docs/spec-errors.md");

/// The page of a rule.
pub(super) fn rule(rule: &Rule, session: &mut Session) {
    let look = session.look;
    title(&format!("{} {}", rule.code, rule.name), session);
    let (level, confidence) = (report::level(rule.severity), report::confidence(rule.confidence));
    let waivable = if rule.waivable { "can be waived" } else { "cannot be waived" };
    let sure = format!("{level} by default, with {confidence} confidence");
    let facts = format!("{}  ·  {sure}  ·  {waivable}  ·  since {}", rule.family.title(), rule.since);
    session.out.line(&look.paint(Paint::Dim, &text::wrap(&facts, "", "  ", look)));
    session.out.text("\n");
    session.out.line(&text::wrap(&rule.title(), "", "", look));
    session.out.text("\n");
    session.out.text(&markdown::render(&rule.page(), look));
    if !rule.aliases.is_empty() {
        session.out.line(&format!("\nAlso known as {}.", rule.aliases.join(", ")));
    }
}

/// The pages of all rules.
pub(super) fn all(session: &mut Session) {
    for (index, rule) in adit_rules::all().enumerate() {
        if index > 0 {
            session.out.line(&format!("\n{}\n", "─".repeat(session.look.width)));
        }
        self::rule(rule, session);
    }
}

/// The rules of a family.
pub(super) fn family(family: Family, session: &mut Session) {
    let look = session.look;
    title(family.title(), session);
    for rule in adit_rules::all().filter(|rule| rule.family == family) {
        session.out.line(&line(rule, look));
    }
    say("`adit explain RULE` prints a rule's page.", session);
}

/// The page of a pack.
pub(super) fn pack(pack: &Pack, session: &mut Session) {
    let look = session.look;
    title(&format!("pack {}", pack.name), session);
    session.out.text("\n");
    session.out.line(&text::wrap(&format!("{}.", pack.title), "", "", look));
    session.out.text("\n");
    session.out.text(&markdown::render(&pack.page(), look));
}

/// One pattern of a pack.
pub(super) fn pattern(pack: &Pack, pattern: &Pattern, session: &mut Session) {
    let look = session.look;
    title(&format!("{}, a pattern of pack {}", pattern.id, pack.name), session);
    session.out.text("\n");
    session.out.text(&markdown::render(&capital(&pattern.line(pack)), look));
    say(&format!("`adit explain {}` prints the page of the pack.", pack.name), session);
}

/// What a code of the checker or the parser stands for, with an example where there is one.
pub(super) fn spec_error(code: &Code, session: &mut Session) {
    let look = session.look;
    title(code.code, session);
    session.out.text("\n");
    session.out.line(&text::wrap(&format!("{}.", capital(code.title)), "", "", look));
    match section(code.code) {
        Some(section) => session.out.text(&format!("\n{}", markdown::render(section, look))),
        None => say(
            "It is a mistake in the text of a spec: `adit check` shows the place, and what was expected there.",
            session,
        ),
    }
}

/// The rules that serve a control.
pub(super) fn control(control: &Control, session: &mut Session) {
    let look = session.look;
    title(&control.cited.join(", "), session);
    if let Some(note) = control.note {
        session.out.line(&text::wrap(note, "", "", look));
    }
    session.out.text("\n");
    for rule in control.rules() {
        session.out.line(&line(rule, look));
    }
    say("`adit explain RULE` prints a rule's page, which says what the control asks for.", session);
}

/// All rules by family, and all packs.
pub(super) fn list(session: &mut Session) {
    let look = session.look;
    for (index, family) in Family::ALL.into_iter().enumerate() {
        if index > 0 {
            session.out.text("\n");
        }
        title(family.title(), session);
        for rule in adit_rules::all().filter(|rule| rule.family == family) {
            session.out.line(&line(rule, look));
        }
    }
    session.out.text("\n");
    title("Rule packs, for `use pack`", session);
    for pack in packs::all() {
        let room = look.width.saturating_sub(32).max(20);
        session.out.line(&format!(
            "  {:<28}  {}",
            look.paint(Paint::Cyan, &pack.name),
            look.paint(Paint::Dim, &text::clip(&pack.title, room))
        ));
    }
    say(
        "`adit explain NAME` prints the page of a rule or a pack, of a control (`AC-5`) or of an error of a spec (`E1101`); \
         `adit explain --all` prints every rule's page.",
        session,
    );
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

fn title(title: &str, session: &mut Session) {
    session.out.line(&session.look.paint(Paint::Bold, title));
}

/// A sentence below what was asked for, on where to find more.
fn say(words: &str, session: &mut Session) {
    session.out.line(&format!("\n{}", text::wrap(words, "", "", session.look)));
}

/// `An attribute the schema does not have`
fn capital(title: &str) -> String {
    let mut letters = title.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What the page of spec errors says of a code below its title.
fn section(code: &str) -> Option<&'static str> {
    let (_, section) = SPEC_ERRORS.split_once(&format!("\n## {code}\n"))?;
    let section = section.split("\n## ").next()?.trim_start();
    Some(section.split_once("\n\n").map_or(section, |(_, below)| below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_checker_has_a_section_of_its_own() {
        for code in adit_compiler::codes::CODES {
            let section = section(code.code).unwrap_or_default();
            assert!(!section.is_empty() && !section.contains("**"), "{}: {section}", code.code);
            let others = adit_compiler::codes::CODES.iter().filter(|other| other.code != code.code);
            for other in others {
                assert!(!section.contains(&format!("## {}", other.code)), "{}: {section}", code.code);
            }
        }
        assert!(section("E1101").unwrap().contains("```adit\n"));
        assert_eq!(section("E0001"), None);
        assert_eq!(capital("two definitions"), "Two definitions");
    }
}
