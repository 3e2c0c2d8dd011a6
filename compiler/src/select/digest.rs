//! The digest of an access matrix: what is mined, by names.

use adit_snapshots::{Digest, Snapshot};

use crate::matrix::AccessMatrix;

/// The digest of a matrix: the names of its identities and of its entitlements with their lengths, then each row's length and
/// columns, all numbers as little-endian integers.
pub(super) fn digest(snapshot: &Snapshot, matrix: &AccessMatrix) -> Digest {
    let mut digest = Digester::default();
    digest.number(matrix.height() as u64);
    matrix.identities.iter().for_each(|&identity| digest.text(snapshot.identities.name(identity)));
    digest.number(matrix.width() as u64);
    matrix.entitlements.iter().for_each(|&entitlement| digest.text(snapshot.entitlements.name(entitlement)));
    for row in 0..matrix.height() {
        let columns = matrix.row(row);
        digest.number(columns.len() as u64);
        columns.iter().for_each(|column| digest.bytes(&column.to_le_bytes()));
    }
    digest.finish()
}

/// SHA-256 fed in blocks: a call for each integer would cost more than the hashing.
#[derive(Default)]
struct Digester {
    sha: sha2::Sha256,
    block: Vec<u8>,
}

impl Digester {
    const BLOCK: usize = 1 << 16;

    fn number(&mut self, number: u64) {
        self.bytes(&number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.block.extend_from_slice(bytes);
        if self.block.len() >= Self::BLOCK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        sha2::Digest::update(&mut self.sha, &self.block);
        self.block.clear();
    }

    fn finish(mut self) -> Digest {
        self.flush();
        Digest(sha2::Digest::finalize(self.sha).into())
    }
}
