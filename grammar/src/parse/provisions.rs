use super::{
    Rule,
    forms::Context,
    reader::{Reader, Sentence},
};
use crate::{
    Spanned,
    ast::{Approval, Provision, SecondaryFate, Waiver, WaiverApproval, WaiverSubject, WhenLost},
};

impl<'t> Reader<'t> {
    pub(super) fn waiver(&mut self, sentence: &Sentence<'t>) -> Waiver {
        let mut waiver = Waiver {
            id: self.name_of(sentence),
            rule: None,
            on: Vec::new(),
            because: None,
            owner: None,
            requested: None,
            approved: None,
            expires: None,
            span: sentence.place(),
        };
        self.each(sentence.block, Context::Waiver, |reader, statement| match statement.form.rule {
            Rule::waived_rule => waiver.rule = statement.part(Rule::name).map(|name| reader.name(&name)),
            Rule::on => waiver.on.extend(reader.subjects(&statement)),
            Rule::reason => waiver.because = reader.text_of(&statement),
            Rule::owner => waiver.owner = reader.text_of(&statement),
            Rule::requested => waiver.requested = reader.text_of(&statement),
            Rule::approved => waiver.approved = reader.approved(&statement),
            _ => waiver.expires = statement.part(Rule::date).and_then(|date| reader.date(&date)),
        });
        waiver
    }

    fn subjects(&mut self, sentence: &Sentence<'t>) -> Vec<WaiverSubject> {
        sentence
            .parts()
            .filter(|part| part.as_rule() == Rule::subject)
            .filter_map(|subject| {
                let mut parts = subject.into_inner();
                let kind = self.name(&parts.next()?);
                let name = parts.next()?;
                let quoted = name.as_rule() == Rule::text;
                let name = if quoted { self.text(&name) } else { self.name(&name) };
                Some(WaiverSubject { kind, name, quoted })
            })
            .collect()
    }

    fn approved(&mut self, sentence: &Sentence<'t>) -> Option<WaiverApproval> {
        let by = self.text_of(sentence)?;
        let on = sentence.part(Rule::date).and_then(|date| self.date(&date));
        Some(WaiverApproval { by, on })
    }

    pub(super) fn provision(&mut self, sentence: &Sentence<'t>) -> Provision {
        let mut provision = Provision {
            name: self.name_of(sentence),
            requested: None,
            approval: None,
            when_lost: None,
            emit: Vec::new(),
            secondary: None,
            span: sentence.place(),
        };
        self.each(sentence.block, Context::Provision, |reader, statement| match statement.form.rule {
            Rule::requested => provision.requested = reader.text_of(&statement),
            Rule::approval => provision.approval = reader.approval(&statement),
            Rule::when_lost => provision.when_lost = reader.when_lost(&statement),
            Rule::emit => {
                provision.emit.extend(statement.part(Rule::names).map(|part| reader.names(part)).unwrap_or_default())
            }
            _ => provision.secondary = reader.secondary(&statement),
        });
        provision
    }

    fn approval(&mut self, sentence: &Sentence<'t>) -> Option<Approval> {
        let needed = self.count(&sentence.part(Rule::count)?)?;
        Some(Approval { needed, of: self.texts_of(sentence), span: sentence.place() })
    }

    fn when_lost(&mut self, sentence: &Sentence<'t>) -> Option<Spanned<WhenLost>> {
        let fate = sentence.parts().find_map(|part| match part.as_rule() {
            Rule::kw_keep => Some(WhenLost::Keep),
            Rule::lost_remove => match part.into_inner().find(|part| part.as_rule() == Rule::duration) {
                Some(duration) => self.duration(duration).map(|days| WhenLost::RemoveAfter(days.node)),
                None => Some(WhenLost::Remove),
            },
            Rule::lost_notify => {
                let whom = part.into_inner().find(|part| part.as_rule() == Rule::text)?;
                Some(WhenLost::Notify(self.text(&whom)))
            }
            _ => None,
        })?;
        Some(Spanned::new(fate, sentence.span))
    }

    fn secondary(&mut self, sentence: &Sentence<'t>) -> Option<Spanned<SecondaryFate>> {
        let fate = match sentence.part(Rule::date) {
            Some(date) => SecondaryFate::KeepUntil(self.date(&date)?.node),
            None => sentence.part(Rule::kw_remove).map(|_| SecondaryFate::Remove)?,
        };
        Some(Spanned::new(fate, sentence.span))
    }
}
