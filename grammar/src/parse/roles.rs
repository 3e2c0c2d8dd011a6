use super::{
    Rule,
    forms::Context,
    reader::{Reader, Sentence},
};
use crate::ast::Role;

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
                role.grants.extend(statement.part(Rule::members).into_iter().flat_map(|part| reader.members(part)));
            }
            Rule::inherits => role.inherits.extend(reader.names_of(&statement)),
            _ => role.condition = statement.part(Rule::condition).and_then(|part| reader.condition(part)),
        });
        role
    }
}
