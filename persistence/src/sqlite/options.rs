//! What can be chosen when a store is opened.

use std::time::Duration;

/// When a transaction counts as written (<https://www.sqlite.org/pragma.html#pragma_synchronous>).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// Each transaction waits for the disk. What was acknowledged survives a power cut.
    #[default]
    Full,
    /// Survives a crash of the process. A power cut may take the newest transactions, never the file.
    Normal,
    /// Like `Full`, and the folder is synced too where a journal file was removed.
    Extra,
}

impl Synchronous {
    pub(super) fn pragma(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Normal => "normal",
            Self::Extra => "extra",
        }
    }
}

#[derive(Debug, Clone)]
pub struct SqliteOptions {
    pub synchronous: Synchronous,
    /// Read-only connections of each file, opened when they are first needed. At least 1.
    pub readers: usize,
    /// Writes that may wait for the writer of one file; more wait for a place. At least 1.
    pub queue: usize,
    /// Commits that go into one transaction at most.
    pub batch_commits: usize,
    /// Bytes of events and rows that go into one transaction at most. A larger commit goes alone.
    pub batch_bytes: usize,
    /// How long a statement waits for a lock that somebody else holds.
    pub busy_timeout: Duration,
    /// The write-ahead log is copied into the file when it has this many pages of 4 KiB.
    pub checkpoint_pages: u32,
    /// Page cache of the writer, in KiB; each reader has a quarter of it.
    pub cache_kib: u32,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            synchronous: Synchronous::Full,
            readers: 4,
            queue: 4096,
            batch_commits: 512,
            batch_bytes: 4 * 1024 * 1024,
            busy_timeout: Duration::from_secs(5),
            checkpoint_pages: 4000,
            cache_kib: 16 * 1024,
        }
    }
}
