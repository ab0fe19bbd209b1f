//! What can be chosen when the catalogue is opened on MongoDB.

use std::fmt;
use std::time::Duration;

/// Whether the store may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Writing,
    /// The schema must be there. What nobody followed yet is left as it is.
    Reading,
}

#[derive(Clone)]
pub struct MongoOptions {
    /// `mongodb://host1,host2/database?replicaSet=rs0&tls=true`, or `mongodb+srv://…`. The database is
    /// [`MongoOptions::DATABASE`] where it names none. TLS and its files are the driver's own parameters: `tls`,
    /// `tlsCAFile`, `tlsCertificateKeyFile`.
    pub url: String,
    /// Instead of credentials in the URL.
    pub username: Option<String>,
    pub password: Option<String>,
    pub access: Access,
    /// Connections to each server at most. At least 1.
    pub connections: u32,
    /// How long a connection may take to be made.
    pub connect_timeout: Duration,
    /// How long a read, or a write with all its attempts, may take. Shorter than the deadline of a call, so that who
    /// calls is told why.
    pub timeout: Duration,
    /// Commits that may wait to be written, and as many that may wait to be followed; more wait for a place.
    pub queue: usize,
    /// Commits that go into one batch at most.
    pub batch_commits: usize,
    /// Bytes that go into one batch at most. A larger commit goes alone.
    pub batch_bytes: usize,
    /// Batches that are being written at once.
    pub writers: usize,
}

impl MongoOptions {
    pub const DATABASE: &str = "souk_products";

    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            username: None,
            password: None,
            access: Access::Writing,
            connections: 16,
            connect_timeout: Duration::from_secs(2),
            timeout: Duration::from_secs(5),
            queue: 4096,
            batch_commits: 512,
            batch_bytes: 4 * 1024 * 1024,
            writers: 4,
        }
    }
}

/// Neither the password nor the URL, which may hold one.
impl fmt::Debug for MongoOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MongoOptions").field("username", &self.username).finish_non_exhaustive()
    }
}
