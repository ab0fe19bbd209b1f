//! What can be chosen when a store is opened.

use std::fmt;
use std::time::Duration;

/// Whether the store may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    Write,
    /// Every transaction is read-only, and the schema must be there.
    Read,
}

/// What is demanded of the server's own settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `fsync` and `synchronous_commit` must be on: what was acknowledged survives a power cut.
    Required,
    /// Whatever the server is set to.
    AsConfigured,
}

/// When the schema is brought up to date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrations {
    WhenOpened,
    /// By `souk migrate` alone: an older schema is an error.
    ByCommand,
}

#[derive(Clone)]
pub struct PostgresOptions {
    /// The key of the configuration that names the server, such as `stores.orders`. Errors begin with it.
    pub key: String,
    /// `postgres://user:password@host:5432/database?sslmode=verify-full&sslrootcert=/etc/souk/ca.pem`. Parameters are
    /// those of libpq.
    pub url: String,
    /// A domain lies in the schema of this name, `_` and the name of the domain. Lower case letters, digits and `_`.
    pub schema: String,
    pub access: Access,
    pub durability: Durability,
    pub migrations: Migrations,
    /// Connections that read, opened when they are needed. At least 1.
    pub readers: u32,
    /// Connections that write, and so batches that may be in flight at once. At least 1.
    pub writers: u32,
    /// Commits that may wait for the writer; more wait for a place. At least 1.
    pub queue: usize,
    /// Commits that go into one batch at most.
    pub batch_commits: usize,
    /// Bytes of events and rows that go into one batch at most. A larger commit goes alone.
    pub batch_bytes: usize,
    /// How long a connection may take to be made or to become free.
    pub connect_timeout: Duration,
    /// How long the server may work on a statement.
    pub statement_timeout: Duration,
    /// How long a statement waits for a row that somebody else holds.
    pub lock_timeout: Duration,
}

impl PostgresOptions {
    pub fn new(key: impl Into<String>, url: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            url: url.into(),
            schema: "souk".to_owned(),
            access: Access::Write,
            durability: Durability::Required,
            migrations: Migrations::WhenOpened,
            readers: 8,
            writers: 4,
            queue: 4096,
            batch_commits: 512,
            batch_bytes: 4 * 1024 * 1024,
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            lock_timeout: Duration::from_secs(3),
        }
    }

    /// How long a call may take before its connection is given up: the server speaks up sooner, unless it is gone.
    pub(super) fn patience(&self) -> Duration {
        self.statement_timeout + Duration::from_secs(2)
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions").field("key", &self.key).field("schema", &self.schema).finish_non_exhaustive()
    }
}
