//! Who takes the money, and how the sandbox and Stripe are reached.

use std::net::SocketAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use souk_integrations::payments::sandbox::{FaultRates, Secrets};
use souk_integrations::payments::stripe::StripeOptions;

use super::secret::Secret;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentsConfig {
    pub provider: ProviderName,
    pub timeout_ms: u64,
    pub webhook_tolerance_seconds: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderName {
    Sandbox,
    Stripe,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SandboxConfig {
    pub listen: SocketAddr,
    /// Empty: the sandbox runs inside.
    pub url: String,
    pub api_key: Secret,
    pub webhook_secret: Secret,
    /// Where a sandbox that runs alone sends its webhooks; empty: nowhere.
    pub webhook_url: String,
    pub late_seconds: u64,
    pub slow_ms: u64,
    pub faults: FaultRates,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StripeConfig {
    pub secret_key: Secret,
    pub webhook_secret: Secret,
    pub publishable_key: String,
    pub api_base: String,
}

type Fault = (&'static str, String);

impl PaymentsConfig {
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }

    pub fn webhook_tolerance(&self) -> Duration {
        Duration::from_secs(self.webhook_tolerance_seconds)
    }

    pub fn validate(&self, sandbox: &SandboxConfig, stripe: &StripeConfig) -> Result<(), Fault> {
        if !(100..=60_000).contains(&self.timeout_ms) {
            return Err(("payments.timeout_ms", "must be 100 to 60000".into()));
        }
        if !(1..=3_600).contains(&self.webhook_tolerance_seconds) {
            return Err(("payments.webhook_tolerance_seconds", "must be 1 to 3600".into()));
        }
        sandbox.validate()?;
        if self.provider == ProviderName::Stripe { stripe.validate() } else { Ok(()) }
    }
}

impl SandboxConfig {
    /// The given keys, where both are given.
    pub fn secrets(&self) -> Option<Secrets> {
        let (api_key, webhook_secret) = (self.api_key.0.clone(), self.webhook_secret.0.clone());
        (!api_key.is_empty()).then_some(Secrets { api_key, webhook_secret })
    }

    fn validate(&self) -> Result<(), Fault> {
        url_or_empty("sandbox.url", &self.url)?;
        url_or_empty("sandbox.webhook_url", &self.webhook_url)?;
        if self.api_key.is_empty() != self.webhook_secret.is_empty() {
            return Err(("sandbox.api_key", "give it together with sandbox.webhook_secret, or neither".into()));
        }
        if !self.url.is_empty() && self.api_key.is_empty() {
            let fault = "a sandbox at sandbox.url needs its key here, and sandbox.webhook_secret";
            return Err(("sandbox.api_key", fault.into()));
        }
        if self.slow_ms > 60_000 {
            return Err(("sandbox.slow_ms", "must be at most 60000".into()));
        }
        self.faults.validate()
    }
}

impl StripeConfig {
    pub fn options(&self, payments: &PaymentsConfig) -> StripeOptions {
        StripeOptions {
            secret_key: self.secret_key.0.clone(),
            webhook_secret: self.webhook_secret.0.clone(),
            api_base: self.api_base.clone(),
            publishable_key: self.publishable_key.clone(),
            timeout: payments.timeout(),
            webhook_tolerance: payments.webhook_tolerance(),
        }
    }

    fn validate(&self) -> Result<(), Fault> {
        let needed = "payments.provider is \"stripe\", which needs it";
        if self.secret_key.is_empty() {
            return Err(("stripe.secret_key", needed.into()));
        }
        if self.webhook_secret.is_empty() {
            return Err(("stripe.webhook_secret", needed.into()));
        }
        if self.publishable_key.is_empty() {
            return Err(("stripe.publishable_key", needed.into()));
        }
        if self.api_base.is_empty() {
            return Err(("stripe.api_base", needed.into()));
        }
        url_or_empty("stripe.api_base", &self.api_base)
    }
}

fn url_or_empty(key: &'static str, url: &str) -> Result<(), Fault> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let fits = url.is_empty() || rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
    let fault = || (key, format!("{url:?} is not a URL: it begins with http:// or https:// and a host"));
    if fits { Ok(()) } else { Err(fault()) }
}
