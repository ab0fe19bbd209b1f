//! * `intents`: each token, and what may follow
//! * `keys`: one key, one effect
//! * `waiting`: late captures
//! * `over_http`: the server and its client, each fault, the webhooks
//! * `load`: many callers at once

mod intents;
mod keys;
mod load;
mod over_http;
mod waiting;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use souk_domain::money::{Currency, Money};
use souk_domain::time::Timestamp;

use super::super::port::*;
use super::{Clock, Sandbox, SandboxClient, SandboxServer, Secrets, ServerOptions, WebhookTarget};

const LATE: Duration = Duration::from_secs(3_600);

/// A clock that stands until it is turned.
#[derive(Clone, Default)]
struct Dial(Arc<AtomicI64>);

impl Dial {
    fn turn(&self, by: Duration) {
        self.0.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let Self(millis) = self.clone();
        Arc::new(move || Timestamp::from_millis(millis.load(Ordering::SeqCst)))
    }
}

async fn open(folder: &Path) -> Sandbox {
    Sandbox::open(folder, LATE, Dial::default().clock()).await.unwrap()
}

fn usd(amount: i64) -> Money {
    Money::new(amount, Currency::USD)
}

fn card(token: &str) -> Method {
    Method::SandboxCard { token: token.to_owned() }
}

/// A new intent of 19.99 for the payment of this name.
async fn create(sandbox: &Sandbox, payment: &str) -> IntentRef {
    let (key, merchant_reference) = (format!("create {payment}"), payment.to_owned());
    sandbox.create_intent(CreateIntent { key, amount: usd(1_999), merchant_reference }).await.unwrap().reference
}

fn code<T: std::fmt::Debug>(answer: Result<T, ProviderError>) -> &'static str {
    match answer {
        Err(ProviderError::Refused { code, .. }) => code,
        other => panic!("{other:?}"),
    }
}

/// Looks until it is so; fails after a generous while.
async fn until(what: &str, mut look: impl AsyncFnMut() -> bool) {
    let looking = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(10));
        while !look().await {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), looking).await.unwrap_or_else(|_| panic!("never: {what}"));
}
