//! The asking side of a session: does what its client asks, one thing after the other, and puts the
//! answer in line with everything else that is sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::{Map, Value, json};
use souk_actors::accounts::guard::Origin;
use souk_actors::topics::hub::Subscription;
use souk_actors::topics::outbox::{Outbox, outbox};
use souk_actors::topics::start::{TopicError, TopicStart};
use souk_actors::topics::topic::Topic;
use souk_actors::viewer::{Identity, Viewer};
use souk_domain::aggregate::Seq;
use souk_domain::id::RoomId;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::ending::Ending;
use super::follows::{Follows, Generation};
use super::op::Op;
use super::outcome::Outcome;
use super::outgoing::{Control, Outgoing, lock};
use super::refusal::Refusal;
use super::setting::Setting;
use crate::problem::{Code, FieldError, Problem};

/// Answers that wait to be sent. A client that does not take them is not read from either.
const ANSWERS: usize = 16;

pub struct Session {
    setting: Setting,
    person: Option<Person>,
    outbox: Outbox,
    follows: Arc<Mutex<Follows>>,
    /// Dropping a subscription ends it.
    subscriptions: BTreeMap<Topic, Subscription>,
    control: mpsc::Sender<Control>,
}

/// Whose session it is, since its first token.
struct Person {
    identity: Identity,
    token_ends: Instant,
    origin: Option<Origin>,
}

impl Session {
    /// A session and what it has to say. Both belong into one task: they share a lock that nobody waits for.
    pub fn open(setting: Setting) -> (Self, Outgoing) {
        let config = setting.realtime.config();
        let (outbox, inbox, overflow) = outbox(config.outbox as usize);
        let follows = Arc::new(Mutex::new(Follows::new(config.outbox as usize)));
        let (control, controls) = mpsc::channel(ANSWERS);
        let outgoing = Outgoing::new(setting.clone(), Arc::clone(&follows), controls, inbox, overflow);
        (Self { setting, person: None, outbox, follows, subscriptions: BTreeMap::new(), control }, outgoing)
    }

    /// Does what is asked and answers under the id that it was asked with.
    pub async fn perform(&mut self, id: Option<u64>, op: Op) {
        let outcome = match op {
            Op::Authenticate { token } => self.authenticate(&token).await,
            Op::Subscribe { topic, since, key } => self.subscribe(topic, since, key).await,
            Op::Publish { topic, client_id, text } => self.publish(topic, client_id, text).await,
            Op::Signal { topic, data } => self.signal(topic, data),
            Op::Unsubscribe { topic } => self.unsubscribe(topic),
            Op::Ping => Ok(Outcome::Done),
        };
        self.answer(id, outcome.unwrap_or_else(Outcome::Refused)).await;
    }

    /// Answers something that the codec could not read.
    pub async fn refuse(&self, id: Option<u64>, refusal: Refusal) {
        self.answer(id, Outcome::Refused(refusal)).await;
    }

    /// Puts something of the codec's own in line.
    pub async fn codec(&self, bytes: Bytes) {
        self.send(Control::Codec(bytes)).await;
    }

    /// Ends the session, after all that was answered before.
    pub async fn end(&self, ending: Ending) {
        self.send(Control::End(ending)).await;
    }

    async fn answer(&self, id: Option<u64>, outcome: Outcome) {
        self.send(Control::Reply { id, outcome }).await;
    }

    async fn send(&self, control: Control) {
        // It fails only when the session has ended, and then nobody waits for an answer.
        let _ = self.control.send(control).await;
    }

    /// The first token says whose session it is; a later one can only renew it.
    async fn authenticate(&mut self, token: &str) -> Result<Outcome, Refusal> {
        let (identity, token_ends, origin) = self.setting.verify(token)?;
        if self.person.as_ref().is_some_and(|person| person.identity.id != identity.id) {
            return Err(Code::OtherPerson.into());
        }
        self.person = Some(Person { identity: identity.clone(), token_ends, origin });
        self.send(Control::Expires(token_ends, origin)).await;
        Ok(Outcome::Authenticated(identity))
    }

