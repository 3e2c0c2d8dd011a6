use super::{
    Rule,
    forms::Context,
    reader::{Pair, Reader, Sentence},
};
use crate::{
    Diagnostic, Spanned,
    ast::{
        Access, Control, Duties, DutyLimit, DutySide, EntitlementRef, Governance, Member, Role, RoleRef, Sensitive,
        Text,
    },
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
            enforces: Vec::new(),
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
            Rule::enforces => {
                duties.enforces.extend(statement.part(Rule::names).map(|part| reader.names(part)).unwrap_or_default())
            }
            Rule::owner => duties.owner = reader.text_of(&statement),
            Rule::cites => duties.cites.extend(reader.texts_of(&statement)),
            Rule::level => duties.level = statement.part(Rule::name).map(|level| reader.name(&level)),
            _ if statement.head.is_some() => duties.never_waived = Some(Spanned::new((), statement.span)),
            _ => {}
        });
        duties
    }

    pub(super) fn sensitive(&mut self, sentence: &Sentence<'t>) -> Sensitive {
        let mut sensitive = Sensitive {
            name: self.name_of(sentence),
            title: self.text_of(sentence),
            access: Vec::new(),
            owner: None,
            mitigated: None,
            cites: Vec::new(),
            span: sentence.place(),
        };
        self.each(sentence.block, Context::Sensitive, |reader, statement| match statement.form.rule {
            Rule::title => reader.second_title(&statement, &mut sensitive.title),
            Rule::access => sensitive.access.extend(reader.access(&statement)),
            Rule::owner => sensitive.owner = reader.text_of(&statement),
            Rule::mitigated => sensitive.mitigated = reader.text_of(&statement),
            _ => sensitive.cites.extend(reader.texts_of(&statement)),
        });
        sensitive
    }

    pub(super) fn governance(&mut self, sentence: &Sentence<'t>) -> Governance {
        let mut governance = Governance {
            name: self.name_of(sentence),
            title: self.text_of(sentence),
            of: Vec::new(),
            controls: Vec::new(),
            cites: Vec::new(),
            span: sentence.place(),
        };
        self.each(sentence.block, Context::Governance, |reader, statement| match statement.form.rule {
            Rule::title => reader.second_title(&statement, &mut governance.title),
            Rule::governed => {
                let roles = statement.parts().filter(|part| part.as_rule() == Rule::role_ref);
                governance.of.extend(roles.filter_map(|role| reader.role_ref(role)));
            }
            Rule::control => {
                let control = Control::WORDS.iter().find(|(word, _)| *word == statement.form.word);
                if let (Some(access), Some((_, control))) = (reader.access(&statement), control) {
                    governance.controls.push((Spanned::new(*control, statement.keyword), access));
                }
            }
            _ => governance.cites.extend(reader.texts_of(&statement)),
        });
        governance
    }

    fn side(&mut self, sentence: &Sentence<'t>) -> Option<DutySide> {
        let name = self.name(&sentence.part(Rule::name)?);
        Some(DutySide { name, access: self.access(sentence)? })
    }

    /// The access that a statement lists or describes.
    pub(super) fn access(&mut self, sentence: &Sentence<'t>) -> Option<Access> {
        if let Some(selection) = sentence.part(Rule::selection) {
            let condition = selection.into_inner().find(|part| part.as_rule() == Rule::condition)?;
            return self.condition(condition).map(Access::Where);
        }
        let lists = [Rule::member_list, Rule::members, Rule::entitlements];
        let list = sentence.parts().find(|part| lists.contains(&part.as_rule()))?;
        Some(Access::Members(match list.as_rule() {
            Rule::entitlements => self.entitlements(list).into_iter().map(Member::Entitlement).collect(),
            _ => self.members(list),
        }))
    }

    fn limit(&mut self, sentence: &Sentence<'t>) -> Option<DutyLimit> {
        let at_most = self.count(&sentence.part(Rule::count)?)?;
        let of = self.names(sentence.part(Rule::names)?);
        let per = self.name(&sentence.part(Rule::name)?);
        let within = sentence.part(Rule::within_same).and_then(|within| {
            within.into_inner().find(|part| part.as_rule() == Rule::attribute).map(|attribute| self.name(&attribute))
        });
        Some(DutyLimit { at_most, of, per, within, span: sentence.place() })
    }

    fn members(&mut self, list: Pair<'t>) -> Vec<Member> {
        list.into_inner()
            .filter(|part| part.as_rule() == Rule::member)
            .filter_map(|member| {
                let inner = member.into_inner().next()?;
                match inner.as_rule() {
                    Rule::entitlement => self.entitlement(inner).map(Member::Entitlement),
                    Rule::role_ref => self.role_ref(inner).map(Member::Role),
                    _ => Some(Member::Set(self.name(&inner))),
                }
            })
            .collect()
    }

    fn role_ref(&mut self, pair: Pair<'t>) -> Option<RoleRef> {
        let name = pair.into_inner().find(|part| matches!(part.as_rule(), Rule::text | Rule::name))?;
        let quoted = name.as_rule() == Rule::text;
        Some(RoleRef { name: if quoted { self.text(&name) } else { self.name(&name) }, quoted })
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
