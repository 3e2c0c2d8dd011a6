//! The tree as text again: `parse` reads what `Display` writes, and finds the same tree.
//!
//! For messages, and for trees that were made and not read. Comments and the spelling of values (`12w` or `84d`) are not
//! in the tree; who has the text formats the text.

mod condition;
mod mining;

use std::fmt::{Display, Formatter, Result, Write as _};

use crate::ast::{
    Access, Activity, Apart, ApartBy, Duties, EntitlementKind, EntitlementRef, Expect, File, Governance, Item, Literal,
    Member, Outcome, Provision, Role, RoleRef, SecondaryFate, Sensitive, SeparateFrom, Set, Setting, Text, Waiver,
    WhenLost,
};
use crate::lex::{begins_word, continues_word};

/// A text as a file has it: in quotes, with its quotes and backslashes escaped, and what cannot be seen.
#[must_use]
pub fn quoted(text: &str) -> String {
    Quoted(text).to_string()
}

/// A kind of entitlement as a file has it, `sap.tcode`: a part that is no name is quoted.
#[must_use]
pub fn kind(application: &str, attribute: &str) -> String {
    format!("{}.{}", name_or_quoted(application, &RESERVED), name_or_quoted(attribute, &[]))
}

/// A text in quotes, escaped.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                c if hides(c) => write!(f, "{}", c.escape_unicode())?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

/// Whether a character is an order to what shows it: control characters, line breaks, and marks that turn the direction.
fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Several things with `, ` between them.
struct Listed<'a, T, W: Fn(&T) -> String>(&'a [T], W);

impl<T, W: Fn(&T) -> String> Display for Listed<'_, T, W> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, item) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            f.write_str(&(self.1)(item))?;
        }
        Ok(())
    }
}

fn names(names: &[Text]) -> impl Display {
    Listed(names, |name: &Text| name.node.clone()).to_string()
}

fn texts(texts: &[Text]) -> impl Display {
    Listed(texts, |text: &Text| quoted(text)).to_string()
}

fn all<T: Display>(items: &[T]) -> impl Display {
    Listed(items, ToString::to_string).to_string()
}

/// Writes `  WORD VALUE` where there is a value.
fn field(f: &mut Formatter<'_>, word: &str, value: Option<impl Display>) -> Result {
    value.map_or(Ok(()), |value| writeln!(f, "  {word} {value}"))
}

/// Writes `  WORD VALUE, VALUE` where there are values.
fn list<T>(f: &mut Formatter<'_>, word: &str, values: &[T], shown: impl Display) -> Result {
    if values.is_empty() { Ok(()) } else { writeln!(f, "  {word} {shown}") }
}

/// Writes ` "TITLE"` where there is one.
fn titled(f: &mut Formatter<'_>, title: Option<&Text>) -> Result {
    title.map_or(Ok(()), |title| write!(f, " {}", quoted(title)))
}

fn settings(f: &mut Formatter<'_>, settings: &[Setting]) -> Result {
    f.write_str("{\n")?;
    settings.iter().try_for_each(|setting| writeln!(f, "    {setting}"))?;
    f.write_str("  }\n")
}

impl Display for File {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(edition) = &self.edition {
            writeln!(f, "edition {}", edition.node)?;
        }
        self.items.iter().try_for_each(|item| writeln!(f, "{item}"))
    }
}

