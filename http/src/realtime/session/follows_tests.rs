use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;
use souk_actors::topics::outbox::Notice;
use souk_actors::topics::topic::Topic;
use souk_actors::viewer::Viewer;
use souk_domain::aggregate::Seq;
use souk_domain::id::{ProductId, room_id};

use super::follows::{Follows, Generation, ReadOn, Start};

fn room() -> Topic {
    Topic::Room(room_id("product", "x"))
}

fn entry(seq: Seq) -> Notice {
    Notice::Entry { topic: room(), seq, frame: Bytes::new() }
}

fn begin(follows: &mut Follows, topic: Topic, since: Option<Seq>) -> Generation {
    follows.begin(topic, since, Arc::new(Viewer::default()))
}

/// Answers with everything up to a number, when the topic stood at another. Tells what to read on after.
fn start(
    follows: &mut Follows,
    topic: Topic,
    generation: Generation,
    [sent, head]: [Seq; 2],
    out: &mut VecDeque<Notice>,
) -> Option<Seq> {
    follows.started(Start { topic, generation, sent, head }, out).map(|read| read.since)
}

fn arrive(follows: &mut Follows, seq: Seq, out: &mut VecDeque<Notice>) -> Option<Seq> {
    follows.notice(entry(seq), out).map(|read| read.since)
}

fn numbers(out: &VecDeque<Notice>) -> Vec<Seq> {
    let number = |notice: &Notice| match notice {
        Notice::Entry { seq, .. } | Notice::State { seq, .. } => Some(*seq),
        Notice::Signal { .. } => None,
    };
    out.iter().filter_map(number).collect()
}

#[test]
fn live_entries_wait_for_the_answer_and_known_ones_are_dropped() {
    let (mut follows, mut out) = (Follows::new(8), VecDeque::new());
    let generation = begin(&mut follows, room(), Some(40));
    for seq in 40..=44 {
        assert_eq!(arrive(&mut follows, seq, &mut out), None);
    }
    assert!(out.is_empty());
    assert_eq!(start(&mut follows, room(), generation, [42, 42], &mut out), None);
    assert_eq!(arrive(&mut follows, 44, &mut out), None);
    assert_eq!(arrive(&mut follows, 45, &mut out), None);
    assert_eq!(numbers(&out), [43, 44, 45]);
}

#[test]
fn a_gap_is_read_from_the_journal_before_anything_after_it() {
    let (mut follows, mut out) = (Follows::new(8), VecDeque::new());
    let generation = begin(&mut follows, room(), Some(1));
    start(&mut follows, room(), generation, [1, 1], &mut out);
    let read = arrive(&mut follows, 4, &mut out);
    assert_eq!(read, Some(1));
    arrive(&mut follows, 5, &mut out);
    assert!(out.is_empty());
    let missing = vec![(2, Bytes::new()), (3, Bytes::new())];
    assert!(follows.read(room(), generation, missing, 3, &mut out).is_none());
    assert_eq!(numbers(&out), [2, 3, 4, 5]);
}

#[test]
fn numbers_that_are_not_shown_do_not_hold_up_a_log() {
    let (mut follows, mut out) = (Follows::new(8), VecDeque::new());
    let generation = begin(&mut follows, room(), Some(0));
    let read = start(&mut follows, room(), generation, [3, 5], &mut out);
    assert_eq!(read, Some(3));
    assert!(follows.read(room(), generation, vec![], 5, &mut out).is_none());
    arrive(&mut follows, 6, &mut out);
    assert_eq!(numbers(&out), [6]);
}

#[test]
fn an_earlier_following_cannot_start_a_later_one() {
    let (mut follows, mut out) = (Follows::new(8), VecDeque::new());
    let earlier = begin(&mut follows, room(), Some(0));
    let later = begin(&mut follows, room(), Some(7));
    start(&mut follows, room(), earlier, [9, 9], &mut out);
    arrive(&mut follows, 10, &mut out);
    assert!(out.is_empty());
    start(&mut follows, room(), later, [9, 9], &mut out);
    assert_eq!(numbers(&out), [10]);
}

#[test]
fn what_is_not_followed_is_not_sent() {
    let (mut follows, mut out) = (Follows::new(8), VecDeque::new());
    let generation = begin(&mut follows, room(), None);
    start(&mut follows, room(), generation, [3, 3], &mut out);
    follows.end(room());
    arrive(&mut follows, 4, &mut out);
    follows.notice(Notice::Signal { topic: room(), frame: Bytes::new() }, &mut out);
    assert!(out.is_empty());
}

