//! What was expected and what was found, in the words of someone who writes specs.

use std::borrow::Cow;

use pest::error::{Error, ErrorVariant, InputLocation};

use super::{
    Rule,
    forms::{Body, Context, Form},
    reader::{Piece, Reader},
};
use crate::{
    Diagnostic, codes,
    lex::{Bracket, Kind, Token, begins_word, continues_word},
};

/// Where a statement stops being as its form says, and how it could have gone on.
pub(super) struct Unexpected<'t> {
    /// The token that is not expected, or the end of the statement.
    pub(super) token: usize,
    found: Found<'t>,
    expected: Vec<Rule>,
}

impl<'t> Unexpected<'t> {
    pub(super) fn new(reader: &Reader<'t>, piece: &Piece<'t>, error: &Error<Rule>) -> Self {
        let offset = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let start = reader.token_span(piece.head.start).start as usize;
        let (token, found) = Found::at(reader, piece, start + offset);
        let expected = match &error.variant {
            // A unit spelled out is read only to be refused.
            ErrorVariant::ParsingError { positives, .. } => {
                positives.iter().copied().filter(|rule| *rule != Rule::unit).collect()
            }
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        Self { token, found, expected }
    }

    pub(super) fn diagnostic(&self, reader: &Reader<'t>, form: Form) -> Diagnostic {
        // The end is a way to go on, too; it is named last.
        let ends = self.expected.contains(&Rule::EOI);
        let mut phrases: Vec<Cow<'static, str>> = Vec::new();
        for rule in self.expected.iter().filter(|rule| **rule != Rule::EOI) {
            let phrase = phrase(*rule);
            if !phrases.contains(&phrase) {
                phrases.push(phrase);
            }
        }
        if ends && form.body != Body::None {
            phrases.push(Cow::Borrowed("`{`"));
        }
        if ends && !matches!(form.body, Body::Block(_)) {
            phrases.push(Cow::Borrowed("the end of the line"));
        }
        let message = format!("expected {}, found {}", listed(&phrases), self.found.phrase);
        let label = if self.found.token.is_none() { "something is missing after this" } else { "not expected here" };
        let help = self.found.hint(reader, &self.expected).unwrap_or_else(|| self.example(reader, form));
        Diagnostic::error(codes::UNEXPECTED, message, self.found.span, label).help(help)
    }

    /// What would be right: the test that was begun, or the whole statement.
    fn example(&self, reader: &Reader<'t>, form: Form) -> String {
        let before = self.found.before.map(|token| token.text(reader.text)).unwrap_or_default();
        let start = self.found.before.map(|token| token.range().start).unwrap_or_default();
        let after_dot = reader.text.get(..start).is_some_and(|text| text.ends_with('.'));
        let example = match before {
            _ if after_dot || self.expected.contains(&Rule::dot) && form.rule != Rule::minable => "sap.tcode \"F110\"",
            "unused" => "unused for 90d",
            "members" => "members of role \"SAP_FI_CLERK\"",
            "of" if self.expected.contains(&Rule::kw_role) => "members of role \"SAP_FI_CLERK\"",
            "holding" => "holding sap.tcode \"F110\"",
            "in" => "kind in [\"employee\", \"contractor\"]",
            "is" => "manager is missing",
            _ => form.example,
        };
        format!("for example: `{example}`")
    }

    /// The error for a comma that makes the next statement a part of this `piece`, which ends before the comma.
    pub(super) fn carried_on(&self, reader: &Reader<'t>, piece: &Piece<'t>) -> Diagnostic {
        let comma = reader.token_span(piece.head.end);
        Diagnostic::error(
            codes::UNEXPECTED,
            "expected the end of the line, found `,`",
            comma,
            "says that the list goes on",
        )
        .help("delete it, or go on with the list")
    }
}

impl Reader<'_> {
    /// The error for a first word that begins no statement here.
    pub(super) fn unknown_statement(&self, first: Token, context: Context) -> Diagnostic {
        let place = self.span(first.range());
        let word = first.text(self.text);
        if first.kind != Kind::Word {
            let message = format!("expected a statement of {}, found {}", context.phrase(), describe(self.text, first));
            return Diagnostic::error(codes::UNEXPECTED, message, place, "not expected here")
                .help(self.statements(context));
        }
        let message = format!("`{}` is no statement of {}", clip(word), context.phrase());
        let error = Diagnostic::error(codes::UNKNOWN_STATEMENT, message, place, "unknown here");
        if let Some(close) = closest(word, context.forms().iter().map(|form| form.word)) {
            return error.help(did_you_mean(word, close));
        }
        let elsewhere: Vec<_> = Context::elsewhere(word).map(|context| Cow::Borrowed(context.phrase())).collect();
        error.help(if elsewhere.is_empty() {
            self.statements(context)
        } else {
            format!("`{}` belongs in {}", clip(word), listed(&elsewhere))
        })
    }

