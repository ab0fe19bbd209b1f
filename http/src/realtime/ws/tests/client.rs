//! A client as an app would write one.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Response, StatusCode};
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, protocol::CloseFrame};
use tokio_tungstenite::{WebSocketStream, client_async};

/// Longer than anything takes, so that only what never happens fails.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Client {
    socket: WebSocketStream<TcpStream>,
    /// Frames that came before the answer that was waited for.
    earlier: VecDeque<Value>,
    next_id: u64,
}

impl Client {
    pub async fn connect(address: SocketAddr) -> Self {
        let (client, response) = Self::try_connect(address, Some("souk.v1")).await.expect("connected");
        assert_eq!(response.headers()["sec-websocket-protocol"], "souk.v1");
        client
    }

    /// Connects, or tells the status of the refusal.
    pub async fn try_connect(
        address: SocketAddr,
        subprotocol: Option<&str>,
    ) -> Result<(Self, Response<Option<Vec<u8>>>), StatusCode> {
        let socket = TcpSocket::new_v4().expect("socket");
        // Small, so that a client that does not read is felt by the server soon.
        socket.set_recv_buffer_size(4 * 1_024).expect("buffer");
        let stream = socket.connect(address).await.expect("connected");
        let mut request = format!("ws://{address}/ws").into_client_request().expect("request");
        if let Some(name) = subprotocol {
            request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_str(name).expect("header"));
        }
        match client_async(request, stream).await {
            Ok((socket, response)) => Ok((Self { socket, earlier: VecDeque::new(), next_id: 1 }, response)),
            Err(Error::Http(response)) => Err(response.status()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Sends an operation and waits for its answer.
    pub async fn ask(&mut self, mut op: Value) -> Value {
        let id = self.next_id;
        self.next_id += 1;
        op["id"] = json!(id);
        self.send(&op.to_string()).await;
        loop {
            let frame = self.read().await;
            if frame["id"] == json!(id) {
                return frame;
            }
            self.earlier.push_back(frame);
        }
    }

    /// What an operation that succeeds is answered with.
    pub async fn ok(&mut self, op: Value) -> Value {
        let mut answer = self.ask(op).await;
        assert!(answer["error"].is_null(), "{answer}");
        answer["ok"].take()
    }

    /// The code that an operation is refused with.
    pub async fn refused(&mut self, op: Value) -> String {
        let answer = self.ask(op).await;
        answer["error"]["code"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    pub async fn subscribe(&mut self, topic: &str, since: Option<u64>) -> Value {
        self.ok(json!({"op": "subscribe", "topic": topic, "since": since})).await
    }

    pub async fn publish(&mut self, topic: &str, client_id: &str, text: &str) -> Value {
        self.ok(json!({"op": "publish", "topic": topic, "client_id": client_id, "data": {"text": text}})).await
    }

    /// The next frame that answers nothing.
    pub async fn next(&mut self) -> Value {
        match self.earlier.pop_front() {
            Some(frame) => frame,
            None => self.read().await,
        }
    }

    /// Whether everything that was sent so far has been read: a ping is answered after all of it.
    pub async fn has_nothing_more(&mut self) -> bool {
        self.ok(json!({"op": "ping"})).await;
        self.earlier.is_empty()
    }

    pub async fn send(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.expect("sent");
    }

    /// A data frame, whatever its bytes.
    pub async fn send_frame(&mut self, bytes: impl Into<bytes::Bytes>, data: Data, is_final: bool) {
        let frame = Frame::message(bytes, OpCode::Data(data), is_final);
        // The server may have closed already: what it said is read afterwards.
        let _ = self.socket.send(Message::Frame(frame)).await;
    }

    /// Code and reason of the server's close frame; whatever comes before it is handed to `each`.
    pub async fn closed_after(&mut self, mut each: impl FnMut(Value)) -> (u16, String) {
        loop {
            match self.message().await {
                Message::Text(text) => each(serde_json::from_str(&text).expect("JSON")),
                Message::Close(Some(CloseFrame { code, reason })) => return (code.into(), reason.to_string()),
                Message::Close(None) => return (1005, String::new()),
                _ => {}
            }
        }
    }

    pub async fn close_code(&mut self) -> u16 {
        self.closed_after(|_| {}).await.0
    }

    /// Whether a ping of the server comes before anything else.
    pub async fn is_pinged(&mut self) -> bool {
        matches!(self.message().await, Message::Ping(_))
    }

    /// Closes and waits for the server to close too.
    pub async fn close(mut self) {
        self.socket.close(None).await.expect("closed");
        while let Ok(Some(Ok(_))) = tokio::time::timeout(PATIENCE, self.socket.next()).await {}
    }

    async fn read(&mut self) -> Value {
        loop {
            match self.message().await {
                Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    async fn message(&mut self) -> Message {
        let message = tokio::time::timeout(PATIENCE, self.socket.next()).await.expect("something in time");
        message.expect("an open connection").expect("a message")
    }
}
