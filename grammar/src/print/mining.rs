//! Mining blocks.

use std::fmt::{Display, Formatter, Result, Write as _};

use super::{all, field, list, names, quoted, settings, texts};
use crate::ast::{
    ClusterUsing, LiteralValue, MineStatement, Mining, ScopeAction, ScopeRule, Selection, Setting, SettingPart,
};

impl Display for Mining {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "mining {} {{", self.name.node)?;
        field(f, "title", self.title.as_ref().map(|text| quoted(text)))?;
        field(f, "owner", self.owner.as_ref().map(|text| quoted(text)))?;
        list(f, "cites", &self.cites, texts(&self.cites))?;
        field(f, "review every", self.review_every.as_ref().map(|days| format!("{}d", days.node)))?;
        if self.from_every_role.is_some() {
            f.write_str("  from every role\n")?;
        }
        list(f, "from role", &self.from_roles, texts(&self.from_roles))?;
        if let Some(scope) = &self.scope {
            f.write_str("  scope {\n")?;
            scope.iter().try_for_each(|rule| writeln!(f, "    {rule}"))?;
            f.write_str("  }\n")?;
        }
        if let Some(mine) = &self.mine {
            f.write_str("  mine {\n")?;
            mine.iter().try_for_each(|statement| writeln!(f, "    {statement}"))?;
            f.write_str("  }\n")?;
        }
        if let Some(cutoff) = &self.cutoff {
            f.write_str("  cutoff ")?;
            settings(f, cutoff)?;
        }
        if let Some(describe) = &self.describe {
            write!(f, "  describe by {} ", names(&describe.by))?;
            settings(f, &describe.settings)?;
        }
        f.write_str("}")
    }
}

impl Display for ScopeRule {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self.action.node {
            ScopeAction::Include => "include ",
            ScopeAction::Exclude => "exclude ",
        })?;
        let condition = match &self.selection {
            Selection::Identities { classes, condition } => {
                f.write_str("identities")?;
                if !classes.is_empty() {
                    write!(f, " {}", names(classes))?;
                }
                condition
            }
            Selection::Entitlements { condition } => {
                f.write_str("entitlements")?;
                condition
            }
            Selection::Assignments { condition } => {
                f.write_str("assignments")?;
                condition
            }
        };
        condition.as_ref().map_or(Ok(()), |condition| write!(f, " where {condition}"))?;
        self.because.as_ref().map_or(Ok(()), |because| write!(f, " because {}", quoted(because)))
    }
}

impl Display for MineStatement {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Minable(kinds) => write!(f, "minable {}", all(kinds)),
            Self::GuidedBy(attributes) => write!(f, "guided by {}", names(attributes)),
            Self::NeverBy(attributes) => write!(f, "never by {}", names(attributes)),
            Self::IgnoreFewerThan(count) => {
                write!(f, "ignore entitlements held by fewer than {} identities", count.node)
            }
            Self::IgnoreMoreThan(amount) => {
                let of = if matches!(amount.value, LiteralValue::Percent(_)) { "of " } else { "" };
                write!(f, "ignore entitlements held by more than {amount} {of}identities")
            }
            Self::ClusterUsing(cluster) => cluster.fmt(f),
        }
    }
}

impl Display for ClusterUsing {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "cluster using {}", self.strategy.node)?;
        if self.settings.is_empty() {
            return Ok(());
        }
        let sentences: Vec<_> = self.settings.iter().map(ToString::to_string).collect();
        write!(f, " {{ {} }}", sentences.join("; "))
    }
}

impl Display for Setting {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 && !matches!(part, SettingPart::Comma(_)) {
                f.write_char(' ')?;
            }
            match part {
                SettingPart::Word(word) => f.write_str(&word.node)?,
                SettingPart::Value(value) => value.fmt(f)?,
                SettingPart::Comma(_) => f.write_char(',')?,
            }
        }
        self.because.as_ref().map_or(Ok(()), |because| write!(f, " because {}", quoted(because)))
    }
}
