//! The sandbox as Souk uses it: a provider behind HTTP, like any other.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::RequestBuilder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use souk_domain::money::Money;
use souk_domain::time::Timestamp;

use super::super::http::{Connections, Proxy};
use super::super::port::{
    Challenge, ChallengeDesk, CreateIntent, Intent, IntentRef, Method, PaymentProvider, ProviderError, Refund,
    WebhookFault, WebhookHint,
};
use super::super::signature;
use super::secrets::Secrets;
use super::wire::{self, BooksPage, ChallengeBody, ConfirmBody, CreateBody, Event, RefundBody};

/// Pages of the books that are read at most: a sandbox is not the place for more.
const MAX_PAGES: usize = 10_000;

pub struct SandboxClient {
    connections: Connections,
    /// Without a slash at its end.
    base: String,
    secrets: Secrets,
    tolerance: Duration,
}

impl SandboxClient {
    /// `timeout` is for each call; `tolerance` for the age of a webhook.
    ///
    /// # Errors
    /// When no client can be made on this machine.
    pub fn new(base: &str, secrets: Secrets, timeout: Duration, tolerance: Duration) -> Result<Self, reqwest::Error> {
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { connections: Connections::new(timeout, Proxy::Never)?, base, secrets, tolerance })
    }

    /// All of the sandbox's books.
    ///
    /// # Errors
    /// As every call.
    pub async fn books(&self) -> Result<Vec<Intent>, ProviderError> {
        let (mut books, mut after) = (Vec::new(), String::new());
        for _ in 0..MAX_PAGES {
            let page: BooksPage = self.call(self.connections.client().get(self.url(&format!("books{after}")))).await?;
            books.extend(page.items);
            match page.next {
                Some(next) => after = format!("?after={next}"),
                None => return Ok(books),
            }
        }
        Err(ProviderError::Unknown("the sandbox's books have no end".to_owned()))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1/{path}", self.base)
    }

    fn post(&self, path: &str, key: &str, body: &impl Serialize) -> RequestBuilder {
        self.connections.client().post(self.url(path)).header("idempotency-key", key).json(body)
    }

    async fn call<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ProviderError> {
        let answer = self.connections.send(request.bearer_auth(&self.secrets.api_key)).await?;
        if !answer.status.is_success() {
            return Err(wire::to_error(answer.status.as_u16(), &answer.body));
        }
        let broken = |error: serde_json::Error| ProviderError::Unknown(format!("the sandbox's answer: {error}"));
        serde_json::from_slice(&answer.body).map_err(broken)
    }
}

#[async_trait]
impl PaymentProvider for SandboxClient {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    async fn create_intent(&self, request: CreateIntent) -> Result<Intent, ProviderError> {
        let CreateIntent { key, amount, merchant_reference } = request;
        self.call(self.post("intents", &key, &CreateBody { amount, merchant_reference })).await
    }

    async fn confirm(&self, intent: &IntentRef, key: &str, method: &Method) -> Result<Intent, ProviderError> {
        let Method::SandboxCard { token } = method else {
            let reason = "the sandbox takes its own cards only".to_owned();
            return Err(ProviderError::Refused { code: "method_unknown", reason });
        };
        let body = ConfirmBody { token: token.clone() };
        self.call(self.post(&format!("intents/{intent}/confirm"), key, &body)).await
    }

    async fn retrieve(&self, intent: &IntentRef) -> Result<Intent, ProviderError> {
        self.call(self.connections.client().get(self.url(&format!("intents/{intent}")))).await
    }

    async fn cancel(&self, intent: &IntentRef, key: &str) -> Result<Intent, ProviderError> {
        self.call(self.post(&format!("intents/{intent}/cancel"), key, &())).await
    }

    async fn refund(&self, intent: &IntentRef, key: &str, amount: Money) -> Result<Refund, ProviderError> {
        self.call(self.post(&format!("intents/{intent}/refunds"), key, &RefundBody { amount })).await
    }

    fn signature_header(&self) -> &'static str {
        super::SIGNATURE_HEADER
    }

    fn read_webhook(&self, signature: &str, body: &[u8], now: Timestamp) -> Result<WebhookHint, WebhookFault> {
        signature::verify(&self.secrets.webhook_secret, signature, body, now, self.tolerance)?;
        let event: Event = serde_json::from_slice(body).map_err(|_| WebhookFault::Malformed)?;
        Ok(WebhookHint { event: event.id, intent: Some(event.intent) })
    }
}

#[async_trait]
impl ChallengeDesk for SandboxClient {
    async fn resolve_challenge(&self, intent: &IntentRef, outcome: Challenge) -> Result<Intent, ProviderError> {
        // The path comes from a buyer: only what can be a name of ours goes on.
        if !intent.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            let reason = format!("there is no intent {intent}");
            return Err(ProviderError::Refused { code: "intent_unknown", reason });
        }
        self.call(self.post(&format!("challenges/{intent}"), "", &ChallengeBody { outcome })).await
    }
}
