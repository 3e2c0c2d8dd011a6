use super::{
    Rule,
    expected::closest,
    forms::Context,
    reader::{Pair, Reader, Sentence},
};
use crate::{
    Diagnostic, EDITION, Spanned,
    ast::{
        Activity, Apart, ApartBy, Expect, File, Identities, IdentityClass, Item, LiteralValue, Outcome, Separate,
        SeparateFrom, Set, Use, UsePack,
    },
    codes,
    lex::Token,
    outline::Statement,
};

impl<'t> Reader<'t> {
    /// Reads the items of a file into `tree`.
    pub(super) fn file(&mut self, statements: &'t [Statement], tree: &mut File) {
        let first = statements.first().and_then(|first| self.tokens.get(first.head.start));
        // A misspelt `edition` is an unknown statement, and told so.
        let edition = |token: &Token| closest(token.text(self.text), ["edition"].into_iter()).is_some();
        if first.is_none_or(|token| !token.is_word(self.text, "edition") && !edition(token)) {
            self.edition_missing(statements);
        }
        self.each(statements, Context::File, |reader, sentence| {
            if sentence.form.rule == Rule::edition {
                tree.edition = reader.edition(&sentence);
            } else if let Some(item) = reader.item(&sentence)
                && sentence.head.is_some()
            {
                tree.items.push(item);
            }
        });
    }

    /// The paths of the files that some statements use.
    pub(super) fn uses(&mut self, statements: impl Iterator<Item = &'t Statement>) -> Vec<String> {
        let mut paths = Vec::new();
        self.each(statements, Context::File, |reader, sentence| {
            if let Some(Item::Use(item)) = reader.item(&sentence)
                && sentence.head.is_some()
            {
                paths.push(item.path.node);
            }
        });
        paths
    }

    fn edition_missing(&mut self, statements: &[Statement]) {
        let place = statements.first().map_or_else(|| self.span(0..0), |first| self.token_span(first.head.start));
        let is_edition = |statement: &&Statement| {
            self.tokens.get(statement.head.start).is_some_and(|token| token.is_word(self.text, "edition"))
        };
        let late = statements.iter().find(is_edition).map(|late| self.token_span(late.head.start));
        let message = format!("a file begins with `edition {EDITION}`");
        let error = Diagnostic::error(codes::EDITION_MISSING, message, place, "expected `edition` before this");
        let error = match late {
            Some(late) => error.label(late, "here it comes too late").help("make it the first line"),
            None => error.help(format!("add the line `edition {EDITION}` at the top")),
        };
        self.error(error);
    }

    fn edition(&mut self, sentence: &Sentence<'t>) -> Option<Spanned<u32>> {
        let number = sentence.part(Rule::number)?;
        let place = self.place_of(&number);
        if let LiteralValue::Integer(year) = self.number(&number)?
            && year == i64::from(EDITION)
        {
            return Some(Spanned::new(EDITION, place));
        }
        let message = format!("this compiler knows edition {EDITION}, found `{}`", number.as_str());
        let error = Diagnostic::error(codes::EDITION_UNKNOWN, message, place, "unknown edition")
            .help(format!("write `edition {EDITION}`, or use a compiler that knows this one"));
        self.error(error);
        None
    }

    fn item(&mut self, sentence: &Sentence<'t>) -> Option<Item> {
        match sentence.form.rule {
            Rule::use_item => self.use_item(sentence),
            Rule::identities => Some(Item::Identities(self.identities(sentence))),
            Rule::separate => match sentence.part(Rule::apart) {
                Some(apart) => self.apart(apart, sentence).map(Item::Apart),
                None => self.separate(sentence).map(Item::Separate),
            },
            Rule::set => self.set(sentence).map(Item::Set),
            Rule::activity => self.activity(sentence).map(Item::Activity),
            Rule::mining => Some(Item::Mining(Box::new(self.mining(sentence)))),
            Rule::role => Some(Item::Role(Box::new(self.role(sentence)))),
            Rule::duties => Some(Item::Duties(Box::new(self.duties(sentence)))),
            Rule::sensitive => Some(Item::Sensitive(Box::new(self.sensitive(sentence)))),
            Rule::governance => Some(Item::Governance(Box::new(self.governance(sentence)))),
            Rule::waiver => Some(Item::Waiver(Box::new(self.waiver(sentence)))),
            Rule::provision => Some(Item::Provision(Box::new(self.provision(sentence)))),
            Rule::expect => Some(Item::Expect(Box::new(self.expect(sentence)))),
            _ => None,
        }
    }

