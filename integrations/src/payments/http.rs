//! The connections to providers, and what a failure on them means.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use tokio::sync::Semaphore;

use super::port::ProviderError;

/// Calls to one provider at a time; more wait here.
const MAX_CALLS: usize = 256;
/// The largest answer that is read.
const MAX_ANSWER_BYTES: usize = 4 << 20;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// A provider's connections, kept open between calls.
#[derive(Debug, Clone)]
pub(super) struct Connections {
    client: Client,
    calls: Arc<Semaphore>,
}

/// Whether the proxy that the environment names is used.
#[derive(Debug, Clone, Copy)]
pub(super) enum Proxy {
    Never,
    AsEnvironment,
}

pub(super) struct Answer {
    pub status: StatusCode,
    pub body: Vec<u8>,
}

impl Connections {
    /// `timeout` is for a whole call, from its sending to the last byte of its answer.
    ///
    /// Proxies of the environment are for providers on the internet.
    ///
    /// # Errors
    /// When the machine's certificates can't be used.
    pub fn new(timeout: Duration, proxy: Proxy) -> Result<Self, reqwest::Error> {
        // The TLS library wants one choice of cryptography for the process; a second one changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(timeout)
            .connect_timeout(CONNECT_TIMEOUT.min(timeout))
            .pool_max_idle_per_host(MAX_CALLS)
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("souk");
        let client = match proxy {
            Proxy::Never => client.no_proxy(),
            Proxy::AsEnvironment => client,
        };
        let client = client.build()?;
        Ok(Self { client, calls: Arc::new(Semaphore::new(MAX_CALLS)) })
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// # Errors
    /// `NotDone` when no connection came about, `Unknown` when the answer broke off or did not come in time.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, ProviderError> {
        let _place = self.calls.acquire().await.map_err(|_| ProviderError::NotDone("stopping".to_owned()))?;
        let response = request.send().await.map_err(|error| failed(&error))?;
        let status = response.status();
        Ok(Answer { status, body: read(response).await? })
    }
}

async fn read(mut response: Response) -> Result<Vec<u8>, ProviderError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(ProviderError::Unknown("the provider's answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Without a connection nothing was sent; after it, anything may have happened.
fn failed(error: &reqwest::Error) -> ProviderError {
    let text = error.to_string();
    if error.is_connect() || error.is_builder() { ProviderError::NotDone(text) } else { ProviderError::Unknown(text) }
}