    async fn subscribe(&mut self, topic: Topic, since: Option<Seq>, key: Option<String>) -> Result<Outcome, Refusal> {
        self.setting.edge.config.domains.check_topic(topic)?;
        let most = self.setting.realtime.config().max_subscriptions as usize;
        if self.subscriptions.len() >= most && !self.subscriptions.contains_key(&topic) {
            return Err(Code::TooManySubscriptions.into());
        }
        // An earlier subscription goes first: ending it ends every one of this outbox to the topic.
        drop(self.subscriptions.remove(&topic));
        let viewer = Arc::new(Viewer { person: self.person().ok().cloned(), key });
        // First the live tail, then the history: what is published in between comes twice, not never.
        let generation = lock(&self.follows).begin(topic, since, Arc::clone(&viewer));
        let subscription = self.setting.market.hub.subscribe(topic, self.outbox.clone());
        let chunk = self.setting.realtime.config().replay_chunk as usize;
        match self.setting.market.topic(topic, since, chunk, &viewer).await {
            Ok(start) => {
                self.subscriptions.insert(topic, subscription);
                Ok(followed(topic, generation, start))
            }
            Err(error) => {
                lock(&self.follows).end(topic);
                Err(self.not_followed(error))
            }
        }
    }

    /// Whoever has no valid token any more is told so, and not that there is nothing.
    fn not_followed(&self, error: TopicError) -> Refusal {
        match (error, self.person()) {
            (TopicError::NotFound, Err(Unproven::Expired)) => Code::TokenExpired.into(),
            (error, _) => error.into(),
        }
    }

    async fn publish(&mut self, topic: Topic, client_id: String, text: String) -> Result<Outcome, Refusal> {
        self.setting.edge.config.domains.check_topic(topic)?;
        let (author, room) = (self.person()?, room(topic)?);
        let posted = self.setting.market.rooms.post(room, author, text, client_id).await;
        Ok(Outcome::Posted(Box::new(posted.map_err(Problem::from)?)))
    }

    /// Whoever follows a room with a token of its own may write there, so nothing else is asked: a
    /// public room is written by anyone with a token, and any other is followed by its members only.
    fn signal(&self, topic: Topic, data: Map<String, Value>) -> Result<Outcome, Refusal> {
        let author = self.person()?;
        room(topic)?;
        if !self.subscriptions.contains_key(&topic) {
            return Err(Code::NotSubscribed.into());
        }
        let frame = signal_frame(topic, data, author, self.setting.realtime.config().max_signal_bytes as usize)?;
        self.setting.market.hub.signal(topic, &frame, self.outbox.id());
        Ok(Outcome::Done)
    }

    fn unsubscribe(&mut self, topic: Topic) -> Result<Outcome, Refusal> {
        drop(self.subscriptions.remove(&topic));
        lock(&self.follows).end(topic);
        Ok(Outcome::Done)
    }

    fn person(&self) -> Result<&Identity, Unproven> {
        match &self.person {
            Some(person) if person.token_ends > Instant::now() && self.setting.allows(person.origin) => {
                Ok(&person.identity)
            }
            Some(_) => Err(Unproven::Expired),
            None => Err(Unproven::Unknown),
        }
    }
}

/// Why nobody can be named as the one who asks.
enum Unproven {
    Unknown,
    Expired,
}

impl From<Unproven> for Refusal {
    fn from(unproven: Unproven) -> Self {
        match unproven {
            Unproven::Unknown => Problem::new(Code::CredentialsMissing).into(),
            Unproven::Expired => Code::TokenExpired.into(),
        }
    }
}

fn room(topic: Topic) -> Result<RoomId, Refusal> {
    match topic {
        Topic::Room(id) => Ok(id),
        Topic::Order(_) | Topic::Product(_) | Topic::Cart(_) | Topic::Status => Err(Code::NotARoom.into()),
    }
}

fn followed(topic: Topic, generation: Generation, start: TopicStart) -> Outcome {
    match start {
        TopicStart::Log { seq, entries } => Outcome::Log { topic, generation, seq, entries },
        TopicStart::State { seq, state } => Outcome::State { topic, generation, seq, state },
    }
}

/// `{"topic":"...","signal":{...,"author":{...}}}`. Who signals is never for the client to say.
fn signal_frame(
    topic: Topic,
    mut data: Map<String, Value>,
    author: &Identity,
    most_bytes: usize,
) -> Result<Bytes, Refusal> {
    if data.contains_key("author") {
        return Err(Refusal::invalid(vec![FieldError::invalid("/data/author", "is set by the server")]));
    }
    if serde_json::to_vec(&data).map_or(true, |json| json.len() > most_bytes) {
        let detail = format!("is more than {most_bytes} bytes");
        let error = FieldError { pointer: "/data".into(), code: "out_of_range", detail };
        return Err(Refusal::invalid(vec![error]));
    }
    data.insert("author".into(), json!({ "id": author.id, "name": author.name }));
    Ok(json!({ "topic": topic.to_string(), "signal": data }).to_string().into())
}
