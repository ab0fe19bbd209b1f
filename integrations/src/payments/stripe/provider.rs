//! Stripe as a provider. Every call that changes something carries its idempotency key, and every call names the
//! version of the API that this was written for.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::RequestBuilder;
use serde::de::DeserializeOwned;
use souk_domain::money::Money;
use souk_domain::time::Timestamp;

use super::super::http::{Connections, Proxy};
use super::super::port::{
    CreateIntent, Intent, IntentRef, Method, PaymentProvider, ProviderError, Refund, WebhookFault, WebhookHint,
};
use super::super::signature;
use super::errors::{self, UNEXPECTED_STATE};
use super::money::to_stripe;
use super::object::{self, ErrorObject, Event, List, PaymentIntent};

const VERSION: &str = "2024-06-20";
const PAGE: &str = "100";
/// A hundred thousand intents; more are not compared in one go.
const MAX_PAGES: usize = 1_000;
/// Our payment's id, as `object` reads it.
const REFERENCE_FIELD: &str = "metadata[merchant_reference]";
/// The charge of an intent tells what was given back.
const WITH_CHARGE: (&str, &str) = ("expand[]", "latest_charge");

pub struct Stripe {
    connections: Connections,
    options: StripeOptions,
}

#[derive(Clone)]
pub struct StripeOptions {
    pub secret_key: String,
    pub webhook_secret: String,
    /// `https://api.stripe.com`, without a slash at its end.
    pub api_base: String,
    /// For Stripe's code in the buyer's browser.
    pub publishable_key: String,
    pub timeout: Duration,
    pub webhook_tolerance: Duration,
}

type Failed = (ProviderError, Option<ErrorObject>);

impl Stripe {
    /// # Errors
    /// When no client can be made on this machine.
    pub fn new(options: StripeOptions) -> Result<Self, reqwest::Error> {
        let api_base = options.api_base.trim_end_matches('/').to_owned();
        Ok(Self {
            connections: Connections::new(options.timeout, Proxy::AsEnvironment)?,
            options: StripeOptions { api_base, ..options },
        })
    }

    /// All intents of the account.
    ///
    /// # Errors
    /// As every call.
    pub async fn books(&self) -> Result<Vec<Intent>, ProviderError> {
        let mut books: Vec<Intent> = Vec::new();
        for _ in 0..MAX_PAGES {
            let mut query = vec![("limit", PAGE.to_owned()), ("expand[]", "data.latest_charge".to_owned())];
            query.extend(books.last().map(|last| ("starting_after", last.reference.0.clone())));
            let request = self.connections.client().get(with_query(self.url("payment_intents"), &query));
            let page: List<PaymentIntent> = self.call(request).await.map_err(|(error, _)| error)?;
            let (has_more, before) = (page.has_more, books.len());
            for intent in page.data {
                books.push(intent.read(&self.options.publishable_key)?);
            }
            if !has_more || books.len() == before {
                return Ok(books);
            }
        }
        Err(ProviderError::Unknown("the account has more intents than can be compared".to_owned()))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1/{path}", self.options.api_base)
    }

    fn post(&self, path: &str, key: &str, form: &[(&str, String)]) -> RequestBuilder {
        self.connections.client().post(self.url(path)).header("idempotency-key", key).form(form)
    }

    async fn call<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Failed> {
        let request = request.bearer_auth(&self.options.secret_key).header("stripe-version", VERSION);
        let answer = self.connections.send(request).await.map_err(|error| (error, None))?;
        if !answer.status.is_success() {
            return Err(errors::read(answer.status.as_u16(), &answer.body));
        }
        let broken = |error: serde_json::Error| (ProviderError::Unknown(format!("Stripe's answer: {error}")), None);
        serde_json::from_slice(&answer.body).map_err(broken)
    }

    /// A call that answers with the intent. One that is past what the call wants is answered as it is.
    async fn change(&self, intent: &IntentRef, request: RequestBuilder) -> Result<Intent, ProviderError> {
        match self.call::<PaymentIntent>(request).await {
            Ok(intent) => intent.read(&self.options.publishable_key),
            Err((ProviderError::Refused { code: UNEXPECTED_STATE, .. }, _)) => self.retrieve(intent).await,
            // A declined card: the error carries the intent as it stands.
            Err((ProviderError::Refused { .. }, Some(ErrorObject { payment_intent: Some(declined), .. }))) => {
                declined.read(&self.options.publishable_key)
            }
            Err((error, _)) => Err(error),
        }
    }
}

