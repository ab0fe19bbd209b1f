//! From commits to deliveries: one loop, woken by commits and by a tick. What it reads is durable, and it moves the
//! mark in the transaction that writes the deliveries, so nothing is lost and nothing is told early. At a start it
//! simply goes on where the marks stand.

use std::sync::Arc;
use std::time::Duration;

use souk_domain::aggregate::Seq;
use souk_domain::id::delivery_id;
use souk_domain::order::event::OrderEvent;
use souk_domain::order::notice::{Moment, Notice, Told, told};
use souk_domain::planted::{self, Bug};
use souk_integrations::mail::is_mailed;
use souk_persistence::error::StoreError;
use souk_persistence::journal::EntityId;
use souk_persistence::outbox::{Consumer, EndpointRecord, NewDelivery, OutboxStore, Waiting};
use tokio::sync::{Notify, broadcast};

use crate::runtime::tenure::Tenure;
use crate::runtime::world::Clock;

/// The least time between two rounds: under load many commits share one.
const PAUSE: Duration = Duration::from_millis(100);
/// Looks without a commit that often.
const WITHOUT_COMMIT: Duration = Duration::from_secs(1);

pub(super) struct Relay {
    pub store: Arc<dyn OutboxStore>,
    pub clock: Arc<dyn Clock>,
    pub mails: Mails,
    pub batch: usize,
    /// Woken by commits.
    pub committed: Arc<Notify>,
    /// Tells the dispatchers, one after another: the receivers of a `watch` are woken in no order that a seed could fix.
    pub news: broadcast::Sender<()>,
    pub tenure: Tenure,
}

/// Whether mails are sent at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mails {
    Sent,
    Off,
}

/// Something to be told.
struct Found {
    entity: EntityId,
    seq: Seq,
    notice: Notice,
}

impl Relay {
    /// Runs until it is aborted.
    pub(super) async fn run(self) {
        loop {
            let round = if self.tenure.is_held() { self.round().await } else { Ok(false) };
            match round {
                Ok(more) if more => continue,
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "commits could not be relayed, trying again"),
            }
            tokio::time::sleep(PAUSE).await;
            let _ = tokio::time::timeout(WITHOUT_COMMIT, self.committed.notified()).await;
        }
    }

    /// Returns whether there may be more.
    async fn round(&self) -> Result<bool, StoreError> {
        let waiting = self.store.waiting(self.batch).await?;
        if waiting.is_empty() {
            return Ok(false);
        }
        let found = self.found(&waiting).await?;
        let deliveries = if found.is_empty() { Vec::new() } else { self.deliveries(&found).await? };
        let (told, more) = (!deliveries.is_empty(), waiting.len() == self.batch);
        let mut marks: Vec<_> = waiting.into_iter().map(|waiting| (waiting.entity, waiting.head)).collect();
        if planted::is(Bug::MarkBeforeDeliveries) {
            self.store.relay(std::mem::take(&mut marks), Vec::new()).await?;
        }
        self.store.relay(marks, deliveries).await?;
        if told {
            // An error: nobody sends at the moment, whoever begins to looks first.
            let _ = self.news.send(());
        }
        Ok(more)
    }

    async fn found(&self, waiting: &[Waiting]) -> Result<Vec<Found>, StoreError> {
        let (mut found, mut open) = (Vec::new(), Vec::new());
        for Waiting { entity, types, .. } in waiting {
            for (seq, tag) in types {
                match told(tag) {
                    Told::Nothing => {}
                    Told::Certainly(notice) => found.push(Found { entity: entity.clone(), seq: *seq, notice }),
                    Told::Depends => open.push((entity.clone(), *seq)),
                }
            }
        }
        found.extend(self.decide(&open).await?);
        // The order of the deliveries of an entity is the order of its events.
        found.sort_by(|a, b| (&a.entity, a.seq).cmp(&(&b.entity, b.seq)));
        Ok(found)
    }

    /// Replays the orders whose state decides what is told.
    async fn decide(&self, open: &[(EntityId, Seq)]) -> Result<Vec<Found>, StoreError> {
        if open.is_empty() {
            return Ok(Vec::new());
        }
        let entities: Vec<EntityId> = open.iter().map(|(entity, _)| entity.clone()).collect();
        let mut found = Vec::new();
        for (entity, journal) in self.store.journals(&entities).await? {
            let events: Result<Vec<OrderEvent>, _> =
                journal.iter().map(|recorded| serde_json::from_str(&recorded.event)).collect();
            let Ok(events) = events else {
                tracing::error!(%entity, "its journal does not read back, nobody is told of it");
                continue;
            };
            for (_, seq) in open.iter().filter(|(open, _)| *open == entity) {
                if let Some(notice) = Moment::at(&events, *seq).and_then(|moment| moment.notice()) {
                    found.push(Found { entity: entity.clone(), seq: *seq, notice });
                }
            }
        }
        Ok(found)
    }

    async fn deliveries(&self, found: &[Found]) -> Result<Vec<NewDelivery>, StoreError> {
        // Read each time: an endpoint counts for what happens after it was made.
        let endpoints = self.store.endpoints().await?;
        let created_at = self.clock.now();
        let mut deliveries = Vec::new();
        for Found { entity, seq, notice } in found {
            let mail = (self.mails == Mails::Sent && is_mailed(*notice)).then_some(Consumer::Mail);
            let hooks = endpoints.iter().filter(|endpoint| wants(endpoint, *notice));
            for consumer in mail.into_iter().chain(hooks.map(|endpoint| Consumer::Webhook(endpoint.id))) {
                deliveries.push(NewDelivery {
                    id: delivery_id(&name(consumer), entity.as_str(), *seq),
                    consumer,
                    entity: entity.clone(),
                    seq: *seq,
                    kind: notice.name().to_owned(),
                    created_at,
                });
            }
        }
        Ok(deliveries)
    }
}

fn name(consumer: Consumer) -> String {
    match consumer {
        Consumer::Mail => "mail".to_owned(),
        Consumer::Webhook(id) => id.to_string(),
    }
}

fn wants(endpoint: &EndpointRecord, notice: Notice) -> bool {
    let listed = endpoint.events.is_empty() || endpoint.events.iter().any(|event| event == notice.name());
    endpoint.disabled_because.is_none() && listed
}
