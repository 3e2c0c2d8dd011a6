use super::{
    Rule,
    forms::Context,
    reader::{Pair, Reader, Sentence},
};
use crate::{
    Diagnostic, Spanned,
    ast::{Duties, DutyLimit, DutySide, EntitlementRef, Role, SetOrEntitlement, Text},
    codes,
};

impl<'t> Reader<'t> {
    pub(super) fn role(&mut self, sentence: &Sentence<'t>) -> Role {
        let mut role = Role {
            name: self.name_of(sentence),
            title: self.text_of(sentence),
            owner: None,
            cites: Vec::new(),
            grants: Vec::new(),
            inherits: Vec::new(),
            condition: None,
            span: sentence.place(),
        };
        self.each(sentence.block, Context::Role, |reader, statement| match statement.form.rule {
            Rule::title => reader.second_title(&statement, &mut role.title),
            Rule::owner => role.owner = reader.text_of(&statement),
            Rule::cites => role.cites.extend(reader.texts_of(&statement)),
            Rule::grants => {
                role.grants.extend(statement.part(Rule::members).map(|part| reader.members(part)).unwrap_or_default())
            }
            Rule::inherits => {
                role.inherits.extend(statement.part(Rule::names).map(|part| reader.names(part)).unwrap_or_default())
            }
            _ => role.condition = statement.part(Rule::condition).and_then(|part| reader.condition(part)),
        });
        role
    }

    pub(super) fn duties(&mut self, sentence: &Sentence<'t>) -> Duties {
        let mut duties = Duties {
            name: self.name_of(sentence),
            title: self.text_of(sentence),
            sides: Vec::new(),
            limit: None,
            owner: None,
            cites: Vec::new(),
            level: None,
            never_waived: None,
            span: sentence.place(),
        };
        self.each(sentence.block, Context::Duties, |reader, statement| match statement.form.rule {
            Rule::title => reader.second_title(&statement, &mut duties.title),
            Rule::duty => duties.sides.extend(reader.side(&statement)),
            Rule::at_most => duties.limit = reader.limit(&statement),
            Rule::owner => duties.owner = reader.text_of(&statement),
            Rule::cites => duties.cites.extend(reader.texts_of(&statement)),
            Rule::level => duties.level = statement.part(Rule::name).map(|level| reader.name(&level)),
            _ if statement.head.is_some() => duties.never_waived = Some(Spanned::new((), statement.span)),
            _ => {}
        });
        duties
    }

    fn side(&mut self, sentence: &Sentence<'t>) -> Option<DutySide> {
        let name = self.name(&sentence.part(Rule::name)?);
        let list = sentence.part(Rule::member_list).or_else(|| sentence.part(Rule::members))?;
        Some(DutySide { name, entitlements: self.members(list) })
    }

    fn limit(&mut self, sentence: &Sentence<'t>) -> Option<DutyLimit> {
        let at_most = self.count(&sentence.part(Rule::count)?)?;
        let of = self.names(sentence.part(Rule::names)?);
        let per = self.name(&sentence.part(Rule::name)?);
        Some(DutyLimit { at_most, of, per, span: sentence.place() })
    }

    fn members(&mut self, list: Pair<'t>) -> Vec<SetOrEntitlement> {
        list.into_inner()
            .filter(|part| part.as_rule() == Rule::member)
            .filter_map(|member| {
                let inner = member.into_inner().next()?;
                match inner.as_rule() {
                    Rule::entitlement => self.entitlement(inner).map(SetOrEntitlement::Entitlement),
                    _ => Some(SetOrEntitlement::Set(self.name(&inner))),
                }
            })
            .collect()
    }

    /// The entitlements below `list`, one level down.
    pub(super) fn entitlements(&mut self, list: Pair<'t>) -> Vec<EntitlementRef> {
        list.into_inner()
            .filter(|part| part.as_rule() == Rule::entitlement)
            .filter_map(|entitlement| self.entitlement(entitlement))
            .collect()
    }

    /// The entitlements a statement lists.
    pub(super) fn entitlements_of(&mut self, sentence: &Sentence<'t>) -> Vec<EntitlementRef> {
        sentence.head.clone().map(|head| self.entitlements(head)).unwrap_or_default()
    }

    /// `title` inside a block whose first line may have one already.
    fn second_title(&mut self, sentence: &Sentence<'t>, title: &mut Option<Text>) {
        let Some(again) = self.text_of(sentence) else { return };
        match title {
            Some(first) => {
                let error = Diagnostic::error(codes::TWICE, "the title is said twice", again.span, "said again here")
                    .label(first.span, "first said here")
                    .help("keep the one that is meant");
                self.error(error);
            }
            None => *title = Some(again),
        }
    }

    /// The text of a statement that has one.
    pub(super) fn text_of(&mut self, sentence: &Sentence<'t>) -> Option<Text> {
        sentence.part(Rule::text).map(|text| self.text(&text))
    }

    /// The texts a statement lists.
    pub(super) fn texts_of(&mut self, sentence: &Sentence<'t>) -> Vec<Text> {
        sentence.part(Rule::texts).map(|texts| self.texts(texts)).unwrap_or_default()
    }

    /// The name an item's first line gives it.
    pub(super) fn name_of(&self, sentence: &Sentence<'t>) -> Text {
        sentence.part(Rule::name).map_or_else(|| self.unnamed(sentence), |name| self.name(&name))
    }

    /// Stands in for the name of an item whose first line could not be read; such an item is not kept.
    pub(super) fn unnamed(&self, sentence: &Sentence<'t>) -> Text {
        Spanned::new(String::new(), sentence.span)
    }
}
