//! Names of people, hidden behind short stable pseudonyms.

use adit_snapshots::Digest;

mod names;

pub(crate) use names::Names;

/// How people are called in what a command prints.
#[derive(Debug, Clone)]
pub(crate) struct Privacy {
    /// Their pseudonyms. Fingerprints are made with them even where names are revealed, so that a finding is the same to everyone.
    pub(crate) pseudonyms: Pseudonyms,
    /// Whether to show names.
    pub(crate) reveal: bool,
}

impl Privacy {
    /// The pseudonyms, where people are to be hidden.
    pub(crate) fn hide(&self) -> Option<&Pseudonyms> {
        (!self.reveal).then_some(&self.pseudonyms)
    }
}

/// Turns names into pseudonyms such as `id-7f3a9c2e`, always the same for one name and one key.
///
/// Eight hex digits of an HMAC-SHA-256: whoever has no key cannot find out the name by trying names. Two of a hundred thousand
/// names may share a pseudonym; it is made to be read, not to be a key.
#[derive(Debug, Clone)]
pub(crate) struct Pseudonyms {
    /// What kind of key it is.
    pub(crate) kind: Key,
    key: Vec<u8>,
}

/// What pseudonyms are made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// A secret that few have.
    Secret,
    /// The project's name, for want of a secret: whoever has a list of names can find out who is who by trying.
    ProjectName,
}

impl Pseudonyms {
    /// Pseudonyms under a key.
    pub(crate) fn new(kind: Key, key: impl Into<Vec<u8>>) -> Self {
        Self { kind, key: key.into() }
    }

    /// What the key is called, so that reports and baselines under different keys can be told apart: never the key.
    pub(crate) fn key_id(&self) -> String {
        self.digest("key", "").short(8)
    }

    /// The pseudonym of an identity, or of a person as some field names them.
    pub(crate) fn identity(&self, name: &str) -> String {
        format!("id-{}", self.digest("identity", name).short(8))
    }

    /// The pseudonym of an account.
    pub(crate) fn account(&self, name: &str) -> String {
        format!("ac-{}", self.digest("account", name).short(8))
    }

    /// A fingerprint that cannot be undone by trying names.
    pub(crate) fn fingerprint(&self, fingerprint: &str) -> String {
        self.digest("fingerprint", fingerprint).short(16)
    }

    /// HMAC-SHA-256 (RFC 2104) of the kind and the name.
    fn digest(&self, kind: &str, name: &str) -> Digest {
        const BLOCK: usize = 64;
        let mut block = [0; BLOCK];
        let hashed;
        let key = if self.key.len() > BLOCK {
            hashed = Digest::of(&self.key).0;
            hashed.as_slice()
        } else {
            &self.key
        };
        for (slot, &byte) in block.iter_mut().zip(key) {
            *slot = byte;
        }
        let padded = |pad: u8, rest: &[&[u8]]| {
            let mut bytes: Vec<u8> = block.iter().map(|byte| byte ^ pad).collect();
            rest.iter().for_each(|part| bytes.extend_from_slice(part));
            Digest::of(&bytes)
        };
        let inner = padded(0x36, &[kind.as_bytes(), b"\0", name.as_bytes()]);
        padded(0x5c, &[&inner.0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn under(key: impl Into<Vec<u8>>) -> Pseudonyms {
        Pseudonyms::new(Key::Secret, key)
    }

    /// Against an implementation of RFC 2104 that is not ours.
    #[test]
    fn is_hmac_sha_256() {
        // python3: hmac.new(b"Jefe", b"identity\0u-4711", "sha256").hexdigest()
        let expected = "d7b883c6";
        assert_eq!(under("Jefe").identity("u-4711"), format!("id-{expected}"));
    }

    #[test]
    fn depends_on_key_kind_and_name() {
        let (a, b) = (under("a"), under("b"));
        assert_ne!(a.identity("rose"), b.identity("rose"));
        assert_ne!(a.identity("rose"), a.identity("iris"));
        assert_ne!(a.identity("rose").get(3..), a.account("rose").get(3..));
        assert_eq!(a.identity("rose"), under("a").identity("rose"));
    }

    #[test]
    fn a_long_key_is_hashed_first() {
        let key = vec![7; 100];
        assert_ne!(under(key.clone()).identity("x"), under(&key[..64]).identity("x"));
        assert_eq!(under(key.clone()).identity("x"), under(Digest::of(&key).0).identity("x"));
    }
}
