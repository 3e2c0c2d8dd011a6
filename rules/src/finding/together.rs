//! Many findings of one kind, told as one.

use super::{Finding, Subject};
use crate::context::Context;

/// Findings told as one. Whether there are enough of them is decided before any waiver is looked at, so that one which takes some of them
/// never adds a finding: what is left is still told as one.
#[derive(Debug, Clone)]
pub struct Together {
    /// Each by itself, as it would be told alone; never empty.
    pub parts: Vec<Finding>,
    tell: Tell,
}

/// Tells findings as one that is about a subject.
pub(crate) type Tell = fn(&Context<'_>, Subject, &[Finding]) -> Finding;

impl Finding {
    /// These findings as one about a subject, which says the same of any of them.
    pub(crate) fn together(context: &Context<'_>, subject: Subject, parts: Vec<Self>, tell: Tell) -> Self {
        let whole = tell(context, subject, &parts);
        Self { together: Some(Together { parts, tell }), ..whole }
    }

    /// The findings that it tells as one, or itself alone.
    #[must_use]
    pub fn parts(&self) -> &[Self] {
        self.together.as_ref().map_or(std::slice::from_ref(self), |together| &together.parts)
    }

    /// What it says without some of its parts, and those parts. It says nothing without any.
    pub(crate) fn parted(
        mut self,
        context: &Context<'_>,
        is_taken: impl Fn(usize) -> bool,
    ) -> (Option<Self>, Vec<Self>) {
        let Some(Together { parts, tell }) = self.together.take() else {
            return if is_taken(0) { (None, vec![self]) } else { (Some(self), Vec::new()) };
        };
        let (mut left, mut taken) = (Vec::new(), Vec::new());
        for (place, part) in parts.into_iter().enumerate() {
            if is_taken(place) { &mut taken } else { &mut left }.push(part);
        }
        let whole = match left.is_empty() {
            true => None,
            false if taken.is_empty() => Some(Self { together: Some(Together { parts: left, tell }), ..self }),
            false => {
                let whole = Self::together(context, self.subject, left, tell);
                Some(Self { severity: self.severity, ..whole })
            }
        };
        (whole, taken)
    }
}
