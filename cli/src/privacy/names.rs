//! How things are called in a report: people by pseudonym unless they are revealed, everything else by its name.

use std::{cell::OnceCell, collections::BTreeMap};

use adit_rules::Subject;
use adit_snapshots::{EntitlementId, IdentityId, Snapshot};

use super::{Key, Privacy, Pseudonyms};

/// The attributes whose values say who somebody is.
const NAMING: [&str; 6] = ["display_name", "email", "employee_id", "id", "manager_id", "owner_id"];

/// Names for one report.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    snapshot: &'a Snapshot,
    privacy: &'a Privacy,
    /// Who has an e-mail address, so that one person has one pseudonym however a field names them.
    by_email: OnceCell<BTreeMap<String, IdentityId>>,
}

impl<'a> Names<'a> {
    /// Names that hide people, or that reveal them.
    pub(crate) fn new(snapshot: &'a Snapshot, privacy: &'a Privacy) -> Self {
        Self { snapshot, privacy, by_email: OnceCell::new() }
    }

    /// Whether people are hidden.
    pub(crate) fn hides(&self) -> bool {
        !self.privacy.reveal
    }

    /// What the key is called, if it is a secret.
    pub(crate) fn key(&self) -> Option<String> {
        let pseudonyms = &self.privacy.pseudonyms;
        (pseudonyms.kind == Key::Secret).then(|| pseudonyms.key_id())
    }

    /// What stands for an identity.
    pub(crate) fn identity(&self, identity: IdentityId) -> String {
        let name = self.snapshot.identities.name(identity);
        self.hide().map_or_else(|| name.to_owned(), |hide| hide.identity(name))
    }

    /// What stands for an account.
    pub(crate) fn account(&self, account: &str) -> String {
        self.hide().map_or_else(|| account.to_owned(), |hide| hide.account(account))
    }

    /// What stands for a person as some field names them: by identity id or by address.
    pub(crate) fn person(&self, name: &str) -> String {
        let Some(hide) = self.hide() else { return name.to_owned() };
        match self.owner_of(name) {
            Some(identity) => hide.identity(self.snapshot.identities.name(identity)),
            None => hide.identity(name),
        }
    }

    /// A value of an attribute of identities; of one that says who somebody is, what stands for the person.
    pub(crate) fn value(&self, attribute: &str, value: &str) -> String {
        if NAMING.contains(&attribute) { self.person(value) } else { value.to_owned() }
    }

    /// The language's name for an entitlement.
    pub(crate) fn entitlement(&self, entitlement: EntitlementId) -> String {
        adit_compiler::select::label(self.snapshot, entitlement)
    }

    /// A finding's fingerprint: under the project's key, so that nobody finds out by trying names, and the same to everyone.
    pub(crate) fn fingerprint(&self, fingerprint: &str) -> String {
        self.privacy.pseudonyms.fingerprint(fingerprint)
    }

    /// What a finding is about: its parts as kind and name, in the order of the subject.
    pub(crate) fn subject(&self, subject: &Subject) -> Vec<(&'static str, String)> {
        let role =
            |id: &adit_compiler::roles::RoleId, handle: &str| [("role", id.0.clone()), ("handle", handle.to_owned())];
        match subject {
            Subject::Spec(kind, name) => vec![(*kind, name.clone())],
            Subject::Source(name) => vec![("source", name.clone())],
            Subject::Population(name) => vec![("population", name.clone())],
            Subject::PopulationAttribute(population, attribute) => {
                vec![("population", population.clone()), ("attribute", attribute.clone())]
            }
            Subject::Group(name) => vec![("group", name.clone())],
            Subject::GroupConflict(name, duties) => vec![("group", name.clone()), ("duties", duties.clone())],
            Subject::Account(name) => vec![("account", self.account(name))],
            Subject::AccountConflict(name, duties) => vec![("account", self.account(name)), ("duties", duties.clone())],
            Subject::Exception(name) => vec![("exception", name.clone())],
            Subject::Approval(name) => vec![("approval", name.clone())],
            Subject::ExistingRole(name) => vec![("existing_role", name.clone())],
            Subject::ExistingRoleConflict(name, duties) => {
                vec![("existing_role", name.clone()), ("duties", duties.clone())]
            }
            Subject::Role(id, handle) => role(id, &handle.0).into(),
            Subject::RolePair((one, one_handle), (other, other_handle)) => vec![
                ("role", one.0.clone()),
                ("handle", one_handle.0.clone()),
                ("other_role", other.0.clone()),
                ("other_handle", other_handle.0.clone()),
            ],
            Subject::RoleTwin(id, handle, existing) => {
                let [role, handle] = role(id, &handle.0);
                vec![role, handle, ("existing_role", existing.clone())]
            }
            Subject::RoleConflict(id, handle, duties) => {
                let [role, handle] = role(id, &handle.0);
                vec![role, handle, ("duties", duties.clone())]
            }
            Subject::Reference(table, name) => vec![("table", table.clone()), ("reference", self.person(name))],
            Subject::Identity(identity) => vec![("identity", self.identity(*identity))],
            Subject::IdentityPair(one, other) => {
                vec![("identity", self.identity(*one)), ("other_identity", self.identity(*other))]
            }
            Subject::Conflict(identity, duties) => {
                vec![("identity", self.identity(*identity)), ("duties", duties.clone())]
            }
            Subject::Assignment(identity, entitlement) => {
                vec![("identity", self.identity(*identity)), ("entitlement", self.entitlement(*entitlement))]
            }
            Subject::Entitlement(entitlement) => vec![("entitlement", self.entitlement(*entitlement))],
            Subject::Application(name) => vec![("application", name.clone())],
        }
    }

    fn hide(&self) -> Option<&Pseudonyms> {
        self.privacy.hide()
    }

    fn owner_of(&self, name: &str) -> Option<IdentityId> {
        let identities = &self.snapshot.identities;
        identities.find(name).or_else(|| {
            let by_email = self.by_email.get_or_init(|| {
                let named = identities.iter().filter_map(|id| Some((identities.text("email", id)?.to_lowercase(), id)));
                named.collect()
            });
            by_email.get(&name.to_lowercase()).copied()
        })
    }
}
