//! What can be chosen when the store is opened.

use super::access::RedisAccess;

/// When a write counts as written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum RedisDurability {
    /// The server must run with `appendfsync always`: what was acknowledged survives a power cut.
    #[default]
    EachWrite,
    /// `appendfsync everysec` is accepted: a power cut takes the last second of messages.
    LastSecondMayBeLost,
}

#[derive(Debug, Clone)]
pub struct RedisOptions {
    pub access: RedisAccess,
    /// Begins the names of all keys.
    pub prefix: String,
    pub durability: RedisDurability,
    /// Replicas that must have a write on their disks before it is acknowledged (`WAITAOF`, Redis 7.2 or newer).
    pub replicas: u32,
    /// Writes that may wait for the connection; more wait for a place. At least 1.
    pub queue: usize,
    /// Commits that are sent together at most.
    pub batch_commits: usize,
    /// Bytes that are sent together at most. A larger commit goes alone.
    pub batch_bytes: usize,
    /// Newest events of a room that stay in its stream once a snapshot covers them. Older ones are packed into its archive.
    pub stream_events: u64,
    /// Archived commits that are kept of each room; 0 keeps all. Older ones are given up for good: they are no longer
    /// read, and the room can't be built again from its beginning when a new version needs another snapshot.
    pub archive_commits: u64,
}

impl RedisOptions {
    pub fn new(access: RedisAccess) -> Self {
        Self {
            access,
            prefix: "souk".to_owned(),
            durability: RedisDurability::EachWrite,
            replicas: 0,
            queue: 4096,
            batch_commits: 512,
            batch_bytes: 4 * 1024 * 1024,
            stream_events: 1000,
            archive_commits: 0,
        }
    }
}
