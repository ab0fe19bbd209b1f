//! Listens, remembers, answers as it is told to.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

#[derive(Debug, Clone)]
pub struct Received {
    pub id: String,
    pub timestamp: String,
    pub signatures: Vec<String>,
    pub text: String,
}

impl Received {
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    pub fn kind(&self) -> String {
        self.body()["type"].as_str().expect("a type").to_owned()
    }

    pub fn order(&self) -> String {
        self.body()["data"]["order"]["id"].as_str().expect("an order").to_owned()
    }
}

#[derive(Clone)]
struct Shared {
    received: Arc<Mutex<Vec<Received>>>,
    status: Arc<AtomicU16>,
}

pub struct Receiver {
    address: SocketAddr,
    shared: Shared,
    task: Option<JoinHandle<()>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let shared = Shared { received: Arc::default(), status: Arc::new(AtomicU16::new(204)) };
        let mut receiver = Self { address: "127.0.0.1:0".parse().expect("an address"), shared, task: None };
        receiver.listen().await;
        receiver
    }

    /// From now on nobody answers at its address.
    pub async fn go_down(&mut self) {
        let task = self.task.take().expect("it listens");
        task.abort();
        let _ = task.await;
    }

    /// Listens (again), at the same address.
    pub async fn listen(&mut self) {
        let listener = TcpListener::bind(self.address).await.expect("the address is free");
        self.address = listener.local_addr().expect("an address");
        // One request for each connection: none outlives a receiver that goes down.
        let app = Router::new().route("/hook", post(receive)).with_state(self.shared.clone());
        self.task = Some(tokio::spawn(async move {
            axum::serve(listener, app).await.expect("it serves");
        }));
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    pub fn answer_with(&self, status: u16) {
        self.shared.status.store(status, Ordering::SeqCst);
    }

    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().expect("no test panics here").clone()
    }

    pub fn kinds_of(&self, order: &str) -> Vec<String> {
        self.received().iter().filter(|received| received.order() == order).map(Received::kind).collect()
    }
}

async fn receive(
    State(shared): State<Shared>,
    headers: HeaderMap,
    text: String,
) -> (StatusCode, [(&'static str, &'static str); 1]) {
    let header = |name: &str| headers[name].to_str().expect("text").to_owned();
    let signatures = header("webhook-signature").split(' ').map(str::to_owned).collect();
    let received = Received { id: header("webhook-id"), timestamp: header("webhook-timestamp"), signatures, text };
    shared.received.lock().expect("no test panics here").push(received);
    let status = StatusCode::from_u16(shared.status.load(Ordering::SeqCst)).expect("a status");
    (status, [("connection", "close")])
}
