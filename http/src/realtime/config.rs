//! What live sessions may use. Every queue and every wait of a session has its bound here.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RealtimeConfig {
    /// Open sessions of this node; one more is answered with 503.
    pub max_sessions: u32,
    /// Topics that one session follows at a time.
    pub max_subscriptions: u32,
    /// Notices that wait for one session. A session that is further behind is told where to resume,
    /// and closed.
    pub outbox: u32,
    /// Entries of a history that are read and answered at once; the rest follows in as many frames.
    pub replay_chunk: u32,
    /// Bytes of one message of a client, all its fragments together.
    pub max_message_bytes: u32,
    /// Bytes of the data of one signal.
    pub max_signal_bytes: u32,
    /// Messages of a client in a second, in the long run and at once. At least 1.
    pub messages_per_second: NonZeroU32,
    pub message_burst: NonZeroU32,
    /// Messages that make no sense before a session is closed; each minute one is forgiven. At least 1.
    pub faults: NonZeroU32,
    /// A ping is sent this often.
    pub ping_every_ms: u64,
    /// A session without any frame from its client for so long is closed.
    pub idle_after_ms: u64,
    /// A client that takes nothing of what it is sent for so long is cut off.
    pub write_timeout_ms: u64,
    /// How long after its token's end a session may renew it before it is closed.
    pub renew_within_ms: u64,
    /// How long a closed session waits for its client to close too.
    pub linger_ms: u64,
}

impl Default for RealtimeConfig {
    fn default() -> Self {
        let number = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        Self {
            max_sessions: 10_000,
            max_subscriptions: 100,
            outbox: 1_024,
            replay_chunk: 256,
            max_message_bytes: 64 * 1_024,
            max_signal_bytes: 1_024,
            messages_per_second: number(50),
            message_burst: number(100),
            faults: number(20),
            ping_every_ms: 30_000,
            idle_after_ms: 75_000,
            write_timeout_ms: 20_000,
            renew_within_ms: 60_000,
            linger_ms: 2_000,
        }
    }
}

impl RealtimeConfig {
    /// Checks what the types cannot.
    ///
    /// # Errors
    /// A sentence that starts with the key at fault.
    pub fn validate(&self) -> Result<(), String> {
        let positive = [
            ("max_sessions", u64::from(self.max_sessions)),
            ("max_subscriptions", u64::from(self.max_subscriptions)),
            ("outbox", u64::from(self.outbox)),
            ("replay_chunk", u64::from(self.replay_chunk)),
            ("max_message_bytes", u64::from(self.max_message_bytes)),
            ("ping_every_ms", self.ping_every_ms),
            ("write_timeout_ms", self.write_timeout_ms),
        ];
        if let Some((key, _)) = positive.into_iter().find(|(_, value)| *value == 0) {
            return Err(format!("realtime.{key} must be at least 1"));
        }
        if self.idle_after_ms <= self.ping_every_ms {
            return Err(
                "realtime.idle_after_ms must be more than ping_every_ms, or nobody could answer in time".to_owned()
            );
        }
        Ok(())
    }

    pub fn ping_every(&self) -> Duration {
        Duration::from_millis(self.ping_every_ms)
    }

    pub fn idle_after(&self) -> Duration {
        Duration::from_millis(self.idle_after_ms)
    }

    pub fn write_timeout(&self) -> Duration {
        Duration::from_millis(self.write_timeout_ms)
    }

    pub fn renew_within(&self) -> Duration {
        Duration::from_millis(self.renew_within_ms)
    }

    pub fn linger(&self) -> Duration {
        Duration::from_millis(self.linger_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_name_the_key() {
        assert_eq!(RealtimeConfig::default().validate(), Ok(()));
        let none = RealtimeConfig { outbox: 0, ..RealtimeConfig::default() };
        assert!(none.validate().unwrap_err().starts_with("realtime.outbox"));
        let deaf = RealtimeConfig { idle_after_ms: 1_000, ..RealtimeConfig::default() };
        assert!(deaf.validate().unwrap_err().starts_with("realtime.idle_after_ms"));
    }
}
