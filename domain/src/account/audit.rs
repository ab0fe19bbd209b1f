//! The audit: what was done, each record bound to the one before it, so that one that is changed or taken out is found.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::time::Timestamp;

pub type Hash = [u8; 32];

/// What the first record is bound to.
pub const GENESIS: Hash = [0; 32];

/// Something worth remembering. No personal data: records are never changed, so a person could not be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub at: Timestamp,
    /// What happened, such as `signed_in`.
    pub action: String,
    /// Who did it: an account, a key, `staff:` and a name; none for somebody unknown.
    pub actor: Option<String>,
    /// What it was done to.
    pub subject: Option<String>,
    /// The rest, in a few words.
    pub detail: String,
}

/// An entry with its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// 1, 2, 3 and so on.
    pub seq: u64,
    pub entry: Entry,
    pub hash: Hash,
}

/// The hash of an entry at its place: over the hash before it, and every field with its length.
pub fn hash(previous: &Hash, seq: u64, entry: &Entry) -> Hash {
    let Entry { at, action, actor, subject, detail } = entry;
    let mut digest = Sha256::new();
    digest.update(previous);
    digest.update(seq.to_be_bytes());
    digest.update(at.as_millis().to_be_bytes());
    for field in [Some(action), actor.as_ref(), subject.as_ref(), Some(detail)] {
        match field {
            Some(text) => {
                digest.update([1]);
                digest.update((text.len() as u64).to_be_bytes());
                digest.update(text);
            }
            None => digest.update([0]),
        }
    }
    digest.finalize().into()
}

/// Follows the chain, record after record.
#[derive(Debug, Clone, Copy)]
pub struct Chain {
    pub seq: u64,
    pub hash: Hash,
}

impl Default for Chain {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS }
    }
}

impl Chain {
    /// The record that comes next.
    pub fn append(&mut self, entry: Entry) -> AuditRecord {
        self.seq += 1;
        self.hash = hash(&self.hash, self.seq, &entry);
        AuditRecord { seq: self.seq, entry, hash: self.hash }
    }

    /// # Errors
    /// A sentence: what is wrong with the record at its place. The chain goes on from it all the same.
    pub fn check(&mut self, record: &AuditRecord) -> Result<(), String> {
        let AuditRecord { seq, entry, hash: kept } = record;
        let (expected, previous) = (self.seq + 1, self.hash);
        (self.seq, self.hash) = (*seq, *kept);
        if *seq != expected {
            return Err(format!("audit record {expected} is missing, {seq} follows"));
        }
        if hash(&previous, *seq, entry) != *kept {
            return Err(format!("audit record {seq} is not what was written"));
        }
        Ok(())
    }
}
