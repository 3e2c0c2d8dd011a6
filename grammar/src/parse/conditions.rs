use super::{
    MAX_DEPTH, Rule,
    reader::{Pair, Reader},
};
use crate::{
    Diagnostic, Span, Spanned,
    ast::{Condition, Ignored, Operator},
    codes,
};

impl<'t> Reader<'t> {
    /// `a or b`; `and` binds tighter, but the two may not be mixed without parentheses.
    pub(super) fn condition(&mut self, pair: Pair<'t>) -> Option<Condition> {
        let mut any = Vec::new();
        let mut first_or = None;
        let mut first_and = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::conjunction => any.push(self.conjunction(part, &mut first_and)?),
                _ => first_or = first_or.or_else(|| Some(self.place_of(&part))),
            }
        }
        if let (Some(or), Some(and)) = (first_or, first_and) {
            let (later, earlier) = if or > and { (or, and) } else { (and, or) };
            let error = Diagnostic::error(
                codes::AND_OR,
                "`and` and `or` are mixed without parentheses",
                later,
                "which goes first?",
            )
            .label(earlier, "mixed with this")
            .help("say which belong together: `(a and b) or c`, or `a and (b or c)`");
            self.error(error);
        }
        Some(joined(any, Condition::Any))
    }

    fn conjunction(&mut self, pair: Pair<'t>, first_and: &mut Option<Span>) -> Option<Condition> {
        let mut all = Vec::new();
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::negation => all.push(self.negation(part)?),
                _ => *first_and = first_and.or_else(|| Some(self.place_of(&part))),
            }
        }
        Some(joined(all, Condition::All))
    }

    fn negation(&mut self, pair: Pair<'t>) -> Option<Condition> {
        let whole = self.extent_of(&pair);
        let mut nots = Vec::new();
        for part in pair.into_inner() {
            if part.as_rule() == Rule::kw_not {
                nots.push(self.place_of(&part));
                continue;
            }
            let outside = self.depth;
            self.depth += nots.len() + usize::from(part.as_rule() == Rule::group);
            let test = if self.depth > MAX_DEPTH { self.too_deep(whole) } else { self.test(part) };
            self.depth = outside;
            return Some(
                nots.iter().rev().fold(test?, |inner, not| Condition::Not(Box::new(inner), Ignored(not.to(whole)))),
            );
        }
        None
    }

    /// Refuses a condition that would make a tree too deep to be walked.
    fn too_deep(&mut self, place: Span) -> Option<Condition> {
        let message = format!("`not` and parentheses are nested more than {MAX_DEPTH} deep");
        let error = Diagnostic::error(codes::TOO_DEEP, message, place, "too deep");
        self.error(error.help("two `not` in a row say nothing; parentheses around everything neither"));
        None
    }

    fn test(&mut self, pair: Pair<'t>) -> Option<Condition> {
        let rule = pair.as_rule();
        let mut parts = pair.clone().into_inner();
        match rule {
            Rule::group => parts.find(|part| part.as_rule() == Rule::condition).and_then(|part| self.condition(part)),
            Rule::unused_for => {
                let duration = parts.find(|part| part.as_rule() == Rule::duration)?;
                self.duration(duration).map(Condition::UnusedFor)
            }
            Rule::members_of => {
                let role = parts.find(|part| part.as_rule() == Rule::text)?;
                Some(Condition::MembersOfRole(self.text(&role)))
            }
            Rule::holding => parts.find_map(|part| match part.as_rule() {
                Rule::text => Some(Condition::HoldingApplication(self.text(&part))),
                Rule::entitlement => self.entitlement(part).map(Condition::Holding),
                _ => None,
            }),
            _ => self.comparison(pair),
        }
    }

    fn comparison(&mut self, pair: Pair<'t>) -> Option<Condition> {
        let whole = self.place_of(&pair);
        let mut parts = pair.into_inner();
        let attribute = self.name(&parts.next()?);
        let mut operator = None;
        let mut negation = None;
        let mut has = false;
        let mut result = None;
        for part in parts {
            match part.as_rule() {
                Rule::operator => operator = Some(self.operator(&part)),
                Rule::kw_not => negation = Some(self.place_of(&part)),
                Rule::kw_has => has = true,
                Rule::literal => {
                    let value = self.literal(part)?;
                    return Some(Condition::Compare { attribute, operator: operator?, value });
                }
                Rule::values => {
                    let mut values = Vec::new();
                    for value in part.into_inner().filter(|value| value.as_rule() == Rule::literal) {
                        values.push(self.literal(value)?);
                    }
                    return Some(Condition::In {
                        attribute,
                        negated: negation.is_some(),
                        values,
                        span: Ignored(whole),
                    });
                }
                Rule::text if has => return Some(Condition::Has { value: self.text(&part), attribute }),
                Rule::text => return Some(Condition::Like { pattern: self.text(&part), attribute }),
                Rule::kw_missing => result = Some(()),
                _ => {}
            }
        }
        Some(match (result, negation) {
            (Some(()), Some(_)) => Condition::Not(Box::new(Condition::Missing(attribute)), Ignored(whole)),
            (Some(()), None) => Condition::Missing(attribute),
            _ => Condition::Flag(attribute),
        })
    }

    fn operator(&mut self, pair: &Pair<'t>) -> Spanned<Operator> {
        let place = self.place_of(pair);
        let written = pair.as_str();
        let (operator, spelling) = match written {
            "==" | "=" => (Operator::Equal, "=="),
            "!=" | "<>" => (Operator::NotEqual, "!="),
            "<" => (Operator::Less, "<"),
            "<=" | "=<" => (Operator::AtMost, "<="),
            ">" => (Operator::Greater, ">"),
            _ => (Operator::AtLeast, ">="),
        };
        if written != spelling {
            let message = format!("expected a comparison, found `{written}`");
            let error = Diagnostic::error(codes::OPERATOR, message, place, "not a comparison")
                .help(format!("write `{spelling}`"));
            self.error(error);
        }
        Spanned::new(operator, place)
    }
}

/// One condition as it is, several as one; what parentheses only repeat is flattened.
fn joined(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    if parts.len() == 1
        && let Some(only) = parts.pop()
    {
        return only;
    }
    let all = matches!(join(Vec::new()), Condition::All(_));
    let flat = parts.into_iter().flat_map(|part| match part {
        Condition::All(inner) if all => inner,
        Condition::Any(inner) if !all => inner,
        other => vec![other],
    });
    join(flat.collect())
}