#[test]
fn a_state_only_goes_forward() {
    let topic = Topic::Product(ProductId::from_uuid(uuid::Uuid::from_u128(1)));
    let state = |seq| Notice::State { topic, seq, frame: Bytes::new() };
    let (mut follows, mut out) = (Follows::new(8), VecDeque::new());
    let generation = begin(&mut follows, topic, None);
    for seq in [3, 7, 8] {
        follows.notice(state(seq), &mut out);
    }
    start(&mut follows, topic, generation, [7, 7], &mut out);
    for seq in [7, 8, 20, 19] {
        follows.notice(state(seq), &mut out);
    }
    assert_eq!(numbers(&out), [8, 20]);
    assert_eq!(follows.resume_points().count(), 0);
}

/// What the world around a session may do next.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// An entry is committed and published.
    Publish,
    /// The oldest published entry reaches the session.
    Arrive,
    /// The oldest published entry reaches the session twice.
    ArriveTwice,
    /// The oldest published entry never reaches the session.
    Lose,
    /// The journal is asked; what it holds now will be the answer.
    Ask,
    /// The answer reaches the session.
    Answer,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Publish),
        4 => Just(Step::Arrive),
        1 => Just(Step::ArriveTwice),
        1 => Just(Step::Lose),
        2 => Just(Step::Ask),
        2 => Just(Step::Answer),
    ];
    prop::collection::vec(step, 0..300)
}

/// A journal, the way from it to one session, and that session.
struct World {
    follows: Follows,
    out: VecDeque<Notice>,
    head: Seq,
    on_the_way: VecDeque<Seq>,
    wanted: Option<ReadOn>,
    answer: Option<(ReadOn, Vec<Seq>, Seq)>,
    chunk: usize,
}

impl World {
    fn step(&mut self, step: Step) {
        match step {
            Step::Publish => self.publish(),
            Step::Arrive => self.arrive(1),
            Step::ArriveTwice => self.arrive(2),
            Step::Lose => drop(self.on_the_way.pop_front()),
            Step::Ask => self.ask(),
            Step::Answer => self.answer(),
        }
    }

    fn publish(&mut self) {
        self.head += 1;
        self.on_the_way.push_back(self.head);
    }

    fn arrive(&mut self, times: usize) {
        let Some(seq) = self.on_the_way.pop_front() else { return };
        for _ in 0..times {
            let read = self.follows.notice(entry(seq), &mut self.out);
            self.wanted = self.wanted.take().or(read);
        }
    }

    fn ask(&mut self) {
        let Some(read) = self.wanted.take() else { return };
        let entries = (read.since + 1..=self.head).take(self.chunk).collect();
        self.answer = Some((read, entries, self.head));
    }

    fn answer(&mut self) {
        let Some((read, entries, head)) = self.answer.take() else { return };
        let entries = entries.into_iter().map(|seq| (seq, Bytes::new())).collect();
        self.wanted = self.follows.read(room(), read.generation, entries, head, &mut self.out);
    }
}

proptest! {
    /// Whatever comes late, twice, never or in bulk: a session is sent every number once, in order.
    #[test]
    fn a_log_has_no_gap_and_no_duplicate(
        before in 0..20_u64,
        since in 0..20_u64,
        held in 1..6_usize,
        chunk in 1..6_usize,
        steps in steps(),
    ) {
        let since = since.min(before);
        let mut follows = Follows::new(held);
        let generation = begin(&mut follows, room(), Some(since));
        let first = ReadOn { topic: room(), generation, since, viewer: Arc::default() };
        let (out, on_the_way) = (VecDeque::new(), VecDeque::new());
        let mut world = World { follows, out, head: before, on_the_way, wanted: Some(first), answer: None, chunk };
        for step in steps {
            world.step(step);
            let sent = numbers(&world.out);
            prop_assert!(sent.iter().copied().eq(since + 1..=since + sent.len() as Seq), "{sent:?}");
        }
        // One more entry tells the session of whatever was lost last.
        world.publish();
        while world.wanted.is_some() || world.answer.is_some() || !world.on_the_way.is_empty() {
            world.arrive(1);
            world.answer();
            world.ask();
        }
        prop_assert_eq!(numbers(&world.out), (since + 1..=world.head).collect::<Vec<_>>());
        prop_assert_eq!(world.follows.resume_points().next(), Some((room(), world.head)));
    }
}
