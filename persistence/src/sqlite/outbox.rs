//! The outbox beside the journals of orders: a few statements for a whole batch of marks, deliveries or outcomes.

use std::collections::BTreeMap;

use async_trait::async_trait;
use souk_domain::aggregate::Seq;
use souk_domain::id::{DeliveryId, EndpointId};
use souk_domain::time::Timestamp;

use super::document::{Cell, Document};
use super::domains::Orders;
use super::endpoints;
use super::store::SqliteStore;
use crate::error::StoreError;
use crate::journal::{EntityId, Recorded};
use crate::leases::Holder;
use crate::outbox::{
    Backlog, Consumer, Delivery, EndpointRecord, NewDelivery, OutboxStore, Outcome, Retention, Standing, Waiting,
};
use crate::sealing::KeySource;
use crate::sql::deliveries::{StoredDelivery, consumer_names, delivery_cells, mark_cells, outcome_cells};
use crate::sql::events;

/// The types of the events above the mark. Commits below it are passed over by their numbers.
const WAITING: &str = "
    with waiting as materialized (
        select number, id as name, relayed_to, head from entities
        where unrelayed_since is not null order by unrelayed_since limit ?1
    )
    select name, head, first + event.key as seq, event.value->>'type', number
    from waiting cross join archived_commits as it on it.entity = number and first + count - 1 > relayed_to
    cross join json_each(events) as event where first + event.key > relayed_to
    union all
    select name, head, first + event.key, event.value->>'type', number
    from waiting cross join commits as it on it.entity = number and first + count - 1 > relayed_to
    cross join json_each(events) as event where first + event.key > relayed_to
    order by number, seq";

const JOURNALS: &str = "
    with wanted as materialized (
        select number, entities.id as name from jsonb_each(?1) as e cross join entities on entities.id = e.value->>0
    )
    select name, first, at, events from wanted cross join archived_commits on entity = number
    union all
    select name, first, at, events from wanted cross join commits on entity = number
    order by 1, 2";

/// A delivery waits with what stands before it in its line. The index is named, because another one looks as good
/// to the planner and leads through everything that is pending.
const PUT_DELIVERIES: &str = "
    insert into deliveries (id, consumer, endpoint, entity, seq, kind, state, next_at, created_at)
    select e.value->>0, e.value->>1, e.value->>2, e.value->>3, e.value->>4, e.value->>5, 'pending',
           max(e.value->>6, coalesce((
               select max(next_at) from deliveries indexed by deliveries_line
               where state = 'pending' and entity = e.value->>3 and consumer = e.value->>1
                 and endpoint = e.value->>2), 0)),
           e.value->>6
    from jsonb_each(?1) as e where true
    on conflict (id) do nothing";

const MOVE_MARKS: &str = "
    with marks as materialized (
        select number, min(e.value->>1, head) as mark
        from jsonb_each(?1) as e cross join entities on entities.id = e.value->>0
    )
    update entities set
        relayed_to = marks.mark, unrelayed_since = iif(marks.mark < entities.head, entities.unrelayed_since, null)
    from marks where entities.number = marks.number and entities.relayed_to < marks.mark";

const DUE: &str = "
    select * from deliveries as it
    where state = 'pending' and consumer = ?1 and endpoint = ?2 and next_at <= ?3 and not exists (
        select 1 from deliveries as before
        where before.state = 'pending' and before.entity = it.entity and before.consumer = it.consumer
          and before.endpoint = it.endpoint and before.position < it.position)
    order by next_at, position limit ?4";

const SETTLE: &str = "
    update deliveries set
        state = e.value->>1, next_at = e.value->>2, attempts = e.value->>3, attempted_at = e.value->>4,
        last_error = e.value->>5, last_status = e.value->>6
    from jsonb_each(?1) as e
    where deliveries.id = e.value->>0 and deliveries.state = 'pending'";