impl Display for Item {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Use(item) => write!(f, "use {}", quoted(&item.path)),
            Self::UsePack(item) => {
                write!(f, "use pack {}", quoted(&item.name))?;
                item.target.as_ref().map_or(Ok(()), |target| write!(f, " for {target}"))
            }
            Self::Identities(item) => {
                f.write_str("identities {\n")?;
                for class in &item.classes {
                    writeln!(f, "  {} where {}", class.name.node, class.condition)?;
                }
                f.write_str("}")
            }
            Self::Separate(item) => match &item.from {
                SeparateFrom::Everything => write!(f, "separate {} from everything", item.class.node),
                SeparateFrom::Classes(classes) => write!(f, "separate {} from {}", item.class.node, names(classes)),
            },
            Self::Apart(item) => item.fmt(f),
            Self::Set(item) => item.fmt(f),
            Self::Activity(item) => item.fmt(f),
            Self::Mining(item) => item.fmt(f),
            Self::Role(item) => item.fmt(f),
            Self::Duties(item) => item.fmt(f),
            Self::Sensitive(item) => item.fmt(f),
            Self::Governance(item) => item.fmt(f),
            Self::Waiver(item) => item.fmt(f),
            Self::Provision(item) => item.fmt(f),
            Self::Expect(item) => item.fmt(f),
        }
    }
}

impl Display for Set {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "set {} = {}", self.name.node, self.access)
    }
}

impl Display for Activity {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "activity {}", self.name.node)?;
        titled(f, self.title.as_ref())?;
        write!(f, " = {}", self.access)
    }
}

impl Display for Access {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Members(members) => write!(f, "[ {} ]", all(members)),
            Self::Where(condition) => write!(f, "entitlements where {condition}"),
        }
    }
}

impl Display for Role {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "role {}", self.name.node)?;
        titled(f, self.title.as_ref())?;
        f.write_str(" {\n")?;
        field(f, "owner", self.owner.as_ref().map(|text| quoted(text)))?;
        list(f, "cites", &self.cites, texts(&self.cites))?;
        list(f, "grants", &self.grants, all(&self.grants))?;
        list(f, "inherits", &self.inherits, names(&self.inherits))?;
        field(f, "where", self.condition.as_ref())?;
        f.write_str("}")
    }
}

impl Display for Duties {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "duties {}", self.name.node)?;
        titled(f, self.title.as_ref())?;
        f.write_str(" {\n")?;
        for side in &self.sides {
            writeln!(f, "  {} = {}", side.name.node, side.access)?;
        }
        if let Some(limit) = &self.limit {
            write!(f, "  at most {} of {} per {}", limit.at_most.node, names(&limit.of), limit.per.node)?;
            limit.within.as_ref().map_or(Ok(()), |within| write!(f, " within same {}", within.node))?;
            f.write_char('\n')?;
        }
        list(f, "enforces", &self.enforces, names(&self.enforces))?;
        field(f, "owner", self.owner.as_ref().map(|text| quoted(text)))?;
        list(f, "cites", &self.cites, texts(&self.cites))?;
        field(f, "level", self.level.as_ref().map(|level| &level.node))?;
        field(f, "never", self.never_waived.as_ref().map(|_| "waived"))?;
        f.write_str("}")
    }
}

impl Display for Apart {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.by {
            ApartBy::Attributes(attributes) => write!(f, "separate entitlements by {}", names(attributes)),
            ApartBy::Conditions(both) => {
                let (one, other) = &**both;
                write!(f, "separate entitlements where {one} from entitlements where {other}")
            }
        }
    }
}

impl Display for Sensitive {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "sensitive {}", self.name.node)?;
        titled(f, self.title.as_ref())?;
        f.write_str(" {\n")?;
        self.access.iter().try_for_each(|access| writeln!(f, "  access {access}"))?;
        field(f, "owner", self.owner.as_ref().map(|text| quoted(text)))?;
        field(f, "mitigated", self.mitigated.as_ref().map(|text| quoted(text)))?;
        list(f, "cites", &self.cites, texts(&self.cites))?;
        f.write_str("}")
    }
}

impl Display for Governance {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "governance {}", self.name.node)?;
        titled(f, self.title.as_ref())?;
        f.write_str(" {\n")?;
        list(f, "of", &self.of, all(&self.of))?;
        self.controls.iter().try_for_each(|(control, access)| writeln!(f, "  {} {access}", control.node.word()))?;
        list(f, "cites", &self.cites, texts(&self.cites))?;
        f.write_str("}")
    }
}

