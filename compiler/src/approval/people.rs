//! Who stands behind an address: the identities it names, and those they answer for.

use adit_snapshots::{Column, IdentityId, Snapshot};
use rustc_hash::FxHashMap;

use crate::{address::key, roles::CandidateRole};

/// Addresses, and the identities that each stands behind.
#[derive(Debug, Default)]
pub(super) struct People {
    behind: FxHashMap<String, Vec<IdentityId>>,
}

impl People {
    /// Looks up every address once: identities whose id or e-mail it is, in any case of letters, and identities that these own.
    pub(super) fn new<'t>(snapshot: &Snapshot, addresses: impl IntoIterator<Item = &'t str>) -> Self {
        let mut behind: FxHashMap<String, Vec<IdentityId>> =
            addresses.into_iter().map(|address| (key(address), Vec::new())).collect();
        if behind.is_empty() {
            return Self::default();
        }
        // What else each address is called: an owner may be given by id where people sign with an e-mail, and the other way round.
        let mut called: FxHashMap<String, Vec<String>> =
            behind.keys().map(|address| (address.clone(), vec![address.clone()])).collect();
        for identity in snapshot.identities.iter() {
            let id = key(snapshot.identities.name(identity));
            let email = snapshot.identities.text("email", identity).map(key);
            for name in std::iter::once(&id).chain(&email) {
                if let Some(identities) = behind.get_mut(name) {
                    identities.push(identity);
                    let names = called.entry(name.clone()).or_default();
                    names.extend(std::iter::once(&id).chain(&email).cloned());
                }
            }
        }
        let mut address_of: FxHashMap<String, Vec<String>> = FxHashMap::default();
        let mut pairs: Vec<(String, Vec<String>)> = called.into_iter().collect();
        pairs.sort();
        for (address, names) in pairs {
            for name in names {
                address_of.entry(name).or_default().push(address.clone());
            }
        }
        if let Some(Column::Text(owners)) = snapshot.identities.attribute("owner_id") {
            // By the dictionary, once for each owner; then by the codes of the identities.
            let owner: Vec<Option<&Vec<String>>> =
                owners.values.iter().map(|owner| address_of.get(&key(owner))).collect();
            for identity in snapshot.identities.iter() {
                let code = owners.codes.get(identity.0 as usize).map(|&code| code as usize);
                let addresses = code.and_then(|code| owner.get(code)).copied().flatten();
                for address in addresses.into_iter().flatten() {
                    if let Some(identities) = behind.get_mut(address) {
                        identities.push(identity);
                    }
                }
            }
        }
        Self { behind }
    }

    /// Whether an address would gain by a role: stands behind one of its members.
    pub(super) fn gains(&self, address: &str, role: &CandidateRole) -> bool {
        let identities = self.behind.get(&key(address));
        identities.is_some_and(|identities| identities.iter().any(|id| role.members.binary_search(id).is_ok()))
    }
}