    fn statements(&self, context: Context) -> String {
        let mut words: Vec<Cow<'static, str>> = Vec::new();
        for form in context.forms() {
            let words_of_example = form.example.split(' ').take(2).collect::<Vec<_>>().join(" ");
            let two =
                matches!(form.word, "at" | "never" | "from" | "when" | "guided" | "cluster" | "describe" | "members");
            words.push(Cow::Owned(format!("`{}`", if two { &words_of_example } else { form.word })));
        }
        if context == Context::Duties {
            words.push(Cow::Borrowed("`NAME = [ … ]`"));
        }
        format!("{} has {}", context.phrase(), listed(&words).replace(" or ", " and "))
    }
}

/// What stands where something else was expected.
struct Found<'t> {
    span: crate::Span,
    phrase: String,
    /// The token, unless the statement ends here.
    token: Option<Token>,
    text: &'t str,
    /// The token before it in the statement.
    before: Option<Token>,
}

impl<'t> Found<'t> {
    fn at(reader: &Reader<'t>, piece: &Piece<'t>, offset: usize) -> (usize, Self) {
        let tokens = reader.tokens.get(piece.head.clone()).unwrap_or_default();
        let index = tokens.partition_point(|token| token.range().end <= offset);
        let (done, rest) = tokens.split_at_checked(index).unwrap_or((tokens, &[]));
        let before = done.iter().rev().find(|token| token.is_significant()).copied();
        let Some(ahead) = rest.iter().position(|token| token.is_significant()) else {
            let phrase = match reader.tokens.get(piece.head.end) {
                _ if piece.block.is_some() => "`{`".to_owned(),
                None => "the end of the file".to_owned(),
                Some(token) if !token.is_significant() => "the end of the line".to_owned(),
                Some(token) => describe(reader.text, *token),
            };
            let span = before.map_or_else(|| reader.token_span(piece.head.start), |token| reader.span(token.range()));
            return (piece.head.end, Self { span, phrase, token: None, text: "", before });
        };
        let at = piece.head.start + index + ahead;
        let token = rest.get(ahead).copied();
        let text = token.map(|token| token.text(reader.text)).unwrap_or_default();
        let phrase = token.map(|token| describe(reader.text, token)).unwrap_or_default();
        (at, Self { span: reader.token_span(at), phrase, token, text, before })
    }

