//! What a session was sent of each topic it follows, and so what it may be sent next. It knows no
//! clock, socket or store: the session tells it what came in and does what it answers.
//!
//! A log goes on with the number after the last one or not at all. Whenever that number is not at
//! hand (right after subscribing, in the middle of a long history, after a gap) the journal is read,
//! and what comes live meanwhile waits here. A state only ever goes forward.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use bytes::Bytes;
use souk_actors::topics::outbox::Notice;
use souk_actors::topics::topic::Topic;
use souk_actors::viewer::Viewer;
use souk_domain::aggregate::Seq;

/// Tells one following of a topic from an earlier one of the same topic by the same session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation(u64);

/// What the first answer to a follower held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    pub topic: Topic,
    pub generation: Generation,
    /// Everything up to this number.
    pub sent: Seq,
    /// Where the topic stood.
    pub head: Seq,
}

/// A log to be read from its journal before its live tail can go on.
#[derive(Clone)]
pub struct ReadOn {
    pub topic: Topic,
    pub generation: Generation,
    /// The number that was sent last.
    pub since: Seq,
    /// Who follows.
    pub viewer: Arc<Viewer>,
}

/// All topics that a session follows.
pub struct Follows {
    topics: BTreeMap<Topic, Follow>,
    generations: u64,
    most_held: usize,
}

struct Follow {
    generation: Generation,
    viewer: Arc<Viewer>,
    /// The newest number that was sent, or that the follower said it has. None until the first
    /// answer when it asked for no history.
    sent: Option<Seq>,
    phase: Phase,
}

enum Phase {
    /// Its journal or state is being read.
    Reading(Held),
    Live,
}

/// What came live while the journal was read.
#[derive(Default)]
struct Held {
    entries: VecDeque<(Seq, Bytes)>,
    /// There was too much of it: the journal has it.
    lost: bool,
}

impl Follows {
    /// Of each log at most `most_held` entries wait; more than that are read from the journal again.
    pub fn new(most_held: usize) -> Self {
        Self { topics: BTreeMap::new(), generations: 0, most_held }
    }

    /// From now on what comes of the topic waits until it has [`started`](Self::started). Begins again where
    /// the topic is followed already.
    pub fn begin(&mut self, topic: Topic, since: Option<Seq>, viewer: Arc<Viewer>) -> Generation {
        self.generations += 1;
        let generation = Generation(self.generations);
        let phase = Phase::Reading(Held::default());
        self.topics.insert(topic, Follow { generation, viewer, sent: since, phase });
        generation
    }

    pub fn end(&mut self, topic: Topic) {
        self.topics.remove(&topic);
    }

    /// The follower was given its first answer.
    pub fn started(&mut self, start: Start, out: &mut VecDeque<Notice>) -> Option<ReadOn> {
        let Start { topic, generation, sent, head } = start;
        let follow = self.topics.get_mut(&topic).filter(|follow| follow.generation == generation)?;
        follow.sent = Some(sent);
        follow.go_on(topic, head, out)
    }

    /// The journal was read on: `entries` are those after the last one sent, in order, and the topic
    /// stood at `head`. No entries mean that nothing before `head` is left to be shown.
    pub fn read(
        &mut self,
        topic: Topic,
        generation: Generation,
        entries: Vec<(Seq, Bytes)>,
        head: Seq,
        out: &mut VecDeque<Notice>,
    ) -> Option<ReadOn> {
        let follow = self.topics.get_mut(&topic).filter(|follow| follow.generation == generation)?;
        if entries.is_empty() {
            follow.sent = follow.sent.max(Some(head));
        }
        for (seq, frame) in entries {
            follow.send_entry(topic, seq, frame, out);
        }
        follow.go_on(topic, head, out)
    }

    /// Something came live. What may be sent now is put into `out`.
    pub fn notice(&mut self, notice: Notice, out: &mut VecDeque<Notice>) -> Option<ReadOn> {
        match notice {
            Notice::Entry { topic, seq, frame } => self.entry(topic, seq, frame, out),
            Notice::State { topic, seq, frame } => self.state(topic, seq, frame, out),
            Notice::Signal { topic, frame } => self.signal(topic, frame, out),
        }
    }

