use super::{
    Rule,
    forms::Context,
    reader::{Reader, Sentence},
};
use crate::{
    Spanned,
    ast::{Approval, Provision, SecondaryFate, WhenLost},
};

impl<'t> Reader<'t> {
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
            Rule::emit => provision.emit.extend(reader.names_of(&statement)),
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