    /// What was probably meant.
    fn hint(&self, reader: &Reader<'t>, expected: &[Rule]) -> Option<String> {
        let wants = |wanted: &[Rule]| expected.iter().any(|rule| wanted.contains(rule));
        let wants_text = wants(&[Rule::text, Rule::texts, Rule::literal]);
        let before = self.before.map(|token| token.text(reader.text)).unwrap_or_default();
        let Some(token) = self.token else {
            return (before == ",").then(|| "a `,` at the end of a line says that the list goes on".to_owned());
        };
        let written = clip(self.text);
        match token.kind {
            Kind::Word => {
                let keywords = expected.iter().filter_map(|rule| keyword(*rule));
                if let Some(close) = closest(self.text, keywords) {
                    return Some(did_you_mean(self.text, close));
                }
                let comparison = wants(&[Rule::operator]);
                match self.text {
                    "null" | "none" | "empty" | "unknown" if before == "is" => Some("write `is missing`".to_owned()),
                    "less" if wants(&[Rule::fewer_than]) => Some("write `fewer`".to_owned()),
                    "equals" | "is" if comparison => Some("write `==`".to_owned()),
                    "contains" | "includes" if comparison => Some("write `has`".to_owned()),
                    "matches" if comparison => Some("write `like`; `*` stands for any characters".to_owned()),
                    _ if wants_text => Some(format!(
                        "a text has quotes: `\"{}\"`",
                        unquoted(reader.text.get(token.range().start..).unwrap_or_default())
                    )),
                    _ => None,
                }
            }
            Kind::Number if wants_text && !wants(&[Rule::literal]) => {
                Some(format!("a text has quotes: `\"{written}\"`"))
            }
            Kind::Text | Kind::UnclosedText if wants(&[Rule::name, Rule::names, Rule::class, Rule::attribute]) => {
                let name = self.text.trim_matches('"');
                let is_name = name.starts_with(begins_word) && name.chars().all(|c| c == '-' || continues_word(c));
                is_name.then(|| format!("a name has no quotes: `{}`", clip(name)))
            }
            Kind::Text | Kind::Number if wants(&[Rule::values, Rule::open_list]) => {
                Some(format!("a list has brackets: `[{written}]`"))
            }
            Kind::Open(Bracket::Square) if wants(&[Rule::operator]) => {
                Some("to test for one of several values, write `in [ … ]`".to_owned())
            }
            _ => None,
        }
    }
}

fn describe(text: &str, token: Token) -> String {
    let written = token.text(text);
    match token.kind {
        Kind::Newline => "the end of the line".to_owned(),
        Kind::Text | Kind::UnclosedText => format!("the text `{}`", clip(written)),
        _ => format!("`{}`", clip(written)),
    }
}

/// User input short enough to quote, with its control characters escaped.
pub(super) fn clip(written: &str) -> String {
    const LONGEST: usize = 60;
    let mut clipped: String = written.chars().take(LONGEST).flat_map(visible).collect();
    if written.chars().nth(LONGEST).is_some() {
        clipped.push('…');
    }
    clipped
}

fn visible(c: char) -> impl Iterator<Item = char> {
    let escaped = c.is_control().then(|| c.escape_default());
    let plain = if escaped.is_none() { Some(c) } else { None };
    escaped.into_iter().flatten().chain(plain)
}

/// A text that lacks its quotes: everything up to the next blank.
pub(super) fn unquoted(rest: &str) -> String {
    let end = rest.find([' ', '\t', '\n', '\r', ',', ';', '"', ']', '}']).unwrap_or(rest.len());
    clip(rest.get(..end).unwrap_or_default())
}

/// A misspelling may be one that nobody can see.
fn did_you_mean(word: &str, close: &str) -> String {
    match word.chars().find(|c| !c.is_ascii()) {
        Some(foreign) => {
            format!("did you mean `{close}`? `{foreign}` is U+{:04X}, a letter of another alphabet", u32::from(foreign))
        }
        None => format!("did you mean `{close}`?"),
    }
}

