//! A proxy of one test, and what is done to it.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

pub struct Proxy {
    client: reqwest::Client,
    url: String,
    /// Where it listens.
    pub address: String,
}

/// What the network does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every answer comes late.
    Latency,
    /// Nobody listens any more; what was connected is closed.
    Cut,
    /// Connections are reset shortly after something was sent.
    Reset,
    /// Connections end in the middle of an answer.
    HalfAnswer,
    /// Connections stay open, but nothing comes through.
    Silence,
    /// Connections are closed late, then cut.
    SlowClose,
}

impl Fault {
    pub const ALL: [Self; 6] =
        [Self::Latency, Self::Cut, Self::Reset, Self::HalfAnswer, Self::Silence, Self::SlowClose];

    /// Those that the shop as a whole is shown to stand, each time that all tests run.
    pub const PROMISED: [Self; 4] = [Self::Latency, Self::Cut, Self::Reset, Self::SlowClose];

    /// By which an answer is late at least.
    pub const LATENCY: Duration = Duration::from_millis(100);

    fn toxic(self) -> Option<Value> {
        let (kind, stream, attributes) = match self {
            Self::Latency => ("latency", "downstream", json!({ "latency": 150, "jitter": 50 })),
            Self::Cut => return None,
            Self::Reset => ("reset_peer", "downstream", json!({ "timeout": 30 })),
            Self::HalfAnswer => ("limit_data", "downstream", json!({ "bytes": 700 })),
            Self::Silence => ("timeout", "downstream", json!({ "timeout": 0 })),
            Self::SlowClose => ("slow_close", "downstream", json!({ "delay": 700 })),
        };
        Some(json!({ "name": "fault", "type": kind, "stream": stream, "attributes": attributes }))
    }
}

impl Proxy {
    /// In front of `server`, which is `host:port`.
    pub async fn before(server: &str) -> Self {
        let api = std::env::var("SOUK_TEST_TOXIPROXY_URL")
            .expect("SOUK_TEST_TOXIPROXY_URL names no toxiproxy: run these tests with `scripts/stores --test faults`");
        // An error: another test has chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().expect("a client");
        let name = format!("souk-{}", Uuid::new_v4().simple());
        let proxy = json!({ "name": name, "listen": "127.0.0.1:0", "upstream": server, "enabled": true });
        let made: Value = post(&client, &format!("{api}/proxies"), &proxy).await;
        let address = made["listen"].as_str().expect("an address").to_owned();
        Self { client, url: format!("{api}/proxies/{name}"), address }
    }

    pub async fn begin(&self, fault: Fault) {
        if let Some(toxic) = fault.toxic() {
            post(&self.client, &format!("{}/toxics", self.url), &toxic).await;
        }
        if matches!(fault, Fault::Cut | Fault::SlowClose) {
            self.listen(false).await;
        }
    }

    pub async fn end(&self, fault: Fault) {
        if matches!(fault, Fault::Cut | Fault::SlowClose) {
            self.listen(true).await;
        }
        if fault.toxic().is_some() {
            let removed = self.client.delete(format!("{}/toxics/fault", self.url)).send().await.expect("an answer");
            assert!(removed.status().is_success(), "{}", removed.status());
        }
    }

    async fn listen(&self, enabled: bool) {
        // The port was chosen when it was made, and stays.
        post(&self.client, &self.url, &json!({ "listen": self.address, "enabled": enabled })).await;
    }
}

async fn post(client: &reqwest::Client, url: &str, body: &Value) -> Value {
    let answer = client.post(url).json(body).send().await.expect("toxiproxy answers");
    let status = answer.status();
    let text = answer.text().await.expect("a text");
    assert!(status.is_success(), "{url} said {status}: {text}");
    serde_json::from_str(&text).expect("JSON")
}
