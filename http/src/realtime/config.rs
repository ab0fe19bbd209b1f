//! What live sessions may use. Every queue and every wait of a session has its bound here.

use std::num::NonZeroU32;
use std::time::Duration;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealtimeConfig {
    /// Open sessions of this node; one more is answered with 503.
    pub sessions: usize,
    /// Topics that one session follows at a time.
    pub subscriptions: usize,
    /// Notices that wait for one session. A session that is further behind is told where to resume,
    /// and closed.
    pub outbox: usize,
    /// Entries of a history that are read and answered at once; the rest follows in as many frames.
    pub replay_chunk: usize,
    /// Bytes of one message of a client, all its fragments together.
    pub message_bytes: usize,
    /// Bytes of the data of one signal.
    pub signal_bytes: usize,
    /// Messages of a client in a second, in the long run and at once.
    pub messages_per_second: NonZeroU32,
    pub message_burst: NonZeroU32,
    /// Messages that make no sense before the session is closed; one more is forgiven each minute.
    pub faults: NonZeroU32,
    /// A ping is sent this often.
    pub ping_every: Duration,
    /// A session without any frame from its client for so long is closed.
    pub idle_after: Duration,
    /// A client that takes nothing of what it is sent for so long is cut off.
    pub write_within: Duration,
    /// How long after its token's end a session may renew it before it is closed.
    pub renew_within: Duration,
    /// How long a closed session waits for its client to close too.
    pub linger: Duration,
}

impl Default for RealtimeConfig {
    fn default() -> Self {
        Self {
            sessions: 10_000,
            subscriptions: 100,
            outbox: 1_024,
            replay_chunk: 256,
            message_bytes: 64 * 1_024,
            signal_bytes: 1_024,
            messages_per_second: NonZeroU32::new(50).expect("not zero"),
            message_burst: NonZeroU32::new(100).expect("not zero"),
            faults: NonZeroU32::new(20).expect("not zero"),
            ping_every: Duration::from_secs(30),
            idle_after: Duration::from_secs(75),
            write_within: Duration::from_secs(20),
            renew_within: Duration::from_secs(60),
            linger: Duration::from_secs(2),
        }
    }
}
