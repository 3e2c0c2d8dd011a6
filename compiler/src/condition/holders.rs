//! Conditions on what identities hold, and on the roles they have.

use adit_grammar::Span;
use adit_snapshots::Snapshot;

use super::{Bits, Evaluator, entitlement_text};
use crate::{existing, select_error::SelectError, spec::EntitlementName, suggest::did_you_mean};

impl Evaluator<'_> {
    /// Everyone who holds an entitlement.
    pub(super) fn holders(&self, name: &EntitlementName) -> Result<Bits, SelectError> {
        let Snapshot { identities, entitlements, assignments, .. } = self.snapshot;
        let entitlement = self.entitlements.lookup(name).ok_or_else(|| SelectError::Unknown {
            message: format!("this snapshot has no entitlement `{}`", entitlement_text(name)),
            help: did_you_mean(&name.value, entitlements.value.values.iter().map(String::as_str), || {
                "compare the value with the entitlements table".to_owned()
            }),
            span: name.span,
        })?;
        Ok(Bits::of_ids(identities.len(), |identity| assignments.held(identity).binary_search(&entitlement).is_ok()))
    }

    /// Everyone who holds an existing role, directly or through a role that inherits it.
    pub(super) fn members(&self, role: &str, span: Span) -> Result<Bits, SelectError> {
        let roles = &self.snapshot.roles;
        let named = existing::named(self.snapshot, role, span)?;
        let mut members = Bits::none(self.snapshot.identities.len());
        for holder in existing::holders(roles, &existing::heirs(roles), &named) {
            members.insert(holder.0 as usize);
        }
        Ok(members)
    }

    /// Everyone who holds anything of an application.
    pub(super) fn holders_of_application(&self, application: &str, span: Span) -> Result<Bits, SelectError> {
        let Snapshot { identities, entitlements, assignments, .. } = self.snapshot;
        let code = entitlements.application.code(application).ok_or_else(|| SelectError::Unknown {
            message: format!("this snapshot has no entitlement of application `{application}`"),
            help: did_you_mean(application, entitlements.application.values.iter().map(String::as_str), || {
                "compare it with the entitlements table".to_owned()
            }),
            span,
        })?;
        let codes = &entitlements.application.codes;
        Ok(Bits::of_ids(identities.len(), |identity| {
            assignments.held(identity).iter().any(|held| codes.get(held.0 as usize) == Some(&code))
        }))
    }
}
