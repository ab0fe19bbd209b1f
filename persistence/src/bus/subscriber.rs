//! The task that listens: it keeps the connection, and joins again what was joined before.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use redis::aio::{PubSubSink, PubSubStream};
use redis::{Client, Msg, RedisError};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::frame::{Said, read};
use super::listener::Speaker;
use super::redis::{Names, RedisBusOptions};
use crate::redis::OpenError;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Requests that wait for the task; more wait for a place.
const REQUESTS: usize = 1024;
/// Requests that are answered together at most.
const TOGETHER: usize = 256;

pub(super) enum Request {
    Join(Vec<Arc<str>>, oneshot::Sender<()>),
    Leave(Vec<Arc<str>>),
    Close(oneshot::Sender<()>),
}

struct Task {
    node: Uuid,
    client: Client,
    names: Names,
    connect_timeout: Duration,
    answer_timeout: Duration,
    ping_every: Duration,
    speaker: Speaker,
    joined: BTreeSet<Arc<str>>,
}

/// What requests come to.
struct Noted {
    /// Channels under their names on the server.
    new: Vec<String>,
    old: Vec<String>,
    waiting: Vec<oneshot::Sender<()>>,
    closing: Option<oneshot::Sender<()>>,
}

/// Why a connection is used no more.
enum End {
    Broken(String),
    Closed(Option<oneshot::Sender<()>>),
}

pub(super) fn start(
    node: Uuid,
    options: &RedisBusOptions,
    names: Names,
    speaker: Speaker,
) -> Result<mpsc::Sender<Request>, OpenError> {
    let (sender, receiver) = mpsc::channel(REQUESTS);
    let task = Task {
        node,
        client: options.access.client()?,
        names,
        connect_timeout: options.access.connect_timeout,
        answer_timeout: options.access.answer_timeout,
        ping_every: options.ping_every,
        speaker,
        joined: BTreeSet::new(),
    };
    tokio::spawn(task.run(receiver));
    Ok(sender)
}

impl Task {
    async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut pause = FIRST_PAUSE;
        let closing = loop {
            let reason = match self.connect().await {
                Ok((mut sink, mut stream)) => {
                    pause = FIRST_PAUSE;
                    // From here on nothing is missed that is published on what was joined.
                    self.speaker.gap();
                    match self.listen(&mut sink, &mut stream, &mut requests).await {
                        End::Broken(reason) => reason,
                        End::Closed(closing) => break closing,
                    }
                }
                Err(reason) => reason,
            };
            self.speaker.lost();
            tracing::warn!(reason, pause_ms = pause.as_millis(), "other nodes are not heard");
            if let Some(closing) = self.wait(pause, &mut requests).await {
                break closing;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        };
        self.speaker.close();
        if let Some(done) = closing {
            // An error: nobody waits any more.
            let _ = done.send(());
        }
    }

    async fn connect(&self) -> Result<(PubSubSink, PubSubStream), String> {
        let connecting = tokio::time::timeout(self.connect_timeout, self.client.get_async_pubsub());
        let connected = connecting.await.map_err(|_| "the server of the bus does not answer".to_owned())?;
        let (mut sink, stream) = connected.map_err(|error| error.to_string())?.split();
        let channels = self.joined.iter().map(|channel| self.names.full(channel)).chain([self.names.everybody()]);
        // In parts: a server reads one command at a time.
        for part in channels.collect::<Vec<_>>().chunks(1024) {
            let subscribed = tokio::time::timeout(self.answer_timeout, sink.subscribe(part)).await;
            subscribed
                .map_err(|_| "the server of the bus does not answer".to_owned())?
                .map_err(|error| error.to_string())?;
        }
        Ok((sink, stream))
    }

    async fn listen(
        &mut self,
        sink: &mut PubSubSink,
        stream: &mut PubSubStream,
        requests: &mut mpsc::Receiver<Request>,
    ) -> End {
        let mut ping = tokio::time::interval(self.ping_every);
        ping.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut asked = Vec::with_capacity(TOGETHER);
        loop {
            tokio::select! { biased;
                message = stream.next() => match message {
                    Some(message) => self.heard(&message),
                    None => return End::Broken("the connection to the bus broke".to_owned()),
                },
                count = requests.recv_many(&mut asked, TOGETHER) => {
                    if count == 0 {
                        return End::Closed(None);
                    }
                    match self.answer(sink, stream, std::mem::take(&mut asked)).await {
                        Ok(None) => {}
                        Ok(Some(done)) => return End::Closed(Some(done)),
                        Err(reason) => return End::Broken(reason),
                    }
                }
                _ = ping.tick() => {
                    let mut sink = sink.clone();
                    let pong = async move { sink.ping::<redis::Value>().await.map(|_| ()) };
                    if let Err(reason) = self.meanwhile(stream, pong).await {
                        return End::Broken(reason);
                    }
                }
            }
        }
    }