/// What stands behind a delivery that is tried again later waits as long, so that it is not looked at in vain.
const HOLD_BACK: &str = "
    with failed as materialized (
        select position, entity, consumer, endpoint, next_at
        from jsonb_each(?1) as e cross join deliveries on deliveries.id = e.value->>0 where state = 'pending'
    )
    update deliveries set next_at = failed.next_at from failed
    where deliveries.state = 'pending' and deliveries.entity = failed.entity
      and deliveries.consumer = failed.consumer and deliveries.endpoint = failed.endpoint
      and deliveries.position > failed.position and deliveries.next_at < failed.next_at";

/// The second condition on the state is what makes the partial index fit.
const FORGET: &str = "
    delete from deliveries where position in (
        select position from deliveries where state = 'delivered' and state <> 'pending' and attempted_at < ?1
        union all
        select position from deliveries where state = 'parked' and state <> 'pending' and attempted_at < ?2
        limit ?3)";

const BACKLOG: &str = "
    select (select count(*) from (select 1 from deliveries where state = 'pending' limit ?1)),
           (select count(*) from (select 1 from deliveries where state = 'parked' and state <> 'pending' limit ?1)),
           (select min(created_at) from deliveries where state = 'pending')";

fn document<T, const N: usize>(items: impl IntoIterator<Item = T>, cells: impl Fn(T) -> [Cell; N]) -> String {
    let mut document = Document::default();
    for item in items {
        document.push(&cells(item));
    }
    document.finish().0
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

#[async_trait]
impl OutboxStore for SqliteStore<Orders> {
    async fn waiting(&self, limit: usize) -> Result<Vec<Waiting>, StoreError> {
        let query = sqlx::query_as(WAITING).bind(rows(limit));
        let found: Vec<(String, i64, i64, Option<String>, i64)> = self.database.all(query).await?;
        let mut waiting: Vec<Waiting> = Vec::new();
        for (id, head, seq, kind, _) in found {
            if waiting.last().is_none_or(|last| last.entity.as_str() != id) {
                waiting.push(Waiting { entity: EntityId::new(id), head: head.cast_unsigned(), types: Vec::new() });
            }
            if let Some(last) = waiting.last_mut() {
                last.types.push((seq.cast_unsigned(), kind.unwrap_or_default()));
            }
        }
        Ok(waiting)
    }

    async fn journals(&self, entities: &[EntityId]) -> Result<Vec<(EntityId, Vec<Recorded>)>, StoreError> {
        let query = sqlx::query_as(JOURNALS).bind(document(entities, |entity| [Cell::Text(entity.to_string())]));
        let found: Vec<(String, i64, i64, String)> = self.database.all(query).await?;
        let mut journals: BTreeMap<EntityId, Vec<Recorded>> = BTreeMap::new();
        for (id, first, at, events) in found {
            let entity = EntityId::new(id);
            let journal = journals.entry(entity.clone()).or_default();
            events::extend(journal, &entity, (first, at, events)).map_err(StoreError::Damaged)?;
        }
        let mut journals: Vec<_> = journals.into_iter().collect();
        self.unseal_all(&mut journals).await?;
        Ok(journals)
    }

    async fn relay(&self, marks: Vec<(EntityId, Seq)>, deliveries: Vec<NewDelivery>) -> Result<(), StoreError> {
        let none = deliveries.is_empty();
        let deliveries = document(deliveries, delivery_cells);
        let marks = document(marks, mark_cells);
        let written = self.database.write(move |connection| {
            let (marks, deliveries) = (marks.clone(), deliveries.clone());
            Box::pin(async move {
                if !none {
                    sqlx::query(PUT_DELIVERIES).bind(deliveries).execute(&mut *connection).await?;
                }
                sqlx::query(MOVE_MARKS).bind(marks).execute(connection).await.map(|_| ())
            })
        });
        written.await
    }

    async fn due(&self, consumer: Consumer, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        let (consumer, endpoint) = consumer_names(consumer);
        let query = sqlx::query_as(DUE).bind(consumer).bind(endpoint).bind(now.as_millis()).bind(rows(limit));
        let due: Vec<StoredDelivery> = self.database.all(query).await?;
        due.into_iter().map(StoredDelivery::decode).collect()
    }

    /// The file belongs to one process, so there is no lease to lose.
    async fn claim(
        &self,
        id: DeliveryId,
        _holder: Holder,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let (id, now, until) = (id.to_string(), now.as_millis(), until.as_millis());
        let written = self.database.write(move |connection| {
            let claim = "update deliveries set next_at = ?3 where id = ?1 and state = 'pending' and next_at <= ?2";
            let query = sqlx::query(claim).bind(id.clone()).bind(now).bind(until);
            Box::pin(async move { Ok(query.execute(connection).await?.rows_affected()) })
        });
        Ok(written.await? > 0)
    }

    async fn settle(&self, outcomes: Vec<Outcome>) -> Result<(), StoreError> {
        let later = outcomes.iter().any(|outcome| matches!(outcome.standing, Standing::Pending(_)));
        let outcomes = document(outcomes, outcome_cells);
        let written = self.database.write(move |connection| {
            let outcomes = outcomes.clone();
            Box::pin(async move {
                sqlx::query(SETTLE).bind(outcomes.clone()).execute(&mut *connection).await?;
                if later {
                    sqlx::query(HOLD_BACK).bind(outcomes).execute(connection).await?;
                }
                Ok(())
            })
        });
        written.await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let query = sqlx::query_as("select * from deliveries where id = ?1").bind(id.to_string());
        let row: Option<StoredDelivery> = self.database.optional(query).await?;
        row.map(StoredDelivery::decode).transpose()
    }

    async fn log(&self, endpoint: EndpointId, before: Option<i64>, limit: usize) -> Result<Vec<Delivery>, StoreError> {
        let query = sqlx::query_as(
            "select * from deliveries where endpoint = ?1 and endpoint <> '' and position < ?2
             order by position desc limit ?3",
        );
        let query = query.bind(endpoint.to_string()).bind(before.unwrap_or(i64::MAX)).bind(rows(limit));
        let found: Vec<StoredDelivery> = self.database.all(query).await?;
        found.into_iter().map(StoredDelivery::decode).collect()
    }

    async fn resend(&self, id: DeliveryId, now: Timestamp) -> Result<Option<Delivery>, StoreError> {
        let found = self.database.write(move |connection| {
            let query = sqlx::query_as(
                "update deliveries set state = 'pending', next_at = ?2, attempts = 0 where id = ?1 returning *",
            );
            Box::pin(query.bind(id.to_string()).bind(now.as_millis()).fetch_optional(connection))
        });
        let row: Option<StoredDelivery> = found.await?;
        row.map(StoredDelivery::decode).transpose()
    }

    async fn forget(&self, retention: Retention, limit: usize) -> Result<u64, StoreError> {
        let Retention { delivered_before, parked_before } = retention;
        let gone = self.database.write(move |connection| {
            let query = sqlx::query(FORGET)
                .bind(delivered_before.as_millis())
                .bind(parked_before.as_millis())
                .bind(rows(limit));
            Box::pin(async move { query.execute(connection).await.map(|done| done.rows_affected()) })
        });
        gone.await
    }

    async fn backlog(&self) -> Result<Backlog, StoreError> {
        let query = sqlx::query_as(BACKLOG).bind(Backlog::MOST.cast_signed());
        let counted: Option<(i64, i64, Option<i64>)> = self.database.optional(query).await?;
        let (pending, parked, oldest) = counted.unwrap_or_default();
        Ok(Backlog {
            pending: pending.cast_unsigned(),
            parked: parked.cast_unsigned(),
            oldest: oldest.map(Timestamp::from_millis),
        })
    }

    async fn endpoints(&self) -> Result<Vec<EndpointRecord>, StoreError> {
        endpoints::all(&self.database).await
    }

    async fn endpoint(&self, id: EndpointId) -> Result<Option<EndpointRecord>, StoreError> {
        endpoints::one(&self.database, id).await
    }

    async fn insert_endpoint(&self, record: EndpointRecord, most: usize) -> Result<bool, StoreError> {
        endpoints::insert(&self.database, record, most).await
    }

    async fn replace_endpoint(&self, record: EndpointRecord) -> Result<bool, StoreError> {
        endpoints::replace(&self.database, record).await
    }

    async fn remove_endpoint(&self, id: EndpointId) -> Result<bool, StoreError> {
        endpoints::remove(&self.database, id).await
    }
}