impl Display for Waiver {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "waiver {} {{", self.id.node)?;
        field(f, "rule", self.rule.as_ref().map(|rule| &rule.node))?;
        let subjects: Vec<_> = self
            .on
            .iter()
            .map(|on| format!("{} {}", on.kind.node, if on.quoted { quoted(&on.name) } else { on.name.node.clone() }))
            .collect();
        list(f, "on", &subjects, subjects.join(", "))?;
        field(f, "because", self.because.as_ref().map(|text| quoted(text)))?;
        field(f, "owner", self.owner.as_ref().map(|text| quoted(text)))?;
        field(f, "requested", self.requested.as_ref().map(|text| quoted(text)))?;
        if let Some(approved) = &self.approved {
            write!(f, "  approved {}", quoted(&approved.by))?;
            approved.on.as_ref().map_or(Ok(()), |on| write!(f, " on {}", on.node))?;
            f.write_char('\n')?;
        }
        field(f, "expires", self.expires.as_ref().map(|date| date.node))?;
        f.write_str("}")
    }
}

impl Display for Provision {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "provision {} {{", self.name.node)?;
        field(f, "requested", self.requested.as_ref().map(|text| quoted(text)))?;
        if let Some(approval) = &self.approval {
            writeln!(f, "  approval {} of {}", approval.needed.node, texts(&approval.of))?;
        }
        field(f, "when lost", self.when_lost.as_ref().map(|fate| &fate.node))?;
        list(f, "emit", &self.emit, names(&self.emit))?;
        field(f, "secondary", self.secondary.as_ref().map(|fate| fate.node))?;
        f.write_str("}")
    }
}

impl Display for WhenLost {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Keep => f.write_str("keep"),
            Self::Remove => f.write_str("remove"),
            Self::RemoveAfter(days) => write!(f, "remove after {days}d"),
            Self::Notify(whom) => write!(f, "notify {}", quoted(whom)),
        }
    }
}

impl Display for SecondaryFate {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::KeepUntil(date) => write!(f, "keep until {date}"),
            Self::Remove => f.write_str("remove"),
        }
    }
}

impl Display for Expect {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "expect {} {{", quoted(&self.title))?;
        let facts = Listed(&self.given, |(attribute, value): &(Text, Literal)| format!("{} {value}", attribute.node));
        if !self.given.is_empty() {
            writeln!(f, "  given identity {{ {facts} }}")?;
        }
        self.then.iter().try_for_each(|outcome| writeln!(f, "  then {outcome}"))?;
        f.write_str("}")
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::NoRoleGrants(entitlement) => write!(f, "no role grants {entitlement}"),
            Self::SomeRoleGrants(entitlement) => write!(f, "some role grants {entitlement}"),
        }
    }
}

impl Display for Member {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Set(name) => f.write_str(&name.node),
            Self::Entitlement(entitlement) => entitlement.fmt(f),
            Self::Role(role) => role.fmt(f),
        }
    }
}

impl Display for RoleRef {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.quoted { write!(f, "role {}", quoted(&self.name)) } else { write!(f, "role {}", self.name.node) }
    }
}

impl Display for EntitlementRef {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{} {}", self.kind, quoted(&self.value))
    }
}

impl Display for EntitlementKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(&kind(&self.application, &self.attribute))
    }
}

/// Words that cannot be names; as in `adit.pest`.
const RESERVED: [&str; 12] =
    ["and", "or", "not", "in", "is", "like", "has", "where", "because", "from", "true", "false"];

fn name_or_quoted(name: &str, reserved: &[&str]) -> String {
    let hyphens = name.split('-').all(|part| part.starts_with(continues_word) && part.chars().all(continues_word));
    let plain = name.starts_with(begins_word) && hyphens && !reserved.contains(&name);
    if plain { name.to_owned() } else { quoted(name) }
}
