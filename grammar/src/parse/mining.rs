use super::{
    Rule,
    forms::Context,
    reader::{Pair, Reader, Sentence},
};
use crate::{
    Spanned,
    ast::{
        ClusterUsing, Describe, MineStatement, Mining, ScopeAction, ScopeRule, Selection, Setting, SettingPart, Text,
    },
    outline::Statement,
};

impl<'t> Reader<'t> {
    pub(super) fn mining(&mut self, sentence: &Sentence<'t>) -> Mining {
        let mut mining = Mining {
            name: self.name_of(sentence),
            title: None,
            owner: None,
            cites: Vec::new(),
            review_every: None,
            from_roles: Vec::new(),
            from_every_role: None,
            scope: None,
            mine: None,
            cutoff: None,
            describe: None,
            span: sentence.place(),
        };
        self.each(sentence.block, Context::Mining, |reader, statement| match statement.form.rule {
            Rule::title => mining.title = reader.text_of(&statement),
            Rule::owner => mining.owner = reader.text_of(&statement),
            Rule::cites => mining.cites.extend(reader.texts_of(&statement)),
            Rule::review => mining.review_every = statement.part(Rule::duration).and_then(|part| reader.duration(part)),
            Rule::from_role if statement.part(Rule::every_role).is_some() => {
                mining.from_every_role = Some(statement.place());
            }
            Rule::from_role => mining.from_roles.extend(reader.texts_of(&statement)),
            Rule::scope => mining.scope = Some(Spanned::new(reader.scope(statement.block), statement.span)),
            Rule::mine => mining.mine = Some(Spanned::new(reader.mine(statement.block), statement.span)),
            Rule::cutoff => mining.cutoff = Some(Spanned::new(reader.settings(statement.block), statement.span)),
            _ => mining.describe = Some(reader.description(&statement)),
        });
        mining
    }

    fn scope(&mut self, statements: &'t [Statement]) -> Vec<ScopeRule> {
        let mut rules = Vec::new();
        self.each(statements, Context::Scope, |reader, statement| rules.extend(reader.scope_rule(&statement)));
        rules
    }

    fn scope_rule(&mut self, sentence: &Sentence<'t>) -> Option<ScopeRule> {
        let word = sentence.form.word;
        let action = if word == "include" { ScopeAction::Include } else { ScopeAction::Exclude };
        let keyword = sentence.head.as_ref()?.as_str().get(..word.len())?;
        let action = Spanned::new(action, self.place(keyword));
        let selected = sentence.parts().next()?;
        let because = sentence.part(Rule::because).and_then(|because| self.because(because));
        let rule = selected.as_rule();
        let mut classes = Vec::new();
        let mut condition = None;
        for part in selected.into_inner() {
            match part.as_rule() {
                Rule::classes => classes = self.names(part),
                Rule::condition => condition = Some(self.condition(part)?),
                _ => {}
            }
        }
        let selection = match rule {
            Rule::scope_identities => Selection::Identities { classes, condition },
            Rule::scope_entitlements => Selection::Entitlements { condition },
            _ => Selection::Assignments { condition },
        };
        Some(ScopeRule { action, selection, because, span: sentence.place() })
    }

    fn mine(&mut self, statements: &'t [Statement]) -> Vec<MineStatement> {
        let mut mine = Vec::new();
        self.each(statements, Context::Mine, |reader, statement| mine.extend(reader.mine_statement(&statement)));
        mine
    }

    fn mine_statement(&mut self, sentence: &Sentence<'t>) -> Option<MineStatement> {
        Some(match sentence.form.rule {
            Rule::minable => {
                let kinds = sentence.part(Rule::kinds)?.into_inner().filter(|part| part.as_rule() == Rule::kind);
                MineStatement::Minable(kinds.filter_map(|kind| self.kind(kind)).collect())
            }
            Rule::guided_by => MineStatement::GuidedBy(self.names(sentence.part(Rule::names)?)),
            Rule::never_by => MineStatement::NeverBy(self.names(sentence.part(Rule::names)?)),
            Rule::ignore => match sentence.part(Rule::fewer_than) {
                Some(fewer) => {
                    let count = fewer.into_inner().find(|part| part.as_rule() == Rule::count)?;
                    MineStatement::IgnoreFewerThan(self.count(&count)?)
                }
                None => {
                    let mut more = sentence.part(Rule::more_than)?.into_inner();
                    MineStatement::IgnoreMoreThan(self.literal(more.find(|part| part.as_rule() == Rule::amount)?)?)
                }
            },
            _ => {
                let settings = self.settings(sentence.block);
                let strategy = self.name(&sentence.part(Rule::name)?);
                MineStatement::ClusterUsing(ClusterUsing { strategy, settings, span: sentence.place() })
            }
        })
    }

    /// The strategy of the one statement `cluster using …`.
    pub(super) fn cluster_using(&mut self, statements: &'t [Statement]) -> Option<ClusterUsing> {
        match self.mine(statements).pop()? {
            MineStatement::ClusterUsing(using) => Some(using),
            _ => None,
        }
    }

    /// The settings of the one statement `cutoff { … }`.
    pub(super) fn cutoff(&mut self, statements: &'t [Statement]) -> Option<Vec<Setting>> {
        let mut settings = None;
        self.each(statements, Context::Mining, |reader, statement| {
            settings = (statement.form.rule == Rule::cutoff).then(|| reader.settings(statement.block));
        });
        settings
    }

    /// The one statement `describe by … { … }`.
    pub(super) fn describe(&mut self, statements: &'t [Statement]) -> Option<Describe> {
        let mut describe = None;
        self.each(statements, Context::Mining, |reader, statement| {
            describe = (statement.form.rule == Rule::describe).then(|| reader.description(&statement));
        });
        describe
    }

    fn description(&mut self, statement: &Sentence<'t>) -> Describe {
        let by = statement.part(Rule::names).map(|names| self.names(names)).unwrap_or_default();
        let settings = self.settings(statement.block);
        Describe { by, settings, span: statement.place() }
    }

    fn settings(&mut self, statements: &'t [Statement]) -> Vec<Setting> {
        let mut settings = Vec::new();
        self.each(statements, Context::Settings, |reader, statement| settings.extend(reader.setting(&statement)));
        settings
    }

    fn setting(&mut self, sentence: &Sentence<'t>) -> Option<Setting> {
        let mut parts = Vec::new();
        let mut because = None;
        for part in sentence.parts() {
            match part.as_rule() {
                Rule::word | Rule::setting_word => {
                    if let Some(SettingPart::Value(number)) = parts.last() {
                        self.spelled_unit(number, &part);
                    }
                    parts.push(SettingPart::Word(self.name(&part)));
                }
                Rule::literal => parts.push(SettingPart::Value(self.literal(part)?)),
                Rule::comma => parts.push(SettingPart::Comma(crate::ast::Ignored(self.place_of(&part)))),
                Rule::because => because = self.because(part),
                _ => {}
            }
        }
        (!parts.is_empty()).then(|| Setting { parts, because, span: sentence.place() })
    }

    fn because(&mut self, pair: Pair<'t>) -> Option<Text> {
        let text = pair.into_inner().find(|part| part.as_rule() == Rule::text)?;
        Some(self.text(&text))
    }
}
