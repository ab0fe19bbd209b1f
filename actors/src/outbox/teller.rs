//! How one thing is told to one consumer.

use std::sync::Arc;

use souk_domain::order::notice::{Moment, Notice};
use souk_domain::time::Timestamp;
use souk_integrations::mail::{MailFault, MailSender, OrderMail};
use souk_integrations::webhooks::{Secret, WebhookRequest, WebhookSender};
use souk_persistence::outbox::{Delivery, EndpointRecord};
use tokio::sync::watch;

use super::payload::WebhookPayload;

/// HTTP: the receiver is gone for good and wants nothing any more.
const GONE: u16 = 410;

pub(super) enum Teller {
    Mail(Arc<dyn MailSender>),
    Webhook {
        sender: Arc<dyn WebhookSender>,
        /// As it is now: a changed URL or secret counts from the next attempt on.
        endpoint: watch::Receiver<EndpointRecord>,
    },
}

/// What is told, as the journal has it.
pub(super) struct Telling {
    pub notice: Notice,
    pub moment: Moment,
    /// When it happened.
    pub at: Timestamp,
}

/// Why it was not taken. The reason is kept, so there is no personal data in it.
#[derive(Debug)]
pub(super) struct Untold {
    pub next: Next,
    pub reason: String,
    pub status: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Try again.
    Later,
    /// Trying again is no use.
    Never,
    /// Nor is anything else for this consumer.
    Gone,
}

impl Teller {
    /// Returns the consumer's status, where it has one.
    pub(super) async fn tell(
        &self,
        delivery: &Delivery,
        telling: Telling,
        now: Timestamp,
    ) -> Result<Option<u16>, Untold> {
        match self {
            Self::Mail(sender) => mail(&**sender, delivery, telling).await,
            Self::Webhook { sender, endpoint } => {
                let endpoint = endpoint.borrow().clone();
                webhook(&**sender, &endpoint, delivery, telling, now).await
            }
        }
    }
}

async fn mail(sender: &dyn MailSender, delivery: &Delivery, telling: Telling) -> Result<Option<u16>, Untold> {
    let Telling { notice, moment, at } = telling;
    let mail = OrderMail { id: delivery.id.to_string(), notice, moment, at };
    sender.send(mail).await.map(|()| None).map_err(|fault| match fault {
        MailFault::Refused { reason, status } => Untold { next: Next::Never, reason, status },
        MailFault::Failed { reason, status } => Untold { next: Next::Later, reason, status },
    })
}

async fn webhook(
    sender: &dyn WebhookSender,
    endpoint: &EndpointRecord,
    delivery: &Delivery,
    telling: Telling,
    now: Timestamp,
) -> Result<Option<u16>, Untold> {
    let never = |reason: String| Untold { next: Next::Never, reason, status: None };
    let payload = WebhookPayload::of(telling.notice, &telling.moment, telling.at);
    let payload = payload.ok_or_else(|| never("the order was never placed".to_owned()))?;
    let body = serde_json::to_string(&payload).map_err(|error| never(error.to_string()))?;
    let valid = endpoint.secrets.iter().filter(|secret| secret.ends_at.is_none_or(|end| now < end));
    let secrets: Vec<Secret> = valid.filter_map(|secret| secret.secret.parse().ok()).collect();
    if secrets.is_empty() {
        return Err(never("the endpoint has no secret to sign with".to_owned()));
    }
    let timestamp = now.as_millis().div_euclid(1_000);
    let request = WebhookRequest { url: endpoint.url.clone(), id: delivery.id.to_string(), timestamp, body, secrets };
    match sender.post(request).await {
        Ok(status @ 200..=299) => Ok(Some(status)),
        Ok(GONE) => {
            Err(Untold { next: Next::Gone, reason: "the receiver is gone (410)".to_owned(), status: Some(GONE) })
        }
        Ok(status) => {
            Err(Untold { next: Next::Later, reason: format!("the receiver said {status}"), status: Some(status) })
        }
        Err(unsent) => Err(Untold { next: Next::Later, reason: unsent.0, status: None }),
    }
}
