//! What the fields of several blocks have in common: names, titles and texts.

use super::{
    Rule,
    reader::{Reader, Sentence},
};
use crate::{Diagnostic, Spanned, ast::Text, codes};

impl<'t> Reader<'t> {
    /// The name an item's first line gives it.
    pub(super) fn name_of(&self, sentence: &Sentence<'t>) -> Text {
        sentence.part(Rule::name).map_or_else(|| self.unnamed(sentence), |name| self.name(&name))
    }

    /// Stands in for the name of an item whose first line could not be read; such an item is not kept.
    pub(super) fn unnamed(&self, sentence: &Sentence<'t>) -> Text {
        Spanned::new(String::new(), sentence.span)
    }

    /// The names a statement lists.
    pub(super) fn names_of(&self, sentence: &Sentence<'t>) -> Vec<Text> {
        sentence.part(Rule::names).map(|names| self.names(names)).unwrap_or_default()
    }

    /// The text of a statement that has one.
    pub(super) fn text_of(&mut self, sentence: &Sentence<'t>) -> Option<Text> {
        sentence.part(Rule::text).map(|text| self.text(&text))
    }

    /// The texts a statement lists.
    pub(super) fn texts_of(&mut self, sentence: &Sentence<'t>) -> Vec<Text> {
        sentence.part(Rule::texts).map(|texts| self.texts(texts)).unwrap_or_default()
    }

    /// `title` inside a block whose first line may have one already.
    pub(super) fn second_title(&mut self, sentence: &Sentence<'t>, title: &mut Option<Text>) {
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
}