    /// Joins and leaves what was asked for. Returns whom to tell when the bus is to be closed.
    async fn answer(
        &mut self,
        sink: &mut PubSubSink,
        stream: &mut PubSubStream,
        asked: Vec<Request>,
    ) -> Result<Option<oneshot::Sender<()>>, String> {
        let Noted { new, old, waiting, closing } = self.note(asked);
        let mut sink = sink.clone();
        let changing = async move {
            if !new.is_empty() {
                sink.subscribe(&new).await?;
            }
            if !old.is_empty() {
                sink.unsubscribe(&old).await?;
            }
            Ok(())
        };
        // Whoever waits is told also when the connection breaks: a gap is told once there is a new one.
        let changed = self.meanwhile(stream, changing).await;
        waiting.into_iter().for_each(|done| {
            let _ = done.send(());
        });
        changed.map(|()| closing)
    }

    /// Changes what is joined.
    fn note(&mut self, asked: Vec<Request>) -> Noted {
        let (mut waiting, mut closing) = (Vec::new(), None);
        // Each channel that is named, and whether it was joined before.
        let mut named: BTreeMap<Arc<str>, bool> = BTreeMap::new();
        for request in asked {
            match request {
                Request::Join(channels, done) => {
                    for channel in channels.into_iter().filter(|channel| !channel.is_empty()) {
                        let new = self.joined.insert(Arc::clone(&channel));
                        named.entry(channel).or_insert(!new);
                    }
                    waiting.push(done);
                }
                Request::Leave(channels) => {
                    for channel in channels {
                        let was = self.joined.remove(&channel);
                        named.entry(channel).or_insert(was);
                    }
                }
                Request::Close(done) => closing = Some(done),
            }
        }
        let (joined, names) = (&self.joined, &self.names);
        let changed = |before: bool| -> Vec<String> {
            let is_changed =
                |(channel, was): &(&Arc<str>, &bool)| **was == before && joined.contains(*channel) != before;
            named.iter().filter(is_changed).map(|(channel, _)| names.full(channel)).collect()
        };
        Noted { new: changed(false), old: changed(true), waiting, closing }
    }

    /// Waits for the server's word and goes on listening meanwhile.
    async fn meanwhile(
        &self,
        stream: &mut PubSubStream,
        word: impl Future<Output = Result<(), RedisError>>,
    ) -> Result<(), String> {
        let mut word = pin!(tokio::time::timeout(self.answer_timeout, word));
        loop {
            tokio::select! { biased;
                answered = &mut word => {
                    let answered = answered.map_err(|_| "the server of the bus does not answer".to_owned())?;
                    return answered.map_err(|error| error.to_string());
                }
                message = stream.next() => match message {
                    Some(message) => self.heard(&message),
                    None => return Err("the connection to the bus broke".to_owned()),
                },
            }
        }
    }

    fn heard(&self, message: &Msg) {
        let Some(channel) = self.names.short(message.get_channel_name()) else { return };
        let channel = self.joined.get(channel).cloned().unwrap_or_else(|| channel.into());
        match read(self.node, &channel, Bytes::copy_from_slice(message.get_payload_bytes())) {
            Ok(Said::Notices(notices)) => notices.into_iter().for_each(|notice| self.speaker.notice(notice)),
            Ok(Said::Gap) => self.speaker.gap(),
            Ok(Said::Own) => {}
            Err(reason) => {
                tracing::warn!(%channel, reason, "a message on the bus is not understood");
                self.speaker.gap();
            }
        }
    }

    /// Waits before the next attempt; requests are noted meanwhile. Returns when the bus is to be closed.
    async fn wait(
        &mut self,
        pause: Duration,
        requests: &mut mpsc::Receiver<Request>,
    ) -> Option<Option<oneshot::Sender<()>>> {
        let mut over = pin!(tokio::time::sleep(pause));
        loop {
            let mut asked = Vec::new();
            tokio::select! { biased;
                () = &mut over => return None,
                count = requests.recv_many(&mut asked, TOGETHER) => {
                    if count == 0 {
                        return Some(None);
                    }
                    let Noted { new: _, old: _, waiting, closing } = self.note(asked);
                    waiting.into_iter().for_each(|done| {
                        let _ = done.send(());
                    });
                    if closing.is_some() {
                        return Some(closing);
                    }
                }
            }
        }
    }
}
