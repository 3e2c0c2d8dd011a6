use super::{
    Rule,
    forms::Context,
    reader::{Reader, Sentence},
};
use crate::{
    Spanned,
    ast::{Control, Duties, DutyLimit, DutySide, Governance, Sensitive},
};

impl<'t> Reader<'t> {
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
            Rule::enforces => duties.enforces.extend(reader.names_of(&statement)),
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

    fn limit(&mut self, sentence: &Sentence<'t>) -> Option<DutyLimit> {
        let at_most = self.count(&sentence.part(Rule::count)?)?;
        let of = self.names(sentence.part(Rule::names)?);
        let per = self.name(&sentence.part(Rule::name)?);
        let within = sentence.part(Rule::within_same).and_then(|within| {
            within.into_inner().find(|part| part.as_rule() == Rule::attribute).map(|attribute| self.name(&attribute))
        });
        Some(DutyLimit { at_most, of, per, within, span: sentence.place() })
    }
}
