//! The port of the outbox. Writes are done or not, and either may come back as an error.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::Value;
use souk_domain::aggregate::Seq;
use souk_domain::id::{DeliveryId, EndpointId};
use souk_domain::time::Timestamp;
use souk_persistence::error::StoreError;
use souk_persistence::journal::{EntityId, Recorded};
use souk_persistence::leases::Holder;
use souk_persistence::outbox::{
    Backlog, Consumer, Delivery, EndpointRecord, NewDelivery, OutboxStore, Outcome, Retention, Standing, Waiting,
};

use super::MemoryStore;
use super::books::{Books, Kept};

/// What is to be told, and to whom.
#[derive(Default)]
pub struct Told {
    position: i64,
    /// In the order in which they were relayed.
    deliveries: BTreeMap<i64, Delivery>,
    ids: BTreeMap<DeliveryId, i64>,
    endpoints: BTreeMap<EndpointId, EndpointRecord>,
}

impl Told {
    pub fn pending(&self) -> impl Iterator<Item = &Delivery> {
        self.deliveries.values().filter(|delivery| is_pending(delivery))
    }

    pub fn endpoints(&self) -> impl Iterator<Item = EndpointId> {
        self.endpoints.keys().copied()
    }

    fn put(&mut self, new: NewDelivery) {
        let NewDelivery { id, consumer, entity, seq, kind, created_at } = new;
        if self.ids.contains_key(&id) {
            return;
        }
        self.position += 1;
        let line = self.pending().filter(|before| before.consumer == consumer && before.entity == entity);
        let at = line.map(|before| next_at(before)).chain([created_at]).max().unwrap_or(created_at);
        self.ids.insert(id, self.position);
        let delivery = Delivery {
            id,
            position: self.position,
            consumer,
            entity,
            seq,
            kind,
            standing: Standing::Pending(at),
            attempts: 0,
            created_at,
            attempted_at: None,
            last_error: None,
            last_status: None,
        };
        self.deliveries.insert(self.position, delivery);
    }

    fn get_mut(&mut self, id: DeliveryId) -> Option<&mut Delivery> {
        self.ids.get(&id).and_then(|position| self.deliveries.get_mut(position))
    }

    fn settle(&mut self, outcome: Outcome) {
        let Outcome { id, standing, attempts, attempted_at, error, status } = outcome;
        let Some(delivery) = self.get_mut(id).filter(|delivery| is_pending(delivery)) else { return };
        (delivery.standing, delivery.attempts, delivery.attempted_at) = (standing, attempts, Some(attempted_at));
        (delivery.last_error, delivery.last_status) = (error, status);
        let Standing::Pending(later) = standing else { return };
        let (position, consumer, entity) = (delivery.position, delivery.consumer, delivery.entity.clone());
        let behind = self.deliveries.range_mut(position + 1..).map(|(_, delivery)| delivery);
        for held in behind.filter(|held| is_pending(held) && held.consumer == consumer && held.entity == entity) {
            held.standing = Standing::Pending(later.max(next_at(held)));
        }
    }

    fn retain(&mut self, stays: impl Fn(&Delivery) -> bool, most: usize) -> u64 {
        let goes = self.deliveries.values().filter(|delivery| !stays(delivery)).take(most);
        let goes: Vec<(i64, DeliveryId)> = goes.map(|delivery| (delivery.position, delivery.id)).collect();
        for (position, id) in &goes {
            self.deliveries.remove(position);
            self.ids.remove(id);
        }
        goes.len() as u64
    }
}

fn is_pending(delivery: &Delivery) -> bool {
    matches!(delivery.standing, Standing::Pending(_))
}

fn next_at(delivery: &Delivery) -> Timestamp {
    if let Standing::Pending(at) = delivery.standing { at } else { delivery.created_at }
}

fn waiting(entity: &EntityId, kept: &Kept) -> Waiting {
    let tag = |recorded: &Recorded| {
        let event: Value = serde_json::from_str(&recorded.event).unwrap_or_default();
        (recorded.seq, event["type"].as_str().unwrap_or_default().to_owned())
    };
    let types = kept.events.iter().filter(|recorded| recorded.seq > kept.relayed_to).map(tag).collect();
    Waiting { entity: entity.clone(), head: kept.head(), types }
}

impl MemoryStore {
    /// A write of the outbox: certainly not done, or done and perhaps not told so.
    async fn writing<T>(&self, write: impl FnOnce(&mut Books) -> T) -> Result<T, StoreError> {
        self.reading().await?;
        let written = write(&mut self.books());
        self.reading().await?;
        Ok(written)
    }
}