/// The candidate a misspelt word most likely means.
pub(super) fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > 40 {
        return None;
    }
    let lower = word.to_lowercase();
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&lower, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= (candidate.len() / 3).clamp(usize::from(candidate.len() > 2), 2) && *candidate != word
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// `a`, `b` or `c`.
fn listed(phrases: &[Cow<'static, str>]) -> String {
    match phrases {
        [] => "something else".to_owned(),
        [only] => only.to_string(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// The word a keyword rule stands for.
fn keyword(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::kw_after => "after",
        Rule::kw_and => "and",
        Rule::kw_application => "application",
        Rule::kw_assignments | Rule::scope_assignments => "assignments",
        Rule::kw_because | Rule::because => "because",
        Rule::kw_by => "by",
        Rule::kw_entitlements | Rule::scope_entitlements | Rule::selection | Rule::apart => "entitlements",
        Rule::kw_every => "every",
        Rule::kw_everything => "everything",
        Rule::kw_fewer | Rule::fewer_than => "fewer",
        Rule::kw_for => "for",
        Rule::kw_from => "from",
        Rule::kw_grants => "grants",
        Rule::kw_has => "has",
        Rule::kw_held => "held",
        Rule::kw_holding | Rule::holding => "holding",
        Rule::kw_identities | Rule::scope_identities => "identities",
        Rule::kw_identity => "identity",
        Rule::kw_in => "in",
        Rule::kw_is => "is",
        Rule::kw_keep => "keep",
        Rule::kw_like => "like",
        Rule::kw_lost => "lost",
        Rule::kw_members | Rule::members_of => "members",
        Rule::kw_missing => "missing",
        Rule::kw_more | Rule::more_than => "more",
        Rule::kw_most => "most",
        Rule::kw_no => "no",
        Rule::kw_not => "not",
        Rule::kw_notify | Rule::lost_notify => "notify",
        Rule::kw_of => "of",
        Rule::kw_on => "on",
        Rule::kw_or => "or",
        Rule::kw_pack => "pack",
        Rule::kw_per => "per",
        Rule::kw_remove | Rule::lost_remove => "remove",
        Rule::kw_role | Rule::role_ref => "role",
        Rule::kw_same => "same",
        Rule::kw_some => "some",
        Rule::kw_than => "than",
        Rule::kw_unused | Rule::unused_for => "unused",
        Rule::kw_until => "until",
        Rule::kw_using => "using",
        Rule::kw_waived => "waived",
        Rule::kw_where => "where",
        Rule::kw_within | Rule::within_same => "within",
        _ => return None,
    })
}

/// What a rule reads, in words. Every rule an error can name has one.
fn phrase(rule: Rule) -> Cow<'static, str> {
    if let Some(word) = keyword(rule) {
        return Cow::Owned(format!("`{word}`"));
    }
    Cow::Borrowed(match rule {
        Rule::word | Rule::setting_word => "a word",
        Rule::name | Rule::names => "a name",
        Rule::attribute => "an attribute",
        Rule::class | Rule::classes => "the name of an identity class",
        Rule::text | Rule::texts => "a text in quotes",
        Rule::number | Rule::count | Rule::amount => "a number",
        Rule::yes => "`true`",
        Rule::no => "`false`",
        Rule::literal => "a value",
        Rule::date => "a day such as `2026-09-30`",
        Rule::duration => "a duration such as `90d`",
        Rule::kind | Rule::kinds => "a kind of entitlement such as `sap.tcode`",
        Rule::entitlement => "an entitlement such as `sap.tcode \"F110\"`",
        Rule::member | Rule::members => "an entitlement, a role or the name of a set",
        Rule::comma => "`,`",
        Rule::dot => "`.` and an attribute, as in `sap.tcode`",
        Rule::equals => "`=`",
        Rule::open_list | Rule::entitlements | Rule::member_list | Rule::values => "`[`",
        Rule::close_list => "`]`",
        Rule::open_group | Rule::group => "`(`",
        Rule::close_group => "`)`",
        Rule::operator => "a comparison such as `==`",
        Rule::condition | Rule::conjunction | Rule::negation | Rule::comparison => "a condition",
        Rule::subject => "what it is about, such as `duties maker-checker`",
        Rule::fact => "an attribute and its value",
        Rule::scope_rule => "`include` or `exclude`",
        _ => "a statement",
    })
}
