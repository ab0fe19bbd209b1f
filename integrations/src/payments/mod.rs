//! Payment providers.
//!
//! * [`port`][]: what Souk asks of a provider
//! * [`sandbox`][]: the provider that comes with Souk, for trying it out and for tests
//! * [`stripe`][]: Stripe
//! * [`signature`][]: how webhooks are signed
//! * `http`: the connections to providers

mod http;
pub mod port;
pub mod sandbox;
pub mod signature;
pub mod stripe;

pub use port::{
    Challenge, ChallengeDesk, CreateIntent, Intent, IntentRef, IntentStatus, Method, PaymentProvider, ProviderError,
    Refund, WebhookFault, WebhookHint,
};
