//! Reads a journal on for a session that follows it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use souk_actors::marketplace::Marketplace;
use souk_actors::topics::start::{TopicError, TopicStart};
use souk_domain::aggregate::Seq;

use super::follows::ReadOn;

/// The waits before a store that did not answer is asked again.
const PATIENCE: [Duration; 4] =
    [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(800), Duration::from_millis(2_000)];

pub enum ReadDone {
    Read {
        read: ReadOn,
        entries: Vec<(Seq, Bytes)>,
        head: Seq,
    },
    /// It cannot be read now, or no longer by this viewer.
    Failed,
}

pub async fn read_on(market: Arc<Marketplace>, read: ReadOn, chunk: usize) -> ReadDone {
    for wait in PATIENCE {
        match market.topic(read.topic, Some(read.since), chunk, &read.viewer).await {
            Ok(TopicStart::Log { seq: head, entries }) if head > read.since => {
                return ReadDone::Read { read, entries, head };
            }
            // Asked for because there is more: what is published is in the journal, so this is a
            // reader that lags behind, and it is not asked in a tight loop.
            Ok(_) => tracing::debug!(topic = %read.topic, since = read.since, "a journal had nothing new yet"),
            Err(TopicError::Unavailable(cause)) => {
                tracing::debug!(topic = %read.topic, %cause, "a journal could not be read on");
            }
            Err(TopicError::NotFound | TopicError::SinceAhead { .. }) => return ReadDone::Failed,
        }
        tokio::time::sleep(wait).await;
    }
    tracing::warn!(topic = %read.topic, since = read.since, "a journal could not be read on, its follower has to come back");
    ReadDone::Failed
}