#[async_trait]
impl PaymentProvider for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    async fn create_intent(&self, request: CreateIntent) -> Result<Intent, ProviderError> {
        let CreateIntent { key, amount, merchant_reference } = request;
        let form = [
            ("amount", written(amount)?),
            ("currency", amount.currency.code().to_ascii_lowercase()),
            ("capture_method", "automatic".to_owned()),
            ("payment_method_types[]", "card".to_owned()),
            (REFERENCE_FIELD, merchant_reference),
        ];
        let created = self.call::<PaymentIntent>(self.post("payment_intents", &key, &form)).await;
        created.map_err(|(error, _)| error)?.read(&self.options.publishable_key)
    }

    async fn confirm(&self, intent: &IntentRef, key: &str, method: &Method) -> Result<Intent, ProviderError> {
        let Method::Stripe { payment_method } = method else {
            let reason = "Stripe takes its own payment methods only".to_owned();
            return Err(ProviderError::Refused { code: "method_unknown", reason });
        };
        let form = [("payment_method", payment_method.clone())];
        self.change(intent, self.post(&format!("payment_intents/{intent}/confirm"), key, &form)).await
    }

    async fn retrieve(&self, intent: &IntentRef) -> Result<Intent, ProviderError> {
        let (name, value) = WITH_CHARGE;
        let url = with_query(self.url(&format!("payment_intents/{intent}")), &[(name, value.to_owned())]);
        let found = self.call::<PaymentIntent>(self.connections.client().get(url)).await;
        found.map_err(|(error, _)| error)?.read(&self.options.publishable_key)
    }

    async fn cancel(&self, intent: &IntentRef, key: &str) -> Result<Intent, ProviderError> {
        self.change(intent, self.post(&format!("payment_intents/{intent}/cancel"), key, &[])).await
    }

    /// A refund that Stripe has taken but not finished counts as given back: the bank is slow, and the few that fail
    /// later come as a notice of Stripe's to whoever runs the shop.
    async fn refund(&self, intent: &IntentRef, key: &str, amount: Money) -> Result<Refund, ProviderError> {
        let form = [("payment_intent", intent.0.clone()), ("amount", written(amount)?)];
        let refund: object::Refund = self.call(self.post("refunds", key, &form)).await.map_err(|(error, _)| error)?;
        if matches!(refund.status.as_deref(), Some("failed" | "canceled")) {
            let reason = refund.failure_reason.unwrap_or_else(|| "the refund failed".to_owned());
            return Err(ProviderError::Refused { code: "refund_failed", reason });
        }
        Ok(Refund { reference: refund.id, amount, intent: self.retrieve(intent).await? })
    }

    fn signature_header(&self) -> &'static str {
        "stripe-signature"
    }

    fn read_webhook(&self, header: &str, body: &[u8], now: Timestamp) -> Result<WebhookHint, WebhookFault> {
        let StripeOptions { webhook_secret, webhook_tolerance, .. } = &self.options;
        signature::verify(webhook_secret, header, body, now, *webhook_tolerance)?;
        let event: Event = serde_json::from_slice(body).map_err(|_| WebhookFault::Malformed)?;
        Ok(WebhookHint { event: event.id.clone(), intent: event.intent() })
    }
}

/// The names and values are our own words and Stripe's names, but for the brackets.
fn with_query(url: String, query: &[(&str, String)]) -> String {
    let brackets = |name: &str| name.replace('[', "%5B").replace(']', "%5D");
    let pairs: Vec<_> = query.iter().map(|(name, value)| format!("{}={value}", brackets(name))).collect();
    format!("{url}?{}", pairs.join("&"))
}

fn written(amount: Money) -> Result<String, ProviderError> {
    let reason = || format!("Stripe cannot take {amount}");
    let refused = || ProviderError::Refused { code: "amount_invalid", reason: reason() };
    to_stripe(amount).map(|amount| amount.to_string()).ok_or_else(refused)
}
