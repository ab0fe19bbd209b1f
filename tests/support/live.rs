//! A session on `/ws`.

use std::collections::VecDeque;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::wait::SOON;

const SUBPROTOCOL: &str = "souk.v1";

pub struct Live {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
    /// What came while a reply was waited for.
    waiting: VecDeque<Value>,
}

/// What ended a session.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    Closed {
        code: u16,
    },
    /// The connection broke without a word.
    Broken,
}

impl Live {
    /// `base` is the address of the server, `http://...`.
    pub async fn connect(base: &str) -> Self {
        let url = format!("{}/ws", base.replacen("http://", "ws://", 1));
        let mut request = url.as_str().into_client_request().expect("a request");
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
        let (socket, response) = connect_async(request).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        let chosen = response.headers().get("sec-websocket-protocol").and_then(|value| value.to_str().ok());
        assert_eq!(chosen, Some(SUBPROTOCOL), "the server takes the subprotocol");
        Self { socket, last_id: 0, waiting: VecDeque::new() }
    }

    pub async fn authenticate(&mut self, token: &str) {
        let reply = self.ask(json!({"op": "authenticate", "token": token})).await;
        assert!(reply.get("ok").is_some(), "the token is refused: {reply}");
    }

    /// The reply's `ok`: `{seq, entries}` of a log, `{seq, state}` of a state.
    pub async fn subscribe(&mut self, topic: &str, since: Option<u64>) -> Value {
        let mut frame = json!({"op": "subscribe", "topic": topic});
        if let Some(since) = since {
            frame["since"] = since.into();
        }
        let mut reply = self.ask(frame).await;
        assert!(reply.get("ok").is_some(), "{topic} is refused: {reply}");
        reply["ok"].take()
    }

    /// The reply to a message for a room.
    pub async fn publish(&mut self, topic: &str, client_id: &str, text: &str) -> Value {
        self.ask(json!({"op": "publish", "topic": topic, "client_id": client_id, "data": {"text": text}})).await
    }

    /// Sends a frame under a new id and gives the reply that carries it.
    pub async fn ask(&mut self, frame: Value) -> Value {
        let what = frame.to_string();
        self.ask_unless_lost(frame).await.unwrap_or_else(|| panic!("the session ended before the reply to {what}"))
    }

    /// The same; none when the connection broke before the reply.
    pub async fn ask_unless_lost(&mut self, mut frame: Value) -> Option<Value> {
        self.last_id += 1;
        let id = self.last_id;
        frame["id"] = id.into();
        self.send(Message::text(frame.to_string())).await.ok()?;
        loop {
            let reply = self.receive(SOON).await.ok()?;
            if reply["id"] == id {
                return Some(reply);
            }
            self.waiting.push_back(reply);
        }
    }

    /// Any frame, good or bad.
    pub async fn send(&mut self, message: Message) -> Result<(), Error> {
        self.socket.send(message).await
    }

    /// The next frame that is no reply.
    pub async fn next(&mut self) -> Value {
        match self.waiting.pop_front() {
            Some(frame) => frame,
            None => self.receive(SOON).await.unwrap_or_else(|ending| panic!("no frame came: {ending:?}")),
        }
    }

    /// The next frame that fits; others are passed over.
    pub async fn next_that(&mut self, what: &str, mut fits: impl FnMut(&Value) -> bool) -> Value {
        let search = async {
            loop {
                let frame = self.next().await;
                if fits(&frame) {
                    return frame;
                }
            }
        };
        timeout(SOON, search).await.unwrap_or_else(|_| panic!("on /ws there never came {what}"))
    }

    /// The next so many events of a topic.
    pub async fn next_events(&mut self, topic: &str, count: usize) -> Vec<Value> {
        let mut events = Vec::new();
        while events.len() < count {
            let what = format!("event {} of {count} of {topic}", events.len() + 1);
            events.push(self.next_that(&what, |frame| frame["topic"] == topic && frame.get("event").is_some()).await);
        }
        events
    }

    /// How the server ends the session.
    pub async fn ending(&mut self) -> Ending {
        let end = async {
            loop {
                if let Err(ending) = self.receive(SOON).await {
                    return ending;
                }
            }
        };
        timeout(SOON, end).await.expect("the server closes the session")
    }

    /// The next text frame as JSON.
    pub async fn receive(&mut self, within: Duration) -> Result<Value, Ending> {
        let read = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let value = serde_json::from_str(&text);
                        return Ok(value.unwrap_or_else(|error| panic!("no JSON ({error}): {text}")));
                    }
                    Some(Ok(Message::Close(frame))) => {
                        return Err(Ending::Closed { code: frame.map_or(1005, |frame| frame.code.into()) });
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(Ending::Broken),
                }
            }
        };
        timeout(within, read).await.unwrap_or_else(|_| panic!("nothing came on /ws within {within:?}"))
    }
}
