//! What became of something that a client asked for.

use bytes::Bytes;
use souk_actors::rooms::view::MessageView;
use souk_actors::topics::topic::Topic;
use souk_actors::viewer::Identity;
use souk_domain::aggregate::Seq;

use super::follows::{Generation, Start};
use super::refusal::Refusal;

#[derive(Debug)]
pub enum Outcome {
    Authenticated(Identity),
    /// A log is followed. `entries` are whole frames; where the last is not `seq`, the rest follows.
    Log {
        topic: Topic,
        generation: Generation,
        seq: Seq,
        entries: Vec<(Seq, Bytes)>,
    },
    State {
        topic: Topic,
        generation: Generation,
        seq: Seq,
        state: Bytes,
    },
    Posted(Box<MessageView>),
    Done,
    Refused(Refusal),
}

impl Outcome {
    /// What the answer itself gives a follower, where something is followed from now on.
    pub fn start(&self) -> Option<Start> {
        match self {
            Self::Log { topic, generation, seq, entries } => {
                let sent = entries.last().map_or(*seq, |(last, _)| *last);
                Some(Start { topic: *topic, generation: *generation, sent, head: *seq })
            }
            Self::State { topic, generation, seq, state: _ } => {
                Some(Start { topic: *topic, generation: *generation, sent: *seq, head: *seq })
            }
            Self::Authenticated(_) | Self::Posted(_) | Self::Done | Self::Refused(_) => None,
        }
    }
}
