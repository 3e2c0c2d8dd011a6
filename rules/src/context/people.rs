//! Who an address or an id is.

use adit_snapshots::{Column, IdentityId, Snapshot};
use rustc_hash::FxHashMap;

/// Finds identities by id or by e-mail address, in whatever case it is written.
#[derive(Debug, Default)]
pub struct People {
    by_name: FxHashMap<String, Vec<IdentityId>>,
}

impl People {
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let mut by_name: FxHashMap<String, Vec<IdentityId>> = FxHashMap::default();
        let emails = snapshot.identities.attribute("email");
        for identity in snapshot.identities.iter() {
            let id = snapshot.identities.name(identity);
            let email = emails.and_then(|column: &Column| column.text(identity.0 as usize));
            for name in [Some(id), email].into_iter().flatten().map(normal) {
                let known = by_name.entry(name).or_default();
                if known.last() != Some(&identity) {
                    known.push(identity);
                }
            }
        }
        Self { by_name }
    }

    /// The identities of that id or address, ascending: none when nobody in the snapshot has it, several when records are doubled.
    #[must_use]
    pub fn find(&self, person: &str) -> &[IdentityId] {
        self.by_name.get(&normal(person)).map_or(&[], Vec::as_slice)
    }

    /// Whether that id or address is this identity's.
    #[must_use]
    pub fn is(&self, person: &str, identity: IdentityId) -> bool {
        self.find(person).contains(&identity)
    }

    /// Whether two ids or addresses are one person's: the same text, or names of the same identity.
    #[must_use]
    pub fn same(&self, one: &str, other: &str) -> bool {
        normal(one) == normal(other) || self.find(one).iter().any(|identity| self.find(other).contains(identity))
    }
}

fn normal(person: &str) -> String {
    person.trim().to_lowercase()
}