    /// For each log the number to subscribe with after the session has ended: the last one sent.
    pub fn resume_points(&self) -> impl Iterator<Item = (Topic, Seq)> {
        self.topics
            .iter()
            .filter(|(topic, _)| topic.is_log())
            .filter_map(|(&topic, follow)| Some((topic, follow.sent?)))
    }

    fn entry(&mut self, topic: Topic, seq: Seq, frame: Bytes, out: &mut VecDeque<Notice>) -> Option<ReadOn> {
        let follow = self.topics.get_mut(&topic)?;
        match &mut follow.phase {
            Phase::Reading(held) => {
                held.keep(seq, frame, self.most_held);
                None
            }
            Phase::Live => follow.live(topic, seq, frame, out),
        }
    }

    fn state(&mut self, topic: Topic, seq: Seq, frame: Bytes, out: &mut VecDeque<Notice>) -> Option<ReadOn> {
        let follow = self.topics.get_mut(&topic)?;
        match &mut follow.phase {
            Phase::Reading(held) => held.keep_newest(seq, frame),
            Phase::Live => follow.send_state(topic, seq, frame, out),
        }
        None
    }

    fn signal(&self, topic: Topic, frame: Bytes, out: &mut VecDeque<Notice>) -> Option<ReadOn> {
        let follow = self.topics.get(&topic)?;
        if matches!(follow.phase, Phase::Live) {
            out.push_back(Notice::Signal { topic, frame });
        }
        None
    }
}

impl Follow {
    /// After a read: what waited goes out, unless more has to be read before it.
    fn go_on(&mut self, topic: Topic, head: Seq, out: &mut VecDeque<Notice>) -> Option<ReadOn> {
        let phase = std::mem::replace(&mut self.phase, Phase::Live);
        let held = match phase {
            Phase::Reading(held) => held,
            Phase::Live => Held::default(),
        };
        if !topic.is_log() {
            held.entries.into_iter().for_each(|(seq, frame)| self.send_state(topic, seq, frame, out));
            return None;
        }
        if self.sent < Some(head) || held.lost {
            // What is held stays useful only if nothing before it was dropped.
            let held = if held.lost { Held::default() } else { held };
            return Some(self.read_on(topic, held));
        }
        let mut entries = held.entries.into_iter();
        while let Some((seq, frame)) = entries.next() {
            if let Some(read) = self.live(topic, seq, frame, out) {
                self.hold(entries);
                return Some(read);
            }
        }
        None
    }

    fn live(&mut self, topic: Topic, seq: Seq, frame: Bytes, out: &mut VecDeque<Notice>) -> Option<ReadOn> {
        let next = self.sent.map_or(seq, |sent| sent + 1);
        if seq > next {
            let held = Held { entries: VecDeque::from([(seq, frame)]), lost: false };
            return Some(self.read_on(topic, held));
        }
        self.send_entry(topic, seq, frame, out);
        None
    }

    fn read_on(&mut self, topic: Topic, held: Held) -> ReadOn {
        self.phase = Phase::Reading(held);
        let viewer = Arc::clone(&self.viewer);
        ReadOn { topic, generation: self.generation, since: self.sent.unwrap_or(0), viewer }
    }

    fn hold(&mut self, entries: impl Iterator<Item = (Seq, Bytes)>) {
        if let Phase::Reading(held) = &mut self.phase {
            held.entries.extend(entries);
        }
    }

    fn send_entry(&mut self, topic: Topic, seq: Seq, frame: Bytes, out: &mut VecDeque<Notice>) {
        if Some(seq) > self.sent {
            self.sent = Some(seq);
            out.push_back(Notice::Entry { topic, seq, frame });
        }
    }

    fn send_state(&mut self, topic: Topic, seq: Seq, frame: Bytes, out: &mut VecDeque<Notice>) {
        if Some(seq) > self.sent {
            self.sent = Some(seq);
            out.push_back(Notice::State { topic, seq, frame });
        }
    }
}

impl Held {
    fn keep(&mut self, seq: Seq, frame: Bytes, most: usize) {
        if self.lost || self.entries.len() >= most {
            self.lost = true;
            self.entries.clear();
        } else {
            self.entries.push_back((seq, frame));
        }
    }

    fn keep_newest(&mut self, seq: Seq, frame: Bytes) {
        self.entries.clear();
        self.entries.push_back((seq, frame));
    }
}
