//! Who is asking.

use sha2::{Digest, Sha256};
pub use souk_domain::account::role::Role;

/// Somebody with a valid token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `acct_...`, `guest_...`, `key_...` of a program, or `staff:` and a name.
    pub id: String,
    pub name: String,
    pub role: Role,
}

/// Somebody, with whatever they showed.
#[derive(Clone, Default)]
pub struct Viewer {
    pub person: Option<Identity>,
    /// The access key of a guest's order.
    pub key: Option<String>,
}

impl Viewer {
    pub fn person_id(&self) -> Option<&str> {
        self.person.as_ref().map(|person| person.id.as_str())
    }

    /// Whether this may be seen by its owner or by whoever has its key.
    pub fn may_see(&self, owner: Option<&str>, access_key: &str) -> bool {
        let owns = owner.is_some() && owner == self.person_id();
        owns || self.key.as_deref().is_some_and(|key| same_secret(key, access_key))
    }
}

/// Compares digests, so that the time it takes tells nothing about the secret.
fn same_secret(given: &str, secret: &str) -> bool {
    Sha256::digest(given) == Sha256::digest(secret)
}