#[async_trait]
impl OutboxStore for MemoryStore {
    async fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let behind = books.entities.iter().filter(|(_, kept)| kept.relayed_to < kept.head());
        Ok(behind.take(limit).map(|(entity, kept)| waiting(entity, kept)).collect())
    }

    async fn journals(&self, entities: &[EntityId]) -> Result<Vec<(EntityId, Vec<Recorded>)>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let known = |id: &EntityId| books.entities.get(id).map(|kept| (id.clone(), kept.events.clone()));
        let journals: BTreeMap<_, _> = entities.iter().filter_map(known).collect();
        Ok(journals.into_iter().collect())
    }

    async fn relay(&self, marks: Vec<(EntityId, Seq)>, deliveries: Vec<NewDelivery>) -> Result<(), StoreError> {
        self.writing(|books| {
            deliveries.into_iter().for_each(|delivery| books.told.put(delivery));
            for (entity, mark) in marks {
                if let Some(kept) = books.entities.get_mut(&entity) {
                    kept.relayed_to = kept.relayed_to.max(mark.min(kept.head()));
                }
            }
        })
        .await
    }

    async fn due(&self, consumer: Consumer, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let mut first: BTreeMap<&EntityId, &Delivery> = BTreeMap::new();
        for delivery in books.told.pending().filter(|delivery| delivery.consumer == consumer) {
            first.entry(&delivery.entity).or_insert(delivery);
        }
        let mut due: Vec<Delivery> = first.into_values().filter(|it| next_at(it) <= now).cloned().collect();
        due.sort_by_key(|delivery| (next_at(delivery), delivery.position));
        due.truncate(limit);
        Ok(due)
    }

    /// There is one node, and so no lease to lose.
    async fn claim(
        &self,
        id: DeliveryId,
        _holder: Holder,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        self.writing(|books| {
            let due = |delivery: &&mut Delivery| is_pending(delivery) && next_at(delivery) <= now;
            let claimed = books.told.get_mut(id).filter(due);
            claimed.map(|delivery| delivery.standing = Standing::Pending(until)).is_some()
        })
        .await
    }

    async fn settle(&self, outcomes: Vec<Outcome>) -> Result<(), StoreError> {
        self.writing(|books| outcomes.into_iter().for_each(|outcome| books.told.settle(outcome))).await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.reading().await?;
        Ok(self.books().told.get_mut(id).cloned())
    }

    async fn log(&self, endpoint: EndpointId, before: Option<i64>, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        self.reading().await?;
        let books = self.books();
        let newest = books.told.deliveries.range(..before.unwrap_or(i64::MAX)).rev().map(|(_, delivery)| delivery);
        Ok(newest.filter(|it| it.consumer == Consumer::Webhook(endpoint)).take(limit).cloned().collect())
    }

    async fn resend(&self, id: DeliveryId, now: Timestamp) -> Result<Option<Delivery>, StoreError> {
        self.writing(|books| {
            let delivery = books.told.get_mut(id)?;
            (delivery.standing, delivery.attempts) = (Standing::Pending(now), 0);
            Some(delivery.clone())
        })
        .await
    }

    async fn forget(&self, retention: Retention, limit: usize) -> Result<u64, StoreError> {
        let stays = move |delivery: &Delivery| match delivery.standing {
            Standing::Pending(_) => true,
            Standing::Delivered => delivery.attempted_at >= Some(retention.delivered_before),
            Standing::Parked => delivery.attempted_at >= Some(retention.parked_before),
        };
        self.writing(|books| books.told.retain(stays, limit)).await
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        self.reading().await?;
        let books = self.books();
        let parked = books.told.deliveries.values().filter(|delivery| delivery.standing == Standing::Parked).count();
        let oldest = books.told.pending().map(|delivery| delivery.created_at).min();
        Ok(Backlog { pending: books.told.pending().count() as u64, parked: parked as u64, oldest })
    }

    async fn endpoints(&self) -> Result<Vec<EndpointRecord>, StoreError> {
        self.reading().await?;
        Ok(self.books().told.endpoints.values().cloned().collect())
    }

    async fn endpoint(&self, id: EndpointId) -> Result<Option<EndpointRecord>, StoreError> {
        self.reading().await?;
        Ok(self.books().told.endpoints.get(&id).cloned())
    }

    async fn insert_endpoint(&self, record: EndpointRecord, most: usize) -> Result<bool, StoreError> {
        self.writing(|books| {
            let room = books.told.endpoints.len() < most;
            if room {
                books.told.endpoints.insert(record.id, record);
            }
            room
        })
        .await
    }

    async fn replace_endpoint(&self, record: EndpointRecord) -> Result<bool, StoreError> {
        self.writing(|books| match books.told.endpoints.get_mut(&record.id) {
            Some(known) if known.version + 1 == record.version => {
                *known = record;
                true
            }
            Some(_) | None => false,
        })
        .await
    }

    async fn remove_endpoint(&self, id: EndpointId) -> Result<bool, StoreError> {
        self.writing(|books| {
            books.told.retain(|delivery| delivery.consumer != Consumer::Webhook(id), usize::MAX);
            books.told.endpoints.remove(&id).is_some()
        })
        .await
    }
}