    fn use_item(&mut self, sentence: &Sentence<'t>) -> Option<Item> {
        let text = sentence.part(Rule::text)?;
        let text = self.text(&text);
        let span = sentence.place();
        Some(match sentence.part(Rule::kw_pack) {
            Some(_) => {
                let target = sentence.part(Rule::kind).and_then(|kind| self.kind(kind));
                Item::UsePack(UsePack { name: text, target, span })
            }
            None => Item::Use(Use { path: text, span }),
        })
    }

    fn identities(&mut self, sentence: &Sentence<'t>) -> Identities {
        let mut classes = Vec::new();
        self.each(sentence.block, Context::Identities, |reader, class| {
            let Some((name, condition)) = class.part(Rule::class).zip(class.part(Rule::condition)) else { return };
            if let Some(condition) = reader.condition(condition) {
                classes.push(IdentityClass { name: reader.name(&name), condition });
            }
        });
        Identities { classes, span: sentence.place() }
    }

    fn separate(&mut self, sentence: &Sentence<'t>) -> Option<Separate> {
        let class = self.name(&sentence.part(Rule::class)?);
        let from = match sentence.part(Rule::classes) {
            Some(classes) => SeparateFrom::Classes(self.names(classes)),
            None => SeparateFrom::Everything,
        };
        Some(Separate { class, from, span: sentence.place() })
    }

    fn apart(&mut self, apart: Pair<'t>, sentence: &Sentence<'t>) -> Option<Apart> {
        let mut parts = apart.into_inner().filter(|part| matches!(part.as_rule(), Rule::names | Rule::condition));
        let first = parts.next()?;
        let by = match parts.next() {
            None => ApartBy::Attributes(self.names(first)),
            Some(second) => ApartBy::Conditions(Box::new((self.condition(first)?, self.condition(second)?))),
        };
        Some(Apart { by, span: sentence.place() })
    }

    fn set(&mut self, sentence: &Sentence<'t>) -> Option<Set> {
        let name = self.name(&sentence.part(Rule::name)?);
        Some(Set { name, access: self.access(sentence)?, span: sentence.place() })
    }

    fn activity(&mut self, sentence: &Sentence<'t>) -> Option<Activity> {
        let name = self.name(&sentence.part(Rule::name)?);
        let title = self.text_of(sentence);
        Some(Activity { name, title, access: self.access(sentence)?, span: sentence.place() })
    }

    fn expect(&mut self, sentence: &Sentence<'t>) -> Expect {
        let title = sentence.part(Rule::text).map(|text| self.text(&text)).unwrap_or_else(|| self.unnamed(sentence));
        let mut given = Vec::new();
        let mut then = Vec::new();
        self.each(sentence.block, Context::Expect, |reader, statement| match statement.form.rule {
            Rule::given => reader.each(statement.block, Context::Given, |reader, facts| {
                for fact in facts.parts().filter(|part| part.as_rule() == Rule::fact) {
                    let mut parts = fact.into_inner();
                    let Some((attribute, value)) = parts.next().zip(parts.next()) else { continue };
                    if let Some(value) = reader.literal(value) {
                        given.push((reader.name(&attribute), value));
                    }
                }
            }),
            _ => {
                let some = statement.part(Rule::kw_some).is_some();
                let outcome = if some { Outcome::SomeRoleGrants } else { Outcome::NoRoleGrants };
                then.extend(reader.entitlements_of(&statement).into_iter().map(outcome));
            }
        });
        Expect { title, given, then, span: sentence.place() }
    }
}
