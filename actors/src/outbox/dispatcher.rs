//! Sends the deliveries of one consumer: what is due is read, sent with bounded concurrency and settled together.
//! The store hands out only the first pending delivery of each entity, so each entity is told in order. A crash
//! between sending and settling sends again, under the same name. Among other nodes the store is asked right before each
//! is sent whether the lease still holds, so that one that was paused does not send what another has sent meanwhile.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::{FutureExt, StreamExt, stream};
use souk_domain::id::DeliveryId;
use souk_domain::order::event::OrderEvent;
use souk_domain::order::notice::{Moment, Notice};
use souk_domain::planted::{self, Bug};
use souk_persistence::error::StoreError;
use souk_persistence::journal::{EntityId, Recorded};
use souk_persistence::outbox::{Consumer, Delivery, OutboxStore, Outcome, Standing};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::backoff::after_failure;
use super::endpoints::Endpoints;
use super::settings::Pace;
use super::teller::{Next, Teller, Telling, Untold};
use crate::runtime::tenure::Tenure;
use crate::runtime::world::{Chance, Clock};

/// Looks without news that often: something may have come due.
const WITHOUT_NEWS: Duration = Duration::from_millis(500);
/// Of a reason that is kept.
const REASON_CHARS: usize = 300;

pub(super) struct Dispatcher {
    pub consumer: Consumer,
    pub teller: Teller,
    pub store: Arc<dyn OutboxStore>,
    pub endpoints: Endpoints,
    pub pace: Pace,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    /// When there may be something to send.
    pub news: broadcast::Receiver<()>,
    /// Among other nodes one sends for all.
    pub tenure: Tenure,
}

/// What a round came to.
#[derive(Debug, PartialEq, Eq)]
enum Round {
    Idle,
    Sent,
    /// The consumer wants nothing any more.
    Gone,
}

impl Dispatcher {
    /// Runs until it is aborted, or its consumer is gone.
    pub(super) async fn run(mut self) {
        loop {
            // What was told so far is seen by the round that comes.
            self.news = self.news.resubscribe();
            let round = if self.tenure.is_held() { self.round().await } else { Ok(Round::Idle) };
            match round {
                Ok(Round::Sent) => continue,
                Ok(Round::Gone) => return self.retire().await,
                Ok(Round::Idle) => {}
                Err(error) => {
                    tracing::warn!(consumer = ?self.consumer, %error, "the outbox could not be read or settled");
                    tokio::time::sleep(WITHOUT_NEWS).await;
                }
            }
            if let Ok(Err(RecvError::Closed)) = tokio::time::timeout(WITHOUT_NEWS, self.news.recv()).await {
                // Nobody is left to bring any.
                return;
            }
        }
    }

    async fn round(&self) -> Result<Round, StoreError> {
        let due = self.store.due(self.consumer, self.clock.now(), self.pace.batch).await?;
        if due.is_empty() {
            return Ok(Round::Idle);
        }
        let entities: Vec<EntityId> = due.iter().map(|delivery| delivery.entity.clone()).collect();
        let journals: BTreeMap<EntityId, Vec<Recorded>> = self.store.journals(&entities).await?.into_iter().collect();
        let attempts = stream::iter(due).map(|delivery| {
            let telling = telling(&delivery, journals.get(&delivery.entity));
            self.attempt(delivery, telling)
        });
        let done: Vec<(Outcome, Option<Next>)> =
            attempts.buffer_unordered(self.pace.concurrency).filter_map(std::future::ready).collect().await;
        let gone = done.iter().any(|(_, next)| *next == Some(Next::Gone));
        self.store.settle(done.into_iter().map(|(outcome, _)| outcome).collect()).await?;
        Ok(if gone { Round::Gone } else { Round::Sent })
    }

    /// None: another node sends by now, and this delivery was not begun.
    async fn attempt(&self, delivery: Delivery, telling: Result<Telling, String>) -> Option<(Outcome, Option<Next>)> {
        if !self.may_send(delivery.id).await {
            return None;
        }
        let told = match telling {
            // A consumer that panics must not end the dispatcher.
            Ok(telling) => AssertUnwindSafe(self.teller.tell(&delivery, telling, self.clock.now()))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(Untold { next: Next::Later, reason: "it crashed".to_owned(), status: None })),
            Err(reason) => Err(Untold { next: Next::Never, reason, status: None }),
        };
        let told = if planted::is(Bug::UntoldIsDelivered) { told.or(Ok(None)) } else { told };
        Some(self.outcome(&delivery, told))
    }

    async fn may_send(&self, id: DeliveryId) -> bool {
        let Some((holder, time)) = self.tenure.holder() else { return true };
        let now = self.clock.now();
        match self.store.claim(id, holder, now, now.plus(time)).await {
            // The answer may have come while this process was paused.
            Ok(claimed) => claimed && self.tenure.is_held(),
            Err(error) => {
                tracing::warn!(delivery = %id, %error, "it could not be asked whether it may be sent");
                false
            }
        }
    }

    fn outcome(&self, delivery: &Delivery, told: Result<Option<u16>, Untold>) -> (Outcome, Option<Next>) {
        let (id, attempts, attempted_at) = (delivery.id, delivery.attempts.saturating_add(1), self.clock.now());
        match told {
            Ok(status) => {
                let standing = Standing::Delivered;
                (Outcome { id, standing, attempts, attempted_at, error: None, status }, None)
            }
            Err(Untold { next, reason, status }) => {
                let standing = match next {
                    Next::Later => after_failure(attempts, &self.pace.retries, attempted_at, &*self.chance),
                    Next::Never | Next::Gone => Standing::Parked,
                };
                let kind = delivery.kind.as_str();
                match standing {
                    Standing::Parked => tracing::warn!(delivery = %id, kind, attempts, reason, "a delivery is parked"),
                    _ => {
                        tracing::info!(delivery = %id, kind, attempts, reason, "a delivery failed, trying again later")
                    }
                }
                let error = Some(reason.chars().take(REASON_CHARS).collect());
                (Outcome { id, standing, attempts, attempted_at, error, status }, Some(next))
            }
        }
    }

    async fn retire(self) {
        if let Consumer::Webhook(id) = self.consumer {
            tracing::warn!(endpoint = %id, "an endpoint is gone, it is sent nothing any more");
            if self.endpoints.disable(id, "the receiver is gone (410)").await.is_err() {
                tracing::warn!(endpoint = %id, "it could not be disabled, its next answer will tell again");
            }
        }
    }
}

/// What the journal says about the event that a delivery tells of.
fn telling(delivery: &Delivery, journal: Option<&Vec<Recorded>>) -> Result<Telling, String> {
    let journal = journal.ok_or_else(|| "its journal is not there".to_owned())?;
    let upto = journal.iter().take_while(|recorded| recorded.seq <= delivery.seq);
    let events: Result<Vec<OrderEvent>, _> = upto.map(|recorded| serde_json::from_str(&recorded.event)).collect();
    let events = events.map_err(|error| format!("its journal does not read back: {error}"))?;
    let missing = || format!("its journal has no event {}", delivery.seq);
    let moment = Moment::at(&events, delivery.seq).ok_or_else(missing)?;
    let at = journal.iter().find(|recorded| recorded.seq == delivery.seq).map(|recorded| recorded.at);
    let notice = Notice::of_name(&delivery.kind).ok_or_else(|| format!("{:?} is not told", delivery.kind))?;
    Ok(Telling { notice, moment, at: at.ok_or_else(missing)? })
}
