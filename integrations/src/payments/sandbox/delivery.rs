//! Sends the webhooks, again with growing pauses until they are taken.

use std::sync::{Arc, Weak};
use std::time::Duration;

use souk_domain::time::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::super::http::{Connections, Proxy};
use super::super::port::IntentRef;
use super::super::signature;
use super::SIGNATURE_HEADER;
use super::change::WebhookRow;
use super::faults::{FaultRates, WebhookFaultKind};
use super::outbox::OVERTAKEN_BY;
use super::provider::Shared;
use super::wire::Event;

/// How many are sent at a time.
const AT_ONCE: usize = 32;
const TIMEOUT: Duration = Duration::from_secs(5);
/// The longest sleep: the clock may jump.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
const SHORTEST_SLEEP: Duration = Duration::from_millis(1);

/// Who is told, and how they know that it is true.
#[derive(Clone)]
pub struct WebhookTarget {
    pub url: String,
    pub secret: String,
    pub faults: FaultRates,
}

/// Runs until the sandbox is gone or closed.
pub(super) async fn run(shared: Weak<Shared>, wake: Arc<Notify>, target: WebhookTarget) {
    let connections = match Connections::new(TIMEOUT, Proxy::Never) {
        Ok(connections) => connections,
        Err(error) => {
            tracing::error!(%error, "the payment sandbox cannot send webhooks");
            return;
        }
    };
    loop {
        let Some(shared) = shared.upgrade() else { return };
        let Ok(due) = shared.due_webhooks(AT_ONCE).await else { return };
        if due.is_empty() {
            let next = shared.next_webhook().map_or(LONGEST_SLEEP, |wait| wait.clamp(SHORTEST_SLEEP, LONGEST_SLEEP));
            drop(shared);
            tokio::select! {
                () = wake.notified() => {}
                () = tokio::time::sleep(next) => {}
            }
            continue;
        }
        let mut sending = JoinSet::new();
        for webhook in due {
            sending.spawn(deliver(connections.clone(), target.clone(), shared.now(), webhook));
        }
        while let Some(Ok((id, taken))) = sending.join_next().await {
            let noted = if taken { shared.webhook_sent(&id).await } else { shared.webhook_failed(&id).await };
            if noted.is_err() {
                return;
            }
        }
    }
}

/// The event's id, and whether it was taken.
async fn deliver(
    connections: Connections,
    target: WebhookTarget,
    now: Timestamp,
    webhook: WebhookRow,
) -> (String, bool) {
    let WebhookRow { id, intent, kind, created_at, .. } = webhook;
    let created = Timestamp::from_millis(created_at);
    let event = Event { id: id.clone(), kind: format!("intent.{kind}"), created, intent: IntentRef(intent) };
    let times = match target.faults.of_webhook(&id) {
        WebhookFaultKind::None => 1,
        WebhookFaultKind::Twice => 2,
        WebhookFaultKind::Late => {
            tokio::time::sleep(OVERTAKEN_BY).await;
            1
        }
        WebhookFaultKind::Never => 0,
    };
    let body = serde_json::to_vec(&event).expect("an event serialises to JSON");
    let mut taken = true;
    for _ in 0..times {
        let request = connections
            .client()
            .post(&target.url)
            .header("content-type", "application/json")
            .header(SIGNATURE_HEADER, signature::sign(&target.secret, &body, now))
            .body(body.clone());
        taken = match connections.send(request).await {
            Ok(answer) => answer.status.is_success(),
            Err(error) => {
                tracing::debug!(event = id, %error, "a webhook of the sandbox was not taken");
                false
            }
        };
    }
    (id, taken)
}
