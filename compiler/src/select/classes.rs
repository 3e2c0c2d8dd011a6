//! Who is who: identity classes, and which of them may be mined together.

use adit_snapshots::IdentityId;

use super::{ClassOf, SelectError};
use crate::{
    condition::{Bits, Evaluator},
    spec::Spec,
};

/// How many identities an error shows.
const EXAMPLES: usize = 5;

/// The class of every identity. Where a spec declares no classes, everyone is of one implicit class, number 0.
///
/// # Errors
/// When an identity is in no class or in two, or a condition cannot be decided.
pub fn classify(spec: &Spec, evaluator: &Evaluator<'_>) -> Result<ClassOf, SelectError> {
    let everyone = evaluator.snapshot().identities.len();
    if spec.classes.is_empty() {
        return Ok(ClassOf(vec![0; everyone]));
    }
    let mut classes = vec![0; everyone];
    let mut classified = Bits::none(everyone);
    let mut of_class: Vec<Bits> = Vec::with_capacity(spec.classes.len());
    for (class, number) in spec.classes.iter().zip(0_u16..) {
        let members = evaluator.identities(&class.condition)?;
        let mut both = members.clone();
        both.intersect(&classified);
        if !both.is_empty() {
            return Err(two_classes(spec, &of_class, &members, of_class.len()));
        }
        for member in members.iter() {
            if let Some(class) = classes.get_mut(member) {
                *class = number;
            }
        }
        classified.unite(&members);
        of_class.push(members);
    }
    classified.negate();
    if classified.is_empty() {
        Ok(ClassOf(classes))
    } else {
        Err(SelectError::Unclassified { examples: examples(&classified), count: classified.count() })
    }
}

/// Splits classes into those that are mined together, both in order.
///
/// Two classes are mined together when the spec draws the same lines around them: it does not separate the one from the other,
/// and every other of `classes` is separated from both or from neither. So a class that nothing was said of is not mined with one
/// that was set apart, separated classes are never together by way of a third, and the order of anything does not matter.
#[must_use]
pub fn mined_together(spec: &Spec, classes: &[usize]) -> Vec<Vec<usize>> {
    let separated = |a: usize, b: usize| spec.separated.binary_search(&(a.min(b), a.max(b))).is_ok();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &class in classes {
        let twin = |other: usize| {
            !separated(class, other)
                && classes.iter().all(|&third| {
                    third == class || third == other || separated(third, class) == separated(third, other)
                })
        };
        match groups.iter_mut().find(|group| group.first().is_some_and(|&first| twin(first))) {
            Some(group) => group.push(class),
            None => groups.push(vec![class]),
        }
    }
    groups
}

fn two_classes(spec: &Spec, earlier: &[Bits], members: &Bits, second: usize) -> SelectError {
    let overlap = |class: &Bits| {
        let mut both = class.clone();
        both.intersect(members);
        both
    };
    let name = |class: usize| spec.classes.get(class).map(|class| class.name.clone()).unwrap_or_default();
    let first = earlier.iter().position(|class| !overlap(class).is_empty()).unwrap_or_default();
    let both = earlier.get(first).map_or_else(|| Bits::none(0), overlap);
    SelectError::TwoClasses {
        first: name(first),
        second: name(second),
        examples: examples(&both),
        count: both.count(),
        span: spec.classes.get(second).map(|class| class.span).unwrap_or_default(),
    }
}

fn examples(identities: &Bits) -> Vec<IdentityId> {
    identities.iter().take(EXAMPLES).filter_map(|index| u32::try_from(index).ok()).map(IdentityId).collect()
}
