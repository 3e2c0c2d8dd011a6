use super::{
    Rule,
    forms::Context,
    reader::{Reader, Sentence},
};
use crate::ast::{Waiver, WaiverApproval, WaiverSubject};

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
}
