//! Payment providers.
//!
//! * [`port`]: what Souk asks of a provider
//! * [`sandbox`]: the provider that comes with Souk, for trying it out and for tests

pub mod port;
pub mod sandbox;

pub use port::{
    CreateIntent, Intent, IntentChanged, IntentRef, IntentStatus, Method, PaymentProvider, ProviderError, Refund,
};
