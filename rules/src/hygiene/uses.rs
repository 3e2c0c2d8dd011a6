//! Which attributes decide something, and where.

use std::collections::BTreeMap;

use adit_compiler::spec::{Condition, Spec};
use adit_grammar::Span;

/// Whose attribute it is. The order is the order of the tables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// Identities.
    Identity,
    /// Entitlements.
    Entitlement,
}

/// Where an attribute decides something.
pub(super) struct Use {
    /// Where, in words.
    pub(super) place: String,
    /// Where it is written.
    pub(super) span: Span,
}

/// Every attribute that decides, with the places where it does: each place once, in the order of the spec.
pub(super) fn uses(spec: &Spec) -> BTreeMap<(Owner, String), Vec<Use>> {
    let mut uses = Uses::default();
    for class in &spec.classes {
        uses.condition(Owner::Identity, &class.condition, &format!("identity class `{}`", class.name));
    }
    for mining in &spec.minings {
        let place = |what: &str| format!("{what} of mining `{}`", mining.name);
        let scope = &mining.scope;
        for selection in scope.identities.iter().chain(&scope.except_identities) {
            uses.condition(Owner::Identity, &selection.line.condition, &place("the scope"));
        }
        for line in scope.entitlements.iter().chain(&scope.except_entitlements) {
            uses.condition(Owner::Entitlement, &line.condition, &place("the scope"));
        }
        for attribute in &mining.guided_by {
            uses.add(Owner::Identity, attribute, place("`guided by`"), mining.span);
        }
        for attribute in mining.describe.iter().flat_map(|describe| &describe.by) {
            uses.add(Owner::Identity, attribute, place("`describe by`"), mining.span);
        }
    }
    for role in &spec.roles {
        if let Some(condition) = &role.condition {
            uses.condition(Owner::Identity, condition, &format!("role `{}`", role.name));
        }
    }
    uses.0
}

#[derive(Default)]
struct Uses(BTreeMap<(Owner, String), Vec<Use>>);

impl Uses {
    fn condition(&mut self, owner: Owner, condition: &Condition, place: &str) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| self.condition(owner, part, place));
            }
            Condition::Not(part) => self.condition(owner, part, place),
            Condition::Test { attribute, span, .. } => self.add(owner, attribute, place.to_owned(), *span),
            Condition::Always
            | Condition::UnusedFor { .. }
            | Condition::MembersOfRole { .. }
            | Condition::HoldingApplication { .. }
            | Condition::Holding(_) => {}
        }
    }

    fn add(&mut self, owner: Owner, attribute: &str, place: String, span: Span) {
        let by_definition: &[&str] = match owner {
            Owner::Identity => &["id"],
            Owner::Entitlement => &["id", "application", "attribute", "value"],
        };
        if by_definition.contains(&attribute) {
            return;
        }
        let known = self.0.entry((owner, attribute.to_owned())).or_default();
        if known.iter().all(|used| used.place != place) {
            known.push(Use { place, span });
        }
    }
}

impl Owner {
    /// What a finding about such an attribute is about.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::Identity => "identity attribute",
            Self::Entitlement => "entitlement attribute",
        }
    }

    /// The table it is in.
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Identity => "identities",
            Self::Entitlement => "entitlements",
        }
    }
}
