//! A pack as a page: what `adit explain` shows, and what `docs/packs` has.

use std::fmt::Write as _;

use super::{Pack, PackKind, Pattern, Side};
use crate::spec::DutyLevel;

impl Pack {
    /// The page in Markdown, without its title: what the pack speaks of, how it is used, and every pattern with its risk and source.
    #[must_use]
    pub fn page(&self) -> String {
        let target = &self.target;
        let mut text = format!("Version {}. Source: {}.\n\n## What it speaks of\n", self.version, self.source);
        let _ = writeln!(text, "Of `{target}`, unless `for` names another kind of entitlement: {}.\n", self.values);
        let _ = writeln!(text, "## How to use it\n```adit\nuse pack \"{}\" for {target}\n```\n", self.name);
        text.push_str(match (self.kind, self.level) {
            (PackKind::Escalation, _) => {
                "Its patterns are held against every role and group, existing or mined (RM504), and against what everybody gathers over them (RM512). "
            }
            (PackKind::Duties, DutyLevel::Error) => "Its patterns are duties of level `error`",
            (PackKind::Duties, DutyLevel::Warning) => "Its patterns are duties of level `warning`",
        });
        if self.kind == PackKind::Duties {
            text.push_str(
                ", as if the spec had them: no role, and nobody over all roles, may have every side of one (RM501, ",
            );
            text.push_str("RM502 and RM503). Duties of the spec by the same name take their place. ");
        }
        text.push_str("A finding names the pattern, what can come of it, and what is held of every side. ");
        text.push_str("A wildcard that is held has everything it stands for.\n\n## Patterns\n");
        for pattern in &self.patterns {
            let _ = writeln!(text, "- {}: {}", pattern.id, pattern.line(self));
        }
        text
    }
}

impl Pattern {
    /// ``maintains vendors and pays them. Risk: pay to own account. Vendor master (`XK01`) with payment run (`F110`).``
    #[must_use]
    pub fn line(&self, pack: &Pack) -> String {
        let sides: Vec<String> = self.sides.iter().map(Side::line).collect();
        let mut line = format!("{}. Risk: {}. Met by {}.", self.title, self.risk, sides.join(", with "));
        if self.source != pack.source {
            let _ = write!(line, " Source: {}.", self.source);
        }
        if self.since != "1" {
            let _ = write!(line, " Since version {}.", self.since);
        }
        line
    }
}

impl Side {
    /// What is on it, and what it is called where that is something else.
    fn line(&self) -> String {
        let values: Vec<String> = self.any_of.iter().map(|value| format!("`{value}`")).collect();
        let values = match values.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
            None => String::new(),
        };
        let is_named = !self.any_of.contains(&self.name) && self.name != self.any_of.join(" or ");
        if is_named { format!("{} ({values})", self.name) } else { values }
    }
}
