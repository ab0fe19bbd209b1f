//! The port of the bus between nodes.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use souk_domain::aggregate::Seq;

/// What one node tells the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Who hears it: the nodes that joined this channel. Many things can share one.
    pub channel: Arc<str>,
    /// What it is about: the id of an entity, the name of a topic.
    pub about: Arc<str>,
    /// Where the journal stands now, with `payload` the news. None: a signal, which is in no journal.
    pub seq: Option<Seq>,
    /// Whatever the nodes agree on. Empty when it was too long for the bus: then the journal has it, and a signal like
    /// that is dropped.
    pub payload: Bytes,
}

/// What a node hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// From another node; of one node and channel in the order in which they were published.
    Notice(Notice),
    /// The bus is out of reach: nothing is heard from here on until a [`Heard::Gap`].
    Lost,
    /// Anything may have been missed on any channel, but nothing is from here on: compare with the stores now. Told
    /// after the connection was made (also the first one), when this listener was too slow, and when a node could not
    /// tell what it had to tell.
    Gap,
}

/// One node's end of the bus. It is made together with the [`Listener`](super::Listener) of what the others say.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Tells the other nodes, in order, and never waits. What cannot be told is dropped; the others are told of a gap
    /// as soon as they can be.
    fn publish(&self, notices: Vec<Notice>);

    /// Listens to a channel from here on: whatever is published on it after this returned is heard, or a
    /// [`Heard::Gap`] is. Joining twice is joining once.
    async fn join(&self, channels: Vec<Arc<str>>);

    /// Listens to these channels no more.
    async fn leave(&self, channels: Vec<Arc<str>>);

    /// Publishes what waits and ends; the listener ends with it.
    async fn close(&self);
}
